import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// A person with several roles works under one at a time.
struct RolesTests {
  private static let password = "quatre mots bien longs"

  private func withPerson(
    _ engine: Engine, _ others: [Role], _ body: @Sendable (Installation, Account, String) async throws -> Void
  ) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.accounts.create(email: "d@exemple.fr", name: "D", role: .direction, password: Self.password)
      let account = try await world.accounts.create(
        email: "camille@exemple.fr", name: "Camille", role: .ca, others: others, password: Self.password)
      let secret = try #require(try await world.accounts.signIn(email: account.email, password: Self.password)).secret
      try await body(world, account, secret)
    }
  }

  @Test(arguments: Engine.allCases) func oneWorksUnderOneRoleAtATime(_ engine: Engine) async throws {
    try await withPerson(engine, [.communication, .chargeMission, .ca]) { world, account, secret async throws in
      let session = try #require(try await world.accounts.session(secret: secret))
      #expect(session.account.role == .ca && session.account.roles == [.ca, .chargeMission, .communication])
      #expect(try await world.accounts.work(as: .ca, in: session) == nil)
      let fresh = try #require(try await world.accounts.work(as: .chargeMission, in: session))
      #expect(try await world.accounts.session(secret: secret) == nil)
      let changed = try #require(try await world.accounts.session(secret: fresh))
      #expect(changed.account.role == .chargeMission && changed.account.roles == session.account.roles)
      #expect(changed.id == session.id && changed.csrf != session.csrf)
      // In this session only.
      let other = try #require(try await world.accounts.signIn(email: account.email, password: Self.password)).secret
      #expect(try await world.accounts.session(secret: other)?.account.role == .ca)
      let change: String? = try await world.database.read { connection in
        try connection.value(
          "SELECT i.change FROM event e JOIN image i ON i.event_id = e.id WHERE e.operation = 'prise_de_role' AND e.account_id = \(account.id)"
        )
      }
      #expect(change?.contains("ca") == true && change?.contains("charge_mission") == true)
    }
  }

  @Test(arguments: Engine.allCases) func nobodyTakesARoleThatIsNotTheirs(_ engine: Engine) async throws {
    try await withPerson(engine, [.communication]) { world, account, secret async throws in
      let session = try #require(try await world.accounts.session(secret: secret))
      for role in Role.allCases where !account.roles.contains(role) {
        await #expect(throws: Refusal.self) { try await world.accounts.work(as: role, in: session) }
      }
      // Taken away in the meantime, or with the session ended.
      try await world.accounts.manager(nil).changeRole(of: account.id, to: .ca, territory: nil, structure: nil)
      await #expect(throws: Refusal.self) { try await world.accounts.work(as: .communication, in: session) }
      try await world.accounts.manager(nil).changeRole(of: account.id, to: .ca, others: [.communication], territory: nil, structure: nil)
      await #expect(throws: Refusal.self) { try await world.accounts.work(as: .communication, in: session) }
      #expect(try await world.accounts.session(secret: secret) == nil)
    }
  }

  @Test(arguments: Engine.allCases) func furtherRolesAreGivenWithTheirPlace(_ engine: Engine) async throws {
    try await withPerson(engine, []) { world, account, secret async throws in
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2020-01-01\n")
      let manager = world.accounts.manager(nil)
      let refusal = await #expect(throws: FieldRefusal.self) {
        try await manager.changeRole(of: account.id, to: .ca, others: [.referent], territory: nil, structure: nil)
      }
      #expect(refusal?.field == "territoire")
      try await manager.changeRole(of: account.id, to: .ca, others: [.referent], territory: "est", structure: nil)
      #expect(try await world.accounts.session(secret: secret) == nil)
      let summary = try #require(try await world.database.read { try AccountSummary(account.id, $0) })
      #expect(summary.roles == [.ca, .referent] && summary.territory == "est")
      let change: String? = try await world.database.read { connection in
        try connection.value("SELECT i.change FROM event e JOIN image i ON i.event_id = e.id WHERE e.operation = 'role'")
      }
      #expect(change?.contains("autres_roles") == true && change?.contains("referent") == true)
    }
  }

  /// Wherever an account is made or changed, the départements that it reads are some that there are.
  @Test(arguments: Engine.allCases) func departmentsAreThoseThatThereAre(_ engine: Engine) async throws {
    try await withInstallation(engine, siteURL: "https://maillage.exemple.fr") { world async throws in
      let manager = world.accounts.manager(nil)
      for codes in ["999", "38 2C", "38, zz"] {
        await #expect(throws: Refusal.self) {
          try await world.accounts.create(
            email: "p@exemple.fr", name: "P", role: .partenaire, departments: codes, password: Self.password)
        }
        let refusal = await #expect(throws: FieldRefusal.self) {
          try await manager.invite(.init(email: "p@exemple.fr", name: "P", role: .partenaire, departments: codes))
        }
        #expect(refusal?.field == "departements" && refusal?.sentence.contains("n’existe pas") == true, "\(codes)")
      }
      let account = try await world.accounts.create(
        email: "p@exemple.fr", name: "P", role: .partenaire, departments: "73, 38 38 2a", password: Self.password)
      #expect(account.departments == ["2A", "38", "73"])
      let refusal = await #expect(throws: FieldRefusal.self) {
        try await manager.changeRole(of: account.id, to: .partenaire, territory: nil, structure: nil, departments: "38 999")
      }
      #expect(refusal?.field == "departements")
      let kept = try await world.database.read { try AccountSummary(account.id, $0)?.departments }
      #expect(kept == ["2A", "38", "73"])
    }
  }

  /// A further role of direction is one: not everybody gives it, and one of them is left.
  @Test(arguments: Engine.allCases) func aFurtherDirectionIsADirection(_ engine: Engine) async throws {
    try await withPerson(engine, [.direction]) { world, account, _ async throws in
      let technique = try await world.accounts.create(email: "t@exemple.fr", name: "T", role: .technique, password: Self.password)
      let other = try await world.accounts.create(email: "a@exemple.fr", name: "A", role: .assistance, password: Self.password)
      let manager = world.accounts.manager(technique)
      await #expect(throws: Refusal.self) { try await manager.close(account.id) }
      await #expect(throws: Refusal.self) {
        try await manager.changeRole(of: other.id, to: .assistance, others: [.direction], territory: nil, structure: nil)
      }
      let direction: Identifier<Account>? = try await world.database.read {
        try $0.value("SELECT id FROM account WHERE email = 'd@exemple.fr'")
      }
      let byCommand = world.accounts.manager(nil)
      try await byCommand.close(try #require(direction))
      await #expect(throws: Refusal.self) {
        try await byCommand.changeRole(of: account.id, to: .ca, territory: nil, structure: nil)
      }
      await #expect(throws: Refusal.self) { try await byCommand.close(account.id) }
    }
  }
}
