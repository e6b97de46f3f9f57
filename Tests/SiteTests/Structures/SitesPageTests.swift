import Records
import TestSupport
import Testing

@testable import Site

/// The sites of a team on its page.
struct SitesPageTests {
  @Test func aTeamsPageSaysWhenItsSitesOpenedAndClosed() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let outcome = try await world.installation.bring(
        "sites",
        """
        structure;commune;nom;adresse;code_postal;principal;depuis;jusqua
        S1;Tarare;Siège;1 rue du Pré;69170;oui;2020-01-01;
        S1;Amplepuis;;;;;2022-03-01;2025-12-31
        S1;Thizy-les-Bourgs;;;;;2027-01-01;
        """)
      #expect(outcome.created == 3, "\(outcome)")
      let visitor = try await world.signedIn()
      let address = try #require(try await visitor.get("/structures?q=s1").records(of: "/structures/").first)
      let page = try await visitor.get(address).text
      #expect(page.contains("<span>Siège <span class=\"etat e4\">Site principal</span></span><small>1 rue du Pré, 69170 Tarare</small>"))
      #expect(page.contains("<small>Depuis le 1er janvier 2020</small>"))
      #expect(page.contains("<span>Amplepuis <span class=\"etat arret\">Fermé</span></span>"))
      #expect(page.contains("<small>Depuis le 1er mars 2022, jusqu’au 31 décembre 2025</small>"))
      #expect(page.contains("<small>À partir du 1er janvier 2027</small>"))
    }
  }
}
