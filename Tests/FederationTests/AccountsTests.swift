import Foundation
import Records
import Store
import Synchronization
import TestSupport
import Testing

@testable import Federation

@Suite struct AccountsTests {
  @Test(arguments: Engine.allCases)
  func aPersonSignsInAndOut(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      #expect(try await world.accounts.isEmpty())
      try await world.accounts.create(email: "Claire.Vasselin@Exemple.fr", name: nil, role: .direction, password: "quatre mots bien longs")
      #expect(try await !world.accounts.isEmpty())
      #expect(try await world.accounts.signIn(email: "claire.vasselin@exemple.fr", password: "quatre mots bien longx") == nil)
      #expect(try await world.accounts.signIn(email: "personne@exemple.fr", password: "quatre mots bien longs") == nil)
      let secret = try #require(try await world.accounts.signIn(email: " claire.vasselin@EXEMPLE.fr ", password: "quatre mots bien longs"))
        .secret
      let session = try #require(try await world.accounts.session(secret: secret))
      #expect(session.account.name == "Claire Vasselin" && session.account.role == .direction)
      let other = try #require(try await world.accounts.signIn(email: "claire.vasselin@exemple.fr", password: "quatre mots bien longs"))
        .secret
      #expect(other != secret)
      try await world.accounts.signOut(secret: secret)
      #expect(try await world.accounts.session(secret: secret) == nil)
      #expect(try await world.accounts.session(secret: other) != nil)
      #expect(try await world.accounts.session(secret: "") == nil)
    }
  }

  @Test func aSessionEnds() async throws {
    let clock = Mutex(TestClock.now)
    let now: @Sendable () -> Date = { clock.withLock { $0 } }
    try await withInstallation(.sqlite, now: now) { world async throws in
      try await world.accounts.create(email: "a@exemple.fr", name: "A", role: .direction, password: "quatre mots bien longs")
      let secret = try #require(try await world.accounts.signIn(email: "a@exemple.fr", password: "quatre mots bien longs")).secret
      clock.withLock { $0 += 12 * 3600 - 1 }
      #expect(try await world.accounts.session(secret: secret) != nil)
      clock.withLock { $0 += 2 }
      #expect(try await world.accounts.session(secret: secret) == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func aClockSetBackOpensNoSessionAgainAndEndsNone(_ engine: Engine) async throws {
    let clock = Mutex(TestClock.now)
    let now: @Sendable () -> Date = { clock.withLock { $0 } }
    try await withInstallation(engine, now: now) { world async throws in
      try await world.accounts.create(email: "a@exemple.fr", name: "A", role: .direction, password: "quatre mots bien longs")
      func signIn() async throws -> String {
        try #require(try await world.accounts.signIn(email: "a@exemple.fr", password: "quatre mots bien longs")).secret
      }
      let (ended, left) = (try await signIn(), try await signIn())
      try await world.accounts.signOut(secret: left)
      clock.withLock { $0 += 12 * 3600 + 1 }
      let open = try await signIn()
      #expect(try await world.accounts.session(secret: ended) == nil)
      clock.withLock { $0 -= 3600 }
      #expect(try await world.accounts.session(secret: ended) == nil)
      #expect(try await world.accounts.session(secret: left) == nil)
      #expect(try await world.accounts.session(secret: open) != nil)
      let later = try await signIn()
      #expect(try await world.accounts.session(secret: later) != nil && later != open)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatCannotBeIsRefused(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let create = { (email: String, password: String, territory: String?, structure: String?) in
        try await world.accounts.create(
          email: email, name: nil, role: .referent, territory: territory, structure: structure, password: password)
      }
      await #expect(throws: Refusal.self) { _ = try await create("pas une adresse", "quatre mots bien longs", nil, nil) }
      await #expect(throws: Refusal.self) { _ = try await create("a@exemple.fr", "court", nil, nil) }
      await #expect(throws: Refusal.self) { _ = try await create("a@exemple.fr", "quatre mots bien longs", "nulle_part", nil) }
      await #expect(throws: Refusal.self) { _ = try await create("a@exemple.fr", "quatre mots bien longs", nil, "INCONNUE") }
      _ = try await create("a@exemple.fr", "quatre mots bien longs", nil, nil)
      await #expect(throws: Refusal.self) { _ = try await create("A@Exemple.fr", "quatre mots bien longs", nil, nil) }
    }
  }

  @Test func aPasswordIsKeptAsAnArgon2idHash() async throws {
    let hash = try await PasswordHasher(memory: 19_456, passes: 2).hash("clé été")
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    let hasher = PasswordHasher(memory: 8, passes: 1)
    // The same letters, composed otherwise.
    #expect(try await hasher.verify("clé été".decomposedStringWithCanonicalMapping, against: hash))
    #expect(try await !hasher.verify("cle ete", against: hash))
    #expect(try await hasher.hash("a") != hasher.hash("a"))
  }

  /// As when the machine has no memory left: an answer is lost, not the server.
  @Test func aHashThatCannotBeMadeIsAnError() async throws {
    let hasher = PasswordHasher(memory: 1, passes: 1)
    await #expect(throws: PasswordHasher.Failure.self) { _ = try await hasher.hash("a") }
    await #expect(throws: PasswordHasher.Failure.self) { _ = try await hasher.verify("a", against: nil) }
  }
}
