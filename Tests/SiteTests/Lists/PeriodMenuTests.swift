import Federation
import Foundation
import Store
import TestSupport
import Testing

@testable import Site

/// The stretches of time of a list of dated facts.
struct PeriodMenuTests {
  private func subjects(_ page: Answer) -> [String] {
    page.text.matches(of: /<a href="\/echanges\/[^"]+">([^<]+)<\/a>/).map { String($0.1) }
  }

  @Test(arguments: Engine.allCases) func theMonthBeforeIsOneLinkAway(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring(
        "echanges",
        "date;canal;objet;reference\n2026-10-01;visio;Premier jour;M1\n2026-10-31;visio;Dernier jour;M2\n2026-09-30;visio;Veille;M3\n")
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/echanges?canal=visio")
      let links = page.text.matches(of: /<a href="([^"]+)">Le mois dernier<\/a>/).map { String($0.1).replacing("&amp;", with: "&") }
      let link = try #require(links.first)
      let month = try await visitor.get(link)
      #expect(month.recordCount == 2 && subjects(month) == ["Dernier jour", "Premier jour"] && link.contains("canal=visio"))
      // It is said beside the other filters, and taken off like them.
      let chip = try #require(
        month.text.firstMatch(
          of: /<a class="jeton" href="([^"]+)"><span class="sr">Retirer le filtre <\/span>Du 1er oct\. au 31 oct\. 2026<\/a>/))
      #expect(String(chip.1) == "/echanges?canal=visio")
      #expect(month.text.contains("<a href=\"/echanges\">Tout effacer</a>"))
      #expect(try await !visitor.get("/echanges?annee=2025").text.contains("Tout effacer"))
      // The form says the same by two days, and one of them alone will do.
      #expect(try await visitor.get("/echanges?du=2026-10-01&au=2026-10-31").recordCount == 2)
      #expect(try await visitor.get("/echanges?annee=2025&du=2026-10-31&au=").status == 200)
      // Only lists of facts with a date have the menu.
      #expect(try await !visitor.get("/structures").text.contains("Le mois dernier"))
      let refused = try await visitor.get("/echanges?du=2026-10-31&au=2026-10-01")
      #expect(refused.status == 200 && refused.text.contains("n’est pas appliquée"))
    }
  }
}
