import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What pages say of follow-up, on the small world at 21 November 2026.
struct FollowUpPagesTests {
  @Test(arguments: [
    ("support.overdue", ["CPTS Bièvre", "Équipe des Tilleuls"], "le 3 mars 2026"),
    (
      "support.unmet", ["Centre de santé 100 %", "Équipe des Tilleuls", "Maison de santé de l’Œillet", "CPTS Bièvre"], "6 mai 2025"
    ),
  ]) func theListOfAFigureOpensOnWhatPresses(_ figure: String, _ expected: [String], _ date: String) async throws {
    for engine in Engine.allCases {
      try await opens(figure, expected, date, engine)
    }
  }

  private func opens(_ figure: String, _ expected: [String], _ date: String, _ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let list = try await visitor.get("/structures?chiffre=\(figure)")
      #expect(list.rowTitles == expected)
      #expect(list.text.contains("<td class=\"n\">\(date)</td>"))
      #expect(try await visitor.get("/structures?chiffre=\(figure)&type=cpts").rowTitles == ["CPTS Bièvre"])
      let file = try await visitor.get("/structures.csv?chiffre=\(figure)")
      #expect(file.csvRows.count == expected.count && file.csvRows.allSatisfy { $0.count == 17 })
      // The directory itself has no such column.
      #expect(try await visitor.get("/structures.csv").csvRows.allSatisfy { $0.count == 16 })
    }
  }

  @Test func aTeamsPageSaysWhenItIsToBeHeardFrom() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      func page(_ name: String) async throws -> String {
        let address = try #require(try await visitor.get("/structures?q=\(name)").records(of: "/structures/").first)
        return try await visitor.get(address).text
      }
      #expect(try await page("s2").contains("En retard\u{A0}: avant le 3 mars 2026"))
      #expect(try await page("s2").contains("<dt>Dernière rencontre</dt><dd>6 mai 2025</dd>"))
      #expect(try await page("s1").contains("<dt>À recontacter</dt><dd>Avant le 20 décembre 2026</dd>"))
      #expect(try await page("s1").contains("<dt>Dernière rencontre</dt><dd>Jamais</dd>"))
      #expect(try await page("s5").contains("<dt>À recontacter</dt><dd>Aucun échange pour l’instant</dd>"))
    }
  }

  @Test func anAppointmentAheadIsSaidInsteadOfADelay() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("taches", "titre;echeance;nature;structure\nVisite;2026-12-03;rendez_vous;S2\n")
      let visitor = try await world.signedIn()
      let address = try #require(try await visitor.get("/structures?q=s2").records(of: "/structures/").first)
      #expect(try await visitor.get(address).text.contains("<dt>À recontacter</dt><dd>Prévu le 3 décembre 2026</dd>"))
      #expect(try await visitor.get("/structures?chiffre=support.overdue").rowTitles.count == 1)
    }
  }

  @Test func whatAFileDeclaresNewIsSaid() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("echanges", "date;canal;reference;nouvelle_equipe\n2026-02-03;telephone;E1;oui\n")
      let visitor = try await world.signedIn()
      let address = try #require(try await visitor.get("/echanges?q=acces").records(of: "/echanges/").first)
      #expect(try await visitor.get(address).text.contains("<dt>Nouvelle équipe</dt><dd>Oui, déclarée</dd>"))
      let other = try #require(try await visitor.get("/echanges?q=creation").records(of: "/echanges/").first)
      #expect(!(try await visitor.get(other).text.contains("Nouvelle équipe")))
    }
  }
}
