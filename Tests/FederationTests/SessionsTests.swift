import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

struct SessionsTests {
  private static let password = "quatre mots bien longs"
  private static let other = "cinq mots encore plus longs"

  private func withAccount(
    _ engine: Engine, _ clock: MovingClock = MovingClock(), _ body: @Sendable (Installation, Account) async throws -> Void
  ) async throws {
    try await withInstallation(engine, now: { clock.now }) { world async throws in
      let account = try await world.accounts.create(email: "odile@exemple.fr", name: "Odile", role: .direction, password: Self.password)
      try await body(world, account)
    }
  }

  private func signIn(_ world: Installation, _ browser: String? = nil, password: String = password) async throws -> String {
    try #require(
      try await world.accounts.signIn(
        email: "odile@exemple.fr", password: password, from: Origin(client: nil, browser: browser))
    ).secret
  }

  @Test(arguments: Engine.allCases) func oneSeesAndEndsOnesSessions(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { world, account async throws in
      let one = try await signIn(world, "Firefox sur Windows")
      clock.move(by: .seconds(60))
      let two = try await signIn(world)
      let open = try await world.database.read { try account.openSessions(at: clock.now, $0) }
      #expect(open.map(\.browser) == [nil, "Firefox sur Windows"])
      #expect(open.map(\.since) == [Instant(clock.now), Instant(TestClock.now)])
      let first = try #require(try await world.accounts.session(secret: one))
      #expect(first.id == open[1].id)
      // Somebody else's session is not theirs to end.
      let stranger = try await world.accounts.create(email: "x@exemple.fr", name: nil, role: .direction, password: Self.password)
      #expect(try await !world.accounts.end(first.id, of: stranger.id))
      #expect(try await world.accounts.end(first.id, of: account.id))
      #expect(try await !world.accounts.end(first.id, of: account.id))
      #expect(try await world.accounts.session(secret: one) == nil)
      #expect(try await world.accounts.session(secret: two) != nil)
      try await world.accounts.endSessions(of: account.id)
      #expect(try await world.accounts.session(secret: two) == nil)
      #expect(try await operations(world, account) == ["compte", "deconnexion", "deconnexion"])
    }
  }

  @Test(arguments: Engine.allCases) func whenOneWasSeenIsKnownToTheHour(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { world, account async throws in
      let secret = try await signIn(world)
      let seen = { () async throws -> Instant? in
        _ = try await world.accounts.session(secret: secret)
        return try await world.database.read { try account.openSessions(at: clock.now, $0).first?.lastSeen }
      }
      clock.move(by: .seconds(3_599))
      #expect(try await seen() == Instant(TestClock.now))
      clock.move(by: .seconds(1))
      let later = Instant(clock.now)
      #expect(try await seen() == later)
      clock.move(by: .seconds(-3_000))
      #expect(try await seen() == later)
      clock.move(by: .seconds(12 * 3_600))
      #expect(try await seen() == nil)
    }
  }

  @Test(arguments: Engine.allCases) func aNewPasswordEndsTheOtherSessions(_ engine: Engine) async throws {
    try await withAccount(engine) { world, account async throws in
      let (here, elsewhere) = (try await signIn(world), try await signIn(world))
      let session = try #require(try await world.accounts.session(secret: here))
      let change = { (old: String, new: String, again: String) in
        try await world.accounts.changePassword(in: session, from: old, to: new, again: again)
      }
      for (old, new, again, field) in [
        ("faux", Self.other, Self.other, "ancien"), (Self.password, "court", "court", "nouveau"),
        (Self.password, Self.other, Self.other + " ", "encore"), (Self.password, Self.password, Self.password, "nouveau"),
      ] {
        let refusal = await #expect(throws: FieldRefusal.self) { try await change(old, new, again) }
        #expect(refusal?.field == field)
      }
      #expect(try await world.accounts.session(secret: elsewhere) != nil)
      try await change(Self.password, Self.other, Self.other)
      #expect(try await world.accounts.session(secret: here) != nil)
      #expect(try await world.accounts.session(secret: elsewhere) == nil)
      #expect(try await world.accounts.signIn(email: "odile@exemple.fr", password: Self.password) == nil)
      _ = try await signIn(world, password: Self.other)
      #expect(try await operations(world, account) == ["compte", "mot_de_passe"])
    }
  }

  @Test(arguments: Engine.allCases) func nobodyGuessesThePasswordOfASessionLeftOpen(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { world, _ async throws in
      let session = try #require(try await world.accounts.session(secret: try await signIn(world)))
      let change = { (old: String) in
        try await world.accounts.changePassword(in: session, from: old, to: Self.other, again: Self.other)
      }
      for _ in 0..<5 { await #expect(throws: FieldRefusal.self) { try await change("faux") } }
      await #expect(throws: TooManyAttempts(seconds: 900)) { try await change(Self.password) }
      clock.move(by: .seconds(901))
      try await change(Self.password)
    }
  }

  /// Who did what, and nothing that opens anything.
  @Test(arguments: Engine.allCases) func theTrailNamesWhoActed(_ engine: Engine) async throws {
    try await withAccount(engine) { world, account async throws in
      let session = try #require(try await world.accounts.session(secret: try await signIn(world)))
      try await world.accounts.changePassword(in: session, from: Self.password, to: Self.other, again: Self.other)
      let rows = try await world.database.read { connection in
        try connection.rows(
          """
          SELECT e.account_id, i.version, i.created, i.change FROM event e JOIN image i ON i.event_id = e.id
          WHERE e.kind = 'comptes' AND e.subject_id = \(account.id) ORDER BY e.id
          """
        ).map {
          (actor: try $0[0] as Identifier<Account>?, version: try $0[1] as Int, created: try $0[2] as Bool, text: try $0[3] as String)
        }
      }
      #expect(rows.map(\.actor) == [nil, account.id] && rows.map(\.version) == [1, 2] && rows.map(\.created) == [true, false])
      #expect(rows[0].text.contains("odile@exemple.fr") && !rows.contains { $0.text.contains("argon2") })
    }
  }

  private func operations(_ world: Installation, _ account: Account) async throws -> [String] {
    try await world.database.read { connection in
      try connection.rows("SELECT operation FROM event WHERE kind = 'comptes' AND subject_id = \(account.id) ORDER BY id").map { try $0[0] }
    }
  }
}
