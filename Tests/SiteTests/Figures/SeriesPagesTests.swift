import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// A number that was taken over says its source and opens nothing.
struct SeriesPagesTests {
  private static let series = """
    figure;periode;valeur;source;dimensions
    contacts.count;2024;340;Rapport <2024>;
    contacts.count;2024;127;Rapport <2024>;canal=telephone
    contacts.count;2024;213;Carnet;canal=visio
    contacts.minutes;2024;95;Rapport <2024>;
    structures.count;2024;12;Rapport <2024>;
    structures.count;2024;12;Rapport <2024>;departement=38|situation=projet
    contacts.count;2023;300;Rapport 2023;
    """

  private func withSeries(_ body: @Sendable (Visitor) async throws -> Void) async throws {
    try await withSite { world in
      try await world.installation.bring("series", Self.series)
      try await world.installation.bring("echanges", "date;canal\n2025-03-01;visio\n")
      try await body(try await world.signedIn())
    }
  }

  @Test func theFigureSaysWhereItComesFrom() async throws {
    try await withSeries { visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2024&par=canal")
      #expect(page.text.contains("<b>340 <small>échanges</small></b>"))
      #expect(page.text.contains("Valeur reprise, sans fiches\u{202F}; source\u{A0}: Rapport &lt;2024&gt;."))
      #expect(page.text.contains("par rapport à 2023 (300, source\u{A0}: Rapport 2023)"))
      // The total says the source that most parts share; only another one is said beside its part.
      #expect(page.text.contains("<td class=\"n\">127</td>"))
      #expect(page.text.contains("<td class=\"n\">213 <small class=\"note\">(source\u{A0}: Carnet)</small></td>"))
      #expect(page.text.contains("<td class=\"n\">340 <small class=\"note\">(source\u{A0}: Rapport &lt;2024&gt;)</small></td>"))
      #expect(!page.text.contains("La somme des parts"))
      // Curves start before the program did: 2023 without parts, which nobody knows, and the counted year with its link.
      #expect(page.text.contains("<th scope=\"row\">2023</th>") && page.text.contains("Non renseigné"))
      #expect(CountedLink.all(in: page.text).allSatisfy { $0.number == 0 || $0.address.contains("annee=2025") })
      #expect(CountedLink.all(in: page.text).contains { $0.number == 1 })
    }
  }

  /// Of what has no records the index shows what was taken over, be it parts alone, and nothing is taken for 0.
  @Test func aFigureOfNoRecordsIsUnknownWhereNothingWasTakenOver() async throws {
    try await withSite { world in
      let values = """
        figure;periode;valeur;source;dimensions
        events.count;2024;7;Rapport 2024;nature=webinaire
        reported.value;2024;69,9;Rapport 2024;indicateur=Ouverture de la lettre (%)
        """
      let options = ImportOptions(createsValues: true)
      #expect(try await world.installation.bring("series", values, options).created == 2)
      let visitor = try await world.signedIn()
      let index = try await visitor.get("/chiffres?annee=2024").text
      #expect(index.contains("par nature de rencontre</a>") && index.contains("par indicateur</a>") && !index.contains("Adhésions"))
      #expect(try await !visitor.get("/chiffres?annee=2023").text.contains("Relevés"))
      let meetings = try await visitor.get("/chiffres?chiffre=events.count&annee=2024&par=nature").text
      #expect(meetings.contains("Non renseigné") && !meetings.contains("+7"))
      let others = try await visitor.get("/chiffres?chiffre=reported.value&annee=2024&par=indicateur").text
      #expect(others.contains("Ouverture de la lettre (%)") && others.contains("69,9") && !others.contains("+69,9"))
    }
  }

  @Test func theIndexAndTheReportDoToo() async throws {
    try await withSeries { visitor in
      let index = try await visitor.get("/chiffres?annee=2024")
      #expect(index.text.contains(">340<br><small>échanges</small><br><small class=\"note\">source\u{A0}: Rapport &lt;2024&gt;</small>"))
      let report = try await visitor.get("/rapports/2024")
      #expect(report.text.contains("<span>Échanges</span><strong>340</strong>"))
      #expect(report.text.contains("source\u{A0}: Rapport &lt;2024&gt;</span>"))
      #expect(report.text.contains("340\u{A0}échanges <small class=\"note\">(source\u{A0}: Rapport &lt;2024&gt;)</small>"))
      #expect(report.text.contains("1\u{A0}h\u{A0}35 <small class=\"note\">(source\u{A0}: Rapport &lt;2024&gt;)</small>"))
      #expect(report.text.contains("12\u{A0}structures <small class=\"note\">(source\u{A0}: Rapport &lt;2024&gt;)</small>"))
      #expect(CountedLink.all(in: index.text + report.text).allSatisfy { $0.number == 0 || $0.address.contains("annee=2025") })
    }
  }
}
