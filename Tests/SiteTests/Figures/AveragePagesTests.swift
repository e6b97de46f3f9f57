import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Means, medians and growth on pages, on the small world at 21 November 2026.
struct AveragePagesTests {
  private static let counts = """
    structure;date;nombre;profession;source
    S1;2025-06-01;10;;Enquête 2025
    S1;2026-06-01;14;;Enquête 2026
    S1;2026-06-01;3;infirmier;Enquête 2026
    S3;2026-09-01;0;ipa;Appel
    S5;2026-07-01;2;infirmier;Visite
    """

  private static let states = "structure;etat;depuis\nS2;valide;2026-01-10\nS3;ecriture;2026-03-04\n"

  private func withCounts(_ engine: Engine = .sqlite, _ body: @Sendable (Visitor) async throws -> Void) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      #expect(try await world.installation.bring("effectifs", Self.counts).created == 5)
      #expect(try await world.installation.bring("etats", Self.states).created == 2)
      try await body(try await world.signedIn())
    }
  }

  @Test(arguments: Engine.allCases) func aMeanIsPrintedToATenthWithItsGrowthAndDate(_ engine: Engine) async throws {
    try await withCounts(engine) { visitor in
      let page = try await visitor.get("/chiffres?chiffre=structures.professionals_mean&par=type&puis=departement")
      // 14, 0 (no specialist nurse) and 2; a year before 10, 5 and 30 as far as known.
      #expect(page.text.contains("5,3 <small>professionnels par structure</small>"))
      #expect(
        page.text.contains("<span class=\"baisse\">\u{2212}9,7 (\u{2212}64,7\u{A0}%)</span> par rapport au 21 nov. 2025 (15)"))
      #expect(page.text.contains(">14</a></td>") && page.text.contains("<td class=\"n\">Non renseigné</td>"))
      #expect(!page.text.contains("La somme des parts"))
      // One column a year, never parts on top of each other.
      #expect(page.text.contains("(moyenne) par an") && !page.text.contains("par an et par type"))
      // A state has a date, a year of facts its name.
      #expect(
        try await visitor.get("/chiffres?chiffre=structures.count&annee=2025").text.contains(
          "+1 (+33,3\u{A0}%)</span> par rapport au 31 déc. 2024 (3)"))
      // Nothing was counted before: no growth since.
      #expect(!(try await visitor.get("/chiffres?chiffre=contacts.count&annee=2025").text.contains("par rapport à 2024")))
    }
  }

  @Test func nothingIsKnownOfNothing() async throws {
    try await withCounts { visitor in
      let page = try await visitor.get("/chiffres?chiffre=structures.professionals_mean&type=esp_clap")
      #expect(page.status == 200 && page.text.contains("<b>Non renseigné</b>") && !page.text.contains("par rapport"))
      #expect(CountedLink.all(in: page.text).isEmpty)
      let index = try await visitor.get("/chiffres?annee=2019")
      #expect(index.text.contains("<td class=\"n\">Non renseigné</td>"))
    }
  }

  @Test(arguments: Engine.allCases) func theListsSayWhatTheFigureIsWorkedOutOf(_ engine: Engine) async throws {
    try await withCounts(engine) { visitor in
      let teams = try await visitor.get("/structures?chiffre=structures.professionals_mean")
      #expect(teams.rowTitles == ["Maison de santé de l’Œillet", "Centre de santé 100 %", "Équipe des Tilleuls"])
      #expect(teams.text.contains("<td class=\"n\">1er juin 2026<br><small class=\"note\">Enquête 2026</small></td>"))
      let file = try await visitor.get("/structures.csv?chiffre=structures.professionals")
      #expect(
        file.csvRows.map { $0.last ?? "" }.sorted() == [
          "2026-06-01, Enquête 2026", "2026-07-01, Visite", "2026-09-01, Appel", "Non renseigné",
        ])

      let counts = try await visitor.get("/effectifs?profession=infirmier")
      #expect(counts.recordCount == 2 && counts.text.contains("Dernier effectif connu au 21 novembre 2026"))
      #expect(counts.rowTitles == ["Centre de santé 100 %", "Maison de santé de l’Œillet"])
      #expect(try await visitor.get("/effectifs?profession=infirmier&tri=-nombre").rowTitles == counts.rowTitles.reversed())
      #expect(counts.text.contains("<td class=\"p2\">Infirmier</td><td class=\"n\">2</td><td class=\"p2\">Visite</td>"))
      #expect(try await visitor.get("/effectifs?date=2026-06-30").recordCount == 1)
      #expect(try await visitor.get("/effectifs?type=cpts").text.contains("Aucun effectif ne correspond"))
      #expect(try await visitor.get("/effectifs.csv?profession=infirmier").csvRows.map { $0[6] } == ["2", "3"])

      let steps = try await visitor.get("/etats?chiffre=structures.stage_days&annee=2026")
      #expect(steps.recordCount == 2 && steps.text.contains("<td class=\"p2 n\">368 jours</td>") && steps.text.contains("Étape précédente"))
      let header = try await visitor.get("/etats.csv?chiffre=structures.stage_days&annee=2026&de=contact")
      #expect(header.csvRows.map { Array($0.suffix(2)) } == [["Premier contact", "368"]])
      #expect(!(try await visitor.get("/etats?annee=2026").text.contains("Étape précédente")))
      // 619 and 368 days.
      let median = try await visitor.get("/chiffres?chiffre=structures.stage_days&annee=2026")
      #expect(median.text.contains("493,5 <small>jours</small>"))
    }
  }
}
