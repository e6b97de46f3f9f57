import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// From the public page to the team (SUP-04), over the whole router.
struct FirstContactPagesTests {
  private static let page = "/parler-de-mon-projet"

  private static let typed = [
    ("nom", "Barandon <b>"), ("prenom", "Adèle"), ("profession", "infirmier"), ("courriel", "adele@exemple.fr"), ("telephone", ""),
    ("commune", "grenoble"), ("projet", "oui"), ("demande", "<script>alert(1)</script>\nPar où commencer ?"), ("accord", "oui"),
    ("site", ""),
  ]

  /// What a browser sends of the page, with what was typed in it.
  private static func form(_ page: Answer, _ changes: [String: String] = [:]) -> [(String, String)] {
    let hidden = ["csrf", "fiche", "sceau"].map { ($0, page.field($0) ?? "") }
    return hidden + typed.map { ($0.0, changes[$0.0] ?? $0.1) } + changes.filter { $0.key == "commune_choisie" }.map { ($0.key, $0.value) }
  }

  private func withClock(_ engine: Engine, _ body: @Sendable (SiteWorld, MovingClock) async throws -> Void) async throws {
    let clock = MovingClock()
    try await withSite(engine, now: { clock.now }) { world in try await body(world, clock) }
  }

  @Test(arguments: Engine.allCases) func somebodyWritesAndTheStaffMakeATeamOfIt(_ engine: Engine) async throws {
    try await withClock(engine) { world, clock in
      let page = try await world.visitor.get(Self.page)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("<body class=\"public\">") && page.text.contains("J’accepte que la fédération (Ma fédération)"))
      clock.move(by: .seconds(30))
      // A double click.
      for _ in 0..<2 {
        let answer = try await world.visitor.post(Self.page, Self.form(page))
        #expect(answer.status == 303 && answer.location == "\(Self.page)/merci")
      }
      #expect(try await world.visitor.get("\(Self.page)/merci").text.contains("Merci"))
      let direction = try await world.signedIn()
      let day = try await direction.get("/aujourdhui")
      #expect(day.text.contains("Premiers contacts à traiter") && day.text.contains("Barandon &lt;b&gt;"))
      let list = try await direction.get("/premiers-contacts")
      #expect(list.recordCount == 1)
      let address = try #require(list.records(of: "/premiers-contacts/").first)
      let sheet = try await direction.get(address)
      #expect(TagBalance.fault(in: sheet.text) == nil && !sheet.text.contains("<script>alert"))
      #expect(sheet.text.contains("Grenoble (38)") && sheet.text.contains("Accord de la personne"))
      #expect(try await direction.get("\(address)/historique").text.contains("par la page publique"))
      let csrf = sheet.field("csrf") ?? ""
      #expect(try await direction.post("\(address)/prendre", [("csrf", csrf)]).status == 303)
      let form = try await direction.get("\(address)/equipe")
      #expect(TagBalance.fault(in: form.text) == nil && form.text.contains("Équipe en projet (Grenoble)"))
      var items = form.formItems
      #expect(items.contains { $0 == ("suivi", "oui") } && form.text.contains("Nouvelle équipe suivie par"))
      #expect(items.contains { $0 == ("type", "msp") } && items.contains { $0 == ("personne", "nouvelle") })
      // A team without a name is refused beside the field, and nothing typed is lost.
      let empty = items.map { $0.0 == "nom" ? ("nom", " ") : $0.0 == "type" ? ("type", "cpts") : $0 }
      let refused = try await direction.post("\(address)/equipe", empty)
      #expect(refused.status == 422 && refused.text.contains("Donnez un nom") && refused.text.contains("value=\"cpts\" checked"))
      for _ in 0..<2 { #expect(try await direction.post("\(address)/equipe", items).location == address) }
      let became = try await direction.get(address)
      #expect(became.text.contains("Devenu l’équipe") && became.text.contains("Devenu un projet"))
      let team = try #require(became.records(of: "/structures/").first)
      let teamPage = try await direction.get(team)
      #expect(teamPage.text.contains("Équipe en projet (Grenoble)") && teamPage.text.contains("Adèle Barandon &lt;b&gt;"))
      // What was asked for may be the help of a peer: nothing is typed again.
      let asking = try #require(became.links(to: "/facilitations/nouveau?").first)
      let request = try await direction.get(asking)
      #expect(request.status == 200 && request.formItems.contains { $0.0 == "structures" && !$0.1.isEmpty }, "\(asking)")
      // A second team of it is refused.
      items = items.map { $0.0 == "conversion" ? ("conversion", "0000000000001") : $0 }
      let second = try await direction.post("\(address)/equipe", items)
      #expect(second.status == 422 && second.text.contains("déjà devenu une équipe"))
      #expect(try await direction.post("\(address)/annulation", [("csrf", csrf)]).status == 303)
      #expect(try await direction.get(team).status == 404)
      #expect(try await direction.get(address).text.contains("En faire une équipe"))
    }
  }

  @Test func whatIsRefusedComesBackAsItWasTyped() async throws {
    try await withClock(.sqlite) { world, clock in
      let page = try await world.visitor.get(Self.page)
      clock.move(by: .seconds(30))
      let refused = try await world.visitor.post(Self.page, Self.form(page, ["commune": "Sainte-Colombe", "accord": "non", "nom": ""]))
      #expect(refused.status == 422 && refused.text.contains("Plusieurs communes"))
      #expect(refused.text.contains("Indiquez votre nom.") && refused.text.contains("cochez la case"))
      #expect(refused.text.contains("value=\"adele@exemple.fr\"") && refused.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
      // Communes of one name are told apart by a choice that needs no script.
      #expect(refused.text.contains("<select id=\"c-commune_choisie\"") && refused.text.contains("Sainte-Colombe, département "))
      let code = try #require(refused.text.firstMatch(of: /<option value="([0-9AB]{5})">Sainte-Colombe/)).1
      let again = Self.form(refused, ["commune": "Sainte-Colombe", "commune_choisie": String(code)])
      #expect(try await world.visitor.post(Self.page, again).location == "\(Self.page)/merci")
      let names = try await world.visitor.get("\(Self.page)/communes?q=greno")
      #expect(names.status == 200 && names.text.contains("Grenoble (38185)"))
    }
  }

  @Test func programsAreAnsweredAndNotKept() async throws {
    try await withClock(.sqlite) { world, clock in
      let page = try await world.visitor.get(Self.page)
      let fast = try await world.visitor.post(Self.page, Self.form(page))
      #expect(fast.status == 422 && fast.text.contains("très rapide") && fast.text.contains("value=\"adele@exemple.fr\""))
      clock.move(by: .seconds(10))
      let trapped = try await world.visitor.post(Self.page, Self.form(fast, ["site": "https://exemple.fr"]))
      #expect(trapped.location == "\(Self.page)/merci")
      // Without the cookie, from elsewhere, or with a stamp of one's own.
      #expect(try await world.visitor.stranger().post(Self.page, Self.form(fast)).status == 403)
      let foreign = try await world.visitor.post(Self.page, Self.form(fast), headers: [.secFetchSite: "cross-site"])
      #expect(foreign.status == 403 && foreign.text.contains("Rien n’est perdu"))
      let direction = try await world.signedIn()
      #expect(try await direction.get("/premiers-contacts").records(of: "/premiers-contacts/").isEmpty)
    }
  }

  @Test func aFederationMayCloseThePage() async throws {
    try await withClock(.sqlite) { world, _ in
      try await world.installation.settings.set("premiers_contacts_formulaire", to: "non")
      #expect(try await world.visitor.get(Self.page).status == 404)
    }
  }

  @Test func itIsAnsweredWhereItIsRead() async throws {
    try await withDemonstration { world, direction in
      let address = try #require(try await direction.get("/premiers-contacts?etat=a_traiter").records(of: "/premiers-contacts/").first)
      let sheet = try await direction.get(address)
      let items = [
        ("csrf", sheet.field("csrf") ?? ""), ("version", sheet.field("version") ?? ""), ("reponse", "Orientée vers la CPTS."),
        ("etat", "oriente"),
      ]
      #expect(try await direction.post("\(address)/modifier", items).status == 303)
      let answered = try await direction.get(address)
      #expect(answered.text.contains("Orienté ailleurs") && !answered.text.contains("Pas encore</dd>"))
      // The referent of a territory reads those of it, and changes nothing.
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let list = try await referent.get("/premiers-contacts")
      #expect(list.text.contains("pour vous"))
      let mine = list.records(of: "/premiers-contacts/")
      let all = try await direction.get("/premiers-contacts").records(of: "/premiers-contacts/")
      #expect(!mine.isEmpty && mine.count < all.count)
      for other in all { #expect(try await referent.get(other).status == (mine.contains(other) ? 200 : 404)) }
      #expect(!(try await referent.get(mine[0]).text.contains("En faire une équipe")))
    }
  }
}
