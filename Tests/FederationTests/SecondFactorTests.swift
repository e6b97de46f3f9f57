import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

struct SecondFactorTests {
  private static let email = "odile@exemple.fr"
  private static let password = "quatre mots bien longs"

  fileprivate struct World: Sendable {
    let installation: Installation
    let clock: MovingClock
    let account: Account

    var accounts: Accounts { installation.accounts }

    func session() async throws -> (secret: String, session: Session) {
      let entrance = try #require(try await accounts.signIn(email: SecondFactorTests.email, password: SecondFactorTests.password))
      #expect(!entrance.awaitsCode)
      return (entrance.secret, try #require(try await accounts.session(secret: entrance.secret)))
    }

    /// What the telephone shows, or showed some steps ago.
    func code(_ drift: Int = 0) async throws -> String {
      let key: [UInt8]? = try await installation.database.read {
        try $0.value("SELECT key FROM second_factor_key WHERE account_id = \(account.id)")
      }
      return TimedCode(key: try #require(key)).digits(TimedCode.step(at: clock.now) + drift)
    }

    /// Switches the second factor on; the clock goes on to the next code.
    func enrol() async throws -> (secret: String, recoveryCodes: [String]) {
      let (_, session) = try await session()
      try await accounts.beginSecondFactor(of: account.id)
      let made = try await accounts.confirmSecondFactor(in: session, password: SecondFactorTests.password, code: try await code())
      clock.move(by: .seconds(60))
      return made
    }

    func wait() async throws -> String {
      let entrance = try #require(try await accounts.signIn(email: SecondFactorTests.email, password: SecondFactorTests.password))
      #expect(entrance.awaitsCode)
      return entrance.secret
    }

    func enter(_ waiting: String, _ code: String) async throws -> Entrance? {
      try await accounts.signIn(waiting: waiting, code: code, from: .here)
    }
  }

  private func withWorld(_ engine: Engine, role: Role = .direction, _ body: @Sendable (World) async throws -> Void) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, siteURL: "https://maillage.exemple.fr", now: { clock.now }) { installation in
      let account = try await installation.accounts.create(email: Self.email, name: "Odile", role: role, password: Self.password)
      try await body(World(installation: installation, clock: clock, account: account))
    }
  }

  @Test(arguments: Engine.allCases) func afterThePasswordTheCodeIsAskedFor(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let (before, session) = try await world.session()
      let (elsewhere, _) = try await world.session()
      try await world.accounts.beginSecondFactor(of: world.account.id)
      // Not in force before a code has shown that the telephone knows it.
      _ = try await world.session()
      await #expect(throws: FieldRefusal.self) {
        try await world.accounts.confirmSecondFactor(in: session, password: Self.password, code: "000000")
      }
      // Whoever found a session open does not lock its owner out.
      let right = try await world.code()
      await #expect(throws: FieldRefusal.self) { try await world.accounts.confirmSecondFactor(in: session, password: "x", code: right) }
      let made = try await world.accounts.confirmSecondFactor(in: session, password: Self.password, code: right)
      // The session goes on under a fresh secret; the others, opened without a code, end.
      #expect(made.secret != before)
      #expect(try await world.accounts.session(secret: before) == nil)
      #expect(try await world.accounts.session(secret: elsewhere) == nil)
      let renewed = try #require(try await world.accounts.session(secret: made.secret))
      #expect(renewed.id == session.id && renewed.csrf != session.csrf)
      world.clock.move(by: .seconds(60))
      let waiting = try await world.wait()
      #expect(try await world.accounts.session(secret: waiting) == nil)
      #expect(try await world.accounts.awaitsCode(secret: waiting))
      #expect(try await !world.accounts.awaitsCode(secret: made.secret))
      let entered = try #require(try await world.enter(waiting, try await world.code()))
      #expect(!entered.awaitsCode && entered.secret != waiting)
      #expect(try await world.accounts.session(secret: entered.secret)?.account.id == world.account.id)
      // The wait is over.
      #expect(try await !world.accounts.awaitsCode(secret: waiting))
      #expect(try await world.enter(waiting, try await world.code(1)) == nil)
    }
  }

  @Test(arguments: Engine.allCases) func aCodeIsAcceptedOnce(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      _ = try await world.enrol()
      let code = try await world.code()
      #expect(try await world.enter(try await world.wait(), code) != nil)
      let again = try await world.wait()
      await #expect(throws: FieldRefusal.self) { try await world.enter(again, code) }
      // The next one, of a telephone that is a little ahead, and the one before, of one that is late.
      #expect(try await world.enter(again, try await world.code(1)) != nil)
      let late = try await world.wait()
      #expect(try await world.enter(late, try await world.code(-1)) != nil)
      let off = try await world.wait()
      for drift in [-2, 2] {
        let code = try await world.code(drift)
        await #expect(throws: FieldRefusal.self) { try await world.enter(off, code) }
      }
    }
  }

  @Test(arguments: Engine.allCases) func manyAtOnceWithOneCodeOpenOneSession(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      _ = try await world.enrol()
      var waiting: [String] = []
      for _ in 0..<4 { waiting.append(try await world.wait()) }
      let code = try await world.code()
      let opened = await withTaskGroup(of: Bool.self) { group in
        for secret in waiting { group.addTask { (try? await world.enter(secret, code)) != nil } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(opened == 1)
    }
  }

  @Test(arguments: Engine.allCases) func codesAreNotGuessed(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      _ = try await world.enrol()
      let waiting = try await world.wait()
      for wrong in ["", "000000", "abc", "1234567", "AAAA-AAAA-AAAA-AAAA"] {
        let refusal = await #expect(throws: FieldRefusal.self) { try await world.enter(waiting, wrong) }
        #expect(refusal?.field == "code")
      }
      // Neither the right one, nor from another browser with the right password.
      let code = try await world.code()
      await #expect(throws: TooManyAttempts(seconds: 900)) { try await world.enter(waiting, code) }
      let other = try await world.wait()
      await #expect(throws: TooManyAttempts.self) { try await world.enter(other, code) }
      world.clock.move(by: .seconds(901))
      // By then the wait is over: ten minutes are enough to look for a telephone.
      #expect(try await world.enter(waiting, try await world.code()) == nil)
      #expect(try await world.enter(try await world.wait(), try await world.code()) != nil)
    }
  }

  @Test(arguments: Engine.allCases) func recoveryCodesOpenOnceEach(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let (_, codes) = try await world.enrol()
      #expect(codes.count == 10 && Set(codes).count == 10)
      #expect(codes.allSatisfy { $0.wholeMatch(of: /[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}/) != nil }, "\(codes)")
      let typed = " \(codes[0].lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing("1", with: "l")) "
      #expect(try await world.enter(try await world.wait(), typed) != nil)
      let again = try await world.wait()
      await #expect(throws: FieldRefusal.self) { try await world.enter(again, codes[0]) }
      #expect(try await world.enter(again, codes[1]) != nil)
      #expect(try await left(world) == 8)
      // Others take their place, for whoever has the telephone.
      world.clock.move(by: .seconds(60))
      await #expect(throws: FieldRefusal.self) { try await world.accounts.renewRecoveryCodes(of: world.account.id, code: "000000") }
      let others = try await world.accounts.renewRecoveryCodes(of: world.account.id, code: try await world.code())
      #expect(Set(others).isDisjoint(with: codes))
      #expect(try await left(world) == 10)
      let last = try await world.wait()
      await #expect(throws: FieldRefusal.self) { try await world.enter(last, codes[2]) }
      #expect(try await world.enter(last, others[2]) != nil)
      // Digests are all that is kept.
      let kept: [String] = try await world.installation.database.read { try $0.rows("SELECT digest FROM recovery_code").map { try $0[0] } }
      #expect(kept.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
    }
  }

  private func left(_ world: World) async throws -> Int? {
    let state = try await world.installation.database.read { try SecondFactor.state(of: world.account.id, at: world.clock.now, $0) }
    guard case .on(_, let left, true) = state else { return nil }
    return left
  }

  @Test(arguments: Engine.allCases) func itIsSwitchedOffByThePassword(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let (secret, codes) = try await world.enrol()
      let session = try #require(try await world.accounts.session(secret: secret))
      await #expect(throws: Refusal.self) { try await world.accounts.beginSecondFactor(of: world.account.id) }
      let refusal = await #expect(throws: FieldRefusal.self) { try await world.accounts.endSecondFactor(in: session, password: "faux") }
      #expect(refusal?.field == "actuel")
      let waiting = try await world.wait()
      let fresh = try await world.accounts.endSecondFactor(in: session, password: Self.password)
      #expect(try await world.accounts.session(secret: secret) == nil)
      #expect(try await world.accounts.session(secret: fresh)?.id == session.id)
      #expect(try await world.enter(waiting, codes[0]) == nil)
      _ = try await world.session()
      let left: [Int?] = try await world.installation.database.read { connection in
        try (["second_factor", "second_factor_key", "second_factor_use", "recovery_code"] as [SQL]).map {
          try connection.value("SELECT count(*) FROM \($0)")
        }
      }
      #expect(left == [0, 0, 0, 0])
      let operations: [String] = try await world.installation.database.read { connection in
        try connection.rows("SELECT operation FROM event WHERE kind = 'comptes' ORDER BY id").map { try $0[0] }
      }
      #expect(operations == ["compte", "double_authentification", "fin_double_authentification"])
    }
  }

  /// A link stands in for the password, not for the telephone.
  @Test(arguments: Engine.allCases) func aLinkAsksForTheCodeToo(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      _ = try await world.enrol()
      try await world.accounts.requestLink(email: Self.email, from: .here)
      let mail = try #require(try await world.installation.database.read { try PostedMail.list([.waiting], $0).first }).mail
      let link = String(try #require(mail.text.firstMatch(of: /\/lien\/([0-9a-f]{64})\n/)).1)
      let entrance = try await world.accounts.signIn(link: link, from: .here)
      #expect(entrance.awaitsCode)
      let entered = try #require(try await world.enter(entrance.secret, try await world.code()))
      #expect(try await world.accounts.session(secret: entered.secret)?.isFreshByLink == true)
    }
  }

  @Test(arguments: Engine.allCases) func whatWaitsEndsWithTheAccountsSessions(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      _ = try await world.enrol()
      let byCommand = world.accounts.manager(nil)
      let other = try await world.accounts.create(email: "t@exemple.fr", name: "T", role: .direction, password: Self.password)
      for end in [
        { try await world.accounts.endSessions(of: world.account.id) },
        { try await world.accounts.resetPassword(ofEmail: Self.email, to: Self.password) },
        { try await byCommand.changeRole(of: world.account.id, to: .technique, territory: nil, structure: nil) },
        { try await byCommand.close(world.account.id) },
      ] as [@Sendable () async throws -> Void] {
        let waiting = try await world.wait()
        try await end()
        #expect(try await !world.accounts.awaitsCode(secret: waiting))
      }
      #expect(other.role == .direction)
    }
  }

  @Test(arguments: Engine.allCases) func anAdministratorTakesAnothersAway(_ engine: Engine) async throws {
    try await withWorld(engine, role: .assistance) { world async throws in
      let (secret, _) = try await world.enrol()
      let direction = try await world.accounts.create(email: "d@exemple.fr", name: "D", role: .direction, password: Self.password)
      let manager = world.accounts.manager(direction)
      await #expect(throws: Refusal.self) { try await manager.removeSecondFactor(of: direction.id) }
      try await manager.removeSecondFactor(of: world.account.id)
      #expect(try await world.accounts.session(secret: secret) == nil)
      _ = try await world.session()
      // Twice is once, and who did it is known.
      try await manager.removeSecondFactor(of: world.account.id)
      let actors: [Identifier<Account>?] = try await world.installation.database.read { connection in
        try connection.rows("SELECT account_id FROM event WHERE operation = 'fin_double_authentification'").map { try $0[0] }
      }
      #expect(actors == [direction.id])
      // Whoever administers the system has no power over direction.
      let technique = try await world.accounts.create(email: "t@exemple.fr", name: "T", role: .technique, password: Self.password)
      await #expect(throws: Refusal.self) { try await world.accounts.manager(technique).removeSecondFactor(of: direction.id) }
      await #expect(throws: Refusal.self) { try await world.accounts.removeSecondFactor(ofEmail: "personne@exemple.fr") }
    }
  }

  /// Its first day begins at midnight where the federation is, not in Greenwich.
  @Test(arguments: Engine.allCases) func theDutyBeginsOnTheFederationsDay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let settings = world.installation.settings
      try await settings.set("double_authentification", to: "oui", since: CivilDate(iso: "2026-07-01"))
      func mustEnrol(at moment: String) async throws -> Bool {
        try world.clock.set(moment)
        return try await world.session().session.mustEnrol
      }
      #expect(try await mustEnrol(at: "2026-06-30T21:59:00Z") == false)
      #expect(try await mustEnrol(at: "2026-06-30T22:01:00Z") == true)
      // West of Greenwich the day begins later.
      try await settings.set("fuseau", to: "America/Martinique")
      #expect(try await mustEnrol(at: "2026-07-01T03:59:00Z") == false)
      #expect(try await mustEnrol(at: "2026-07-01T04:01:00Z") == true)
    }
  }

  @Test(arguments: Engine.allCases) func itIsADutyWhereTheFederationSaysSo(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let assistance = try await world.accounts.create(email: "a@exemple.fr", name: "A", role: .assistance, password: Self.password)
      let both = try await world.accounts.create(
        email: "b@exemple.fr", name: "B", role: .assistance, others: [.technique], password: Self.password)
      let mustEnrol = { (email: String) async throws -> Bool? in
        let secret = try #require(try await world.accounts.signIn(email: email, password: Self.password)).secret
        return try await world.accounts.session(secret: secret)?.mustEnrol
      }
      #expect(try await mustEnrol(Self.email) == false)
      await #expect(throws: Refusal.self) { try await world.installation.settings.set("double_authentification", to: "parfois") }
      try await world.installation.settings.set("double_authentification", to: "Oui")
      #expect(try await mustEnrol(Self.email) == true)
      #expect(try await mustEnrol(assistance.email) == false)
      // Whatever one works as: the other role is one click away.
      #expect(try await mustEnrol(both.email) == true)
      let (secret, _) = try await world.enrol()
      #expect(try await world.accounts.session(secret: secret)?.mustEnrol == false)
    }
  }

  /// What is not confirmed is forgotten.
  @Test(arguments: Engine.allCases) func anEnrolmentHasItsHour(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let (_, session) = try await world.session()
      try await world.accounts.beginSecondFactor(of: world.account.id)
      world.clock.move(by: .seconds(3_600))
      let state = try await world.installation.database.read { try SecondFactor.state(of: world.account.id, at: world.clock.now, $0) }
      guard case .off = state else {
        Issue.record("the enrolment is still open")
        return
      }
      let code = try await world.code()
      await #expect(throws: Refusal.self) { try await world.accounts.confirmSecondFactor(in: session, password: Self.password, code: code) }
      _ = try await world.session()
    }
  }

  /// A copy of everything holds no secret: after a restoration, recovery codes open, and the telephone is entered again.
  @Test(arguments: Engine.allCases) func theSecretIsNotInTheArchiveNorInTheTrail(_ engine: Engine) async throws {
    let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: archive) }
    try await withWorld(engine) { world async throws in
      let (_, codes) = try await world.enrol()
      let key: [UInt8]? = try await world.installation.database.read { try $0.value("SELECT key FROM second_factor_key") }
      let (base32, base64) = (Base32.text(try #require(key)), Data(try #require(key)).base64EncodedString())
      _ = try await world.installation.model.backUp(world.installation.database, to: archive)
      let text = try String(contentsOf: archive, encoding: .utf8)
      #expect(text.contains("\"second_factor\"") && !text.contains("second_factor_key"))
      for secret in codes + codes.map({ $0.replacing("-", with: "") }) + [base32, base64] { #expect(!text.contains(secret)) }
      try await withDatabase(engine) { database async throws in
        _ = try await world.installation.model.restore(archive, into: database)
        let copy = Installation(
          database: database, geography: TestDatabases.geography, hasher: PasswordHasher(memory: 8, passes: 1), now: world.installation.now)
        let waiting = try #require(try await copy.accounts.signIn(email: Self.email, password: Self.password))
        #expect(waiting.awaitsCode)
        let code = try await world.code()
        await #expect(throws: FieldRefusal.self) { try await copy.accounts.signIn(waiting: waiting.secret, code: code, from: .here) }
        let opened = try #require(try await copy.accounts.signIn(waiting: waiting.secret, code: codes[3], from: .here))
        let session = try #require(try await copy.accounts.session(secret: opened.secret))
        let state = try await database.read { try SecondFactor.state(of: session.account.id, at: world.clock.now, $0) }
        guard case .on(_, 9, false) = state else {
          Issue.record("\(state)")
          return
        }
        _ = try await copy.accounts.endSecondFactor(in: session, password: Self.password)
        try await copy.accounts.beginSecondFactor(of: session.account.id)
      }
    }
  }
}
