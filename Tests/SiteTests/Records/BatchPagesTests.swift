import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Ticking rows of a list, changing them all, and taking it back.
struct BatchPagesTests {
  /// What the bar of a list sends.
  private func bar(
    _ page: Answer, _ field: String, ticked: [String] = [], whole: Bool = false
  ) -> [(String, String)] {
    let form = String(page.text.components(separatedBy: "id=\"lot\"").last ?? "")
    let list = form.components(separatedBy: "name=\"liste\" value=\"").last.map { unescaped(String($0.prefix { $0 != "\"" })) }
    return [("csrf", page.field("csrf") ?? ""), ("liste", list ?? ""), ("champ", field)] + ticked.map { ("fiche", $0) }
      + (whole ? [("tout", "1")] : [])
  }

  /// Everything that a page's form sends that is not shown, and more.
  private func next(_ page: Answer, _ values: [(String, String)] = []) -> [(String, String)] {
    let names = ["csrf", "champ", "liste", "tout", "fiche", "action", "valeur", "vu", "lot"]
    let given = Set(values.map(\.0))
    return names.filter { !given.contains($0) }.compactMap { name in page.field(name).map { (name, $0) } } + values
  }

  private func ticks(_ page: Answer) -> [String] {
    page.text.components(separatedBy: "name=\"fiche\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }

  @Test(arguments: Engine.allCases) func tickedExchangesTakeATheme(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let list = try await visitor.get("/echanges")
      #expect(list.text.contains("data-tout") && list.text.contains("Toute la liste (4)"))
      let ticked = ticks(list)
      #expect(ticked.count == 4)
      let choice = try await visitor.post("/lots/echanges", bar(list, "themes", ticked: ticked))
      #expect(choice.status == 200 && choice.text.contains("4 fiches") && choice.text.contains("Retirer"))
      let preview = try await visitor.post("/lots/echanges/apercu", next(choice, [("action", "ajouter"), ("themes", "covid")]))
      #expect(preview.status == 200 && preview.text.contains("4 fiches à changer") && preview.text.contains("<ins>"))
      // Nothing is written yet.
      #expect(try await visitor.get("/echanges?theme=covid").recordCount == 0)
      let sent = next(preview)
      let done = try await visitor.post("/lots/echanges/application", sent)
      let twice = try await visitor.post("/lots/echanges/application", sent)
      #expect(done.status == 303 && done.location == twice.location)
      #expect(try await visitor.get("/echanges?theme=covid").recordCount == 4)
      let receipt = try await visitor.get(done.location ?? "")
      #expect(receipt.text.contains("4 fiches changées") && receipt.text.contains("Annuler ce lot"))
      let action = try #require(receipt.actions(to: "/lots/echanges/").first)
      let undone = try await visitor.post(action, [("csrf", receipt.field("csrf") ?? ""), ("retour", "/echanges")])
      #expect(undone.status == 303)
      #expect(try await visitor.get(undone.location ?? "").text.contains("Ce lot est annulé"))
      #expect(try await visitor.get("/echanges?theme=covid").recordCount == 0)
      // Asked again, it says the same.
      let again = try await visitor.post(action, [("csrf", receipt.field("csrf") ?? ""), ("retour", "/echanges")])
      #expect(again.status == 303)
    }
  }

  @Test(arguments: Engine.allCases) func allThatTheFiltersShowIsTakenByTheAddress(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.assistance)
      let list = try await visitor.get("/structures?departement=38")
      let choice = try await visitor.post("/lots/structures", bar(list, "rythme_suivi", whole: true))
      #expect(choice.text.contains("2 fiches"))
      // There is a choice for nothing, and it bears a name.
      #expect(choice.text.contains("\u{202F}» vide le champ dans toutes les fiches.") && !choice.text.contains("Laissé vide"))
      let refused = try await visitor.post("/lots/structures/apercu", next(choice, [("rythme_suivi", "<b>bientôt</b>")]))
      #expect(refused.status == 422 && refused.text.contains("n’est pas un nombre entier") && refused.text.contains("&lt;b&gt;bientôt"))
      let preview = try await visitor.post("/lots/structures/apercu", next(refused, [("rythme_suivi", "3")]))
      #expect(preview.text.contains("2 fiches à changer") && preview.text.contains("3\u{A0}mois"))
      let done = try await visitor.post("/lots/structures/application", next(preview))
      #expect(try await visitor.get(done.location ?? "").text.contains("2 fiches changées"))
      let after = try await visitor.get("/structures?colonnes=nom&colonnes=suivi")
      #expect(after.text.components(separatedBy: ">3\u{A0}mois<").count == 3)
      // A filter that does not exist would take more than what was shown.
      let wrong = bar(list, "rythme_suivi").map { $0.0 == "liste" ? ("liste", "/structures?couleur=rouge") : $0 } + [("tout", "1")]
      #expect(try await visitor.post("/lots/structures", wrong).status == 400)
      let elsewhere = bar(list, "rythme_suivi").map { $0.0 == "liste" ? ("liste", "/personnes") : $0 } + [("tout", "1")]
      #expect(try await visitor.post("/lots/structures", elsewhere).status == 400)
      #expect(try await visitor.post("/lots/structures", bar(list, "nom", whole: true)).status == 400)
      #expect(try await visitor.post("/lots/structures", bar(list, "logiciel")).status == 400)
      let forged = bar(list, "logiciel", whole: true).map { $0.0 == "csrf" ? ("csrf", "0") : $0 }
      #expect(try await visitor.post("/lots/structures", forged).status == 403)
    }
  }

  @Test(arguments: Engine.allCases) func whatChangedMeanwhileIsShownAgainAndKeptWhenTakenBack(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let (odile, noe) = (try await world.signedIn(.direction), try await world.signedIn(.chargeMission))
      func previewed(_ visitor: Visitor, _ value: String) async throws -> Answer {
        let list = try await visitor.get("/structures?departement=38")
        let choice = try await visitor.post("/lots/structures", bar(list, "logiciel", whole: true))
        return try await visitor.post("/lots/structures/apercu", next(choice, [("logiciel", value)]))
      }
      let (mine, theirs) = (try await previewed(odile, "Un <i>"), try await previewed(noe, "Deux"))
      let first = try await noe.post("/lots/structures/application", next(theirs))
      #expect(first.status == 303)
      let late = try await odile.post("/lots/structures/application", next(mine))
      #expect(late.status == 409 && late.text.contains("ont changé depuis l’aperçu") && late.text.contains("<del>"))
      #expect(try await odile.post("/lots/structures/application", next(late)).status == 303)
      let receipt = try await noe.get(first.location ?? "")
      let action = try #require(receipt.actions(to: "/lots/structures/").first)
      let kept = try await noe.post(action, [("csrf", receipt.field("csrf") ?? ""), ("retour", "/structures")])
      #expect(kept.status == 200 && kept.text.contains("2 fiches restent comme elles sont") && kept.text.contains("modifiée depuis"))
      let record = try #require(try await odile.get("/structures?departement=38").records(of: "/structures/").first)
      #expect(try await odile.get("\(record)/modifier").field("logiciel") == "Un <i>")
      let history = try await odile.get("\(record)/historique")
      #expect(history.text.contains("Modification par lot") && history.links(to: "/lots/structures/").count == 2)
    }
  }

  @Test(arguments: Engine.allCases) func tenThousandRowsAreChangedAndTakenBack(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let rows = (1...10_000).map { "O\($0);commune;Mairie \($0)" }
      #expect(
        try await world.installation.bring("organisations", (["reference;nature;nom"] + rows).joined(separator: "\n")).created == 10_000)
      let visitor = try await world.signedIn(.direction)
      let list = try await visitor.get("/organisations?q=mairie")
      let ids: [String] = try await world.installation.database.read { connection in
        try connection.rows("SELECT id FROM organisation ORDER BY id").map { Identifier<Organisation>(rawValue: try $0[0]).description }
      }
      // Ticked one by one, as a browser would send them.
      let choice = try await visitor.post("/lots/organisations", bar(list, "nature", ticked: ids))
      let preview = try await visitor.post("/lots/organisations/apercu", next(choice, [("nature", "epci")]))
      #expect(preview.text.contains("10\u{202F}000 fiches à changer") && preview.text.contains("Et 9\u{202F}950 autres fiches"))
      let done = try await visitor.post("/lots/organisations/application", next(preview))
      #expect(try await visitor.get("/organisations.csv?nature=epci").csvRows.count == 10_000)
      let receipt = try await visitor.get(done.location ?? "")
      let action = try #require(receipt.actions(to: "/lots/organisations/").first)
      #expect(try await visitor.post(action, [("csrf", receipt.field("csrf") ?? "")]).status == 303)
      #expect(try await visitor.get("/organisations?nature=epci").recordCount == 0)
    }
  }

  /// Somebody with tasks of their own changes these, and learns nothing of others.
  @Test(arguments: Engine.allCases) func onlyOnesOwnTasksAreChanged(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let address = try await world.account(.communication)
      try await world.account(.direction)
      let tasks = """
        reference;titre;echeance;affectee_a
        T1;La mienne;2026-12-01;\(address)
        T2;Secret d’une autre;2026-12-01;direction@exemple.fr
        """
      #expect(try await world.installation.bring("taches", tasks).created == 2)
      let visitor = try await world.visitor.stranger().signedIn(address, SiteWorld.password)
      let list = try await visitor.get("/taches?de=tous")
      #expect(!list.text.contains("Secret") && ticks(list).count == 1)
      let ids: [String] = try await world.installation.database.read { connection in
        try connection.rows("SELECT id FROM todo UNION ALL SELECT id FROM structure").map {
          Identifier<ToDo>(rawValue: try $0[0]).description
        }
      }
      let choice = try await visitor.post("/lots/taches", bar(list, "etat", ticked: ids))
      let preview = try await visitor.post("/lots/taches/apercu", next(choice, [("etat", "faite")]))
      #expect(preview.text.contains("1 fiche à changer, 6 disparues ou non ouvertes à votre rôle"))
      #expect(!preview.text.contains("Secret") && !preview.text.contains("Maison"))
      let done = try await visitor.post("/lots/taches/application", next(preview))
      #expect(done.status == 303)
      let states: [String] = try await world.installation.database.read { connection in
        try connection.rows("SELECT state FROM todo ORDER BY reference").map { try $0[0] }
      }
      #expect(states == ["faite", "a_faire"])
      // A batch of the direction is none of theirs.
      let direction = try await world.visitor.stranger().signedIn("direction@exemple.fr", SiteWorld.password)
      let other = try await direction.post("/lots/taches", bar(try await direction.get("/taches"), "corbeille", whole: true))
      #expect(other.text.contains("Mettre à la corbeille"))
      let bin = try await direction.post("/lots/taches/application", next(other))
      #expect(try await direction.get(bin.location ?? "").status == 200)
      #expect(try await visitor.get(bin.location ?? "").status == 404)
      #expect(try await direction.get("/corbeille").text.contains("Secret d’une autre"))
    }
  }

  @Test func thoseWhoOnlyReadSeeNoBoxes() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let reader = try await world.signedIn(.tresorerie)
      let page = try await reader.get("/structures")
      #expect(page.status == 200 && !page.text.contains("type=\"checkbox\" form=") && !page.text.contains("data-cellule"))
      let items = [("csrf", page.field("csrf") ?? ""), ("liste", "/structures"), ("champ", "corbeille"), ("tout", "1")]
      for step in ["", "/apercu", "/application"] { #expect(try await reader.post("/lots/structures\(step)", items).status == 403) }
    }
  }

  @Test(arguments: Engine.allCases) func aCellIsSavedWhereItStands(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let (odile, noe) = (try await world.signedIn(.direction), try await world.signedIn(.chargeMission))
      let link = try #require(try await odile.get("/echanges?q=soins").links(to: "/echanges/").first { $0.contains("champ=canal") })
      let form = try await odile.get(link)
      let record = String(link.prefix { $0 != "?" })
      #expect(form.text.contains("id=\"c-canal\"") && !form.text.contains("name=\"objet\""))
      func sent(_ form: Answer, _ value: String) -> [(String, String)] {
        [("csrf", form.field("csrf") ?? ""), ("version", form.field("version") ?? ""), ("champ", "canal"), ("canal", value)]
      }
      let json: HTTPFields = [.accept: "application/json"]
      let stale = try await noe.get(link)
      let saved = try await odile.post(record, sent(form, "visite"), headers: json)
      #expect(saved.status == 200 && saved.text == "{\"texte\":\"Visite\"}")
      let refused = try await odile.post(record, sent(form, "<b>fumée</b>"), headers: json)
      #expect(refused.status == 422 && refused.text.contains("\"faute\""))
      let late = try await noe.post(record, sent(stale, "courriel"), headers: json)
      #expect(late.status == 409 && late.text.contains("Une autre personne") && late.text.contains("modifier"))
      // The other fields stay as they were, without JavaScript too.
      let plain = try await noe.post(record, sent(try await noe.get(link), "courriel"))
      #expect(plain.status == 303)
      #expect(try await noe.get(record).text.contains("Accès aux soins"))
      let wrong = sent(form, "X").map { $0.0 == "champ" ? ("champ", "objet") : $0 }
      #expect(try await odile.post(record, wrong, headers: json).status == 400)
    }
  }
}
