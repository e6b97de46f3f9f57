import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

struct CalendarFeedTests {
  private static let password = "quatre mots bien longs"
  private static let file = """
    titre;echeance;heure;nature;structure;affectee_a;etat;reference
    Rappeler la mairie;2026-11-18;;;M1;claire@exemple.fr;;T1
    Réunion de projet;2026-11-25;14h30;rendez-vous;;claire@exemple.fr;;T2
    Trier les courriels;2026-11-20;;;;claire@exemple.fr;faite;T3
    Commander des guides;2026-11-20;;;;camille@exemple.fr;;T4
    Dans deux ans;2028-11-20;;;;claire@exemple.fr;;T5

    """

  private func withTasks(
    _ engine: Engine, role: Role = .referent, others: [Role] = [],
    _ body: @Sendable (Installation, Account, MovingClock) async throws -> Void
  ) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, now: { clock.now }) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement\nM1;msp;Maison du Val;38\n")
      let claire = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: role, others: others, password: Self.password)
      try await world.accounts.create(email: "camille@exemple.fr", name: "Camille", role: .direction, password: Self.password)
      #expect(try await world.bring("taches", Self.file).created == 5)
      try await body(world, claire, clock)
    }
  }

  private func titles(_ world: Installation, _ secret: String) async throws -> [String]? {
    try await world.accounts.calendarFeed(secret: secret, from: .here)?.entries.map(\.title)
  }

  /// Somebody who reads their own tasks finds those, and those alone: somebody who reads everybody's, too.
  @Test(arguments: Engine.allCases, [Role.referent, .chargeMission])
  func anAddressGivesOnesOwnOpenTasks(_ engine: Engine, _ role: Role) async throws {
    try await withTasks(engine, role: role) { world, claire, clock async throws in
      let secret = try await world.accounts.makeCalendarFeed(of: claire)
      let feed = try #require(try await world.accounts.calendarFeed(secret: secret, from: .here))
      #expect(feed.entries.map(\.title) == ["Rappeler la mairie", "Réunion de projet"])
      #expect(feed.entries.map(\.teams) == [["Maison du Val"], []] && feed.entries.map(\.time) == [nil, "14:30"])
      #expect(feed.zone.identifier == "Europe/Paris")
      // What changes says when, what does not stays as it was.
      clock.move(by: .seconds(60))
      let desk = ToDoDesk(world, actor: claire.id)
      try await desk.postpone(feed.entries[0].id, to: try #require(CivilDate(iso: "2026-12-01")), today: feed.today)
      let later = try #require(try await world.accounts.calendarFeed(secret: secret, from: .here))
      #expect(later.entries.map(\.id) == [feed.entries[1].id, feed.entries[0].id])
      #expect(later.entries[1].version == feed.entries[0].version + 1 && later.entries[1].changed == Instant(clock.now))
      #expect(later.entries[0].version == feed.entries[1].version && later.entries[0].changed == feed.entries[1].changed)
      try await desk.complete(feed.entries[0].id, on: feed.today)
      #expect(try await titles(world, secret) == ["Réunion de projet"])
    }
  }

  @Test(arguments: Engine.allCases) func anAddressIsChangedAndTakenBack(_ engine: Engine) async throws {
    try await withTasks(engine) { world, claire, _ async throws in
      let first = try await world.accounts.makeCalendarFeed(of: claire)
      let second = try await world.accounts.makeCalendarFeed(of: claire)
      #expect(first != second && second.count == 64)
      for wrong in [first, "", "x", second.uppercased(), second + "0"] { #expect(try await titles(world, wrong) == nil, "\(wrong)") }
      #expect(try await titles(world, second) != nil)
      let kept: String? = try await world.database.read { try $0.value("SELECT digest FROM personal_key") }
      #expect(kept != nil && kept != second)
      try await world.accounts.withdrawCalendarFeed(of: claire.id)
      try await world.accounts.withdrawCalendarFeed(of: claire.id)
      #expect(try await titles(world, second) == nil)
      let operations: [String] = try await world.database.read { connection in
        try connection.rows("SELECT operation FROM event WHERE kind = 'comptes' AND subject_id = \(claire.id) ORDER BY id").map {
          try $0[0]
        }
      }
      #expect(operations == ["compte", "agenda", "agenda", "fin_agenda"])
    }
  }

  @Test(arguments: Engine.allCases) func aClosedAccountsAddressIsGone(_ engine: Engine) async throws {
    try await withTasks(engine) { world, claire, _ async throws in
      let secret = try await world.accounts.makeCalendarFeed(of: claire)
      let manager = world.accounts.manager(nil)
      try await manager.close(claire.id)
      #expect(try await titles(world, secret) == nil)
      try await manager.reopen(claire.id)
      #expect(try await titles(world, secret) == nil)
    }
  }

  /// It is read under the role that it was made under, as long as the person has it and it opens tasks.
  @Test(arguments: Engine.allCases) func anAddressFollowsItsRole(_ engine: Engine) async throws {
    try await withTasks(engine, role: .ca, others: [.communication]) { world, claire, _ async throws in
      await #expect(throws: Refusal.self) { try await world.accounts.makeCalendarFeed(of: claire) }
      let secret = try #require(try await world.accounts.signIn(email: claire.email, password: Self.password)).secret
      let session = try #require(try await world.accounts.session(secret: secret))
      let fresh = try #require(try await world.accounts.work(as: .communication, in: session))
      let account = try #require(try await world.accounts.session(secret: fresh)).account
      let address = try await world.accounts.makeCalendarFeed(of: account)
      #expect(try await titles(world, address)?.count == 2)
      let manager = world.accounts.manager(nil)
      try await manager.changeRole(of: claire.id, to: .communication, others: [.ca], territory: nil, structure: nil)
      #expect(try await titles(world, address)?.count == 2)
      try await manager.changeRole(of: claire.id, to: .ca, territory: nil, structure: nil)
      #expect(try await titles(world, address) == nil)
    }
  }

  @Test(arguments: Engine.allCases) func nobodyAsksWithoutEnd(_ engine: Engine) async throws {
    try await withTasks(engine) { world, claire, clock async throws in
      let secret = try await world.accounts.makeCalendarFeed(of: claire)
      let place = Origin(client: "192.0.2.7")
      for _ in 0..<40 { #expect(try await world.accounts.calendarFeed(secret: "x", from: place) == nil) }
      await #expect(throws: TooManyAttempts.self) { try await world.accounts.calendarFeed(secret: "x", from: place) }
      // Others of the same office are not shut out.
      for _ in 0..<60 { #expect(try await world.accounts.calendarFeed(secret: secret, from: place) != nil) }
      await #expect(throws: TooManyAttempts.self) { try await world.accounts.calendarFeed(secret: secret, from: .here) }
      clock.move(by: .seconds(901))
      #expect(try await titles(world, secret) != nil)
    }
  }
}
