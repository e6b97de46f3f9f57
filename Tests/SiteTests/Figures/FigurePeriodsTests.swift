import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Any period, what is compared, what is refused, and the files (REP-03, REP-10, REP-11).
struct FigurePeriodsTests {
  private func withSmallWorld(_ body: @Sendable (Visitor) async throws -> Void) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      try await body(try await world.signedIn())
    }
  }

  /// Every number still opens exactly its records, by quarter, half-year, school year and from day to day.
  @Test(arguments: Engine.allCases) func everyNumberOfAStretchOpensItsRecords(_ engine: Engine) async throws {
    try await withDemonstration(engine) { _, visitor in
      for period in ["periode=2025-T2", "periode=2026-T4", "periode=2025-S1", "periode=2024-2025", "du=2025-02-10&au=2025-05-04"] {
        for question in [
          "contacts.count&par=canal", "contacts.structures&par=departement&puis=type", "structures.count&par=type",
          "structures.transitions", "contacts.minutes&par=theme",
        ] {
          let address = "/chiffres?chiffre=\(question)&\(period)"
          let page = try await visitor.get(address)
          #expect(page.status == 200 && !page.text.contains("message erreur"), "\(address)")
          let figure = String(question.prefix { $0 != "&" })
          let links = CountedLink.all(in: page.text, measure: .init(of: figure))
          #expect(!links.isEmpty, "\(address)")
          for link in Set(links) { #expect(try await visitor.total(of: link) == link.number, "\(address): \(link.address)") }
        }
      }
    }
  }

  @Test func aListSaysItsStretch() async throws {
    try await withSmallWorld { visitor in
      let list = try await visitor.get("/echanges?periode=2026-T1").text
      #expect(list.contains("aria-current=\"page\">1er trimestre 2026</a>") && list.contains("href=\"/echanges?annee=2026\""))
      #expect(try await visitor.get("/echanges?periode=2026-T9").text.contains("cette période n’est pas appliquée"))
    }
  }

  @Test func theFormOffersPeriodsAndKeepsTheOneAsked() async throws {
    try await withSmallWorld { visitor in
      let quarter = try await visitor.get("/chiffres?chiffre=contacts.count&periode=2026-T1").text
      #expect(quarter.contains("<option value=\"2026-T1\" selected>1er trimestre 2026</option>"))
      // Nothing was counted before: there is nothing to compare with.
      #expect(!quarter.contains("par rapport au"))
      #expect(quarter.contains("<option value=\"2026-T4\">4e trimestre 2026, en cours</option>"))
      let days = try await visitor.get("/chiffres?chiffre=contacts.count&periode=2025&du=2026-02-10&au=2026-03-31").text
      #expect(days.contains("<option value=\"2026-02-10..2026-03-31\" selected>Du 10 févr. au 31 mars 2026</option>"))
      #expect(days.contains("Toute la fédération, du 10 févr. au 31 mars 2026."))
      #expect(
        try await visitor.get("/chiffres?chiffre=contacts.count&du=2026-10-01&au=2026-12-31").text.contains("du 1er oct. au 21 nov. 2026."))
      let one = try await visitor.get("/chiffres?chiffre=contacts.count&comparer=aucune&par=canal").text
      #expect(!one.contains("par rapport") && !one.contains("Évolution") && one.contains("value=\"aucune\" selected"))
    }
  }

  @Test(arguments: [
    ("du=2026-05-01&au=2026-04-01", "La période demandée finit le 1er avril 2026, avant de commencer le 1er mai 2026"),
    ("du=2026-02-30", "« 2026-02-30 »"), ("periode=2027-T1", "« 2027-T1 »"), ("du=2027-01-01&au=2027-02-01", "« 2027-01-01 »"),
    ("comparer=mars", "La comparaison « mars » n’existe pas"),
  ])
  func whatCannotBeAskedIsSaid(_ question: String, _ sentence: String) async throws {
    try await withSmallWorld { visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&\(question)")
      #expect(page.status == 200 && page.text.contains("message erreur"))
      #expect(page.text.replacing("\u{202F}", with: " ").replacing("\u{A0}", with: " ").contains(sentence))
      for suffix in ["json", "csv", "xlsx", "svg"] {
        #expect(try await visitor.get("/chiffres.\(suffix)?chiffre=contacts.count&\(question)").status == 400, "\(suffix)")
      }
    }
  }

  @Test func beforeTheFirstRecordNothingWasCounted() async throws {
    try await withSmallWorld { visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2015&par=canal").text
      #expect(page.contains("<b>Non renseigné</b>") && page.contains("rien n’a été compté, ce n’est pas un zéro"))
      #expect(!page.contains("<svg viewBox=\"0 0 650"))
      // A later year without any is a counted zero.
      let none = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2026&canal=formulaire").text
      #expect(!none.contains("rien n’a été compté") && none.contains("0 <small>échange</small>"))
    }
  }

  @Test func oneDimensionIsComparedRowByRow() async throws {
    try await withSmallWorld { visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2026&par=canal").text
      #expect(page.contains("<th scope=\"col\" class=\"n\">2026, au 21 nov.</th><th scope=\"col\" class=\"n\">Part du total</th>"))
      #expect(page.contains("<th scope=\"col\" class=\"n\">2025, au 21 nov.</th><th scope=\"col\" class=\"n\">Évolution</th>"))
      #expect(page.contains("<td class=\"n\">100\u{A0}%</td>") && page.contains("<th scope=\"row\">Total</th>"))
      // A mean has no total, and its parts are no share of it.
      let mean = try await visitor.get("/chiffres?chiffre=structures.professionals_mean&par=type").text
      #expect(mean.contains("<th scope=\"row\">Ensemble</th>") && !mean.contains("Part du total"))
    }
  }

  @Test func theTableAndTheChartsAreFiles() async throws {
    try await withSmallWorld { visitor in
      let question = "chiffre=contacts.count&annee=2026&par=canal"
      let page = try await visitor.get("/chiffres?\(question)").text
      for name in ["csv", "xlsx", "svg"] {
        #expect(page.contains("href=\"/chiffres.\(name)?chiffre=contacts.count&amp;annee=2026&amp;par=canal"))
      }
      let file = try await visitor.get("/chiffres.csv?\(question)")
      #expect(file.text.hasPrefix("\u{FEFF}Canal;2026, au 21 nov.;Part du total;2025, au 21 nov.;Évolution"))
      #expect(file.csvRows.last?.first == "Total" && file.csvRows.last?[2] == "1,0")
      #expect(file.csvRows.dropLast().reduce(0) { $0 + (Int($1[1]) ?? 0) } == file.csvRows.last.flatMap { Int($0[1]) })
      #expect(try await visitor.get("/chiffres.csv?chiffre=contacts.count").text.hasPrefix("\u{FEFF}Période;Échanges\r\n"))
      let crossed = try await visitor.get("/chiffres.csv?chiffre=structures.count&par=type&puis=departement")
      #expect(crossed.status == 200 && crossed.csvRows.last?.first == "Total")
      #expect(try await visitor.get("/chiffres.xlsx?\(question)").status == 200)
      for drawing in ["", "&graphique=parts", "&graphique=annees"] {
        let svg = try await visitor.get("/chiffres.svg?\(question)\(drawing)").text
        #expect(svg.hasPrefix("<svg xmlns=") && svg.contains("<title>Échanges par") && !svg.contains("<a "))
      }
      #expect(try await visitor.get("/chiffres.svg?\(question)&graphique=x").status == 400)
    }
  }

  /// R22 on the page and in files: the number of people opens nothing, teams are never kept back.
  @Test func fewPeopleAreKeptBackAndSaidSo() async throws {
    try await withSite { world in
      let many = (1...31).map { "2026-01-01;\($0 <= 19 ? "telephone" : $0 <= 30 ? "visio" : "visite");Personne \($0)" }
      try await world.installation.bring("echanges", (["date;canal;personnes"] + many).joined(separator: "\n"))
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/chiffres?chiffre=contacts.people&par=canal").text
      #expect(page.contains("<td class=\"n\">&lt;\u{A0}11</td>") && page.contains("<td class=\"n\">masqué</td>"))
      #expect(page.contains("petit effectif") && page.contains("31 <small>personnes</small>"))
      #expect(!page.contains("<td class=\"n\">1</td>") && !page.contains("<td class=\"n\">11</td>"))
      let rows = try await visitor.get("/chiffres.csv?chiffre=contacts.people&par=canal&comparer=aucune").csvRows
      #expect(rows.map { $0[1] }.sorted() == ["19", "31", "<\u{A0}11", "masqué"])
      let json = try await visitor.get("/chiffres.json?chiffre=contacts.people&par=canal").text
      #expect(
        json.contains("\"suppressed\":\"small\"") && json.contains("\"suppressed\":\"complementary\"") && json.contains("\"value\":null"))
      #expect(!(try await visitor.get("/chiffres?chiffre=contacts.count&par=canal").text.contains("petit effectif")))
    }
  }

  /// The whole page keeps to eight statements, whatever it is asked.
  @Test(arguments: Engine.allCases) func aFigureKeepsToEightStatements(_ engine: Engine) async throws {
    let counter = StatementCounter()
    try await withDemonstration(engine, counting: counter) { _, visitor async throws in
      for question in [
        "", "?annee=2023", "?chiffre=contacts.count&par=canal", "?chiffre=contacts.people&par=canal&puis=theme",
        "?chiffre=structures.count&par=departement&puis=situation&departement=38&territoire=est&type=msp",
        "?chiffre=support.unmet&par=phase", "?chiffre=structures.professionals_mean&par=type", "?chiffre=contacts.count&annee=1950",
        "?chiffre=support.unmet&annee=1950", "?chiffre=contacts.count&annee=2021&par=canal",
      ] {
        counter.reset()
        #expect(try await visitor.get("/chiffres\(question)").status == 200)
        #expect(counter.count > 0 && counter.count <= 8, "\(question): \(counter.count) statements")
      }
    }
  }
}
