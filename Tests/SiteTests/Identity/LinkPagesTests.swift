import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

extension SiteWorld {
  /// The path of the latest link that was posted.
  func mailedLink() async throws -> String {
    let mail = try #require(try await installation.database.read { try PostedMail.list([.waiting], $0).first }).mail
    return String(try #require(mail.text.firstMatch(of: /https:\/\/maillage\.exemple\.fr(\/lien\/[0-9a-f]{64})\n/)).1)
  }
}

struct LinkPagesTests {
  private func withWorld(
    _ engine: Engine = .sqlite, _ clock: MovingClock = MovingClock(), _ body: @Sendable (SiteWorld) async throws -> Void
  )
    async throws
  {
    try await withSite(engine, siteURL: "https://maillage.exemple.fr", now: { clock.now }) { world in
      try await world.account(.direction)
      try await body(world)
    }
  }

  /// Asks as people do.
  private func ask(_ visitor: Visitor, _ email: String) async throws -> Answer {
    let form = try await visitor.get("/connexion/lien")
    return try await visitor.post("/connexion/lien", [("courriel", email), ("csrf", form.field("csrf") ?? "")])
  }

  @Test(arguments: Engine.allCases) func aLinkOpensTheHouseByAButton(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let door = try await world.visitor.get("/connexion")
      #expect(door.text.contains("formaction=\"/connexion/lien\"") && door.text.contains("Mot de passe oublié"))
      let sent = try await ask(world.visitor, " Direction@Exemple.fr ")
      #expect(sent.status == 200 && sent.text.contains("Regardez vos courriels"))
      let link = try await world.mailedLink()
      // Whatever looks at the address uses nothing up.
      for _ in 0..<3 {
        let page = try await world.visitor.stranger().get(link)
        #expect(page.status == 200 && page.text.contains("Odile Marchandet") && page.cookie("maillage") == nil)
        #expect(TagBalance.fault(in: page.text) == nil)
      }
      let visitor = world.visitor.stranger()
      let page = try await visitor.get(link)
      let foreign = try await world.visitor.stranger().get(link).field("csrf") ?? ""
      for token in ["", "x", foreign] {
        let refused = try await visitor.stranger().post(link, [("csrf", token)])
        #expect(refused.status == 403 && refused.cookie("maillage") == nil)
      }
      let elsewhere = try await visitor.post(link, [("csrf", page.field("csrf") ?? "")], headers: [.secFetchSite: "cross-site"])
      #expect(elsewhere.status == 403)
      let again = try await visitor.get(link)
      let entered = try await visitor.post(link, [("csrf", again.field("csrf") ?? "")])
      #expect(entered.status == 303 && entered.location == "/")
      #expect(try await visitor.get("/structures").status == 200)
      let used = try await world.visitor.stranger().get(link)
      #expect(used.status == 410 && used.text.contains("Ce lien a déjà servi"))
      // The password was forgotten: the present one is not asked for.
      let account = try await visitor.get("/compte")
      #expect(!account.text.contains("name=\"ancien\""))
      let changed = try await visitor.post(
        "/compte/mot-de-passe",
        [("csrf", account.field("csrf") ?? ""), ("nouveau", "encore un autre mot de passe"), ("encore", "encore un autre mot de passe")])
      #expect(changed.location == "/compte?fait=mot-de-passe")
      #expect(try await visitor.stranger().signIn("direction@exemple.fr", "encore un autre mot de passe").status == 303)
    }
  }

  @Test func anUnknownAddressIsAnsweredAlike() async throws {
    try await withWorld { world async throws in
      let (known, unknown) = (try await ask(world.visitor, "direction@exemple.fr"), try await ask(world.visitor, "personne@exemple.fr"))
      #expect(known.status == unknown.status)
      #expect(known.text.replacing(known.field("csrf") ?? "", with: "") == unknown.text.replacing(unknown.field("csrf") ?? "", with: ""))
      for _ in 0..<2 { #expect(try await ask(world.visitor, "personne@exemple.fr").status == 200) }
      let limited = try await ask(world.visitor, "personne@exemple.fr")
      #expect(limited.status == 429 && limited.headers[.retryAfter] == "900")
      for wrong in ["", "pas une adresse", "<script>alert(1)</script>@x"] {
        let refused = try await ask(world.visitor, wrong)
        #expect(refused.status == 422 && refused.text.contains("Saisissez votre adresse de courriel"))
        #expect(!refused.text.contains("<script>alert"))
      }
    }
  }

  @Test func aLinkThatOpensNothingSaysWhy() async throws {
    let clock = MovingClock()
    try await withWorld(.sqlite, clock) { world async throws in
      _ = try await ask(world.visitor, "direction@exemple.fr")
      let link = try await world.mailedLink()
      for wrong in ["/lien/x", "/lien/\(String(repeating: "0", count: 64))", "\(link)0", "/lien/%00", "/lien/%3Cscript%3E"] {
        let answer = try await world.visitor.get(wrong)
        #expect(answer.status == 404 && answer.text.contains("Ce lien n’est pas le bon"), "\(wrong)")
      }
      clock.move(by: .seconds(900))
      let expired = try await world.visitor.get(link)
      #expect(expired.status == 410 && expired.text.contains("Ce lien est trop ancien"))
      let token = try await world.visitor.get("/connexion/lien").field("csrf") ?? ""
      let posted = try await world.visitor.post(link, [("csrf", token)])
      #expect(posted.status == 410 && posted.cookie("maillage") == nil)
    }
  }

  @Test func withoutAnAddressOfTheSiteNoLinkIsOffered() async throws {
    try await withSite { world in
      try await world.account(.direction)
      #expect(try await !world.visitor.get("/connexion").text.contains("/connexion/lien"))
      let page = try await world.visitor.get("/connexion/lien")
      #expect(page.status == 404 && page.text.contains("Ce site n’envoie pas de liens par courriel"))
      let direction = try await world.visitor.stranger().signedIn("direction@exemple.fr", SiteWorld.password)
      let form = try await direction.get("/comptes/nouveau")
      let refused = try await direction.post(
        "/comptes", [("csrf", form.field("csrf") ?? ""), ("courriel", "a@exemple.fr"), ("nom", "A"), ("role", "assistance")])
      #expect(refused.status == 422 && refused.text.contains("Aucun lien ne peut être envoyé\u{A0}: l’adresse du site"))
    }
  }
}
