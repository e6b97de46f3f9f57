import Federation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Tasks in the browser, and the page of the day.
struct TaskPagesTests {
  private let tasks = """
    titre;echeance;nature;heure;structure;affectee_a;reference
    Rappeler la mairie;2026-11-18;tache;;S1;direction@exemple.fr;T1
    Relire les statuts;2026-11-21;tache;;S2;direction@exemple.fr;T2
    Comité technique;2026-11-25;rendez_vous;14:00;;direction@exemple.fr;T3
    Mettre le site à jour;2026-11-23;tache;;;communication@exemple.fr;T4
    """

  private func id(_ reference: String, _ world: SiteWorld) async throws -> String {
    let id: Int64? = try await world.installation.database.read { try $0.value("SELECT id FROM todo WHERE reference = \(reference)") }
    return Identifier<ToDo>(rawValue: try #require(id)).description
  }

  @Test(arguments: Engine.allCases) func theDayShowsWhatItAsksFor(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      try await world.account(.communication)
      #expect(try await world.installation.bring("taches", tasks).created == 4)
      let page = try await visitor.get("/aujourdhui")
      for text in [
        "Bonjour Odile", "Samedi 21 novembre 2026.", "2 tâches sont en retard ou pour aujourd’hui.", "Rappeler la mairie",
        "En retard de 3 jours",
        "Aujourd’hui",
        "Comité technique", "14\u{A0}h\u{A0}00", "Équipe des Tilleuls", "Maison de santé de l’Œillet",
      ] { #expect(page.text.contains(text), "\(text)") }
      #expect(!page.text.contains("Mettre le site à jour"))
      #expect(try await visitor.get("/taches?de=tous").text.contains("Mettre le site à jour"))
    }
  }

  @Test(arguments: Engine.allCases) func aDayOfLongAgoIsDoubted(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      try await world.account(.communication)
      #expect(try await world.installation.bring("taches", tasks).created == 4)
      let task = "/taches/\(try await id("T1", world))/modifier"
      let form = try await visitor.get("\(task)?champ=echeance")
      let sent = ["csrf", "version", "champ"].map { ($0, form.field($0) ?? "") }
      let doubted = try await visitor.post(task, sent + [("echeance", "1926-11-25")], headers: [.accept: "application/json"])
      #expect(doubted.status == 422 && doubted.text.contains("bien ancienne"))
      let page = try await visitor.get("/taches").text
      #expect(page.contains("data-renouvelle") && page.contains("En retard de 3 jours"))
    }
  }

  @Test func aTaskIsDoneAndOpenedAgain() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      try await world.account(.communication)
      #expect(try await world.installation.bring("taches", tasks).created == 4)
      let csrf = try #require(try await visitor.get("/taches").field("csrf"))
      let task = "/taches/\(try await id("T1", world))"
      let done = try await visitor.post("\(task)/fait", [("csrf", csrf)])
      let list = try await visitor.get(done.location ?? "")
      #expect(list.text.contains("C’est fait.") && list.text.contains("Rouvrir") && !list.text.contains("Rappeler la mairie"))
      // Done twice is a refusal that says so, not a page of errors.
      #expect(try await visitor.post("\(task)/fait", [("csrf", csrf)]).text.contains("déjà faite ou annulée"))
      #expect(try await visitor.post("\(task)/rouvrir", [("csrf", csrf)]).status == 303)
      #expect(try await visitor.get("/taches").text.contains("Rappeler la mairie"))
    }
  }

  @Test func onesOwnTasksAreNobodyElsesToTouch() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      _ = try await world.signedIn(.direction)
      let visitor = try await world.signedIn(.communication)
      #expect(try await world.installation.bring("taches", tasks).created == 4)
      let list = try await visitor.get("/taches?de=tous")
      #expect(list.text.contains("Mettre le site à jour") && !list.text.contains("Relire les statuts"))
      let csrf = try #require(list.field("csrf"))
      let other = "/taches/\(try await id("T2", world))"
      for address in ["\(other)/fait", "\(other)/modifier", "\(other)/corbeille"] {
        #expect(try await visitor.post(address, [("csrf", csrf), ("version", "1"), ("titre", "X")]).status == 403, "\(address)")
      }
      #expect(try await visitor.get("\(other)/modifier").status == 403)
      #expect(try await visitor.get("\(other)/historique").status == 403)
      #expect(try await visitor.post("/taches/\(try await id("T4", world))/fait", [("csrf", csrf)]).status == 303)
    }
  }
}
