import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Hand-overs, stand-ins and vacancies (GOV-07).
@Suite struct PortfolioTests {
  private struct House {
    let world: Installation
    let claire, camille, direction, communication: Account
    /// The day of the tests' clock.
    let today: CivilDate

    func team(_ reference: String) async throws -> Identifier<Structure> {
      let id: Identifier<Structure>? = try await world.database.read {
        try $0.value("SELECT id FROM structure WHERE reference = \(reference)")
      }
      return try #require(id)
    }

    func task(_ reference: String) async throws -> Identifier<ToDo> {
      let id: Identifier<ToDo>? = try await world.database.read { try $0.value("SELECT id FROM todo WHERE reference = \(reference)") }
      return try #require(id)
    }

    func portfolio(_ account: Account, on day: CivilDate? = nil) async throws -> (teams: [String], tasks: [String]) {
      let found = try await world.database.read { [day = day ?? today, direction] in
        try Portfolio(of: account.id, on: day, for: direction, $0)
      }
      return (found.teams.map(\.reference), found.tasks.map(\.title))
    }

    /// As a session of today has it.
    func standing(_ account: Account, on day: CivilDate? = nil) async throws -> Account {
      let day = day ?? today
      let held: String? = try await world.database.read {
        try $0.first("SELECT \(Delegation.held(about: day)) FROM account a WHERE a.id = \(account.id)")?[0]
      }
      return Account(
        id: account.id, email: account.email, name: account.name, role: account.role, territory: nil, day: day,
        standsFor: Delegation.absent(held, on: day))
    }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring(
        "structures", "reference;type;nom;departement\nM1;msp;MSP Une;38\nM2;msp;MSP Deux;38\nM3;cpts;CPTS Trois;38\n")
      func account(_ name: String, _ role: Role) async throws -> Account {
        try await world.accounts.create(email: "\(name.lowercased())@exemple.fr", name: name, role: role, password: "un mot de passe")
      }
      let house = House(
        world: world, claire: try await account("Claire", .chargeMission), camille: try await account("Camille", .chargeMission),
        direction: try await account("Odile", .direction), communication: try await account("Inès", .communication),
        today: try await world.database.read { try Settings($0).today(world.now()) })
      #expect(
        try await world.bring(
          "suivis",
          "structure;depuis;compte\nM1;2024-01-01;claire@exemple.fr\nM2;2025-01-01;Claire\nM3;2024-01-01;Claire\nM3;2025-06-01;\n"
        ).created == 4)
      #expect(
        try await world.bring(
          "taches",
          """
          titre;echeance;nature;structure;affectee_a;etat;reference
          Rappeler;2027-01-05;;M1;claire@exemple.fr;;T1
          Rencontrer;2027-01-06;rendez-vous;M2;claire@exemple.fr;;T2
          Classer;2026-01-06;;;claire@exemple.fr;faite;T3
          Écrire;2027-01-07;;;camille@exemple.fr;;T4

          """
        ).created == 4)
      try await body(house)
    }
  }

  private func order(_ house: House, to: Account?, since: CivilDate? = nil) async throws -> Handover.Order {
    .init(
      from: house.claire.id, to: to?.id, since: since ?? house.today, teams: [try await house.team("M1"), try await house.team("M2")],
      tasks: [try await house.task("T1"), try await house.task("T2")])
  }

  @Test(arguments: Engine.allCases) func aFileOfFollowersComesBackAsItWas(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let file = try await house.world.take("suivis")
      #expect(try await house.world.bring("suivis", file).unchanged == 4)
      #expect(try await house.world.bring("suivis", "structure;depuis;compte\nM1;2025-01-01;Quelqu’un\n").refused.count == 1)
      #expect(try await house.portfolio(house.claire).teams == ["M2", "M1"])
      #expect(try await house.portfolio(house.claire, on: .firstDay(of: 2025)).teams == ["M3", "M2", "M1"])
    }
  }

  @Test(arguments: Engine.allCases) func aPortfolioGoesInOneOperationAndComesBackWhole(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let desk = PortfolioDesk(house.world, actor: house.direction)
      let id = house.world.ids.next(Handover.self)
      let order = try await order(house, to: house.camille)
      // Sent twice, it is done once.
      for _ in 0..<2 { try await desk.handOver(id, order) }
      #expect(try await house.portfolio(house.camille) == (["M2", "M1"], ["Rappeler", "Rencontrer", "Écrire"]))
      #expect(try await house.portfolio(house.claire) == ([], []))
      #expect(try await house.portfolio(house.claire, on: house.today.previous).teams == ["M2", "M1"])
      let events: Int? = try await house.world.database.read {
        try $0.value("SELECT count(*) FROM event WHERE operation = 'passation' AND account_id = \(house.direction.id)")
      }
      #expect(events == 1)
      for reader in [house.claire, house.camille] {
        let notices = try await house.world.database.read { try PortfolioNotice.all(for: reader, on: house.today, $0) }
        #expect(notices.count == 1, "\(reader.name)")
      }
      #expect(try await desk.undo(id).isEmpty)
      #expect(try await house.portfolio(house.claire) == (["M2", "M1"], ["Rappeler", "Rencontrer"]))
      #expect(try await house.portfolio(house.camille) == ([], ["Écrire"]))
      await #expect(throws: Refusal.self) { try await desk.undo(id) }
      #expect(try await house.world.database.read { try house.world.model.faults($0, today: house.today) }.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases) func whatHasChangedSinceStaysAndIsNamed(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let desk = PortfolioDesk(house.world, actor: house.claire)
      let id = house.world.ids.next(Handover.self)
      try await desk.handOver(id, order(house, to: house.camille))
      try await ToDoDesk(house.world, actor: house.camille.id).handOver(house.task("T1"), to: house.direction.id)
      let kept = try await desk.undo(id)
      #expect(kept.map(\.kind) == ["taches"] && kept.first?.kept.reason == "modifiée depuis")
      #expect(try await house.portfolio(house.claire) == (["M2", "M1"], ["Rencontrer"]))
    }
  }

  @Test(arguments: Engine.allCases) func aDayAheadMovesTheTeamsOnThatDay(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let later = house.today.adding(days: 10)
      try await PortfolioDesk(house.world, actor: house.claire).handOver(
        house.world.ids.next(), order(house, to: house.camille, since: later))
      #expect(try await house.portfolio(house.claire).teams == ["M2", "M1"])
      #expect(try await house.portfolio(house.claire, on: later).teams == [])
      #expect(try await house.portfolio(house.camille, on: later).teams == ["M2", "M1"])
    }
  }

  @Test(arguments: Engine.allCases) func whatIsRefusedChangesNothing(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let (claire, direction) = (
        PortfolioDesk(house.world, actor: house.claire), PortfolioDesk(house.world, actor: house.direction)
      )
      let other = PortfolioDesk(house.world, actor: house.camille)
      let order = try await order(house, to: house.camille)
      await #expect(throws: Refusal.self) { try await other.handOver(house.world.ids.next(), order) }
      await #expect(throws: FieldRefusal.self) { try await claire.handOver(house.world.ids.next(), self.order(house, to: house.claire)) }
      // Not the account's any more.
      let stale = Handover.Order(from: house.claire.id, to: nil, since: house.today, teams: [try await house.team("M3")], tasks: [])
      await #expect(throws: Refusal.self) { try await claire.handOver(house.world.ids.next(), stale) }
      let nothing = Handover.Order(from: house.claire.id, to: nil, since: house.today, teams: [], tasks: [])
      await #expect(throws: Refusal.self) { try await claire.handOver(house.world.ids.next(), nothing) }
      try await house.world.accounts.manager(house.direction).close(house.camille.id)
      await #expect(throws: FieldRefusal.self) { try await direction.handOver(house.world.ids.next(), order) }
      #expect(try await house.portfolio(house.claire) == (["M2", "M1"], ["Rappeler", "Rencontrer"]))
    }
  }

  /// A post vacant for four months: nobody yet, then the successor.
  @Test(arguments: Engine.allCases) func avacancyHasAnAgeAndFindsItsSuccessor(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let desk = PortfolioDesk(house.world, actor: house.direction)
      let gone = house.today.adding(months: -4)
      try await desk.handOver(house.world.ids.next(), order(house, to: nil, since: gone))
      var vacancies = try await house.world.database.read { try Vacancies(on: house.today, $0) }
      #expect(vacancies.teams.map(\.reference) == ["M3", "M2", "M1"] && vacancies.teamCount == 3)
      #expect(vacancies.teams.last?.since == gone && vacancies.teams.last?.formerly == "Claire" && vacancies.teams.last?.tasks == 1)
      try await desk.handOver(
        house.world.ids.next(),
        .init(from: nil, to: house.camille.id, since: house.today, teams: [house.team("M1"), house.team("M3")], tasks: []))
      vacancies = try await house.world.database.read { try Vacancies(on: house.today, $0) }
      #expect(vacancies.teams.map(\.reference) == ["M2"])
      let list = try await house.world.database.read {
        try FigureQuery(
          house.world.model.figures.figure("structures.count"), Period(asOf: house.today),
          where: [Filter("suivi", ReferenceValue.unknown.code)]
        ).total($0)
      }
      #expect(list.value == 1)
    }
  }

  @Test(arguments: Engine.allCases) func aClosedAccountThatKeepsTasksIsTold(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.accounts.manager(house.direction).close(house.claire.id)
      let closed = try await house.world.database.read { try Vacancies(on: house.today, $0).closed }
      #expect(closed.map(\.name) == ["Claire"] && closed.first?.teams == 2 && closed.first?.tasks == 2)
    }
  }

  /// Nothing is rewritten: on the day after, nobody stands in any more.
  @Test(arguments: Engine.allCases) func aStandInSeesTheTasksUntilTheLastDay(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let (first, last) = (house.today.adding(days: 2), house.today.adding(days: 5))
      try await PortfolioDesk(house.world, actor: house.claire).delegate(
        house.world.ids.next(), of: house.claire.id, to: house.communication.id, from: first, through: last)
      for (day, stands) in [(house.today, false), (first, true), (last, true), (last.next, false)] {
        let reader = try await house.standing(house.communication, on: day)
        #expect(reader.standsFor == (stands ? [house.claire.id] : []), "\(day)")
        let (agenda, may) = try await house.world.database.read { [task = try await house.task("T1")] connection in
          (
            try Agenda(of: reader.id, standingFor: reader.standsFor, today: day, days: 400, for: reader, connection),
            try reader.mayWrite(.tasks, task.rawValue, connection)
          )
        }
        #expect(agenda.coming.map(\.title) == (stands ? ["Rappeler", "Rencontrer"] : []) && may == stands, "\(day)")
      }
      let camille = PortfolioDesk(house.world, actor: house.camille)
      await #expect(throws: Refusal.self) {
        try await camille.delegate(house.world.ids.next(), of: house.claire.id, to: house.camille.id, from: first, through: last)
      }
      let claire = PortfolioDesk(house.world, actor: house.claire)
      for (from, through) in [(first, first.adding(days: -1)), (first, first.adding(months: 13)), (first, house.today.previous)] {
        await #expect(throws: FieldRefusal.self) {
          try await claire.delegate(house.world.ids.next(), of: house.claire.id, to: house.camille.id, from: from, through: through)
        }
      }
    }
  }

  @Test(arguments: Engine.allCases) func aStandInIsEndedBeforeItsDay(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let desk = PortfolioDesk(house.world, actor: house.claire)
      let (running, coming) = (house.world.ids.next(Delegation.self), house.world.ids.next(Delegation.self))
      try await desk.delegate(
        running, of: house.claire.id, to: house.camille.id, from: house.today.adding(days: -3), through: house.today.adding(days: 3))
      try await desk.delegate(
        coming, of: house.claire.id, to: house.communication.id, from: house.today.adding(days: 3), through: house.today.adding(days: 6))
      #expect(try await house.standing(house.camille).standsFor == [house.claire.id])
      for id in [running, coming] { try await desk.end(id) }
      #expect(try await house.standing(house.camille).standsFor.isEmpty)
      let left = try await house.world.database.read { try Delegation.all(of: house.claire.id, from: house.today, $0) }
      #expect(left.isEmpty)
      let file = try await house.world.take("remplacements")
      #expect(try await house.world.bring("remplacements", file).unchanged == 1)
    }
  }

  /// Who follows a team reads its confidential notes, from their first day on; who stands in does not.
  @Test(arguments: Engine.allCases) func whoFollowsATeamReadsItsConfidentialNotes(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring(
        "echanges", "reference;date;canal;structures;objet;auteur;visibilite\nE1;2025-03-03;reunion;M1;Médiation;Odile;confidentielle\n")
      func reads(_ account: Account, on day: CivilDate) async throws -> Bool {
        let reader = try await house.standing(account, on: day)
        return try await house.world.database.read {
          try $0.value("SELECT 1 FROM exchange e WHERE \(Exchange.readable(by: reader))", as: Int.self) != nil
        }
      }
      for reader in [house.claire, house.direction] { #expect(try await reads(reader, on: house.today), "\(reader.name)") }
      let desk = PortfolioDesk(house.world, actor: house.direction)
      try await desk.delegate(
        house.world.ids.next(), of: house.claire.id, to: house.camille.id, from: house.today, through: house.today.adding(days: 30))
      #expect(try await !reads(house.camille, on: house.today))
      let later = house.today.adding(days: 5)
      try await desk.handOver(
        house.world.ids.next(),
        .init(from: house.claire.id, to: house.camille.id, since: later, teams: [house.team("M1")], tasks: []))
      #expect(try await !reads(house.camille, on: later.previous))
      #expect(try await reads(house.camille, on: later))
      #expect(try await !reads(house.claire, on: later))
    }
  }
}
