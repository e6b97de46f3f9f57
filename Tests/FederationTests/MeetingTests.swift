import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Minutes, and what becomes of decisions (GOV-08).
@Suite struct MeetingTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis
    S1;msp;Les Tilleuls;38;ouverte;2018-01-01
    S2;msp;Le Plateau;38;ouverte;2018-01-01

    """
  private static let minutes = """
    reference;titre;date;nature;lieu;presents;excuses;invites;organisations;ordre_du_jour;texte;approuve_le
    CR1;Conseil de mars;2025-03-10;ca;Siège;P1|claire@exemple.fr|Inconnue Dupré;;;ARS du Sud|ARS;Points;Texte;2025-04-01
    CR2;Point d’équipe;2025-05-10;equipe;;Zoé Quintarel;Zoé Quintarel|Basile;;;;;

    """

  private struct House {
    let world: Installation
    let direction: Account
    let mission: Account

    func meeting(_ reference: String) async throws -> Identifier<Meeting> {
      let id: Identifier<Meeting>? = try await world.database.read {
        try $0.value("SELECT id FROM meeting WHERE reference = \(reference)")
      }
      return try #require(id)
    }

    func sheet(_ reference: String, for reader: Account? = nil) async throws -> MeetingSheet? {
      let id = try await meeting(reference)
      return try await world.database.read { [direction] in try MeetingSheet(id, for: reader ?? direction, $0) }
    }

    func decisions(_ filters: DecisionFilters = DecisionFilters(), for reader: Account? = nil) async throws -> [DecisionSummary] {
      try await world.database.read { [direction] in
        try DecisionListing(filters, for: reader ?? direction, search: "", order: .date, descending: true, offset: 0, limit: 50, $0).rows
      }
    }

    /// Of the first decision.
    func state() async throws -> DecisionState? { try await decisions().first?.state }

    func task() async throws -> Identifier<ToDo> {
      let decisions = try await decisions()
      return try #require(decisions.first?.task)
    }

    var desk: MeetingDesk { MeetingDesk(world, actor: direction) }

    func decide(_ body: String, at reference: String, teams: [String] = [], by account: Account? = nil) async throws -> Identifier<
      DecisionSummary
    > {
      let id = world.ids.next(DecisionSummary.self)
      let due = try #require(CivilDate(iso: "2026-12-01"))
      let order = MeetingDesk.Order(body: body, teams: teams, task: account.map { ($0.id, due) })
      // A double click.
      for _ in 0..<2 { try await desk.decide(id, at: meeting(reference), order) }
      return id
    }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      let mission = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: .chargeMission, password: "un mot de passe")
      try await world.bring("structures", Self.structures)
      try await world.bring("personnes", "reference;nom;prenom\nP1;Quintarel;Zoé\nP2;Quintarelle;Zoé\n")
      try await world.bring("organisations", "reference;nature;nom;departements\nARS;ars;ARS du Sud;38\n")
      let outcome = try await world.bring("comptes_rendus", Self.minutes)
      #expect(outcome.created == 2 && outcome.refused.isEmpty, "\(outcome)")
      try await body(House(world: world, direction: direction, mission: mission))
    }
  }

  @Test(arguments: Engine.allCases) func minutesComeBackUnchanged(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let file = try await house.world.take("comptes_rendus")
      #expect(file.contains("P1|claire@exemple.fr|Inconnue Dupré") && file.contains("CR2;Point d’équipe;2025-05-10;equipe;;P1;Basile"))
      let again = try await house.world.bring("comptes_rendus", file)
      #expect(again.unchanged == 2 && again.refused.isEmpty, "\(again)")
      let sheet = try #require(try await house.sheet("CR1"))
      #expect(sheet.attendees.map(\.name) == ["Zoé Quintarel", "Claire", "Inconnue Dupré"])
      #expect(sheet.organisations.map(\.name) == ["ARS du Sud"])
      let early = try await house.world.bring(
        "comptes_rendus", "reference;titre;date;nature;approuve_le\nCR3;Avant;2025-03-10;ca;2025-03-01\n")
      #expect(early.refused.map(\.fault.column) == ["approuve_le"])
    }
  }

  @Test(arguments: Engine.allCases) func aDecisionIsATaskOrANote(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let task = try await house.decide("Écrire à **l’ARS**", at: "CR1", teams: ["tilleuls"], by: house.mission)
      let note = try await house.decide("<p>Le conseil soutient le projet</p>", at: "CR1", teams: ["S1", "S2"])
      #expect(try await house.decisions().map(\.state) == [.open, .noted])
      #expect(try await house.world.take("taches").contains("Écrire à **l’ARS**"))
      #expect(try await house.decisions().map(\.body) == ["Écrire à **l’ARS**", "Le conseil soutient le projet"])
      var filters = DecisionFilters()
      filters.states = ["a_faire"]
      #expect(try await house.decisions(filters).map(\.id) == [task])
      filters = DecisionFilters()
      filters.assignees = [house.mission.id.description]
      #expect(try await house.decisions(filters).map(\.id) == [task])
      let team = try #require(try await house.decisions().last?.teams.first { $0.name == "Le Plateau" }?.id)
      filters = DecisionFilters()
      filters.teams = [team.description]
      #expect(try await house.decisions(filters).map(\.id) == [note])
      // It stands on the team's timeline, and nobody was in touch with the team.
      let day = try #require(CivilDate(iso: "2026-01-01"))
      let sheet = try await house.world.database.read { try StructureSheet(team, for: house.direction, asOf: day, $0) }
      #expect(sheet?.decisions.map(\.body) == ["Le conseil soutient le projet"] && sheet?.exchangeCounts.all == 0)
      #expect(try await house.world.values("contacts.count", Period(year: 2025))[""] ?? 0 == 0)
      // Who answers for nothing, to nobody, decides nothing.
      await #expect(throws: FieldRefusal.self) { _ = try await house.decide("Rien", at: "CR1") }
      await #expect(throws: FieldRefusal.self) { _ = try await house.decide(" ", at: "CR1", teams: ["S1"]) }
      await #expect(throws: FieldRefusal.self) { _ = try await house.decide("Qui ?", at: "CR1", teams: ["Nulle part"]) }
      let file = try await house.world.take("decisions")
      let again = try await house.world.bring("decisions", file)
      #expect(again.unchanged == 2 && again.refused.isEmpty, "\(again)")
      let open = try await house.world.bring("decisions", "reference;compte_rendu;texte\nD9;CR1;À personne\n")
      #expect(open.refused.map(\.fault.column) == ["structures"])
    }
  }

  @Test(arguments: Engine.allCases) func itsStateFollowsItsTask(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let id = try await house.decide("Écrire", at: "CR1", by: house.mission)
      let day = try #require(CivilDate(iso: "2026-06-01"))
      try await house.desk.abandon(id, on: day)
      #expect(try await house.state() == .abandoned)
      #expect(try await house.world.take("taches").contains(";annulee;"))
      await #expect(throws: Refusal.self) { try await house.desk.abandon(id, on: day) }
      try await house.desk.resume(id)
      #expect(try await house.state() == .open)
      let desk = ToDoDesk(house.world, actor: house.mission.id)
      try await desk.complete(house.task(), on: day)
      #expect(try await house.state() == .done)
      await #expect(throws: Refusal.self) { try await house.desk.abandon(id, on: day) }
      try await desk.reopen(house.task())
      #expect(try await house.state() == .open)
      // In the bin with its minutes, and back with them.
      let meeting = try await house.meeting("CR1")
      let editor = house.world.editor(of: MeetingRecords(), for: house.direction)
      _ = try await editor.remove(meeting.rawValue)
      #expect(try await house.decisions().isEmpty)
      #expect(!(try await house.world.take("taches").contains("Écrire")))
      try await editor.restore(meeting.rawValue)
      #expect(try await house.state() == .open)
      #expect(try await house.world.take("taches").contains("Écrire"))
    }
  }

  @Test(arguments: Engine.allCases) func eachRoleReadsItsMeetings(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let mine = try await house.decide("À Claire", at: "CR1", by: house.mission)
      _ = try await house.decide("À Odile", at: "CR1", by: house.direction)
      let board = Account(id: Identifier(rawValue: 9), email: "b@exemple.fr", name: "B", role: .ca, territory: nil)
      let referent = Account(id: Identifier(rawValue: 8), email: "r@exemple.fr", name: "R", role: .referent, territory: nil)
      for (reference, readers) in [("CR1", ["direction", "ca"]), ("CR2", ["direction", "charge_mission"])] {
        for reader in [house.direction, house.mission, board, referent] {
          let opens = try await house.sheet(reference, for: reader) != nil
          #expect(opens == readers.contains(reader.role.rawValue), "\(reference) \(reader.role)")
        }
      }
      #expect(try await house.decisions(for: house.mission).isEmpty)
      #expect(try await house.decisions(for: board).count == 2)
      // Whoever has something to do reads what; others of a role that is kept out do not.
      let agenda = try await house.world.database.read { connection in
        try Agenda(
          of: nil, today: try #require(CivilDate(iso: "2026-11-01")), days: 90, for: house.mission, connection
        ).coming.map(\.title)
      }
      #expect(agenda == ["À Claire"])
      let found = try await house.world.database.read { connection in
        try [house.direction, house.mission].map { reader in
          try SearchResults(
            SearchQuery("conseil"), for: reader, on: try #require(CivilDate(iso: "2026-11-01")), limit: 5, only: .meetings, connection
          ).groups.first?.hits.map(\.title) ?? []
        }
      }
      #expect(found == [["Conseil de mars"], []])
      let words = try await house.world.database.read { connection in
        try [house.direction, house.mission].map { reader in
          try SearchResults(
            SearchQuery("claire"), for: reader, on: try #require(CivilDate(iso: "2026-11-01")), limit: 5, only: .decisions, connection
          ).groups.first?.hits.map(\.id) ?? []
        }
      }
      #expect(words == [[mine.rawValue], []])
      let writable = try await house.world.database.read { connection in
        try house.mission.writable(
          .meetings, among: [mine.rawValue, try connection.value("SELECT id FROM meeting WHERE reference = 'CR2'") ?? 0], connection)
      }
      #expect(writable.count == 1 && !writable.contains(mine.rawValue))
    }
  }

  @Test(arguments: Engine.allCases) func afterTheApprovalChangesAreCorrections(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, now: { clock.now }) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      let today = try await world.database.read { try Settings($0).today(clock.now) }
      try await world.bring("structures", Self.structures)
      try await world.bring("comptes_rendus", "reference;titre;date;nature\nCR1;Conseil;\(today.adding(days: -3));ca\n")
      let house = House(world: world, direction: direction, mission: direction)
      let id = try await house.meeting("CR1")
      let editor = world.editor(of: MeetingRecords(), for: direction)
      func corrections() async throws -> [Bool] { try #require(try await house.sheet("CR1")).corrections.map(\.isDecision) }
      func write(_ text: String) async throws {
        clock.move(by: .seconds(60))
        _ = try await editor.change(id.rawValue, as: .entry) { $0.body = text }
      }
      try await write("Un")
      #expect(try await corrections().isEmpty)
      clock.move(by: .seconds(60))
      try await house.desk.approve(id, on: today)
      #expect(try await corrections().isEmpty)
      try await write("Deux")
      clock.move(by: .seconds(60))
      _ = try await house.decide("Plus tard", at: "CR1", teams: ["S1"])
      #expect(try await corrections() == [true, false])
      await #expect(throws: Refusal.self) { try await house.desk.approve(id, on: today.adding(days: 1)) }
      await #expect(throws: Refusal.self) { try await house.desk.approve(id, on: today.adding(days: -9)) }
      clock.move(by: .seconds(60))
      try await house.desk.approve(id, on: nil)
      #expect(try await corrections().isEmpty)
    }
  }

  @Test(arguments: Engine.allCases) func aMergeLeadsToTheRecordThatIsKept(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let world = house.world
      try await world.bring("organisations", "reference;nature;nom;departements\nARS2;ars;A.R.S.;69\n")
      try await world.bring(
        "comptes_rendus", "reference;titre;date;nature;presents;organisations\nCR5;Suite;2025-06-01;ag;P2|P1;ARS2\n")
      _ = try await house.decide("Pour les deux", at: "CR5", teams: ["S1", "S2"])
      let before = [try await world.take("comptes_rendus"), try await world.take("decisions")]
      func merge<Kind: RecordKind>(_ kind: Kind, _ table: SQL, _ merged: String, into kept: String) async throws -> Identifier<Merge> {
        let ids: [Int64] = try await world.database.read { connection in
          try [merged, kept].map { try connection.value("SELECT id FROM \(table) WHERE reference = \($0)") ?? 0 }
        }
        let editor = world.merges(of: kind, for: house.direction)
        let preview = try await world.database.read { try editor.preview(ids[0], into: ids[1], [:], $0) }
        let id = world.ids.next(Merge.self)
        #expect(try await editor.apply(id, ids[0], into: ids[1], [:], seen: preview.digest) == .done)
        return id
      }
      let people = try await merge(PersonRecords(), "person", "P2", into: "P1")
      let organisations = try await merge(OrganisationRecords(), "organisation", "ARS2", into: "ARS")
      let teams = try await merge(StructureRecords(), "structure", "S2", into: "S1")
      let file = try await world.take("comptes_rendus")
      #expect(file.contains("CR5;Suite;2025-06-01;ag;;P1;;;ARS;"), "\(file)")
      #expect(try await world.take("decisions").contains(";Pour les deux;S1;"))
      #expect(try await world.merges(of: StructureRecords(), for: house.direction).undo(teams).kept.isEmpty)
      #expect(try await world.merges(of: OrganisationRecords(), for: house.direction).undo(organisations).kept.isEmpty)
      #expect(try await world.merges(of: PersonRecords(), for: house.direction).undo(people).kept.isEmpty)
      #expect([try await world.take("comptes_rendus"), try await world.take("decisions")] == before)
    }
  }

  @Test(arguments: Engine.allCases) func whoIsAnonymisedIsNamedNoMore(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring(
        "comptes_rendus",
        "reference;titre;date;nature;presents;texte\nCR4;Suite;2025-06-01;ag;Zoé Quintarel Senior;Zoé Quintarel présente le projet.\n")
      let person: Identifier<Person> = try #require(
        try await house.world.database.read { try $0.value("SELECT id FROM person WHERE reference = 'P1'") })
      let dossier = try #require(try await house.world.database.read { try PersonDossier(person, $0) })
      #expect(dossier.held.first { $0.matter == .meetings }?.count == 2)
      #expect(Set(dossier.texts.map(\.label)).isSuperset(of: ["Texte d’un compte rendu", "Personne nommée dans un compte rendu"]))
      let desk = PersonalDataDesk(house.world, actor: house.direction)
      _ = try await desk.erase(.init([person], texts: dossier.texts.map(\.code), because: .demand), confirmedBy: "anonymiser")
      let file = try await house.world.take("comptes_rendus")
      #expect(!file.contains("Quintarel"), "\(file)")
      let sheet = try #require(try await house.sheet("CR4"))
      #expect(sheet.body == "une personne présente le projet.")
      let images = try await house.world.database.read { connection in
        try connection.rows("SELECT change FROM image WHERE kind = 'comptes_rendus'").map { try $0[0] as String }
      }
      #expect(images.allSatisfy { !$0.contains("Quintarel") })
    }
  }
}
