import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Federation
@testable import Site

/// A telephone reduced to what tests need.
struct Telephone {
  let key: [UInt8]

  /// What it shows at a moment, or some steps from there.
  func code(_ now: Date, _ drift: Int = 0) -> String { TimedCode(key: key).digits(TimedCode.step(at: now) + drift) }
}

extension SiteWorld {
  /// The telephone of the account of a role.
  func telephone(_ role: Role) async throws -> Telephone {
    let key: [UInt8]? = try await installation.database.read { connection in
      try connection.value(
        "SELECT k.key FROM second_factor_key k JOIN account a ON a.id = k.account_id WHERE a.email = \("\(role.rawValue)@exemple.fr")")
    }
    guard let key else { throw TestSetUpError(description: "no telephone") }
    return Telephone(key: key)
  }
}

struct SecondFactorPagesTests {
  private func withWorld(
    _ engine: Engine = .sqlite, isSecure: Bool = false, _ body: @Sendable (SiteWorld, MovingClock) async throws -> Void
  ) async throws {
    let clock = MovingClock()
    try await withSite(engine, isSecure: isSecure, siteURL: "https://maillage.exemple.fr", now: { clock.now }) { world in
      try await body(world, clock)
    }
  }

  /// Switches the second factor of a visitor on, as people do.
  private func enrol(_ visitor: Visitor, _ role: Role, _ world: SiteWorld, _ clock: MovingClock) async throws -> Answer {
    let csrf = try await visitor.get("/compte").field("csrf") ?? ""
    #expect(try await visitor.post("/compte/code", [("csrf", csrf)]).location == "/compte")
    let code = try await world.telephone(role).code(clock.now)
    let answer = try await visitor.post("/compte/code/confirmation", [("csrf", csrf), ("actuel", SiteWorld.password), ("code", code)])
    clock.move(by: .seconds(60))
    return answer
  }

  private func send(_ visitor: Visitor, _ code: String, recovery: Bool = false) async throws -> Answer {
    let form = try await visitor.get("/connexion/code\(recovery ? "?secours=oui" : "")")
    let items = [("csrf", form.field("csrf") ?? ""), ("code", code), ("suite", form.field("suite") ?? "")]
    return try await visitor.post("/connexion/code", items + (recovery ? [("secours", "oui")] : []))
  }

  private static func recoveryCodes(_ page: Answer) -> [String] {
    page.text.matches(of: /<li><code>([0-9A-Z-]{19})<\/code>/).map { String($0.1) }
  }

  @Test(arguments: Engine.allCases) func itIsSwitchedOnAndAskedFor(_ engine: Engine) async throws {
    try await withWorld(engine) { world, clock async throws in
      let visitor = try await world.signedIn()
      let elsewhere = try await world.visitor.stranger().signedIn("direction@exemple.fr", SiteWorld.password)
      let page = try await visitor.get("/compte")
      let csrf = page.field("csrf") ?? ""
      #expect(page.text.contains("Double authentification") && page.text.contains("Inactive"))
      #expect(try await visitor.post("/compte/code", []).status == 403)
      #expect(try await visitor.post("/compte/code", [("csrf", csrf)]).location == "/compte")
      let enrolling = try await visitor.get("/compte")
      let telephone = try await world.telephone(.direction)
      let key = Base32.text(telephone.key)
      #expect(enrolling.text.contains("<code>\(SecondFactor.Enrolment(key: telephone.key).groups)</code>"))
      #expect(enrolling.links(to: "otpauth://") == ["otpauth://totp/Maillage:direction%40exemple.fr?secret=\(key)&issuer=Maillage"])
      let wrong = try await visitor.post("/compte/code/confirmation", [("csrf", csrf), ("actuel", SiteWorld.password), ("code", "12")])
      #expect(wrong.status == 422 && wrong.text.contains("Ce code ne convient pas.") && wrong.text.contains("aria-invalid=\"true\""))
      let before = visitor.cookies["maillage"]
      let done = try await visitor.post(
        "/compte/code/confirmation", [("csrf", csrf), ("actuel", SiteWorld.password), ("code", telephone.code(clock.now))])
      let codes = Self.recoveryCodes(done)
      #expect(done.status == 200 && Set(codes).count == 10 && TagBalance.fault(in: done.text) == nil)
      #expect(!done.text.contains(key) && done.headers[.cacheControl] == "private, no-store")
      // The session goes on under a fresh secret, the forms of this very page with it; the others have ended.
      #expect(visitor.cookies["maillage"] != before && done.field("csrf") != csrf)
      let thief = world.visitor.stranger()
      thief.setCookie("maillage", before)
      #expect(try await thief.get("/structures").status == 303)
      #expect(try await elsewhere.get("/structures").status == 303)
      let again = try await visitor.get("/compte")
      #expect(
        again.text.contains("10 codes de secours restent") && codes.allSatisfy { !again.text.contains($0) } && !again.text.contains(key))

      clock.move(by: .seconds(60))
      let guest = world.visitor.stranger()
      let asked = try await guest.signIn("direction@exemple.fr", SiteWorld.password, next: "/structures?type=msp")
      #expect(asked.location == "/connexion/code?suite=%2Fstructures%3Ftype%3Dmsp" && asked.cookie("maillage") == nil)
      let question = try await guest.get(asked.location ?? "")
      #expect(
        question.status == 200 && question.text.contains("autocomplete=\"one-time-code\"") && TagBalance.fault(in: question.text) == nil)
      // What stands between the password and the code opens nothing, under any name.
      let waiting = guest.cookies["maillage-attente"] ?? ""
      #expect(waiting.count == 64)
      guest.setCookie("maillage", waiting)
      for address in ["/structures", "/compte", "/aujourdhui", "/comptes", "/chiffres.csv"] {
        #expect(try await guest.get(address).location?.hasPrefix("/connexion") == true, "\(address)")
      }
      #expect(try await guest.post("/deconnexion", [("csrf", question.field("csrf") ?? "")]).location == "/connexion")
      guest.setCookie("maillage", nil)
      let refused = try await guest.post(
        "/connexion/code", [("csrf", question.field("csrf") ?? ""), ("code", "000000"), ("suite", "/structures?type=msp")])
      #expect(refused.status == 422 && refused.field("suite") == "/structures?type=msp" && !refused.text.contains("000000"))
      let code = telephone.code(clock.now)
      let entered = try await guest.post(
        "/connexion/code", [("csrf", refused.field("csrf") ?? ""), ("code", code), ("suite", "/structures?type=msp")])
      #expect(entered.location == "/structures?type=msp" && guest.cookies["maillage-attente"] == nil)
      #expect(guest.cookies["maillage"]?.count == 64 && guest.cookies["maillage"] != waiting)
      #expect(try await guest.get("/structures").status == 200)
      // Seen over a shoulder, it is worth nothing.
      let thief2 = world.visitor.stranger()
      try await thief2.signIn("direction@exemple.fr", SiteWorld.password)
      #expect(try await send(thief2, code).status == 422)
      #expect(try await send(thief2, telephone.code(clock.now, 1)).location == "/")
    }
  }

  /// A square for the camera, and a way out that leaves all as it was.
  @Test(arguments: Engine.allCases) func itIsPhotographedOrGivenUp(_ engine: Engine) async throws {
    try await withWorld(engine) { world, clock async throws in
      let visitor = try await world.signedIn()
      let csrf = try await visitor.get("/compte").field("csrf") ?? ""
      #expect(try await visitor.post("/compte/code", [("csrf", csrf)]).location == "/compte")
      let page = try await visitor.get("/compte")
      #expect(
        page.text.contains("<svg class=\"qr\"") && page.text.contains("montrez-lui ce carré") && TagBalance.fault(in: page.text) == nil)
      #expect(page.actions(to: "/compte/code/abandon").count == 1)
      #expect(try await visitor.post("/compte/code/abandon", []).status == 403)
      #expect(try await visitor.post("/compte/code/abandon", [("csrf", csrf)]).location == "/compte")
      let after = try await visitor.get("/compte")
      #expect(after.text.contains("Inactive") && !after.text.contains("class=\"qr\"") && !after.actions(to: "/compte/code").isEmpty)
      // One in force stays.
      let done = try await enrol(visitor, .direction, world, clock)
      #expect(done.status == 200)
      let token = try await visitor.get("/compte").field("csrf") ?? ""
      #expect(try await visitor.post("/compte/code/abandon", [("csrf", token)]).location == "/compte")
      #expect(try await visitor.get("/compte").text.contains("Active depuis le"))
    }
  }

  @Test func theDoorTakesItsOwnFormsAlone() async throws {
    try await withWorld { world, clock async throws in
      let visitor = try await world.signedIn()
      _ = try await enrol(visitor, .direction, world, clock)
      let telephone = try await world.telephone(.direction)
      let guest = world.visitor.stranger()
      // Without a password before it, there is no question.
      #expect(try await guest.get("/connexion/code").location == "/connexion")
      for waiting in ["", "x", String(repeating: "0", count: 64)] {
        guest.setCookie("maillage-attente", waiting)
        #expect(try await guest.get("/connexion/code").location == "/connexion")
      }
      try await guest.signIn("direction@exemple.fr", SiteWorld.password)
      let form = try await guest.get("/connexion/code?suite=//ailleurs.example")
      #expect(form.field("suite") == nil)
      let foreign = try await world.visitor.stranger().get("/connexion").field("csrf") ?? ""
      for token in ["", "x", foreign] {
        let answer = try await guest.post("/connexion/code", [("csrf", token), ("code", telephone.code(clock.now))])
        #expect(answer.status == 403 && answer.cookie("maillage") == nil)
      }
      let again = try await guest.get("/connexion/code")
      let elsewhere = try await guest.post(
        "/connexion/code", [("csrf", again.field("csrf") ?? ""), ("code", telephone.code(clock.now))],
        headers: [.secFetchSite: "cross-site"])
      #expect(elsewhere.status == 403)
      clock.move(by: .seconds(601))
      #expect(try await guest.get("/connexion/code").location == "/connexion")
      let late = try await guest.post("/connexion/code", [("csrf", elsewhere.field("csrf") ?? ""), ("code", telephone.code(clock.now))])
      #expect(late.location == "/connexion?fait=delai" && guest.cookies["maillage-attente"] == nil)
      #expect(try await guest.get("/connexion?fait=delai").text.contains("Le délai est passé"))
    }
  }

  @Test func codesAreTriedFiveTimes() async throws {
    try await withWorld { world, clock async throws in
      let visitor = try await world.signedIn()
      _ = try await enrol(visitor, .direction, world, clock)
      let telephone = try await world.telephone(.direction)
      let guest = world.visitor.stranger()
      try await guest.signIn("direction@exemple.fr", SiteWorld.password)
      for _ in 0..<5 { #expect(try await send(guest, "000000").status == 422) }
      let shut = try await send(guest, telephone.code(clock.now))
      #expect(shut.status == 429 && shut.headers[.retryAfter] == "900" && shut.text.contains("Trop de tentatives"))
      // The session that is open stays so, and guesses nothing either.
      let csrf = try await visitor.get("/compte").field("csrf") ?? ""
      #expect(try await visitor.post("/compte/code/secours", [("csrf", csrf), ("code", telephone.code(clock.now))]).status == 429)
      clock.move(by: .seconds(901))
      try await guest.signIn("direction@exemple.fr", SiteWorld.password)
      #expect(try await send(guest, telephone.code(clock.now)).location == "/")
    }
  }

  @Test func aRecoveryCodeOpensOnce() async throws {
    try await withWorld { world, clock async throws in
      let visitor = try await world.signedIn()
      let codes = Self.recoveryCodes(try await enrol(visitor, .direction, world, clock))
      let guest = world.visitor.stranger()
      try await guest.signIn("direction@exemple.fr", SiteWorld.password)
      let page = try await guest.get("/connexion/code")
      let other = try #require(page.links(to: "/connexion/code").first)
      #expect(other == "/connexion/code?secours=oui")
      #expect(try await guest.get(other).text.contains("Code de secours"))
      #expect(try await send(guest, codes[0].lowercased(), recovery: true).location == "/")
      let again = world.visitor.stranger()
      try await again.signIn("direction@exemple.fr", SiteWorld.password)
      let refused = try await send(again, codes[0], recovery: true)
      #expect(refused.status == 422 && refused.field("secours") == "oui")
      #expect(try await send(again, codes[9], recovery: true).location == "/")
      #expect(try await again.get("/compte").text.contains("8 codes de secours restent"))
      // Ten others.
      let csrf = try await again.get("/compte").field("csrf") ?? ""
      let renewed = try await again.post(
        "/compte/code/secours", [("csrf", csrf), ("code", try await world.telephone(.direction).code(clock.now))])
      #expect(Set(Self.recoveryCodes(renewed)).isDisjoint(with: codes) && Self.recoveryCodes(renewed).count == 10)
    }
  }

  @Test func itIsSwitchedOffByWhoKnowsThePassword() async throws {
    try await withWorld { world, clock async throws in
      let visitor = try await world.signedIn()
      _ = try await enrol(visitor, .direction, world, clock)
      let page = try await visitor.get("/compte")
      let csrf = page.field("csrf") ?? ""
      let wrong = try await visitor.post("/compte/code/fin", [("csrf", csrf), ("actuel", "un mot de passe faux")])
      #expect(wrong.status == 422 && wrong.text.contains("aria-invalid=\"true\" aria-describedby=\"e-actuel\""))
      let before = visitor.cookies["maillage"]
      let done = try await visitor.post("/compte/code/fin", [("csrf", csrf), ("actuel", SiteWorld.password)])
      #expect(done.location == "/compte?fait=fin-code" && visitor.cookies["maillage"] != before)
      #expect(try await visitor.get("/compte?fait=fin-code").text.contains("est désactivée"))
      #expect(try await world.visitor.stranger().signIn("direction@exemple.fr", SiteWorld.password).location == "/")
    }
  }

  @Test func anAdministratorTakesAnothersAway() async throws {
    try await withWorld { world, clock async throws in
      let direction = try await world.signedIn()
      let visitor = try await world.signedIn(.assistance)
      _ = try await enrol(visitor, .assistance, world, clock)
      let sheets = try await direction.get("/comptes?role=assistance").links(to: "/comptes/").filter { $0 != "/comptes/nouveau" }
      let sheet = try #require(sheets.first)
      let page = try await direction.get(sheet)
      #expect(page.text.contains("<dt>Double authentification</dt><dd>Active</dd>") && page.actions(to: "\(sheet)/code").count == 1)
      let csrf = page.field("csrf") ?? ""
      #expect(try await visitor.post("\(sheet)/code", [("csrf", csrf)]).status == 403)
      #expect(try await direction.post("\(sheet)/code", [("csrf", csrf)]).location == "\(sheet)?fait=code")
      let after = try await direction.get("\(sheet)?fait=code")
      #expect(after.text.contains("La double authentification est retirée") && after.actions(to: "\(sheet)/code").isEmpty)
      #expect(try await visitor.get("/structures").status == 303)
      #expect(try await world.visitor.stranger().signIn("assistance@exemple.fr", SiteWorld.password).location == "/")
    }
  }

  @Test func whereItIsADutyNothingElseOpens() async throws {
    try await withWorld { world, clock async throws in
      try await world.installation.settings.set("double_authentification", to: "oui")
      let visitor = try await world.signedIn()
      for address in ["/structures", "/", "/comptes", "/aujourdhui", "/chiffres", "/structures.csv", "/inconnue"] {
        let answer = try await visitor.get(address)
        #expect(answer.status == 303 && ["/compte", "/aujourdhui"].contains(answer.location), "\(address)")
      }
      let page = try await visitor.get("/compte")
      #expect(page.status == 200 && page.text.contains("demande la double authentification"))
      #expect(try await visitor.post("/comptes", [("csrf", page.field("csrf") ?? "")]).location == "/compte")
      // Others work as ever.
      #expect(try await world.signedIn(.assistance).get("/structures").status == 200)
      _ = try await enrol(visitor, .direction, world, clock)
      #expect(try await visitor.get("/structures").status == 200)
      #expect(try await !visitor.get("/compte").text.contains("demande la double authentification"))
    }
  }

  @Test func overHttpsTheWaitIsBoundToTheHost() async throws {
    try await withWorld(isSecure: true) { world, clock async throws in
      let visitor = try await world.signedIn()
      _ = try await enrol(visitor, .direction, world, clock)
      let asked = try await world.visitor.stranger().signIn("direction@exemple.fr", SiteWorld.password)
      let cookie = try #require(asked.cookie("__Host-maillage-attente"))
      for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] { #expect(cookie.contains(part), "\(part)") }
    }
  }
}
