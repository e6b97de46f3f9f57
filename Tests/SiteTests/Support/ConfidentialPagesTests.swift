import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Confidential notes in the browser (SUP-14): entered, shown to few, told to nobody else.
struct ConfidentialPagesTests {
  private struct House: Sendable {
    let claire, camille, assistance, direction: Visitor
    /// The address of Claire's confidential note.
    let note: String
  }

  private static func send(_ address: String, _ changes: [String: String], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get(address)
    return try await visitor.post(address, form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) })
  }

  private static let mediation = [
    "structures_texte": "CPTS Bièvre", "canal": "reunion", "date": "2026-11-19", "objet": "Médiation zirconium",
    "visibilite": "confidentielle",
    "suite": "Revoir vanadium", "suite_date": "2026-12-01",
  ]

  private func withHouse(_ engine: Engine = .sqlite, _ body: @Sendable (House) async throws -> Void) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      func visitor(_ name: String, _ role: Role) async throws -> Visitor {
        let account = try await world.installation.accounts.create(
          email: "\(role.rawValue)-\(name.prefix(2).lowercased())@exemple.fr", name: name, role: role, password: SiteWorld.password)
        return try await world.visitor.stranger().signedIn(account.email, SiteWorld.password)
      }
      let claire = try await visitor("Claire Vasselin", .chargeMission)
      let noted = try await Self.send("/echanges/nouveau", Self.mediation, by: claire)
      #expect(noted.status == 303, "\(noted.text)")
      try await body(
        House(
          claire: claire, camille: try await visitor("Camille Roussel", .chargeMission),
          assistance: try await visitor("Noé Pralong", .assistance),
          direction: try await visitor("Odile Marchandet", .direction), note: String((noted.location ?? "").prefix { $0 != "?" })))
    }
  }

  @Test func theFormSaysWhoReadsWhatIsNoted() async throws {
    try await withHouse { house async throws in
      let form = try await house.claire.get("/echanges/nouveau")
      #expect(form.formItems.contains { $0 == ("visibilite", "equipe") })
      #expect(form.text.contains("Qui peut lire cette note") && form.text.contains("Visible par l’équipe salariée"))
      #expect(form.text.contains("les personnes qui suivent ses équipes, et la direction"))
    }
  }

  /// The day of the last exchange would tell that there is one.
  @Test(arguments: Engine.allCases) func theListOfTeamsTellsNoDayOfIt(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      func row(_ visitor: Visitor) async throws -> (place: Int?, text: String) {
        let rows = try await visitor.get("/structures.csv?tri=-echange").csvRows
        let place = rows.firstIndex { $0.joined().contains("CPTS Bièvre") }
        return (place, place.map { rows[$0].joined(separator: ";") } ?? "")
      }
      for visitor in [house.claire, house.direction] {
        let shown = try await row(visitor)
        #expect(shown.text.contains("2026-11-19") && shown.place == 1, "\(shown)")
      }
      for visitor in [house.camille, house.assistance] {
        let shown = try await row(visitor)
        #expect(shown.text.contains("2026-02-03") && !shown.text.contains("2026-11-19") && shown.place == 2, "\(shown)")
      }
    }
  }

  @Test(arguments: Engine.allCases) func itIsThereForFewAndForNobodyElse(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      for visitor in [house.claire, house.direction] {
        let page = try await visitor.get(house.note)
        #expect(page.status == 200 && page.text.contains("Note confidentielle") && page.text.contains("zirconium"))
        for address in ["/echanges", "/echanges?q=zirconium", "/recherche?q=zirconium"] {
          let text = try await visitor.get(address).text
          #expect(text.contains("Médiation zirconium") && text.lowercased().contains("note confidentielle"), "\(address)")
        }
        #expect(try await visitor.get("/echanges.csv").text.contains("Médiation zirconium"))
        #expect(try await visitor.get("/structures").text.contains("19 nov. 2026"))
        let team = try #require(try await visitor.get("/structures?q=Bi%C3%A8vre").records(of: "/structures/").first)
        let timeline = try await visitor.get(team).text
        #expect(
          timeline.contains("Médiation zirconium") && timeline.contains("Note confidentielle") && timeline.contains("Revoir vanadium"))
      }
      for visitor in [house.camille, house.assistance] {
        let log = try await visitor.get("/echanges")
        #expect(log.text.contains("4 échanges sur 5 visibles pour vous"))
        let team = try #require(try await visitor.get("/structures?q=Bi%C3%A8vre").records(of: "/structures/").first)
        let sheet = try await visitor.get(team)
        #expect(sheet.text.contains("1 autre échange, non visible pour vous"))
        // Nor does its day stand as that of the last exchange.
        #expect(!sheet.text.contains("19 nov. 2026"))
        for list in ["/structures", "/structures?tri=-echange", "/structures?chiffre=support.overdue", "/structures?chiffre=support.unmet"]
        {
          #expect(try await !visitor.get(list).text.contains("19 nov. 2026"), "\(list)")
        }
        #expect(try await !visitor.get("/structures.csv").text.contains("2026-11-19"))
        for address in [
          "/echanges", "/echanges?q=zirconium", "/echanges.csv", "/echanges.json", "/echanges.xlsx", "/recherche?q=zirconium",
          "/recherche.json?q=zirconium", "/recherche?q=vanadium", "/taches?de=tous", "/aujourdhui", "/corbeille", team,
          "/echanges?q=Bi%C3%A8vre", "/recherche?q=Bi%C3%A8vre",
        ] {
          let text = try await visitor.get(address).text
          #expect(!text.contains("dium") || address.contains("vanadium"), "\(address)")
          #expect(!text.contains("Médiation") && !text.contains("Revoir"), "\(address)")
        }
        for page in ["", "/modifier", "/historique"] { #expect(try await visitor.get(house.note + page).status == 404, "\(page)") }
        let csrf = try await visitor.get("/echanges/nouveau").field("csrf") ?? ""
        for (page, items) in [("/modifier", [("version", "1"), ("objet", "X")]), ("/corbeille", []), ("/historique", [("version", "2")])] {
          #expect(try await visitor.post(house.note + page, [("csrf", csrf)] + items).status == 404, "\(page)")
        }
        let again = [("csrf", csrf), ("fiche", String(house.note.suffix(13))), ("canal", "visio"), ("date", "2026-11-19"), ("objet", "X")]
        #expect(try await visitor.post("/echanges/nouveau", again).status == 404)
      }
      #expect(try await house.claire.get(house.note).text.contains("Médiation zirconium"))
    }
  }

  @Test func itsWordsAreNoDoubtOfSomebodyElse() async throws {
    try await withHouse { house async throws in
      var same = Self.mediation
      (same["visibilite"], same["suite"], same["suite_date"], same["objet"]) = ("equipe", "", "", "Autre chose")
      #expect(try await Self.send("/echanges/nouveau", same, by: house.camille).status == 303)
    }
  }

  /// Nobody loses what they have just written: a note stands in the name of whoever may read it.
  @Test func whoCouldNotReadItDoesNotNoteIt() async throws {
    try await withHouse { house async throws in
      let refused = try await Self.send("/echanges/nouveau", Self.mediation, by: house.assistance)
      #expect(refused.status == 422 && refused.text.contains("votre rôle ne lit pas les notes confidentielles"))
      #expect(refused.text.contains("Médiation zirconium"))
      var others = Self.mediation
      others["auteur"] = "Claire Vasselin"
      let other = try await Self.send("/echanges/nouveau", others, by: house.camille)
      #expect(other.status == 422 && other.text.contains("se note en votre nom"))
      #expect(try await Self.send("/echanges/nouveau", others, by: house.direction).status == 303)
      // Nor does one's own pass into somebody else's name by a change.
      let given = try await Self.send("\(house.note)/modifier", ["auteur": "Camille Roussel"], by: house.claire)
      #expect(given.status == 422 && given.text.contains("se note en votre nom"))
      #expect(try await house.claire.get(house.note).status == 200)
    }
  }

  @Test func itsChangesAreToldInItsHistory() async throws {
    try await withHouse { house async throws in
      #expect(try await Self.send("\(house.note)/modifier", ["visibilite": "equipe"], by: house.claire).status == 303)
      #expect(try await house.camille.get(house.note).status == 200)
      let history = try await house.claire.get("\(house.note)/historique").text
      #expect(history.contains("Visibilité") && history.contains("Confidentielle") && history.contains("Visible par l’équipe salariée"))
    }
  }
}
