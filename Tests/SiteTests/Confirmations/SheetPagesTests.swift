import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From the quality page to the team's contact and back (DIR-15), over the whole router.
struct SheetPagesTests {
  @Test(arguments: Engine.allCases) func aTeamCorrectsItsSheet(_ engine: Engine) async throws {
    try await withSite(engine, siteURL: "https://maillage.exemple.fr") { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring(
        "structures", "reference;type;nom;departement;courriel;telephone;notes\nS3;;;;tilleuls@exemple.fr;04 76 00 00 01;Note du dossier\n")
      let visitor = try await world.signedIn()
      let quality = try await visitor.get("/qualite")
      #expect(quality.text.contains("Fiche non confirmée") && quality.links(to: "/qualite/confirmations").count == 1)
      let team = try #require(try await visitor.get("/structures?q=tilleuls").records(of: "/structures/").first)
      #expect(try await visitor.get(team).links(to: "/qualite/confirmations?equipe=").count == 1)
      let asking = try await visitor.get("/qualite/confirmations")
      #expect(asking.status == 200 && TagBalance.fault(in: asking.text) == nil)
      #expect(asking.text.contains("tilleuls@exemple.fr") && asking.text.contains("Aucun courriel"))
      let nobody = try await visitor.post("/qualite/confirmations", [("csrf", asking.field("csrf") ?? "")])
      #expect(nobody.status == 422 && nobody.text.contains("Cochez au moins une équipe"))
      let sent = try await visitor.post(
        "/qualite/confirmations", [("csrf", asking.field("csrf") ?? ""), ("fiche", String(team.suffix(13)))])
      #expect(sent.location == "/qualite/confirmations?envoyes=1")
      let mail: String = try #require(
        try await world.installation.database.read { try $0.value("SELECT content FROM outbox ORDER BY id DESC LIMIT 1") })
      let link = "/fiche/\(try #require(mail.firstMatch(of: /\/fiche\/([0-9A-Za-z.-]+)/)).output.1)"
      let contact = world.visitor.stranger()
      let page = try await contact.get(link)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("Équipe des Tilleuls") && !page.text.contains("Note du dossier"))
      func form(_ changes: [String: String], _ answer: String) -> [(String, String)] {
        var items = page.formItems(after: "</summary>").filter { $0.0 != "reponse" && $0.0 != "csrf" }.map { ($0.0, changes[$0.0] ?? $0.1) }
        items += [("csrf", page.field("csrf") ?? ""), ("reponse", answer)]
        return items
      }
      // Without the page's own token nothing is taken, and nothing typed is lost.
      let forged = try await contact.post(
        link, form(["telephone": "04 76 99 99 99"], "corrections").map { $0.0 == "csrf" ? ("csrf", "0") : $0 })
      #expect(forged.status == 403 && forged.text.contains("04 76 99 99 99"))
      let again = try await contact.get(link)
      let csrf = again.field("csrf") ?? ""
      func signed(_ items: [(String, String)]) -> [(String, String)] { items.map { $0.0 == "csrf" ? ("csrf", csrf) : $0 } }
      let refused = try await contact.post(link, signed(form(["courriel": "nulle part", "telephone": "04 76 99 99 99"], "corrections")))
      #expect(refused.status == 422 && refused.text.contains("04 76 99 99 99") && TagBalance.fault(in: refused.text) == nil)
      let items = form(["telephone": "04 76 99 99 99", "adresse": "1 <b>"], "corrections").map { item in
        item.0 == "csrf" ? ("csrf", refused.field("csrf") ?? "") : item
      }
      #expect(try await contact.post(link, items).location == link)
      #expect(try await contact.get(link).text.contains("Merci, votre réponse est arrivée"))
      let reviews = try await visitor.get("/qualite/fiches")
      #expect(TagBalance.fault(in: reviews.text) == nil && reviews.text.contains("04 76 99 99 99") && reviews.text.contains("1 &lt;b&gt;"))
      let action = try #require(reviews.actions(to: "/qualite/fiches/").first)
      let hidden =
        reviews.formItems(after: "action=\"\(action)\"").filter { $0.0.hasPrefix("vu_") } + [("csrf", reviews.field("csrf") ?? "")]
      #expect(try await visitor.post(action, hidden + [("tout", "accepter")]).status == 303)
      let done = try await visitor.get(team)
      #expect(done.text.contains("04 76 99 99 99") && done.text.contains("tilleuls@exemple.fr"))
      #expect(done.text.contains("Fiche confirmée"))
      #expect(try await visitor.post(action, hidden + [("tout", "annuler")]).status == 303)
      #expect(try await visitor.get(team).text.contains("04 76 00 00 01"))
      #expect(try await world.signedIn(.communication).get("/qualite/fiches").status == 403)
    }
  }

  @Test(arguments: Engine.allCases) func aLinkThatLeadsNowhereSaysSo(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let page = try await world.visitor.get("/fiche/0000000000001-1.00")
      #expect(page.status == 404 && page.text.contains("Ce lien ne sert plus") && TagBalance.fault(in: page.text) == nil)
      // Without an address of the site no link can be sent.
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("structures", "reference;type;nom;departement;courriel\nS3;;;;tilleuls@exemple.fr\n")
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=tilleuls").records(of: "/structures/").first)
      let csrf = try await visitor.get("/qualite/confirmations").field("csrf") ?? ""
      let answer = try await visitor.post("/qualite/confirmations", [("csrf", csrf), ("fiche", String(team.suffix(13)))])
      #expect(answer.status == 422 && answer.text.contains("adresse du site"))
    }
  }
}
