import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Re-readings of health projects, their remarks and what their readers have to do (SUP-05).
@Suite struct ReadingTests {
  private struct House {
    let world: Installation
    let direction: Account
    let reader: Account

    var desk: ReadingDesk { ReadingDesk(world, actor: direction) }

    func id<Subject>(_ table: SQL, _ reference: String) async throws -> Identifier<Subject> {
      let id: Identifier<Subject>? = try await world.database.read {
        try $0.value("SELECT id FROM \(table) WHERE reference = \(reference)")
      }
      return try #require(id)
    }

    func sheet(_ reference: String) async throws -> ReadingSheet {
      let id: Identifier<ProjectReading> = try await id("project_reading", reference)
      let sheet = try await world.database.read { try ReadingSheet(id, $0) }
      return try #require(sheet)
    }

    /// What is to be done, done or given up: who, by when, in what state.
    func tasks() async throws -> [String] {
      try await world.database.read { connection in
        try connection.rows(
          """
          SELECT a.name, t.due, t.state, COALESCE(t.done_on, '-') FROM todo t JOIN account a ON a.id = t.account_id
          WHERE t.removed_at IS NULL AND t.title = \(ReadingTasks.title) ORDER BY a.name, t.id
          """
        ).map { "\(try $0[0] as String) \(try $0[1] as String) \(try $0[2] as String) \(try $0[3] as String)" }
      }
    }
  }

  private static let files = """
    reference;structure;demandee_le;a_rendre_le;dossier;relecteurs;etat;rendue_le
    R1;S1;2026-10-01;2026-12-10;D1;odile@exemple.fr;;
    R2;S2;2025-03-01;2025-03-20;;;rendue;2025-03-18
    R3;S2;2025-05-01;2025-05-20;;;close;2025-06-01

    """

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      let reader = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: .chargeMission, password: "un mot de passe")
      try await world.bring(
        "structures",
        "reference;type;nom;departement;etat;depuis\nS1;msp;Les Tilleuls;38;ecriture;2025-01-01\nS2;cpts;Le Silence;69;ecriture;2025-01-01\n"
      )
      try await world.bring("seances", "reference;commission;date\nC1;ecd;2026-12-15\n")
      try await world.bring("dossiers", "reference;seance;structure\nD1;C1;S1\n")
      let brought = try await world.bring("relectures", Self.files)
      #expect(brought.created == 3 && brought.refused.isEmpty, "\(brought)")
      try await body(House(world: world, direction: direction, reader: reader))
    }
  }

  @Test(arguments: Engine.allCases) func aReadingGoesItsWay(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let world = house.world
      let first = try await house.sheet("R1").summary
      #expect(first.state == .requested && first.readers == "Odile" && first.sitting?.commission == "ecd")
      #expect(!first.isLate(on: first.due) && first.isLate(on: first.due.next))
      #expect(try await house.tasks() == ["Odile 2026-12-10 a_faire -"])
      let id: Identifier<ProjectReading> = try await house.id("project_reading", "R1")
      let editor = world.editor(of: ReadingRecords(), for: house.direction)
      // Another reader, an earlier day: what there is to do follows.
      #expect(
        try await editor.save(
          id.rawValue, entering: ["relecteurs": "odile@exemple.fr|claire@exemple.fr", "a_rendre_le": "2026-12-01"], from: 1,
          heedsWarnings: false) == .saved(version: 2))
      #expect(try await house.tasks() == ["Claire 2026-12-01 a_faire -", "Odile 2026-12-01 a_faire -"])
      #expect(try await editor.undo(id.rawValue, version: 2) == .saved(version: 3))
      #expect(try await house.tasks() == ["Claire 2026-12-10 annulee -", "Odile 2026-12-10 a_faire -"])
      #expect(
        try await editor.save(id.rawValue, entering: ["relecteurs": "odile@exemple.fr|claire@exemple.fr"], from: 3, heedsWarnings: false)
          == .saved(version: 4))
      #expect(try await house.tasks() == ["Claire 2026-12-10 a_faire -", "Odile 2026-12-10 a_faire -"])
      // One has read and says so; the other's ends with the reading, and is to be done again when it is taken up again.
      let own: Identifier<ToDo>? = try await world.database.read {
        try $0.value("SELECT id FROM todo WHERE account_id = \(house.reader.id)")
      }
      let today = CivilDate(of: TestClock.now, in: .gmt)
      try await ToDoDesk(world, actor: house.reader.id).complete(try #require(own), on: today.previous)
      #expect(try await house.desk.move(id, to: .underWay) == 5)
      #expect(try await house.desk.move(id, to: .underWay) == nil)
      #expect(try await house.desk.move(id, to: .rendered) == 6)
      #expect(try await house.sheet("R1").summary.renderedOn == today)
      #expect(try await house.tasks() == ["Claire 2026-12-10 faite \(today.previous)", "Odile 2026-12-10 faite \(today)"])
      #expect(try await house.desk.move(id, to: .underWay) == 7)
      #expect(try await house.tasks() == ["Claire 2026-12-10 faite \(today.previous)", "Odile 2026-12-10 a_faire -"])
      #expect(try await house.sheet("R1").summary.renderedOn == nil)
      // The bin takes what is left to do along, and gives it back.
      #expect(try await editor.remove(id.rawValue))
      #expect(try await house.tasks() == ["Claire 2026-12-10 faite \(today.previous)"])
      try await editor.restore(id.rawValue)
      #expect(try await house.tasks().count == 2)
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: today) }
      #expect(faults == [])
    }
  }

  @Test(arguments: Engine.allCases) func readingsAreCountedOnTheirDays(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let world = house.world
      #expect(try await world.values("readings.requests", Period(year: 2025))[""] == 2)
      #expect(try await world.values("readings.requests", Period(year: 2026), by: ["commission"]) == ["ecd": 1])
      #expect(try await world.values("readings.count", Period(year: 2025), by: ["a_temps"]) == ["oui": 1, "non": 1])
      #expect(try await world.values("readings.count", Period(year: 2025), by: ["departement"]) == ["69": 2])
      #expect(try await world.values("readings.count", Period(year: 2026))[""] == 0)
      let refused = try await world.bring(
        "relectures",
        """
        reference;structure;demandee_le;a_rendre_le;dossier;relecteurs;etat;rendue_le
        A1;S1;2026-10-01;2026-12-16;D1;;;
        A2;S2;2026-10-01;2026-12-01;D1;;;
        A3;S1;2026-10-01;2026-09-01;;;;
        A4;S1;2026-10-01;2026-12-01;;personne@exemple.fr;;
        A5;S1;2026-10-01;2026-12-01;;;rendue;2026-09-01
        A6;S1;2026-10-01;2026-12-01;;;en_cours;2026-10-02
        A7;S1;2026-10-01;2026-12-01;D9;;;

        """)
      #expect(
        refused.refused.map { "\($0.line) \($0.fault.column)" } == [
          "2 a_rendre_le", "3 dossier", "4 a_rendre_le", "5 relecteurs", "6 rendue_le", "7 etat", "8 dossier",
        ], "\(refused)")
      for kind in ["relectures", "remarques_relecture"] {
        let again = try await world.bring(kind, try await world.take(kind))
        #expect(again.changed == 0 && again.created == 0 && again.refused.isEmpty, "\(again)")
      }
    }
  }

  @Test(arguments: Engine.allCases) func remarksStandByTheirSectionAndVersion(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let world = house.world
      let brought = try await world.bring(
        "remarques_relecture",
        """
        reference;relecture;partie;version_lue;auteur;texte;reglee_le
        M1;R1;diagnostic;1;claire@exemple.fr;Compléter l’offre de soins;
        M2;R1;usagers;;;Dire comment Zoé Quintarel y participe;2026-11-02
        M3;R9;usagers;;;Sans relecture;
        M4;R1;musique;;;Sans partie;
        M5;R1;usagers;;;À venir;2090-01-01

        """)
      #expect(
        brought.created == 0 && brought.refused.map { "\($0.line) \($0.fault.column)" } == ["4 relecture", "5 partie", "6 reglee_le"])
      try await world.bring(
        "remarques_relecture",
        """
        reference;relecture;partie;version_lue;auteur;texte;reglee_le
        M1;R1;diagnostic;1;claire@exemple.fr;Compléter l’offre de soins;
        M2;R1;usagers;;;Dire comment Zoé Quintarel y participe;2026-11-02

        """)
      let sheet = try await house.sheet("R1")
      #expect(sheet.remarks.map(\.section) == ["diagnostic", "usagers"] && sheet.remarks[0].author == "Claire")
      #expect(sheet.summary.remarks.all == 2 && sheet.summary.remarks.open == 1)
      let today = CivilDate(of: TestClock.now, in: .gmt)
      #expect(try await house.desk.settle(sheet.remarks[0].id, on: today) == 2)
      #expect(try await house.desk.settle(sheet.remarks[0].id, on: today) == nil)
      #expect(try await house.sheet("R1").summary.remarks.open == 0)
      #expect(try await house.desk.settle(sheet.remarks[0].id, on: nil) == 3)
      // An older version stays what it was.
      let files = world.attachments(of: house.reader)
      for text in ["première", "deuxième"] {
        try await files.add([("projet.txt", Array(text.utf8))], to: sheet.summary.id.rawValue, of: ReadingRecords())
      }
      let documents = try await house.sheet("R1").documents
      #expect(documents.map(\.number) == [1, 2] && documents.allSatisfy { $0.author == "Claire" })
      #expect(try await files.content(of: documents[0].id) == Array("première".utf8))
      try await files.mark(documents[0].id, removed: true, of: ReadingRecords())
      #expect(try await house.sheet("R1").documents.filter { !$0.isRemoved }.map(\.number) == [2])
      // Who is named in a remark is found.
      try await world.bring("personnes", "reference;nom;prenom\nP1;Quintarel;Zoé\n")
      let person: Identifier<Person> = try await house.id("person", "P1")
      let dossier = try await world.database.read { try PersonDossier(person, $0) }
      #expect(dossier?.texts.map(\.label) == ["Remarque d’une relecture"])
      // Remarks go with their reading, and come back with it.
      let editor = world.editor(of: ReadingRecords(), for: house.direction)
      #expect(try await editor.remove(sheet.summary.id.rawValue))
      #expect(try await !world.take("remarques_relecture").contains("M1"))
      try await editor.restore(sheet.summary.id.rawValue)
      #expect(try await house.sheet("R1").remarks.count == 2)
    }
  }

  @Test(arguments: Engine.allCases) func aTeamShowsItsReadingsToThoseWhoReadThem(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let team: Identifier<Structure> = try await house.id("structure", "S1")
      let board = try await house.world.accounts.create(email: "ca@exemple.fr", name: "Paul", role: .ca, password: "un mot de passe")
      let today = CivilDate(of: TestClock.now, in: .gmt)
      let counts = try await house.world.database.read { connection in
        try [house.direction, board].map { try StructureSheet(team, for: $0, asOf: today, connection)?.readings.count }
      }
      #expect(counts == [1, 0])
      for role in Role.allCases where ![.direction, .chargeMission, .assistance].contains(role) {
        #expect(role.scope(.read, .readings) == .none && role.scope(.write, .readings) == .none, "\(role)")
      }
    }
  }
}
