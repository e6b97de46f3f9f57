import Federation
import HTTPTypes
import Records

import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Making records in the browser, changing them, and taking it back.
struct RecordPagesTests {
  /// The answer to a form of that address, as it was shown, with other values for some of its fields.
  private func send(_ address: String, _ values: [(String, String)], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get(address)
    #expect(form.status == 200)
    let path = String(address.prefix { $0 != "?" })
    let hidden = ["csrf", "fiche", "version", "tache"].compactMap { name in form.field(name).map { (name, $0) } }
    return try await visitor.post(path, hidden + values)
  }

  private let call = [
    ("structures", "S3"), ("structures_texte", "CPTS Bièvre"), ("personnes_texte", ""), ("themes", "cpts"), ("themes_texte", "Montage MSP"),
    ("canal", "telephone"), ("date", "2026-11-20"), ("duree_minutes", "25"), ("objet", "Locaux <b>trouvés</b> 🏠 שלום"),
    ("natures_texte", ""),
    ("organisations_texte", ""), ("auteur", "Odile Marchandet"),
  ]

  @Test(arguments: Engine.allCases) func anExchangeIsNotedWithItsNextStep(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let answer = try await send(
        "/echanges/nouveau", call + [("suite", "Rappeler la mairie"), ("suite_date", "2026-12-05"), ("suite_qui", "")], by: visitor)
      #expect(answer.status == 303)
      let page = try await visitor.get(answer.location ?? "")
      #expect(page.text.contains("Locaux &lt;b&gt;trouvés&lt;/b&gt; 🏠 שלום") && page.text.contains("L’échange est enregistré."))
      #expect(page.text.contains("Équipe des Tilleuls") && page.text.contains("CPTS Bièvre") && page.text.contains("Montage MSP"))
      let tasks: [String] = try await world.installation.database.read { connection in
        try connection.rows("SELECT title || ' ' || due FROM todo WHERE exchange_id IS NOT NULL").map { try $0[0] }
      }
      #expect(tasks == ["Rappeler la mairie 2026-12-05"])
    }
  }

  @Test func aFormSentTwiceMakesOneRecord() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let form = try await visitor.get("/echanges/nouveau")
      let sent =
        ["csrf", "fiche", "tache"].map { ($0, form.field($0) ?? "") } + call + [("suite", "Rappeler"), ("suite_date", "2026-12-05")]
      let first = try await visitor.post("/echanges/nouveau", sent)
      let second = try await visitor.post("/echanges/nouveau", sent)
      #expect(first.status == 303 && first.location == second.location)
      let counts: [Int] = try await world.installation.database.read { connection in
        [try connection.value("SELECT count(*) FROM exchange") ?? 0, try connection.value("SELECT count(*) FROM todo") ?? 0]
      }
      #expect(counts == [6, 1])
    }
  }

  @Test func whatIsRefusedComesBackAsItWasTyped() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.assistance)
      var wrong = call.filter { !["date", "structures_texte", "duree_minutes"].contains($0.0) }
      wrong += [
        ("date", ""), ("structures_texte", "Maison inconnue"), ("duree_minutes", "beaucoup"), ("suite", "Rappeler"), ("suite_date", ""),
      ]
      let answer = try await send("/echanges/nouveau", wrong, by: visitor)
      #expect(answer.status == 422)
      for sentence in [
        "Rien n’est enregistré", "Maison inconnue", "n’est pas un nombre entier", "obligatoire", "Locaux &lt;b&gt;", "donnez le jour",
      ] {
        #expect(answer.text.contains(sentence), "\(sentence)")
      }
      let count = try await world.installation.database.read { try $0.value("SELECT count(*) FROM exchange", as: Int.self) }
      #expect(count == 5)
    }
  }

  @Test func aLikelyRepetitionIsToldBeforeItIsSaved() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let again = call.map { $0.0 == "date" ? ("date", "2026-02-03") : $0 }
      let warned = try await send("/echanges/nouveau", again, by: visitor)
      #expect(warned.status == 422 && warned.text.contains("est déjà noté par Odile Marchandet"))
      #expect(warned.text.contains("Enregistrer quand même") && warned.field("accepte") != nil)
      let sent = ["csrf", "fiche", "tache", "accepte"].map { ($0, warned.field($0) ?? "") } + again
      #expect(try await visitor.post("/echanges/nouveau", sent).status == 303)
    }
  }

  @Test(arguments: Engine.allCases) func twoPeopleLoseNothing(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let (odile, noe) = (try await world.signedIn(.direction), try await world.signedIn(.chargeMission))
      let record = try #require(try await odile.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let (mine, theirs) = (try await odile.get("\(record)/modifier"), try await noe.get("\(record)/modifier"))
      let early = try await noe.post(
        "\(record)/modifier",
        [
          ("csrf", theirs.field("csrf") ?? ""), ("version", theirs.field("version") ?? ""), ("nom", "Équipe des Ormes"),
          ("telephone", "04 76 00 00 01"),
        ])
      #expect(early.status == 303)
      let late = try await odile.post(
        "\(record)/modifier",
        [
          ("csrf", mine.field("csrf") ?? ""), ("version", mine.field("version") ?? ""), ("nom", "Équipe des Chênes"),
          ("notes", "Rappeler en mai"),
        ])
      #expect(late.status == 409 && late.text.contains("Équipe des Ormes") && late.text.contains("Équipe des Chênes"))
      let chosen = try await odile.post(
        "\(record)/modifier",
        [
          ("csrf", late.field("csrf") ?? ""), ("version", late.field("version") ?? ""), ("notes", late.field("notes") ?? ""),
          ("nom", "Équipe des Chênes"),
        ])
      #expect(chosen.status == 303)
      let page = try await odile.get("\(record)/modifier")
      #expect(page.field("nom") == "Équipe des Chênes" && page.field("telephone") == "04 76 00 00 01")
      #expect(page.text.contains("Rappeler en mai"))
    }
  }

  @Test func aChangeIsTakenBackFromTheHistory() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      #expect(try await send("\(record)/modifier", [("nom", "Équipe des Ormes")], by: visitor).status == 303)
      let history = try await visitor.get("\(record)/historique")
      #expect(history.text.contains("<del>") && history.text.contains("Équipe des Ormes") && history.text.contains("Équipe des Tilleuls"))
      let undone = try await visitor.post(
        "\(record)/historique", [("csrf", history.field("csrf") ?? ""), ("version", history.field("version") ?? "")])
      #expect(undone.status == 303)
      #expect(try await visitor.get("\(record)/modifier").field("nom") == "Équipe des Tilleuls")
      let after = try await visitor.get("\(record)/historique").text
      #expect(after.contains("Annulée depuis.") && after.split(separator: "Annuler cette modification").count == 2)
      // What was taken back cannot be taken back once more: it is as it was.
      let again = try await visitor.post(
        "\(record)/historique", [("csrf", history.field("csrf") ?? ""), ("version", history.field("version") ?? "")])
      #expect(again.location?.contains("fait=inchange") == true)
    }
  }

  @Test func whatIsThrownAwayCanBeTakenBack() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let removed = try await send("\(record)/modifier", [], by: visitor)
      #expect(removed.status == 303)
      let csrf = try await visitor.get("\(record)/modifier").field("csrf") ?? ""
      let answer = try await visitor.post("\(record)/corbeille", [("csrf", csrf)])
      let list = try await visitor.get(answer.location ?? "")
      #expect(list.text.contains("La fiche est dans la corbeille.") && !list.rowTitles.contains("Équipe des Tilleuls"))
      #expect(try await visitor.get(record).status == 404)
      #expect(try await visitor.get("/corbeille").text.contains("Équipe des Tilleuls"))
      #expect(try await visitor.post("\(record)/retablir", [("csrf", csrf)]).status == 303)
      #expect(try await visitor.get(record).text.contains("La fiche est rétablie.") == false)
      #expect(try await visitor.get(record).status == 200)
    }
  }

  @Test func onlyThoseWhoMayWriteDo() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let staff = try await world.signedIn(.direction)
      let record = try #require(try await staff.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let addresses = [
        "/structures/nouveau", "/echanges/nouveau", "\(record)/modifier", "\(record)/historique", "/corbeille", "/suggestions/comptes",
      ]
      for role in Role.allCases where role != .direction {
        let visitor = try await world.signedIn(role)
        let maySave = role.scope(.write, .directory) != .none
        for address in addresses {
          let mayName = address.hasPrefix("/suggestions") && role.scope(.write, .tasks) != .none
          // Whoever drafts the report takes its blocks back out of the bin.
          let mayRestore = address == "/corbeille" && role.scope(.write, .figures) != .none
          #expect(try await visitor.get(address).status == (maySave || mayName || mayRestore ? 200 : 403), "\(role) \(address)")
        }
        let forged = try await visitor.post("\(record)/modifier", [("csrf", "0"), ("version", "1"), ("nom", "X")])
        #expect(forged.status == 403)
        #expect(
          try await visitor.get("/structures").text.contains("/structures/nouveau") == maySave || role.areas.isEmpty
            || !role.areas.contains(.directory))
      }
      #expect(try await world.visitor.stranger().post("\(record)/modifier", [("nom", "X")]).status == 401)
      #expect(try await world.visitor.stranger().post("\(record)/corbeille", []).status == 303)
    }
  }

  /// Nothing typed is lost when the session ends while a form is open.
  @Test func anEndedSessionKeepsWhatWasTyped() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let form = try await visitor.get("/echanges/nouveau")
      let sent =
        ["csrf", "fiche", "tache"].map { ($0, form.field($0) ?? "") } + call + [("suite", "Rappeler"), ("suite_date", "2026-12-05")]
      let out = try await visitor.stranger().post("/echanges/nouveau", sent)
      #expect(out.status == 401 && out.text.contains("Rien n’est perdu") && out.text.contains("Locaux &lt;b&gt;trouvés&lt;/b&gt; 🏠"))
      #expect(out.text.contains("Ce qu’il faut retenir") || out.text.contains("Objet"))
      // Signed in again, in another tab: the form is sent from where it was kept, and asks once more with the new session's token.
      let again = try await world.visitor.stranger().signedIn("charge_mission@exemple.fr", SiteWorld.password)
      let held = try await again.post("/echanges/nouveau", sent.map { $0.0 == "csrf" ? ("csrf", out.field("csrf") ?? "") : $0 })
      #expect(held.status == 403 && held.text.contains("il reste à l’enregistrer"))
      #expect(out.text.contains("Reprendre ma saisie") && held.text.contains(">Enregistrer</button>"))
      // As people read it: labels, and the names of records once one is known.
      #expect(out.text.contains("Téléphone") && out.text.contains("20 nov. 2026") && !out.text.contains(">2026-11-20<"))
      #expect(!out.text.contains("Équipe des Tilleuls") && held.text.contains("Équipe des Tilleuls"))
      let saved = try await again.post("/echanges/nouveau", sent.map { $0.0 == "csrf" ? ("csrf", held.field("csrf") ?? "") : $0 })
      #expect(saved.status == 303)
      #expect(try await again.get(saved.location ?? "").text.contains("Équipe des Tilleuls"))
      // A form of another site is not kept.
      let foreign = try await again.post("/echanges/nouveau", sent, headers: [.secFetchSite: "cross-site"])
      #expect(foreign.status == 403 && !foreign.text.contains("il reste à l’enregistrer"))
    }
  }

  /// What a browser sends of a form that nobody touched changes nothing, whatever the kind.
  @Test(arguments: Engine.allCases) func aFormSentAsItIsChangesNothing(_ engine: Engine) async throws {
    try await withDemonstration(engine) { _, visitor in
      var pages = ["/structures", "/personnes", "/organisations", "/echanges"]
      for index in pages.indices {
        let record = try #require(try await visitor.get(pages[index]).records(of: pages[index] + "/").first)
        pages[index] = "\(record)/modifier"
      }
      let task = try #require(try await visitor.get("/taches").links(to: "/taches/").first { $0.hasSuffix("/modifier") })
      for page in pages + [task] {
        let form = try await visitor.get(page)
        let answer = try await visitor.post(page, form.formItems)
        #expect(answer.status == 303 && answer.location?.hasSuffix("fait=inchange") == true, "\(page): \(form.formItems)")
      }
    }
  }
}
