import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

struct PasskeyTests {
  private static let email = "odile@exemple.fr"
  private static let password = "quatre mots bien longs"
  private static let browser = String(repeating: "b", count: 64)

  fileprivate struct World: Sendable {
    let installation: Installation
    let clock: MovingClock
    let account: Account

    var accounts: Accounts { installation.accounts }

    /// A session by the password.
    func session(_ email: String = PasskeyTests.email) async throws -> Session {
      let entrance = try #require(try await accounts.signIn(email: email, password: PasskeyTests.password))
      return try #require(try await accounts.session(secret: entrance.secret))
    }

    func add(_ telephone: SoftwareAuthenticator, _ name: String = "Téléphone", in session: Session) async throws -> Session {
      let asked = try await accounts.offerPasskey(named: name, in: session, password: PasskeyTests.password)
      let made = telephone.make(asked.challenge)
      let secret = try await accounts.addPasskey(
        PasskeyAttestation(clientData: made.clientData, object: made.object), named: name, in: session)
      return try #require(try await accounts.session(secret: secret))
    }

    func ask(_ browser: String = PasskeyTests.browser) async throws -> String {
      try await accounts.askPasskey(of: browser, from: .here).challenge
    }

    func handle(_ account: Identifier<Account>? = nil) -> String { Base64URL.text(Passkey.handle(of: account ?? self.account.id)) }

    func enter(_ shown: SoftwareAuthenticator.Shown, browser: String = PasskeyTests.browser) async throws -> Entrance {
      let answer = PasskeyAssertion(
        credential: shown.credential, clientData: shown.clientData, authenticatorData: shown.authenticatorData, signature: shown.signature,
        holder: shown.holder)
      return try await accounts.signIn(passkey: answer, browser: browser, from: .here)
    }

    /// Signs in as people do, on a question of its own.
    func enter(_ telephone: SoftwareAuthenticator) async throws -> Entrance {
      try await enter(try telephone.show(try await ask(), holder: handle()))
    }

    func list() async throws -> [Passkey] { try await installation.database.read { try Passkey.all(of: account.id, $0) } }

    func operations() async throws -> [String] {
      try await installation.database.read { connection in
        try connection.rows("SELECT operation FROM event WHERE kind = 'comptes' ORDER BY id").map { try $0[0] }
      }
    }

    /// What a refusal says.
    func sentence<Value>(_ work: () async throws -> Value) async -> String {
      let refusal = await #expect(throws: Refusal.self) { _ = try await work() }
      return refusal?.sentence ?? ""
    }
  }

  private func withWorld(
    _ engine: Engine, role: Role = .direction, siteURL: String? = "https://maillage.exemple.fr",
    _ body: @Sendable (World) async throws -> Void
  ) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, siteURL: siteURL, now: { clock.now }) { installation in
      let account = try await installation.accounts.create(email: Self.email, name: "Odile", role: role, password: Self.password)
      try await body(World(installation: installation, clock: clock, account: account))
    }
  }

  @Test(arguments: Engine.allCases) func itIsAddedAndOpens(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      var telephone = SoftwareAuthenticator()
      let before = try await world.session()
      let session = try await world.add(telephone, " Téléphone ", in: before)
      // The session goes on under a fresh secret and token.
      #expect(session.id == before.id && session.csrf != before.csrf)
      let kept = try #require(try await world.list().first)
      #expect(kept.name == "Téléphone" && kept.usedAt == nil)
      world.clock.move(by: .seconds(90))
      telephone.counter = 2
      let entrance = try await world.enter(telephone)
      #expect(!entrance.awaitsCode)
      let opened = try #require(try await world.accounts.session(secret: entrance.secret))
      #expect(opened.account.id == world.account.id && opened.id != session.id && !opened.isFreshByLink)
      #expect(try await world.list().first?.usedAt == Instant(world.clock.now))
      // One that does not count is taken at its word.
      let plain = {
        var it = SoftwareAuthenticator(); it.counter = 0; return it
      }()
      _ = try await world.add(plain, "Ordinateur", in: opened)
      for _ in 0..<3 { #expect(try await !world.enter(plain).awaitsCode) }
      let mails = try await world.installation.database.read { try PostedMail.list([.waiting], $0) }.map(\.mail)
      #expect(
        mails.count == 2 && mails.allSatisfy { $0.to.map(\.address) == [Self.email] && $0.subject.contains("ajoutée à votre compte") })
      #expect(mails.contains { $0.text.contains("«\u{202F}Téléphone\u{202F}»") })
      #expect(try await world.operations() == ["compte", "cle_acces", "cle_acces"])
    }
  }

  /// It has recognised its owner: no code is asked for. One that has not is a first factor, as the password.
  @Test(arguments: Engine.allCases) func oneThatVerifiesIsBothFactors(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let session = try await world.session()
      try await world.accounts.beginSecondFactor(of: world.account.id)
      let key: [UInt8]? = try await world.installation.database.read { try $0.value("SELECT key FROM second_factor_key") }
      let code = TimedCode(key: try #require(key))
      let secret = try await world.accounts.confirmSecondFactor(
        in: session, password: Self.password, code: code.digits(TimedCode.step(at: world.clock.now))
      ).secret
      let again = try #require(try await world.accounts.session(secret: secret))
      var telephone = SoftwareAuthenticator()
      telephone.counter = 0
      _ = try await world.add(telephone, in: again)
      #expect(try await !world.enter(telephone).awaitsCode)
      telephone.isVerifying = false
      let waiting = try await world.enter(telephone)
      #expect(waiting.awaitsCode)
      #expect(try await world.accounts.session(secret: waiting.secret) == nil)
      world.clock.move(by: .seconds(60))
      let entered = try await world.accounts.signIn(
        waiting: waiting.secret, code: code.digits(TimedCode.step(at: world.clock.now)), from: .here)
      #expect(try await world.accounts.session(secret: try #require(entered).secret) != nil)
    }
  }

  @Test(arguments: Engine.allCases) func aQuestionIsAnsweredOnceByTheBrowserThatWasAsked(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      var telephone = SoftwareAuthenticator()
      telephone.counter = 0
      _ = try await world.add(telephone, in: try await world.session())
      let shown = try telephone.show(try await world.ask(), holder: world.handle())
      _ = try await world.enter(shown)
      // Whoever has listened comes too late.
      #expect(await world.sentence { try await world.enter(shown) }.hasPrefix("Le délai est passé"))
      // Nor is a question spent by an answer that was wrong.
      let challenge = try await world.ask()
      var forged = try telephone.show(challenge, holder: world.handle())
      forged.signature = shown.signature
      #expect(await world.sentence { try await world.enter(forged) }.hasPrefix("Cette clé d’accès n’ouvre aucun compte"))
      let right = try telephone.show(challenge, holder: world.handle())
      #expect(await world.sentence { try await world.enter(right) }.hasPrefix("Le délai est passé"))
      // Another browser's, one that nobody asked, and one of ten minutes ago.
      let other = try telephone.show(try await world.ask(String(repeating: "c", count: 64)), holder: world.handle())
      #expect(await world.sentence { try await world.enter(other) }.hasPrefix("Le délai est passé"))
      let invented = try telephone.show(Base64URL.text([UInt8](repeating: 1, count: 32)), holder: world.handle())
      #expect(await world.sentence { try await world.enter(invented) }.hasPrefix("Le délai est passé"))
      let late = try telephone.show(try await world.ask(), holder: world.handle())
      world.clock.move(by: .seconds(601))
      #expect(await world.sentence { try await world.enter(late) }.hasPrefix("Le délai est passé"))
      let early = try telephone.show(try await world.ask(), holder: world.handle())
      world.clock.move(by: .seconds(-3_600))
      #expect(await world.sentence { try await world.enter(early) }.hasPrefix("Le délai est passé"))
      // What was asked for making one does not open.
      let session = try await world.session()
      let making = try await world.accounts.offerPasskey(named: "X", in: session, password: Self.password)
      let crossed = try telephone.show(making.challenge, holder: world.handle())
      #expect(await world.sentence { try await world.enter(crossed, browser: session.id.description) }.hasPrefix("Le délai est passé"))
      _ = try await world.enter(telephone)
    }
  }

  /// One sentence for all of them: who tries learns nothing.
  @Test(arguments: Engine.allCases) func whatIsNotTheirsOpensNothing(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      var telephone = SoftwareAuthenticator()
      telephone.counter = 0
      _ = try await world.add(telephone, in: try await world.session())
      let other = try await world.accounts.create(email: "t@exemple.fr", name: "T", role: .assistance, password: Self.password)
      var tries: [(String, SoftwareAuthenticator, String)] = []
      func attempt(_ name: String, holder: String? = nil, _ change: (inout SoftwareAuthenticator) -> Void) {
        var copy = telephone
        change(&copy)
        tries.append((name, copy, holder ?? world.handle()))
      }
      attempt("another site") { $0.site = "ailleurs.exemple.fr" }
      attempt("another origin") { $0.origin = "https://ailleurs.exemple.fr" }
      attempt("nobody there") { $0.isPresent = false }
      attempt("backed up although it cannot be") { $0.isBackedUp = true }
      attempt("suddenly on several devices") { $0.isBackupEligible = true }
      attempt("unknown") { $0.credential = [1, 2, 3] }
      attempt("another's", holder: world.handle(other.id)) { _ in }
      attempt("nobody's", holder: "") { _ in }
      // Same name, another key.
      var copied = SoftwareAuthenticator()
      (copied.credential, copied.counter) = (telephone.credential, 0)
      tries.append(("forged", copied, world.handle()))
      for (name, telephone, holder) in tries {
        let shown = try telephone.show(try await world.ask(), holder: holder)
        #expect(
          await world.sentence { try await world.enter(shown) }
            == "Cette clé d’accès n’ouvre aucun compte ici : entrez par votre mot de passe.", "\(name)")
      }
      let wrongType = try telephone.show(try await world.ask(), holder: world.handle(), type: "webauthn.create")
      #expect(await world.sentence { try await world.enter(wrongType) }.hasPrefix("Cette clé d’accès n’ouvre"))
      let nothing = await world.sentence { try await world.accounts.signIn(passkey: nil, browser: Self.browser, from: .here) }
      #expect(nothing.hasPrefix("Cette clé d’accès n’ouvre"))
      _ = try await world.enter(telephone)
      // Nor does a closed account's, until it is open again.
      let third = try await world.accounts.create(email: "d@exemple.fr", name: "D", role: .direction, password: Self.password)
      try await world.accounts.manager(third).close(world.account.id)
      let shown = try telephone.show(try await world.ask(), holder: world.handle())
      #expect(await world.sentence { try await world.enter(shown) }.hasPrefix("Cette clé d’accès n’ouvre"))
      try await world.accounts.manager(third).reopen(world.account.id)
      _ = try await world.enter(telephone)
    }
  }

  @Test(arguments: Engine.allCases) func aCounterThatGoesBackIsRefusedAndNoted(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      var telephone = SoftwareAuthenticator()
      telephone.counter = 7
      _ = try await world.add(telephone, in: try await world.session())
      for counter in [7, 6, 0] as [UInt32] {
        telephone.counter = counter
        let copy = telephone
        #expect(await world.sentence { try await world.enter(copy) }.contains("son compteur est revenu en arrière"), "\(counter)")
      }
      #expect(try await world.operations().suffix(3) == ["cle_acces_refusee", "cle_acces_refusee", "cle_acces_refusee"])
      telephone.counter = 8
      #expect(try await !world.enter(telephone).awaitsCode)
    }
  }

  @Test(arguments: Engine.allCases) func ofTwoAnswersWithOneCountOneOpens(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      var telephone = SoftwareAuthenticator()
      _ = try await world.add(telephone, in: try await world.session())
      telephone.counter = 2
      let shown = [
        try telephone.show(try await world.ask(), holder: world.handle()),
        try telephone.show(try await world.ask(), holder: world.handle()),
      ]
      let opened = await withTaskGroup(of: Bool.self) { group in
        for one in shown { group.addTask { (try? await world.enter(one)) != nil } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(opened == 1)
    }
  }

  @Test(arguments: Engine.allCases) func addingAsksForThePasswordAndAnAnswerOfItsOwn(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let session = try await world.session()
      let telephone = SoftwareAuthenticator()
      func refusal<Value>(_ work: () async throws -> Value) async -> String? {
        await #expect(throws: FieldRefusal.self) { _ = try await work() }?.field
      }
      #expect(await refusal { try await world.accounts.offerPasskey(named: "X", in: session, password: "faux") } == "actuel_acces")
      for name in ["", "  ", String(repeating: "x", count: 61), "a\nb"] {
        #expect(await refusal { try await world.accounts.offerPasskey(named: name, in: session, password: Self.password) } == "nom_acces")
      }
      func add(_ made: SoftwareAuthenticator.Made, in session: Session) async throws {
        _ = try await world.accounts.addPasskey(
          PasskeyAttestation(clientData: made.clientData, object: made.object), named: "X", in: session)
      }
      func ask(_ session: Session) async throws -> String {
        try await world.accounts.offerPasskey(named: "X", in: session, password: Self.password).challenge
      }
      // Asked of another session of the same account; asked at the door; answered twice; too late; of another site; not of this world.
      let elsewhere = try await world.session()
      let foreign = telephone.make(try await ask(elsewhere))
      #expect(await world.sentence { try await add(foreign, in: session) }.hasPrefix("Le délai est passé"))
      let door = telephone.make(try await world.accounts.askPasskey(of: session.id.description, from: .here).challenge)
      #expect(await world.sentence { try await add(door, in: session) }.hasPrefix("Le délai est passé"))
      var wrong = telephone
      wrong.origin = "https://ailleurs.exemple.fr"
      let phished = wrong.make(try await ask(session))
      #expect(await world.sentence { try await add(phished, in: session) }.hasPrefix("Cette clé d’accès n’a pas pu être lue"))
      wrong = telephone
      wrong.site = "ailleurs.exemple.fr"
      let strange = wrong.make(try await ask(session))
      #expect(await world.sentence { try await add(strange, in: session) }.hasPrefix("Cette clé d’accès n’a pas pu être lue"))
      var shortened = telephone.make(try await ask(session))
      shortened.object = String(shortened.object.prefix(40))
      let cut = shortened
      #expect(await world.sentence { try await add(cut, in: session) }.hasPrefix("Cette clé d’accès n’a pas pu être lue"))
      let unread = await world.sentence { try await world.accounts.addPasskey(nil, named: "X", in: session) }
      #expect(unread.hasPrefix("Cette clé d’accès n’a pas pu être lue"))
      let late = telephone.make(try await ask(session))
      world.clock.move(by: .seconds(601))
      #expect(await world.sentence { try await add(late, in: session) }.hasPrefix("Le délai est passé"))
      #expect(try await world.list().isEmpty)
      let right = telephone.make(try await ask(session))
      try await add(right, in: session)
      #expect(await world.sentence { try await add(right, in: session) }.hasPrefix("Le délai est passé"))
      // It belongs to one account, and nobody learns to which.
      let other = try await world.accounts.create(email: "t@exemple.fr", name: "T", role: .assistance, password: Self.password)
      let guest = try await world.session(other.email)
      let taken = telephone.make(try await ask(guest))
      #expect(await world.sentence { try await add(taken, in: guest) }.hasPrefix("Cette clé d’accès est déjà enregistrée ici"))
      #expect(try await world.list().count == 1)
    }
  }

  @Test(arguments: Engine.allCases) func theyAreTwentyAtMost(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      var session = try await world.session()
      for number in 1...Passkey.mostOfOne { session = try await world.add(SoftwareAuthenticator(), "Clé \(number)", in: session) }
      let last = session
      let full = await world.sentence { try await world.accounts.offerPasskey(named: "X", in: last, password: Self.password) }
      #expect(full.hasPrefix("Vous avez déjà 20 clés d’accès"))
    }
  }

  @Test(arguments: Engine.allCases) func itIsRenamedAndTakenBackByItsOwnerAlone(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let telephone = SoftwareAuthenticator()
      let session = try await world.add(telephone, in: try await world.session())
      let id = try #require(try await world.list().first).id
      let other = try await world.accounts.create(email: "t@exemple.fr", name: "T", role: .assistance, password: Self.password)
      let guest = try await world.session(other.email)
      #expect(await world.sentence { try await world.accounts.renamePasskey(id, to: "X", of: other.id) }.contains("n’est plus là"))
      #expect(
        await world.sentence { try await world.accounts.removePasskey(id, in: guest, password: Self.password) }.contains("n’est plus là"))
      await #expect(throws: FieldRefusal.self) { try await world.accounts.renamePasskey(id, to: " ", of: world.account.id) }
      try await world.accounts.renamePasskey(id, to: "Portable", of: world.account.id)
      try await world.accounts.renamePasskey(id, to: "Portable", of: world.account.id)
      #expect(try await world.list().map(\.name) == ["Portable"])
      let wrong = await #expect(throws: FieldRefusal.self) { try await world.accounts.removePasskey(id, in: session, password: "faux") }
      #expect(wrong?.field == "actuel-\(id)")
      let secret = try await world.accounts.removePasskey(id, in: session, password: Self.password)
      #expect(try await world.accounts.session(secret: secret)?.id == session.id)
      let shown = try telephone.show(try await world.ask(), holder: world.handle())
      #expect(await world.sentence { try await world.enter(shown) }.hasPrefix("Cette clé d’accès n’ouvre"))
      #expect(try await world.operations().filter { $0 != "compte" } == ["cle_acces", "nom_cle_acces", "fin_cle_acces"])
      let mails = try await world.installation.database.read { try PostedMail.list([.waiting], $0) }.map(\.mail)
      #expect(mails.contains { $0.subject.contains("retirée de votre compte") && $0.text.contains("Portable") })
    }
  }

  /// Where two factors are a duty, one that verifies is enough, and the password alone is not any more.
  @Test(arguments: Engine.allCases) func itFulfilsTheDuty(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.installation.settings.set("double_authentification", to: "oui")
      let session = try await world.session()
      #expect(session.mustEnrol)
      // One that recognises nobody is no second factor.
      var plain = SoftwareAuthenticator()
      (plain.isVerifying, plain.counter) = (false, 0)
      let still = try await world.add(plain, "Carte", in: session)
      #expect(still.mustEnrol)
      var telephone = SoftwareAuthenticator()
      telephone.counter = 0
      let freed = try await world.add(telephone, in: still)
      #expect(!freed.mustEnrol)
      let entrance = try await world.enter(telephone)
      #expect(try await world.accounts.session(secret: entrance.secret)?.mustEnrol == false)
      let alone = await world.sentence { try await world.accounts.signIn(email: Self.email, password: Self.password) }
      #expect(alone.contains("entrez avec une clé d’accès qui vous reconnaît"))
      let card = plain
      #expect(await world.sentence { try await world.enter(card) }.contains("entrez avec une clé d’accès qui vous reconnaît"))
      // No link goes round it, nor is it used up.
      try await world.accounts.requestLink(email: Self.email, from: .here)
      let mails = try await world.installation.database.read { try PostedMail.list([.waiting], $0) }.map(\.mail)
      let link = String(try #require(mails.compactMap { $0.text.firstMatch(of: /\/lien\/([0-9a-f]{64})\n/) }.first).1)
      #expect(await world.sentence { try await world.accounts.signIn(link: link, from: .here) }.contains("double authentification"))
      // Where it is no duty, the password opens as before.
      try await world.installation.settings.set("double_authentification", to: "non")
      _ = try await world.session()
    }
  }

  /// Whoever has lost the telephone has lost both.
  @Test(arguments: Engine.allCases) func anAdministratorTakesThemAway(_ engine: Engine) async throws {
    try await withWorld(engine, role: .assistance) { world async throws in
      let session = try await world.session()
      _ = try await world.add(SoftwareAuthenticator(), in: session)
      let direction = try await world.accounts.create(email: "d@exemple.fr", name: "D", role: .direction, password: Self.password)
      #expect(try await world.installation.database.read { try AccountSummary(world.account.id, $0)?.passkeys } == 1)
      try await world.accounts.manager(direction).removeSecondFactor(of: world.account.id)
      #expect(try await world.list().isEmpty)
      #expect(try await world.operations().last == "fin_cle_acces")
      _ = try await world.add(SoftwareAuthenticator(), in: try await world.session())
      try await world.accounts.removeSecondFactor(ofEmail: Self.email)
      #expect(try await world.list().isEmpty)
      await #expect(throws: Refusal.self) { try await world.accounts.removeSecondFactor(ofEmail: Self.email) }
    }
  }

  /// Public halves alone: a copy holds them, and they open what is restored from it.
  @Test(arguments: Engine.allCases) func theyComeBackWithAnArchive(_ engine: Engine) async throws {
    let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: archive) }
    try await withWorld(engine) { world async throws in
      var telephone = SoftwareAuthenticator()
      _ = try await world.add(telephone, in: try await world.session())
      _ = try await world.installation.model.backUp(world.installation.database, to: archive)
      telephone.counter = 5
      _ = try await world.enter(telephone)
      telephone.counter = 6
      let (later, now) = (telephone, world.clock.now)
      try await withDatabase(engine) { database async throws in
        _ = try await world.installation.model.restore(archive, into: database)
        let copy = Installation(
          database: database, geography: TestDatabases.geography, hasher: PasswordHasher(memory: 8, passes: 1),
          siteURL: "https://maillage.exemple.fr", now: { now })
        let restored = World(installation: copy, clock: world.clock, account: world.account)
        #expect(try await !restored.enter(later).awaitsCode)
      }
    }
  }

  @Test(arguments: Engine.allCases) func triesAreCountedByPlace(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let here = Origin(client: "192.0.2.7")
      let tries = AttemptLimit.passkeyClient.count
      for _ in 0..<tries {
        await #expect(throws: Refusal.self) { try await world.accounts.signIn(passkey: nil, browser: Self.browser, from: here) }
      }
      await #expect(throws: TooManyAttempts.self) { try await world.accounts.signIn(passkey: nil, browser: Self.browser, from: here) }
      await #expect(throws: Refusal.self) {
        try await world.accounts.signIn(passkey: nil, browser: Self.browser, from: Origin(client: "192.0.2.8"))
      }
      for _ in 0..<AttemptLimit.challengeClient.count { _ = try await world.accounts.askPasskey(of: Self.browser, from: here) }
      await #expect(throws: TooManyAttempts.self) { try await world.accounts.askPasskey(of: Self.browser, from: here) }
    }
  }

  @Test(arguments: Engine.allCases) func withoutHttpsThereAreNone(_ engine: Engine) async throws {
    try await withWorld(engine, siteURL: "http://maillage.exemple.fr") { world async throws in
      #expect(world.accounts.relyingParty == nil)
      let session = try await world.session()
      #expect(await world.sentence { try await world.ask() }.contains("https"))
      #expect(
        await world.sentence { try await world.accounts.offerPasskey(named: "X", in: session, password: Self.password) }.contains("https"))
    }
  }
}
