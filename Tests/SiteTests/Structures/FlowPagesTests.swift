import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What teams left, which changed their type, which sites opened: the lists of these figures (DIR-12).
struct FlowPagesTests {
  @Test(arguments: Engine.allCases) func eachFigureHasItsList(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let sites = "structure;commune;nom;principal;depuis\nS1;Tarare;Siège <1>;oui;2025-01-01\nS1;Amplepuis;;non;2025-03-01\n"
      #expect(try await world.installation.bring("sites", sites).created == 2)
      #expect(try await world.installation.bring("types", "structure;type;depuis\nS1;esp;2025-02-01\n").created == 1)
      let visitor = try await world.signedIn()
      let opened = try await visitor.get("/sites?annee=2025&principal=non")
      #expect(opened.recordCount == 1 && opened.text.contains("Amplepuis") && TagBalance.fault(in: opened.text) == nil)
      #expect(try await visitor.get("/sites?annee=2025").text.contains("Siège &lt;1&gt;"))
      #expect(try await visitor.get("/sites.csv?annee=2025&tri=site").csvRows.count == 2)
      #expect(try await visitor.get("/sites?annee=2024").text.contains("Aucun site ouvert"))
      let changed = try await visitor.get("/conversions?annee=2025&type=esp")
      #expect(changed.recordCount == 1 && changed.text.contains("Ancien type") && TagBalance.fault(in: changed.text) == nil)
      #expect(try await visitor.get("/conversions?annee=2025&de=cpts").text.contains("Aucun changement ne correspond"))
      #expect(try await visitor.get("/conversions.csv?annee=2025&type=licorne").status == 400)
      for (figure, list) in [("structures.sites_opened", "/sites?annee=2025"), ("structures.conversions", "/conversions?annee=2025")] {
        let page = try await visitor.get("/chiffres?chiffre=\(figure)&annee=2025")
        #expect(page.text.contains("href=\"\(list)\""), "\(figure)")
      }
    }
  }

  @Test func anExitSaysWhatWasLeftAndWhen() async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("/etats?chiffre=structures.exits&annee=2025")
      #expect(page.text.contains("Sortie de") && TagBalance.fault(in: page.text) == nil && (page.recordCount ?? 0) > 0)
      #expect(try await visitor.get("/etats.csv?chiffre=structures.exits&annee=2025").csvRows.count == page.recordCount)
      #expect(!(try await visitor.get("/etats?annee=2025")).text.contains("Sortie de"))
    }
  }
}
