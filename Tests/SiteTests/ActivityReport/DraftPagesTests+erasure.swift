import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Photos and names that somebody asks to have taken out of editions.
extension DraftPagesTests {
  /// Somebody who asks to be forgotten: the direction takes the photo and the name out, and the edition says so.
  @Test(arguments: Engine.allCases) func aPhotoAndANameAreTakenOutOfAnEdition(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let csrf = try await visitor.get("/rapports/2025/redaction").field("csrf") ?? ""
      let form = try await visitor.get("/blocs/nouveau?annee=2025&nature=photo&rang=1500")
      let items = form.formItems.filter { !["titre", "alternative"].contains($0.0) } + [("csrf", csrf), ("titre", "Solène en visite")]
      let made = try await visitor.post("/blocs/nouveau", items + [("alternative", "Une salle pleine")])
      let page = try #require(made.location?.prefix { $0 != "?" }).description
      let action = try #require(try await visitor.get(page).actions(to: "/pieces?").first)
      // An older picture lies under it, and the history knows a former caption.
      for name in ["solene-avant.png", "solene.png"] {
        #expect(try await visitor.upload(action, [("csrf", csrf)], file: name, Self.picture).status == 303)
      }
      #expect(try await save(page, [("titre", "Solène en visite guidée"), ("credit", "Atelier Solène")], by: visitor).status == 303)
      let quote = try await visitor.get("/blocs/nouveau?annee=2025&nature=citation&rang=1600")
      let said =
        quote.formItems.filter { !["texte", "qui", "fonction"].contains($0.0) } + [("csrf", csrf), ("texte", "Six mois de gagnés.")]
      #expect(try await visitor.post("/blocs/nouveau", said + [("qui", "Solène Aubertin"), ("fonction", "coordinatrice")]).status == 303)
      for number in ["1", "2"] {
        _ = try await visitor.post("/rapports/2025/editions", [("csrf", csrf), ("numero", number), ("quand_meme", "oui")])
        if number == "1" { _ = try await save(try await block("Nos priorités", visitor), [("texte", "Recruter.")], by: visitor) }
      }
      let edition = "/rapports/2025/editions/1"
      let before = try await visitor.get(edition)
      let numbers = CountedLink.all(in: before.text)
      #expect(numbers.count > 5 && before.text.contains("Solène Aubertin, coordinatrice"))
      let photo = try #require(before.text.components(separatedBy: "<img src=\"").last?.prefix { $0 != "\"" })
      let doors = before.links(to: "\(edition)/retrait?bloc=")
      #expect(doors.count == 2)
      let colleague = try await world.signedIn(.communication)
      #expect(try await colleague.get(doors[0]).status == 403)
      #expect(try await colleague.get(edition).links(to: "\(edition)/retrait").isEmpty)
      for door in doors {
        let question = try await visitor.get(door)
        #expect(question.status == 200 && TagBalance.fault(in: question.text) == nil)
        let items = [("csrf", question.field("csrf") ?? ""), ("bloc", question.field("bloc") ?? "")]
        for _ in 0..<2 { #expect(try await visitor.post("\(edition)/retrait", items).location == edition) }
        #expect(try await visitor.get(door).status == 404)
      }
      #expect(!(try await visitor.get("/rapports/2025")).text.contains("Solène"))
      for number in 1...2 {
        let after = try await visitor.get("/rapports/2025/editions/\(number)")
        #expect(!after.text.contains("Solène") && !after.text.contains("Une salle pleine") && TagBalance.fault(in: after.text) == nil)
        #expect(after.text.contains("<p class=\"note\">Photo retirée</p>") && after.text.contains("<small>Nom retiré</small>"))
        #expect(after.text.contains("Six mois de gagnés.") && after.text.contains("par Odile Marchandet."))
        if number == 1 { #expect(CountedLink.all(in: after.text) == numbers) }
      }
      #expect(try await visitor.get(String(photo)).status == 404)
      let kept = try await world.installation.database.read { [model = world.installation.model] connection in
        let files: Int? = try connection.value("SELECT count(*) FROM file")
        let joined: Int? = try connection.value("SELECT count(*) FROM attachment")
        var said = try connection.rows("SELECT change FROM image").map { try $0[0] as String }
        said += try connection.rows("SELECT content FROM report_edition").map { try $0[0] as String }
        for column in ["title", "alternative", "credit", "speaker", "speaker_role"] {
          let name = SQL(unsafeText: column)
          said += try connection.rows("SELECT \(name) FROM report_block WHERE \(name) IS NOT NULL").map { try $0[0] as String }
        }
        let traces = said.filter { text in ["Solène", "solene", "Une salle pleine", "coordinatrice"].contains { text.contains($0) } }
        let erasures: Int? = try connection.value("SELECT count(*) FROM report_edition_erasure")
        return (files, joined, traces, erasures, try model.faults(connection, today: .lastDay(of: 2026)))
      }
      #expect(kept.0 == 0 && kept.1 == 0 && kept.2 == [] && kept.3 == 4 && kept.4 == [])
      #expect(try await visitor.get("\(page)/historique").text.contains("Effacement demandé par une personne"))
      #expect(!(try await visitor.get("/rapports/2025/modifications")).text.contains("Écrit autrement"))
    }
  }

  /// Whoever does what, by the accounts of the house and by lines; one person at a time is taken out, wherever they are named.
  @Test(arguments: Engine.allCases) func peopleAreNamedAndTakenOut(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let address = try await block("Qui est qui", visitor)
      let form = try await visitor.get("\(address)/modifier")
      #expect(form.text.contains("Odile Marchandet, Direction"))
      let code = try #require(form.text.components(separatedBy: "name=\"repris\" value=\"").dropFirst().first?.prefix { $0 != "\"" })
      let lines = "Solène Aubertin | Présidente | Infirmière\nClaire Vasseur | Coordinatrice"
      #expect(try await save(address, [("repris", String(code)), ("lignes", lines)], by: visitor).status == 303)
      let page = try await visitor.get("/rapports/2025")
      #expect(
        page.text.contains("<b>Solène Aubertin</b><br><small>Présidente, Infirmière</small>")
          && page.text.contains("<b>Odile Marchandet</b>"))
      let csrf = page.field("csrf") ?? ""
      _ = try await visitor.post("/rapports/2025/editions", [("csrf", csrf), ("numero", "1"), ("quand_meme", "oui")])
      // The next year takes the list over, and the next edition types it otherwise.
      try await begin(visitor, 2026, plan: "precedent")
      let others = "Claire Vasseur | Coordinatrice\n- SOLENE AUBERTIN | Trésorière"
      #expect(try await save(address, [("repris", String(code)), ("lignes", others)], by: visitor).status == 303)
      let copy = try await block("Qui est qui", visitor, 2026)
      #expect(try await save(copy, [("repris", String(code)), ("lignes", lines + " régionale")], by: visitor).status == 303)
      _ = try await visitor.post("/rapports/2025/editions", [("csrf", csrf), ("numero", "2"), ("quand_meme", "oui")])
      let edition = "/rapports/2025/editions/1"
      let all = [edition, "/rapports/2025/editions/2", "/rapports/2025", "/rapports/2026"]
      for address in all { #expect(try await visitor.get(address).text.uppercased().contains("AUBERTIN</B>"), "\(address)") }

      let door = try #require(try await visitor.get(edition).links(to: "\(edition)/retrait").first)
      let choice = try await visitor.get(door)
      let choices = choice.links(to: "\(edition)/retrait")
      #expect(choice.text.contains("Solène Aubertin, Présidente") && choices.count == 3 && TagBalance.fault(in: choice.text) == nil)
      let question = try await visitor.get(choices[1])
      #expect(question.text.contains("Retirer Solène Aubertin</button>") && !question.text.contains("Claire Vasseur"))
      let items = [("csrf", csrf), ("bloc", question.field("bloc") ?? "")]
      #expect(try await visitor.post("\(edition)/retrait", items).status == 400)
      #expect(question.field("personne") == "Solène Aubertin" && TagBalance.fault(in: question.text) == nil)
      for _ in 0..<2 {
        #expect(try await visitor.post("\(edition)/retrait", items + [("personne", "Solène Aubertin")]).location == edition)
      }
      for address in all {
        let after = try await visitor.get(address)
        #expect(!after.text.uppercased().contains("AUBERTIN"), "\(address)")
        #expect(after.text.contains("<b>Claire Vasseur</b>") && after.text.contains("<b>Odile Marchandet</b><br>"), "\(address)")
      }
      #expect(!(try await visitor.get("/rapports/2025/modifications")).text.contains("Écrit autrement"))

      // Whom a tick names leaves with the tick.
      #expect(try await visitor.post("\(edition)/retrait", items + [("personne", "Odile Marchandet")]).location == edition)
      for address in all {
        let after = try await visitor.get(address)
        #expect(after.text.contains("<b>Claire Vasseur</b>") && !after.text.contains("<b>Odile Marchandet</b><br>"), "\(address)")
      }
      let last = try await visitor.get(door)
      #expect(last.field("personne") == "Claire Vasseur")
      #expect(try await visitor.post("\(edition)/retrait", items + [("personne", "Claire Vasseur")]).location == edition)
      #expect(try await visitor.get(edition).text.contains("Noms retirés"))
      let kept = try await world.installation.database.read { [model = world.installation.model] connection in
        let blocks = try connection.rows("SELECT COALESCE(lines, '') || COALESCE(taken, '') FROM report_block").map { try $0[0] as String }
        let images = try connection.rows("SELECT change FROM image WHERE kind = 'blocs'").map { try $0[0] as String }
        let names = ["AUBERTIN", "VASSEUR", code.uppercased()]
        let traces = (blocks + images).filter { text in names.contains { text.uppercased().contains($0) } }
        let erasures: Int? = try connection.value("SELECT count(*) FROM report_edition_erasure")
        return (traces, erasures, try model.faults(connection, today: .lastDay(of: 2026)))
      }
      // Three people of one block, in two editions.
      #expect(kept.0 == [] && kept.1 == 6 && kept.2 == [])
    }
  }
}
