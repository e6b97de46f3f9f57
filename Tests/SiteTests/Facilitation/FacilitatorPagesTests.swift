import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The network on its pages (FAC-04), over the whole router.
struct FacilitatorPagesTests {
  @Test(arguments: Engine.allCases) func aProfileIsMadeChangedAndLooked(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("personnes", "reference;nom;prenom;commune\nFA1;Quintarel;Zoé;38185\nFA2;Lantieri;Hervé;\n")
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/facilitateurs").text.contains("Aucun facilitateur pour l’instant"))
      func filled(_ items: [(String, String)], _ typed: [String: String]) -> [(String, String)] {
        items.map { ($0.0, typed[$0.0] ?? $0.1) }
      }
      let form = try await visitor.get("/facilitateurs/nouveau").formItems
      let refused = try await visitor.post(
        "/facilitateurs/nouveau", filled(form, ["personne": "FA1", "rayon_km": "40", "absences": "un jour prochain"]))
      #expect(refused.status == 422 && refused.text.contains("écrivez une période") && TagBalance.fault(in: refused.text) == nil)
      #expect(refused.formItems.contains { $0 == ("rayon_km", "40") })
      let made = try await visitor.post(
        "/facilitateurs/nouveau",
        filled(
          form,
          ["personne": "FA1", "rayon_km": "40", "absences": "01/07/2090 au 31/08/2090\n24/12/2090", "expertises_texte": "CPTS, Médiation"]))
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      let address = String(try #require(made.location).prefix { $0 != "?" })
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      for words in ["Zoé Quintarel", "Médiation", "40\u{A0}km", "31 août 2090", "Actif"] { #expect(page.text.contains(words), "\(words)") }
      // One profile a person.
      let again = try await visitor.post(
        "/facilitateurs/nouveau", filled(try await visitor.get("/facilitateurs/nouveau").formItems, ["personne": "FA1"]))
      #expect(again.status == 422)
      #expect(try await visitor.get("/facilitateurs?expertise=mediation&etat=actif").recordCount == 1)
      #expect(try await visitor.get("/facilitateurs?etat=pause").recordCount == 0)
      // The form of a facilitation offers the network; who is not of it is doubted once.
      let suggested = try await visitor.get("/suggestions/facilitateurs?q=quint")
      #expect(suggested.text.contains("Zoé Quintarel") && !suggested.text.contains("Hervé"))
      let asking = filled(
        try await visitor.get("/facilitations/nouveau").formItems, ["besoin": "Un besoin", "facilitateurs_texte": "FA1, FA2"])
      let doubted = try await visitor.post("/facilitations/nouveau", asking)
      #expect(doubted.status == 422 && doubted.text.contains("Hervé Lantieri n’a pas encore de fiche de facilitateur"))
      #expect(try await visitor.post("/facilitations/nouveau", doubted.formItems).status == 303)
      #expect(try await visitor.get(address).text.contains("Attribuée"))
      // The bin, and back out of it.
      let csrf = ("csrf", page.field("csrf") ?? "")
      #expect(try await visitor.post("\(address)/corbeille", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 404)
      #expect(try await visitor.get("/corbeille").text.contains("Zoé Quintarel, facilitateur"))
      #expect(try await visitor.post("\(address)/retablir", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 200)
      let board = try await world.signedIn(.ca).get(address)
      #expect(board.status == 403 || board.status == 404)
    }
  }

  /// From the proposal to the meeting in a calendar: who is asked has no account (FAC-01, FAC-04).
  @Test(arguments: Engine.allCases) func aFacilitatorIsChosenAskedAndAnswers(_ engine: Engine) async throws {
    try await withSite(engine, siteURL: "https://maillage.exemple.fr") { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring(
        "personnes",
        "reference;nom;prenom;courriel\nFA1;Quintarel;Zoé;zoe@exemple.fr\nFA2;Lantieri;Hervé;herve@exemple.fr\nFA3;Muet;Paul;\n")
      try await world.installation.bring("facilitateurs", "personne;expertises\nFA1;juridique\nFA2;cpts\nFA3;juridique\n")
      try await world.installation.bring(
        "facilitations", "reference;demandee_le;besoin;type_facilitation\nF1;2026-11-05;Des <statuts>;conseil_juridique\n")
      let visitor = try await world.signedIn()
      let address = try #require(try await visitor.get("/facilitations?q=statuts").records(of: "/facilitations/").first)
      #expect(try await visitor.get(address).links(to: "\(address)/facilitateurs").count == 1)
      let choice = try await visitor.get("\(address)/facilitateurs")
      #expect(choice.status == 200 && TagBalance.fault(in: choice.text) == nil)
      let names = ["Paul Muet", "Zoé Quintarel", "Hervé Lantieri"].compactMap { choice.text.range(of: $0)?.lowerBound }
      #expect(names.count == 3 && names[1] < names[2] && choice.text.contains("Juridique et statuts"))
      func facilitator(_ reference: String) async throws -> String {
        let id: Identifier<Facilitator>? = try await world.installation.database.read {
          try $0.value("SELECT w.id FROM facilitator w JOIN person p ON p.id = w.person_id WHERE p.reference = \(reference)")
        }
        return try #require(id).description
      }
      let csrf = ("csrf", choice.field("csrf") ?? "")
      func post(_ items: [(String, String)]) async throws -> Answer {
        try await visitor.post("\(address)/facilitateurs", [csrf, ("quoi", "inviter")] + items)
      }
      let call = [
        ("places", "1"), ("reponse_avant", "2026-12-10"), ("creneau_1", "2026-12-15"), ("creneau_1_heure", "12:30"), ("message", "Merci"),
      ]
      let (zoe, paul) = (try await facilitator("FA1"), try await facilitator("FA3"))
      #expect(try await post(call).text.contains("Cochez au moins une personne"))
      let mute = try await post([("facilitateur", paul)] + call)
      #expect(mute.status == 422 && mute.text.contains("Sans adresse de courriel") && mute.text.contains("Paul Muet"))
      let past = try await post([("facilitateur", zoe)] + call.map { $0.0 == "creneau_1" ? ("creneau_1", "2026-11-01") : $0 })
      #expect(past.status == 422 && past.text.contains("Ce créneau est passé") && past.text.contains("Merci"))
      #expect(past.text.contains("value=\"\(zoe)\" checked") && TagBalance.fault(in: past.text) == nil)
      let sent = try await post([("facilitateur", zoe), ("facilitateur", try await facilitator("FA2"))] + call)
      #expect(sent.status == 303, "\(sent.text.prefix(1_500))")
      let board = try await visitor.get(try #require(sent.location))
      #expect(board.text.contains("Les invitations partent") && board.text.contains("En attente") && board.text.contains("Proposée"))
      let mail: String = try #require(
        try await world.installation.database.read {
          try $0.value("SELECT content FROM outbox WHERE content LIKE '%zoe@exemple.fr%' ORDER BY id DESC LIMIT 1")
        })
      let link = "/invitation/\(try #require(mail.firstMatch(of: /\/invitation\/([0-9A-Za-z.-]+)/)).output.1)"
      let guest = world.visitor.stranger()
      let page = try await guest.get(link)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil && page.text.contains("Des &lt;statuts&gt;"))
      let forged = try await guest.post(link, [("csrf", "0"), ("reponse", "oui"), ("mot", "Volontiers")])
      #expect(forged.status == 403 && forged.text.contains("Volontiers"))
      let again = try await guest.get(link)
      let slot = try #require(again.text.firstMatch(of: /name="creneau" value="([^"]+)"/)).output.1
      let token = ("csrf", again.field("csrf") ?? "")
      let accepted = try await guest.post(link, [token, ("reponse", "oui"), ("creneau", String(slot)), ("mot", "Volontiers <3")])
      #expect(accepted.location == link, "\(accepted.status)")
      let done = try await guest.get(link)
      #expect(done.text.contains("Merci, c’est noté") && TagBalance.fault(in: done.text) == nil)
      let answered = try await visitor.get(address)
      #expect(answered.text.contains("Volontiers &lt;3") && answered.text.contains("Accepte") && answered.text.contains("Sans suite"))
      let own = ("csrf", answered.field("csrf") ?? "")
      #expect(try await visitor.post("\(address)/creneau", [own, ("creneau", String(slot))]).status == 303)
      let dated = try await visitor.get(address)
      #expect(dated.text.contains("15 décembre 2026") && dated.text.contains("Envoyer dans les agendas"))
      #expect(TagBalance.fault(in: dated.text) == nil)
      #expect(try await visitor.post("\(address)/agenda", [own]).status == 303)
      #expect(try await visitor.get(address).text.contains("Dans l’agenda de"))
      for role in [Role.referent, .communication, .ca] {
        let other = try await world.signedIn(role)
        #expect([403, 404].contains(try await other.get("\(address)/facilitateurs").status))
        #expect([403, 404].contains(try await other.post("\(address)/agenda", [("csrf", "0")]).status))
      }
    }
  }

  @Test func anInvitationThatLeadsNowhereSaysSo() async throws {
    try await withSite(.sqlite) { world in
      let page = try await world.visitor.get("/invitation/0000000000001-1.00")
      #expect(page.status == 404 && page.text.contains("Ce lien ne sert plus") && TagBalance.fault(in: page.text) == nil)
    }
  }
}
