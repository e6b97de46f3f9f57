import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What an exchange leaves to do, on the pages where one looks for it.
struct NextStepTests {
  private func form(_ address: String, _ values: [(String, String)], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get(address)
    let hidden = ["csrf", "fiche", "version", "tache"].compactMap { name in form.field(name).map { (name, $0) } }
    return try await visitor.post(address, hidden + values)
  }

  private let call = [
    ("structures", "S2"), ("structures_texte", "Équipe des Tilleuls"), ("personnes_texte", ""), ("themes_texte", ""),
    ("canal", "telephone"), ("date", "2026-11-20"), ("objet", "Locaux"), ("organisations_texte", ""), ("suite", "Rappeler la mairie"),
    ("suite_date", "2026-12-02"), ("suite_qui", ""),
  ]

  private func withCall(
    _ engine: Engine = .sqlite, _ body: @Sendable (SiteWorld, Visitor, _ exchange: String) async throws -> Void
  ) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let noted = try await form("/echanges/nouveau", call, by: visitor)
      #expect(noted.status == 303)
      try await body(world, visitor, String((noted.location ?? "").prefix { $0 != "?" }))
    }
  }

  private func team(_ name: String, _ visitor: Visitor) async throws -> String {
    try #require(try await visitor.get("/structures?q=\(encoded(name))").records(of: "/structures/").first)
  }

  @Test(arguments: Engine.allCases) func itIsFoundWithEachOfItsTeams(_ engine: Engine) async throws {
    try await withCall(engine) { world, visitor, exchange async throws in
      for name in ["Tilleuls", "Bièvre"] {
        let page = try await visitor.get(try await team(name, visitor))
        #expect(page.text.contains("id=\"t-taches\">À faire</h2>") && page.text.contains("Rappeler la mairie"), "\(name)")
      }
      let elsewhere = try await visitor.get(try await team("Œillet", visitor))
      #expect(!elsewhere.text.contains("t-taches"))
      for address in ["/aujourdhui", "/taches"] {
        let page = try await visitor.get(address).text
        #expect(page.contains("CPTS Bièvre</a>, <a href=") && page.contains("Équipe des Tilleuls</a>"), "\(address)")
        #expect(page.components(separatedBy: ">Rappeler la mairie</a>").count == 2, "\(address)")
      }
      let page = try await visitor.get(exchange)
      #expect(page.text.contains("id=\"t-taches\">Prochaine étape</h2>") && page.text.contains("Rappeler la mairie"))
    }
  }

  @Test func itIsDoneWhereItStands() async throws {
    try await withCall { world, visitor, exchange async throws in
      let team = try await team("Tilleuls", visitor)
      let page = try await visitor.get(team)
      let done = try #require(page.actions(to: "/taches/").first { $0.hasSuffix("/fait") })
      #expect(page.field("retour") == team)
      let answer = try await visitor.post(done, [("csrf", page.field("csrf") ?? ""), ("retour", team)])
      #expect(answer.location?.hasPrefix("\(team)?fait=fait") == true)
      let after = try await visitor.get(answer.location ?? "")
      #expect(after.text.contains("C’est fait.") && after.text.contains("Rouvrir") && !after.text.contains("t-taches"))
      #expect(try await visitor.get(exchange).text.contains("Faite le 21 nov."))
      // Another site's address is no way back.
      #expect(try await visitor.post(done.replacing("fait", with: "rouvrir"), [("csrf", page.field("csrf") ?? "")]).status == 303)
      let lured = try await visitor.post(done, [("csrf", page.field("csrf") ?? ""), ("retour", "//ailleurs.example/")])
      #expect(lured.location?.hasPrefix("/taches?") == true)
    }
  }

  /// Whoever does not read tasks is told nothing of them.
  @Test func onlyThoseWhoReadTasksSeeIt() async throws {
    try await withCall { world, visitor, _ async throws in
      let board = try await world.signedIn(.ca)
      let page = try await board.get(try await team("Tilleuls", visitor))
      #expect(page.status == 200 && !page.text.contains("Rappeler la mairie"))
      let referent = try await world.signedIn(.communication)
      #expect(try await !referent.get(try await team("Tilleuls", visitor)).text.contains("Rappeler la mairie"))
    }
  }

  @Test(arguments: Engine.allCases) func itGoesToTheBinWithItsExchangeAndComesBack(_ engine: Engine) async throws {
    try await withCall(engine) { world, visitor, exchange async throws in
      try await world.installation.bring("taches", "titre;echeance;structure\nDéjà là;2026-12-01;S3\n")
      let csrf = try await visitor.get("\(exchange)/modifier").field("csrf") ?? ""
      #expect(try await visitor.post("\(exchange)/corbeille", [("csrf", csrf)]).status == 303)
      let tasks = try await visitor.get("/taches?de=tous").text
      #expect(!tasks.contains("Rappeler la mairie") && tasks.contains("Déjà là"))
      #expect(try await !visitor.get(try await team("Tilleuls", visitor)).text.contains("Rappeler la mairie"))
      #expect(try await visitor.post("\(exchange)/retablir", [("csrf", csrf)]).status == 303)
      let back = try await visitor.get("/taches")
      #expect(back.text.contains("Rappeler la mairie"))
      let task = try #require(back.links(to: "/taches/").first { $0.hasSuffix("/modifier") })
      let history = try await visitor.get(task.replacing("modifier", with: "historique")).text
      #expect(history.contains("Mise à la corbeille, par Odile") && history.contains("Rétablissement, par Odile"))
    }
  }

  /// What is done stays: it was done.
  @Test func whatIsDoneStaysWhenItsExchangeGoes() async throws {
    try await withCall { world, visitor, exchange async throws in
      let page = try await visitor.get(exchange)
      let csrf = page.field("csrf") ?? ""
      let done = try #require(page.actions(to: "/taches/").first { $0.hasSuffix("/fait") })
      #expect(try await visitor.post(done, [("csrf", csrf)]).status == 303)
      #expect(try await visitor.post("\(exchange)/corbeille", [("csrf", csrf)]).status == 303)
      let left: Int? = try await world.installation.database.read { try $0.value("SELECT count(*) FROM todo WHERE removed_at IS NULL") }
      #expect(left == 1)
    }
  }

  @Test func anExchangeSaysSomething() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let empty = call.map { ["objet", "suite", "suite_date"].contains($0.0) ? ($0.0, " ") : $0 } + [("duree_minutes", "15")]
      let refused = try await form("/echanges/nouveau", empty, by: visitor)
      #expect(refused.status == 422 && refused.text.contains("id=\"e-objet\">écrivez ce qu’il faut retenir, ou choisissez un thème"))
      #expect(refused.text.contains("CPTS Bièvre") && refused.text.contains("value=\"15\""))
      for (day, other) in [("2026-11-18", ("objet", "Un mot")), ("2026-11-19", ("themes", "cpts"))] {
        let said = empty.filter { $0.0 != other.0 && $0.0 != "date" } + [("date", day), other]
        #expect(try await form("/echanges/nouveau", said, by: visitor).status == 303, "\(other)")
      }
      // A file's line may hold no more than who, when and how.
      #expect(try await world.installation.bring("echanges", "date;canal;structures\n2026-01-05;visio;S1\n").created == 1)
    }
  }

  /// A form speaks of what it offers, a file of what an import can do.
  @Test func anUnknownValueIsToldInTheFormsWords() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let wrong = call.map { $0.0 == "themes_texte" ? ("themes_texte", "Montage MPS") : $0 }
      let refused = try await form("/echanges/nouveau", wrong, by: visitor)
      let sentence = "«\u{202F}Montage MPS\u{202F}» est inconnu. Choisissez parmi\u{A0}: Montage MSP, "
      #expect(refused.status == 422 && refused.text.contains(sentence))
      #expect(!refused.text.contains("l’import") && !refused.text.contains("|)"))
      // A closed list is told by its labels.
      let closed = call.map { $0.0 == "canal" ? ("canal", "pigeon") : $0 }
      let channel = try await form("/echanges/nouveau", closed, by: visitor).text
      #expect(channel.contains("«\u{202F}pigeon\u{202F}» est inconnu. Choisissez parmi\u{A0}:") && channel.contains("Téléphone"))
      let file = try await world.installation.bring("echanges", "date;canal;themes\n2026-01-05;visio;Montage MPS\n")
      #expect(file.refused.first?.fault.reason.contains("à l’import") == true)
    }
  }
}
