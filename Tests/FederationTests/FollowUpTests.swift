import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// R7 and R8: who is to be heard from again, and who has not been met.
@Suite struct FollowUpTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;rythme_suivi
    P1;msp;Projet;38;ecriture;2024-01-01;
    D1;msp;Démarrage;38;aci;2025-01-01;
    M1;msp;Mature;73;aci;2020-01-01;
    M2;msp;Mature suivie;73;aci;2020-01-01;6
    N1;msp;Sans relance;38;contact;2024-01-01;0
    S1;cpts;En pause;38;contact;2024-01-01;
    F1;cpts;Fermée;38;contact;2024-01-01;
    J1;esp;Jamais vue;26;contact;2024-01-01;
    I1;isole;Seul;38;contact;2024-01-01;
    X1;cds;Sans étape;38;;;2
    """

  private static let exchanges = """
    date;canal;structures;reference
    2025-01-31;telephone;P1|D1|M1|M2|N1|S1|F1|I1|X1;E1
    2025-01-10;visite;P1|M1;E2
    2024-06-30;reunion;D1;E3
    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      try await world.bring("etats", "structure;etat;depuis\nS1;en_pause;2025-01-01\nF1;fermee;2025-02-01\n")
      #expect(try await world.bring("echanges", Self.exchanges).refused.isEmpty)
      try await body(world)
    }
  }

  private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(iso: text)) }

  private func records(_ world: Installation, _ figure: String, _ day: String) async throws -> [String] {
    let query = try FigureQuery(world.model.figures.figure(figure), Period(asOf: try self.day(day)))
    return try await world.database.read { try query.records($0)[[]]?.compactMap(\.reference) ?? [] }
  }

  @Test(arguments: Engine.allCases)
  func aTeamIsOverdueTheDayAfterItsPhasesDelay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      // 31 January + 1 month is the last day of February.
      #expect(try await records(world, "support.overdue", "2025-02-28") == [])
      #expect(try await records(world, "support.overdue", "2025-03-01") == ["P1"])
      #expect(try await records(world, "support.overdue", "2025-04-01") == ["P1", "X1"])
      #expect(try await records(world, "support.overdue", "2025-05-01") == ["D1", "P1", "X1"])
      #expect(try await records(world, "support.overdue", "2025-08-01") == ["D1", "M2", "P1", "X1"])
      // Before the first exchange there is nothing to follow.
      #expect(try await records(world, "support.overdue", "2024-06-29") == [])
      #expect(
        try await world.values("support.overdue", Period(asOf: day("2025-08-01")), by: ["phase"])
          == ["demarrage": 1, "ecriture": 1, "mature": 1, "non_renseigne": 1])
      #expect(try await world.values("support.overdue", Period(asOf: day("2025-08-01")), where: [("type", "isole")]) == ["": 1])
    }
  }

  /// The sixth story: six weeks without an exchange, then a mail.
  @Test(arguments: Engine.allCases)
  func theMostOverdueIsFirstUntilItIsHeardFrom(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let today = try day("2025-05-15")
      func overdue() async throws -> [String] {
        try await world.database.read { try FollowedStructure.overdue(on: today, $0).map { "\($0.reference) \($0.due)" } }
      }
      #expect(try await overdue() == ["P1 2025-02-28", "X1 2025-03-31", "D1 2025-04-30"])
      let ahead = try await world.database.read {
        try FollowedStructure.due(through: CivilDate.lastDay(of: 2025), on: today, $0).map(\.reference)
      }
      #expect(ahead == ["P1", "X1", "D1", "M2"])
      try await world.bring("echanges", "date;canal;structures\n2025-05-14;courriel;P1\n")
      #expect(try await overdue() == ["X1 2025-03-31", "D1 2025-04-30"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aTeamIsNotMetWhenNobodySawItForItsPhasesDelay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      // Met on 10 January: six months for the project, a year for the mature team. A call is no meeting.
      let always = ["J1", "M2", "N1", "S1"]
      #expect(try await records(world, "support.unmet", "2025-06-29") == always)
      #expect(try await records(world, "support.unmet", "2025-06-30") == ["D1"] + always)
      #expect(try await records(world, "support.unmet", "2025-07-10") == ["D1", "J1", "M2", "N1", "P1", "S1"])
      #expect(try await records(world, "support.unmet", "2026-01-10") == ["D1", "J1", "M1", "M2", "N1", "P1", "S1"])
      try await world.bring("echanges", "date;canal;structures\n2026-01-09;visio;J1|D1\n")
      #expect(try await records(world, "support.unmet", "2026-01-10") == ["M1", "M2", "N1", "P1", "S1"])
    }
  }

  @Test(arguments: Engine.allCases)
  func nobodyIsLateWhoHasAnAppointment(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      func overdue(_ day: String) async throws -> [String] {
        let today = try self.day(day)
        let followed = try await world.database.read { try FollowedStructure.overdue(on: today, $0).map(\.reference) }
        #expect(try await records(world, "support.overdue", day) == followed.sorted())
        return followed
      }
      #expect(try await overdue("2025-05-15") == ["P1", "X1", "D1"])
      let columns = "reference;titre;echeance;nature;etat;structure;faite_le\n"
      try await world.bring(
        "taches",
        columns + "T1;Visite;2025-06-01;rendez_vous;;P1;\nT2;Appeler;2025-06-01;tache;;X1;\nT3;Réunion;2025-06-01;rendez_vous;annulee;D1;\n"
      )
      #expect(try await overdue("2025-05-15") == ["X1", "D1"])
      // On its day the team is met; the day after, it should have been heard from.
      #expect(try await overdue("2025-06-01") == ["X1", "D1"])
      #expect(try await overdue("2025-06-02") == ["P1", "X1", "D1"])
      // Held, it was still ahead on the days before.
      try await world.bring("taches", columns + "T1;;2025-06-01;;faite;;2025-06-01\n")
      #expect(try await overdue("2025-05-15") == ["X1", "D1"])
      #expect(try await overdue("2025-06-01") == ["P1", "X1", "D1"])
      // One that names no team is with those of the exchange that it follows from: all that are late were called that day.
      try await world.bring("taches", "reference;titre;echeance;nature\nT4;Visite;2025-06-10;rendez_vous\n")
      try await world.database.write {
        _ = try $0.execute("UPDATE todo SET exchange_id = (SELECT id FROM exchange WHERE reference = 'E1') WHERE reference = 'T4'")
      }
      #expect(try await overdue("2025-05-15") == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func delaysAreSettings(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.settings.set("suivi_ecriture", to: "0")
      try await world.settings.set("suivi_mature", to: "2")
      try await world.settings.set("rencontre_emergence", to: "0")
      #expect(try await records(world, "support.overdue", "2025-04-01") == ["M1", "X1"])
      #expect(try await records(world, "support.unmet", "2025-06-30") == ["D1", "M2"])
      await #expect(throws: Refusal.self) { try await world.settings.set("suivi_mature", to: "souvent") }
    }
  }

  @Test(arguments: Engine.allCases)
  func theTeamsOwnRhythmGoesOutAndComesBack(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let file = try await world.take("structures")
      #expect(file.contains("rythme_suivi"))
      let again = try await world.bring("structures", file)
      #expect(again.created == 0 && again.changed == 0 && again.unchanged == 10, "\(again)")
      let slower = try await world.bring("structures", "reference;type;nom;departement;rythme_suivi\nP1;;;;12\n")
      #expect(try await records(world, "support.overdue", "2025-03-01") == [])
      _ = try await world.importer.undo(try #require(slower.importID), world.model.kinds)
      #expect(try await records(world, "support.overdue", "2025-03-01") == ["P1"])
      #expect(
        try await world.bring("structures", "reference;type;nom;departement;rythme_suivi\nP1;;;;-1\n").refused.map(\.fault.column)
          == ["rythme_suivi"])
    }
  }

  @Test(arguments: Engine.allCases)
  func anExchangeInTheBinIsNotHeard(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let outcome = try await world.bring("echanges", "date;canal;structures\n2025-02-20;visite;P1\n")
      #expect(try await records(world, "support.overdue", "2025-03-01") == [])
      _ = try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
      #expect(try await records(world, "support.overdue", "2025-03-01") == ["P1"])
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2025)) }
      #expect(faults.isEmpty)
    }
  }
}
