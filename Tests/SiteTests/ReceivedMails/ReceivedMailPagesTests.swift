import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The queue of messages that nobody but a person can file (SUP-15), over the whole router.
struct ReceivedMailPagesTests {
  private func receive(_ world: SiteWorld, from sender: String, to recipient: String, _ subject: String, _ text: String) async throws {
    let mail = IncomingMail(
      messageID: "\(subject.count)@exemple.fr", from: [.init(sender, name: "Nom <b>")], to: [.init(recipient)], subject: subject,
      text: text,
      sentAt: TestClock.now, files: [("note.txt", Array("Une note".utf8))], size: 900)
    try await MailReceiver(world.installation).receive(mail)
  }

  @Test(arguments: Engine.allCases) func aMessageIsFiledAndTakenBack(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.bring(
        "structures", "reference;type;nom;departement;etat;depuis\nS1;msp;Les Tilleuls;38;ouverte;2018-01-01\n")
      try await world.installation.bring("personnes", "reference;nom;prenom;courriel\nP1;Barandon;Adèle;adele@exemple.fr\n")
      let visitor = try await world.signedIn()
      let empty = try await visitor.get("/courriels-recus")
      #expect(empty.status == 200 && TagBalance.fault(in: empty.text) == nil && empty.text.contains("Rien à classer"))
      #expect(try await visitor.get("/echanges").links(to: "/courriels-recus").count == 1)
      try await receive(world, from: "inconnu@exemple.fr", to: "adele@exemple.fr", "Un <i>projet</i>", "<script>alert(1)</script>\nBonjour")
      let list = try await visitor.get("/courriels-recus")
      #expect(TagBalance.fault(in: list.text) == nil && list.text.contains("Un &lt;i&gt;projet") && list.text.contains("Nom &lt;b&gt;"))
      #expect(list.text.contains("n’est pas un compte ouvert"))
      let address = try #require(list.records(of: "/courriels-recus/").first)
      // Whoever files it sees it in the morning.
      let day = try await visitor.get("/aujourdhui")
      #expect(TagBalance.fault(in: day.text) == nil && day.text.contains("Courriels à classer (1)"))
      #expect(day.text.contains("Un &lt;i&gt;projet"))
      #expect(day.records(of: "/courriels-recus/") == [address] && day.links(to: "/courriels-recus").contains("/courriels-recus"))
      #expect(try await !world.signedIn(.tresorerie).get("/aujourdhui").text.contains("Courriels à classer"))
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(
        page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.text.contains("note.txt")
          && page.text.contains("peut être imitée"))
      #expect(page.text.contains("Adèle Barandon"))
      let csrf = ("csrf", page.field("csrf") ?? "")
      // What was typed comes back with what is wrong.
      let refused = try await visitor.post(address, [csrf, ("structure", "Nulle part"), ("personne", "")])
      #expect(refused.status == 422 && refused.text.contains("Nulle part") && refused.text.contains("n’est pas dans l’annuaire"))
      #expect(TagBalance.fault(in: refused.text) == nil)
      let filed = try await visitor.post(address, [csrf, ("structure", "tilleuls"), ("personne", "P1")])
      #expect(filed.status == 303 && filed.location?.hasPrefix("/courriels-recus?suite=classe") == true)
      let done = try await visitor.get(try #require(filed.location))
      #expect(TagBalance.fault(in: done.text) == nil && done.text.contains("un échange est noté") && done.text.contains("Annuler"))
      let exchange = try #require(done.records(of: "/echanges/").first)
      let noted = try await visitor.get(exchange)
      #expect(noted.text.contains("Les Tilleuls") && noted.text.contains("note.txt") && noted.text.contains("&lt;script&gt;"))
      #expect(try await visitor.post("\(address)/reprendre", [csrf]).location == "/courriels-recus?suite=repris")
      #expect(try await visitor.get(exchange).status == 404)
      #expect(try await visitor.post("\(address)/ecarter", [csrf]).status == 303)
      let aside = try await visitor.get("/courriels-recus")
      #expect(aside.text.contains("Écarté") && aside.text.contains("Rien à classer"))
      #expect(try await !visitor.get("/aujourdhui").text.contains("Courriels à classer"))
      #expect(try await visitor.get(address).text.contains("Remettre à classer"))
      // Who notes no exchanges sees none of it.
      let other = try await world.signedIn(.communication)
      #expect(try await other.get("/courriels-recus").status == 403)
      #expect(try await other.get(address).status == 403)
      #expect(try await visitor.post(address, [("csrf", "0"), ("structure", "S1")]).status != 303)
    }
  }

  @Test func anAddressThatDoesNotReceiveIsTriedAgain() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      try await world.installation.bring("personnes", "reference;nom;courriel\nP1;Barandon;perdue@exemple.fr\n")
      try await world.installation.database.write { connection in
        _ = try connection.execute("INSERT INTO unreachable_address VALUES ('perdue@exemple.fr', '2026-11-02', '550 <inconnu>')")
      }
      let page = try await visitor.get("/courriels-recus")
      #expect(
        page.text.contains("perdue@exemple.fr") && page.text.contains("550 &lt;inconnu&gt;") && TagBalance.fault(in: page.text) == nil)
      let person = try #require(try await visitor.get("/personnes").records(of: "/personnes/").first)
      #expect(try await visitor.get(person).text.contains("les courriels en reviennent depuis le"))
      let answer = try await visitor.post(
        "/courriels-recus/adresses", [("csrf", page.field("csrf") ?? ""), ("adresse", "perdue@exemple.fr")])
      #expect(answer.location == "/courriels-recus?suite=adresse")
      #expect(try await !visitor.get("/courriels-recus").text.contains("perdue@exemple.fr"))
    }
  }
}
