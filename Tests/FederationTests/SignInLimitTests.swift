import Dispatch
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

struct SignInLimitTests {
  private static let email = "odile@exemple.fr"
  private static let password = "quatre mots bien longs"

  private func withAccount(
    _ engine: Engine, _ clock: MovingClock, _ body: @Sendable (Accounts, Installation) async throws -> Void
  ) async throws {
    try await withInstallation(engine, now: { clock.now }) { world async throws in
      try await world.accounts.create(email: Self.email, name: "Odile", role: .direction, password: Self.password)
      try await body(world.accounts, world)
    }
  }

  /// - Returns: the seconds to wait; `nil` when the password was looked at.
  private func wait(_ accounts: Accounts, _ email: String = email, _ password: String = "faux", client: String? = nil) async throws -> Int?
  {
    do {
      _ = try await accounts.signIn(email: email, password: password, from: Origin(client: client))
      return nil
    } catch let error as TooManyAttempts {
      return error.seconds
    }
  }

  @Test(arguments: Engine.allCases) func fiveWrongPasswordsCloseTheDoorForAWhile(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { accounts, _ async throws in
      // An address without an account is answered alike.
      for email in [Self.email, "personne@exemple.fr"] {
        for _ in 0..<5 {
          #expect(try await wait(accounts, email) == nil)
          clock.move(by: .seconds(60))
        }
        #expect(try await wait(accounts, email) == 600)
        // The right password too: an answer would tell which one it is. And knocking makes nobody wait longer.
        clock.move(by: .seconds(90))
        #expect(try await wait(accounts, " \(email.uppercased()) ", Self.password) == 510)
        clock.move(by: .seconds(511))
        #expect(try await wait(accounts, email) == nil)
        #expect(try await wait(accounts, email) == 59)
        clock.move(by: .seconds(60))
      }
      #expect(try await accounts.signIn(email: Self.email, password: Self.password) != nil)
    }
  }

  @Test(arguments: Engine.allCases) func theRightPasswordWipesTheSlate(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { accounts, world async throws in
      for _ in 0..<4 {
        for _ in 0..<4 { #expect(try await wait(accounts, client: "192.0.2.7") == nil) }
        #expect(try await accounts.signIn(email: Self.email, password: Self.password, from: Origin(client: "192.0.2.7")) != nil)
      }
      // Those that were wrong still count for the place they came from.
      let left = try await world.database.read { try $0.value("SELECT count(*) FROM attempt", as: Int.self) }
      #expect(left == 16)
      clock.move(by: .seconds(86_401))
      #expect(try await accounts.signIn(email: Self.email, password: Self.password) != nil)
      #expect(try await world.database.read { try $0.value("SELECT count(*) FROM attempt", as: Int.self) } == 0)
    }
  }

  @Test(arguments: Engine.allCases) func onePlaceCannotTryManyAddresses(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { accounts, _ async throws in
      for number in 0..<40 { #expect(try await wait(accounts, "n\(number)@exemple.fr", client: "192.0.2.7") == nil) }
      #expect(try await wait(accounts, Self.email, Self.password, client: "192.0.2.7") == 900)
      // Elsewhere the door is open.
      #expect(try await accounts.signIn(email: Self.email, password: Self.password, from: Origin(client: "192.0.2.8")) != nil)
      clock.move(by: .seconds(901))
      #expect(try await accounts.signIn(email: Self.email, password: Self.password, from: Origin(client: "192.0.2.7")) != nil)
    }
  }

  @Test(arguments: Engine.allCases) func aClockSetBackShutsNobodyOut(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { accounts, world async throws in
      clock.move(by: .seconds(10 * 365 * 86_400))
      for _ in 0..<5 { #expect(try await wait(accounts) == nil) }
      #expect(try await wait(accounts) == 900)
      // Another server's clock may be a little behind: the limit holds.
      clock.move(by: .seconds(-30))
      #expect(try await wait(accounts).map { $0 <= 900 } == true)
      clock.move(by: .seconds(-10 * 365 * 86_400))
      #expect(try await accounts.signIn(email: Self.email, password: Self.password) != nil)
      #expect(try await world.database.read { try $0.value("SELECT count(*) FROM attempt", as: Int.self) } == 0)
    }
  }

  @Test(arguments: Engine.allCases) func manyAtOnceAreNoMoreThanOneAfterTheOther(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withAccount(engine, clock) { accounts, _ async throws in
      let looked = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<20 { group.addTask { try await wait(accounts) == nil } }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(looked == 5)
    }
  }

  /// Neither the addresses people type, one of which may be a password, nor those of their machines.
  @Test func whatIsKeptNamesNobody() async throws {
    let clock = MovingClock()
    try await withAccount(.sqlite, clock) { accounts, world async throws in
      _ = try await wait(accounts, "mot de passe dans le mauvais champ", client: "192.0.2.7")
      let kept: [String] = try await world.database.read { try $0.rows("SELECT subject FROM attempt").map { try $0[0] } }
      #expect(kept.count == 2 && kept.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
    }
  }

  @Test func thoseWhoWaitForAPasswordHaveALimit() async throws {
    let queue = HashingQueue(capacity: 3)
    let gate = DispatchSemaphore(value: 0)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<3 {
        group.addTask {
          try await queue.run {
            gate.wait()
            return number
          }
        }
      }
      while queue.count < 3 { try await Task.sleep(for: .milliseconds(1)) }
      await #expect(throws: TooManyWaiting.self) { try await queue.run { 0 } }
      for _ in 0..<3 { gate.signal() }
      #expect(try await group.reduce(0, +) == 3)
    }
    #expect(queue.count == 0)
    #expect(try await queue.run { 7 } == 7)
  }

  /// Somebody who was sent away unheard has tried nothing.
  @Test(arguments: Engine.allCases) func aFullQueueCountsAgainstNobody(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let full = Accounts(
        database: world.database, ids: world.ids, hasher: PasswordHasher(memory: 8, passes: 1, waiting: 0), now: world.now)
      for _ in 0..<6 { await #expect(throws: TooManyWaiting.self) { try await full.signIn(email: Self.email, password: "faux") } }
      #expect(try await world.database.read { try $0.value("SELECT count(*) FROM attempt", as: Int.self) } == 0)
    }
  }
}
