import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// R11: the funding of an ESP-CLAP has an end once it has four general practitioners.
struct ClapRuleTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;nb_medecins
    A;esp_clap;Quatre médecins;38;ouverte;2021-09-01;
    B;esp_clap;Trois médecins;38;ouverte;2021-09-01;3
    C;esp_clap;De trois à quatre;69;ouverte;2021-09-01;
    D;esp_clap;On ne sait pas;69;ouverte;2021-09-01;
    E;esp_clap;En projet;69;ecriture;2021-09-01;6
    M;msp;Une MSP;69;ouverte;2015-09-01;9

    """
  private static let counts = """
    structure;date;nombre;profession;source
    A;2021-09-01;4;medecin_generaliste;ARS
    C;2021-09-01;3;medecin_generaliste;ARS
    C;2025-03-01;4;medecin_generaliste;Appel

    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      #expect(try await world.bring("effectifs", Self.counts).refused.isEmpty)
      try await body(world)
    }
  }

  /// The codes of the rule on a day, by reference.
  private func rules(_ world: Installation, _ day: String) async throws -> [String: ClapRule] {
    let day = try #require(CivilDate(iso: day))
    let rows = try await world.database.read { connection in
      try connection.rows(
        """
        SELECT s.reference, \(ClapRule.code(on: day)) FROM structure s
        JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
        """
      ).map { row -> (String, ClapRule) in (try row[0], try row[1]) }
    }
    return Dictionary(uniqueKeysWithValues: rows)
  }

  @Test(arguments: Engine.allCases) func theYearsOfRunningBringTheEnd(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let days: [(String, ClapRule)] = [
        ("2022-12-31", .none), ("2023-01-01", .information), ("2024-08-31", .information), ("2024-09-01", .commitmentDue),
        ("2025-01-15", .commitmentDue), ("2025-08-31", .commitmentDue), ("2025-09-01", .writing), ("2026-08-31", .writing),
        ("2026-09-01", .unfundable),
      ]
      for (day, rule) in days { #expect(try await rules(world, day)["A"] == rule, "\(day)") }
      let others = try await rules(world, "2025-02-28")
      #expect(others == ["A": .commitmentDue, "B": .preferMSP, "C": .preferMSP, "D": .unknown, "E": .information, "M": .none])
      // The day on which a fourth one comes.
      #expect(try await rules(world, "2025-03-01")["C"] == .commitmentDue)
      let counted = try await world.values(
        "structures.count", Period(asOf: try #require(CivilDate(iso: "2025-02-28"))), by: ["regle_esp_clap"])
      #expect(counted == ["engagement_attendu": 1, "msp_a_privilegier": 2, "medecins_inconnus": 1, "information": 1, "sans_objet": 1])
    }
  }

  @Test(arguments: Engine.allCases) func datedActsAnswerIt(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let acts = """
        structure;etat;depuis;jusqua
        A;engagement_msp;2025-06-01;
        A;derogation_esp_clap;2026-09-01;2027-08-31
        B;modeles_presentes;2025-02-01;

        """
      #expect(try await world.bring("etats", acts).refused.isEmpty)
      #expect(try await rules(world, "2025-05-31")["A"] == .commitmentDue)
      #expect(try await rules(world, "2025-06-01")["A"] == .committed)
      // The fifth year is that of writing, whether or not somebody is committed.
      #expect(try await rules(world, "2025-09-01")["A"] == .writing)
      #expect(try await rules(world, "2026-09-01")["A"] == .exempt)
      #expect(try await rules(world, "2027-09-01")["A"] == .unfundable)
      #expect(try await rules(world, "2025-01-31")["B"] == .preferMSP)
      #expect(try await rules(world, "2025-02-01")["B"] == .endless)
      // What is an MSP is no ESP-CLAP any more.
      #expect(try await world.bring("types", "structure;type;depuis\nA;msp;2026-01-01\n").refused.isEmpty)
      #expect(try await rules(world, "2026-01-01")["A"] == ClapRule.none)
      #expect(try await rules(world, "2025-12-31")["A"] == .writing)
    }
  }

  /// The year in which a region began to follow it.
  @Test(arguments: Engine.allCases) func itHoldsFromItsYearOn(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.settings.set("annee_regle_esp_clap", to: "2026")
      #expect(try await rules(world, "2025-12-31")["A"] == ClapRule.none)
      #expect(try await rules(world, "2026-01-01")["A"] == .writing)
    }
  }
}
