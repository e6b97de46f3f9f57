import Federation
import Store
import TestSupport
import Testing

@testable import Site

/// Who is in a team, on its page.
struct TeamMembersTests {
  @Test(arguments: Engine.allCases) func theTeamOfTodayIsShownWithItsFunctions(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring(
        "personnes", "reference;nom;prenom;profession\nP1;Aubert;Noé;infirmier\nP2;Berge;Ada;\nP3;Cornu;Léo;\n")
      try await world.installation.bring(
        "fonctions",
        """
        personne;structure;fonction;depuis;jusqua
        P2;S1;coordinateur;2024-01-01;
        P2;S1;membre;;
        P1;S1;membre;;
        P3;S1;membre;;2025-12-31
        """)
      let visitor = try await world.signedIn()
      let link = try #require(try await visitor.get("/structures?q=oeillet").records(of: "/structures/").first)
      let page = try await visitor.get(link)
      #expect(page.text.contains("Personnes (2)") && TagBalance.fault(in: page.text) == nil)
      let names = page.text.matches(of: /<a class="titre" href="\/personnes\/[^"]+">([^<]+)<\/a><small>([^<]+)</).map {
        "\($0.1), \($0.2)"
      }
      #expect(names == ["Ada Berge, Coordinateur, Membre", "Noé Aubert, Membre, Infirmier"], "\(names)")
    }
  }
}
