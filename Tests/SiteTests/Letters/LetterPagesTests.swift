import Federation
import Foundation
import HTTPTypes
import Records
import Store
import Synchronization
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Writing to the people behind a list, over the whole router (COM-05).
struct LetterPagesTests {
  private static let people =
    "reference;nom;prenom;courriel\nP1;Barandon <b>;Adèle;adele@exemple.fr\nP2;Corlier;Basile;\nP3;Valon;Zoé;zoe@exemple.fr\n"

  private func withClock(_ engine: Engine, _ body: @Sendable (SiteWorld, MovingClock) async throws -> Void) async throws {
    let clock = MovingClock()
    try await withSite(engine, siteURL: "https://maillage.example", now: { clock.now }) { world in
      _ = try await world.installation.bring("structures", "reference;type;nom;departement\nS1;msp;MSP des Tilleuls;38\n")
      _ = try await world.installation.bring("personnes", Self.people)
      _ = try await world.installation.bring("fonctions", "personne;structure;fonction;depuis\nP1;S1;coordinateur;2025-01-01\n")
      try await body(world, clock)
    }
  }

  /// What left, by address.
  private func run(_ world: SiteWorld) async throws -> [String: OutgoingMail] {
    let sent = Mutex<[String: OutgoingMail]>([:])
    let send: SendingJob.Send = { posted throws(DeliveryFailure) in sent.withLock { $0[posted.mail.to[0].address] = posted.mail } }
    _ = try await world.installation.jobRunner(SendingJob(send)).runDue()
    return sent.withLock { $0 }
  }

  /// From a list to the form, with what a browser sends of it.
  private func form(_ visitor: Visitor, _ list: String, whole: Bool = true) async throws -> Answer {
    let page = try await visitor.get(list)
    #expect(page.text.contains("formaction=\"/courriels/nouveau\""))
    let ticked = page.text.components(separatedBy: "name=\"fiche\" value=\"").dropFirst().map { ("fiche", String($0.prefix(13))) }
    return try await visitor.post(
      "/courriels/nouveau", [("csrf", page.field("csrf") ?? ""), ("liste", list), ("champ", "ecrire")] + (whole ? [("tout", "1")] : ticked))
  }

  private func filled(_ form: Answer, _ subject: String, _ body: String) -> [(String, String)] {
    form.formItems.filter { $0.0 != "fichiers" }.map { $0.0 == "objet" ? ("objet", subject) : $0.0 == "message" ? ("message", body) : $0 }
  }

  /// Said before a word is typed, to a list; one person's letter needs no such link.
  @Test func aListIsToldAtOnceThatNothingCanLeaveYet() async throws {
    try await withSite { world in
      _ = try await world.installation.bring("personnes", Self.people)
      let writer = try await world.signedIn(.chargeMission)
      let first = try await form(writer, "/personnes")
      #expect(
        first.text.contains("ne peut pas encore partir") && !first.text.contains("MAILLAGE") && TagBalance.fault(in: first.text) == nil)
      let person = try #require(try await writer.get("/personnes?q=Valon").records(of: "/personnes/").first)
      let own = try #require(try await writer.get(person).links(to: "/courriels/nouveau").first)
      #expect(try await !writer.get(own).text.contains("ne peut pas encore partir"))
    }
    try await withClock(.sqlite) { world, _ in
      let writer = try await world.signedIn(.chargeMission)
      #expect(try await !form(writer, "/personnes").text.contains("ne peut pas encore partir"))
    }
  }

  @Test(arguments: Engine.allCases) func somebodyWritesToAListAndCallsItBackOrNot(_ engine: Engine) async throws {
    try await withClock(engine) { world, clock in
      let writer = try await world.signedIn(.chargeMission)
      let form = try await form(writer, "/personnes")
      #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil && form.text.contains("3 personnes choisies"))
      let action = try #require(form.actions(to: "/courriels/").first)
      // Refused: everything typed is still there, and so is the good file.
      let wrong = try await writer.upload(
        action, filled(form, "", "Bonjour {prenom} <i>"), files: [("a.pdf", Array("%PDF-1.7".utf8)), ("b.pdf", Array("MZ".utf8))])
      #expect(wrong.status == 422 && TagBalance.fault(in: wrong.text) == nil)
      #expect(wrong.text.contains("Donnez un objet.") && wrong.text.contains("{prenom} ne veut rien dire"))
      #expect(wrong.text.contains("Bonjour {prenom} &lt;i&gt;") && wrong.text.contains("a.pdf (") && wrong.text.contains("b.pdf\u{202F}»"))
      let saved = try await writer.upload(action, filled(wrong, "Réunion {équipe}", "Bonjour {prénom},\nà bientôt."), files: [])
      #expect(saved.status == 303 && saved.location == action)
      let preview = try await writer.get(action)
      #expect(TagBalance.fault(in: preview.text) == nil && preview.text.contains("2 destinataires, 1 autre ne le reçoit pas."))
      #expect(preview.text.contains("Adèle Barandon &lt;b&gt;") && preview.text.contains("Pas d’adresse") && preview.text.contains("a.pdf"))
      #expect(preview.text.contains("{équipe} n’est pas connu de 1 destinataire"))
      // An address that does not receive is left out, and said.
      try await world.installation.database.write { connection in
        _ = try connection.execute("INSERT INTO unreachable_address VALUES ('adele@exemple.fr', '2026-11-02', '550')")
      }
      let shorter = try await writer.get(action)
      #expect(shorter.text.contains("1 destinataire, 2 autres ne le reçoivent pas."))
      #expect(shorter.text.contains("Un courriel est revenu de cette adresse"))
      try await world.installation.database.write { _ = try $0.execute("DELETE FROM unreachable_address") }
      #expect(try await writer.get("\(action)/modifier").text.contains("Réunion {équipe}"))
      #expect(try await writer.get("/courriels").text.contains("3 fiches choisies"))
      let stale = try await writer.post("\(action)/envoi", [("csrf", preview.field("csrf") ?? ""), ("vu", "x")])
      #expect(stale.status == 409 && stale.text.contains("rien n’est parti"))
      let send = [("csrf", preview.field("csrf") ?? ""), ("vu", preview.field("vu") ?? "")]
      for _ in 0..<2 { #expect(try await writer.post("\(action)/envoi", send).location == action) }
      let held = try await writer.get(action)
      #expect(TagBalance.fault(in: held.text) == nil && held.text.contains("data-decompte=\"120\">2\u{A0}min 0\u{A0}s"))
      let refresh = try #require(HTTPField.Name("Refresh"))
      #expect(held.headers[refresh] == "126" && held.text.contains("Rappeler l’envoi"))
      #expect(try await run(world).isEmpty)
      #expect(try await writer.post("\(action)/rappel", [("csrf", held.field("csrf") ?? "")]).location == action)
      clock.move(by: .seconds(200))
      #expect(try await run(world).isEmpty)
      let recalled = try await writer.get(action)
      #expect(recalled.text.contains("personne n’a reçu ce courriel") && TagBalance.fault(in: recalled.text) == nil)
      // What somebody got, or would have got, never what was typed in braces.
      #expect(recalled.text.contains("Ce que reçoit ") && !recalled.text.contains("{prénom}") && !recalled.text.contains("{équipe}"))
      // Begun again with all of it; what was called back stays as it was, and is its author's or the direction's.
      let again = try await writer.post("\(action)/reprise", [("csrf", recalled.field("csrf") ?? "")])
      let draft = try #require(again.location)
      #expect(draft.hasSuffix("/modifier") && !draft.hasPrefix(action))
      let copy = try await writer.get(draft)
      #expect(copy.text.contains("Réunion {équipe}") && copy.text.contains("Bonjour {prénom},") && copy.text.contains("a.pdf ("))
      #expect(try await writer.get(action).text.contains("personne n’a reçu ce courriel"))
      let unsent = try await writer.post(draft.replacing("/modifier", with: "/reprise"), [("csrf", copy.field("csrf") ?? "")])
      #expect(unsent.status == 409 && unsent.text.contains("Seul un courriel rappelé se reprend"))
      let other = try await world.signedIn(.assistance)
      let page = try await other.get(action)
      #expect(!page.text.contains("Modifier et renvoyer"))
      #expect(try await other.post("\(action)/reprise", [("csrf", page.field("csrf") ?? "")]).status == 409)
    }
  }

  @Test(arguments: Engine.allCases) func whoGetsItMaySayNoWithoutASession(_ engine: Engine) async throws {
    try await withClock(engine) { world, clock in
      let writer = try await world.signedIn(.communication)
      let form = try await form(writer, "/structures", whole: false)
      #expect(form.text.contains("1 équipe choisie") && form.text.contains("value=\"coordinateur\" checked"))
      let action = try #require(form.actions(to: "/courriels/").first)
      #expect(try await writer.upload(action, filled(form, "Réunion", "Bonjour {prénom}"), files: []).status == 303)
      let preview = try await writer.get(action)
      #expect(
        try await writer.post("\(action)/envoi", [("csrf", preview.field("csrf") ?? ""), ("vu", preview.field("vu") ?? "")]).status == 303)
      clock.move(by: .seconds(200))
      let mail = try #require(try await run(world)["adele@exemple.fr"])
      let page = try await writer.get(action)
      #expect(TagBalance.fault(in: page.text) == nil && page.text.contains("Parti") && page.text.contains("n’entre dans aucun chiffre"))
      let late = try await writer.post("\(action)/rappel", [("csrf", page.field("csrf") ?? "")])
      #expect(late.status == 409 && late.text.contains("Trop tard"))
      // On the team's page for who reads the log; not in the log.
      let direction = try await world.signedIn(.direction)
      let team = try #require(try await direction.get("/structures").records(of: "/structures/").first)
      let sheet = try await direction.get(team)
      #expect(sheet.links(to: action) == [action] && sheet.text.contains("Courriel à une liste"))
      #expect(try await direction.get("/echanges").recordCount == 0)
      let header = try #require(mail.headers["List-Unsubscribe"])
      let link = String(header.dropFirst("<https://maillage.example".count).dropLast())
      let stranger = world.visitor.stranger()
      let door = try await stranger.get(link)
      #expect(door.status == 200 && TagBalance.fault(in: door.text) == nil && door.text.contains("Me désinscrire"))
      #expect(try await stranger.get(link).text.contains("Me désinscrire"), "opening it changes nothing")
      // As mail programs do (RFC 8058): from elsewhere, without a session.
      let foreign: HTTPFields = [.secFetchSite: "cross-site"]
      let done = try await world.visitor.stranger().post(link, [("List-Unsubscribe", "One-Click")], headers: foreign)
      #expect(done.status == 200 && done.text.contains("C’est noté"))
      #expect(try await stranger.post("/desinscription/abc", []).status == 404)
      let person = try #require(try await direction.get("/personnes?q=barandon").records(of: "/personnes/").first)
      #expect(try await direction.get(person).text.contains("Courriels écrits à plusieurs personnes"))
    }
  }

  @Test func fromAPersonsPageItIsNoted() async throws {
    try await withClock(.sqlite) { world, clock in
      let writer = try await world.signedIn(.assistance)
      let person = try #require(try await writer.get("/personnes?q=barandon").records(of: "/personnes/").first)
      let way = try #require(try await writer.get(person).links(to: "/courriels/nouveau").first)
      let form = try await writer.get(way)
      #expect(form.status == 200 && form.text.contains("1 personne choisie"))
      let action = try #require(form.actions(to: "/courriels/").first)
      #expect(try await writer.upload(action, filled(form, "Votre dossier", "Voici."), files: []).status == 303)
      let preview = try await writer.get(action)
      #expect(preview.text.contains("il est noté comme un échange"))
      _ = try await writer.post("\(action)/envoi", [("csrf", preview.field("csrf") ?? ""), ("vu", preview.field("vu") ?? "")])
      clock.move(by: .seconds(200))
      #expect(try await run(world)["adele@exemple.fr"]?.headers.isEmpty == true)
      #expect(try await writer.get(person).text.contains("Votre dossier"))
      #expect(try await writer.get("/echanges").recordCount == 1)
    }
  }

  @Test func templatesAreTakenOverAndDraftsThrownAway() async throws {
    try await withClock(.sqlite) { world, _ in
      let writer = try await world.signedIn(.direction)
      let new = try await writer.get("/modeles-courriels/nouveau")
      let typed = new.formItems.map { $0.0 == "nom" ? ("nom", "Invitation") : $0.0 == "objet" ? ("objet", "Réunion") : $0 }
      let refused = try await writer.post("/modeles-courriels/nouveau", typed.map { $0.0 == "message" ? ("message", "{titre}") : $0 })
      #expect(refused.status == 422 && refused.text.contains("{titre} ne veut rien dire"))
      #expect(
        try await writer.post("/modeles-courriels/nouveau", typed.map { $0.0 == "message" ? ("message", "Venez, {prénom}") : $0 }).status
          == 303)
      #expect(try await writer.get("/modeles-courriels").text.contains("Venez, {prénom}"))
      let form = try await form(writer, "/personnes")
      let model = try #require(
        form.text.components(separatedBy: "<option value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }.first { $0.count == 13 })
      let action = try #require(form.actions(to: "/courriels/").first)
      let items = filled(form, "", "").map { $0.0 == "modele" ? ("modele", model) : $0 } + [("faire", "modele")]
      #expect(try await writer.upload(action, items, files: []).location == "\(action)/modifier")
      #expect(try await writer.get("\(action)/modifier").text.contains("Venez, {prénom}"))
      #expect(try await writer.get("/courriels").links(to: action) == [action])
      let colleague = try await world.signedIn(.chargeMission)
      #expect(try await colleague.get(action).status == 404)
      #expect(try await writer.post("\(action)/abandon", [("csrf", form.field("csrf") ?? "")]).location == "/courriels")
      #expect(try await writer.get(action).status == 404)
      let ca = try await world.signedIn(.ca)
      #expect(try await ca.get("/courriels").status == 403)
      #expect(!(try await ca.get("/personnes").text.contains("/courriels/nouveau")))
    }
  }
}
