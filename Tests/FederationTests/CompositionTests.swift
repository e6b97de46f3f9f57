import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-08: what a region asks of each kind of team is a dated setting, and a warning where counts say less.
struct CompositionTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;nb_medecins
    A;msp;Assez;38;ouverte;2018-01-01;
    B;msp;Un médecin;38;ouverte;2018-01-01;5
    C;msp;Sans paramédical;69;ecriture;2018-01-01;
    D;msp;On ne sait pas;69;ouverte;2018-01-01;9
    E;cpts;Sans minimum;69;lettre_intention;2018-01-01;
    F;msp;Fermée;69;fermee;2018-01-01;

    """
  private static let counts = """
    structure;date;nombre;profession;source
    A;2020-01-01;2;medecin_generaliste;ARS
    A;2020-01-01;0;infirmier;ARS
    A;2021-01-01;1;orthophoniste;Appel
    B;2020-01-01;1;medecin_generaliste;ARS
    C;2020-01-01;3;medecin_generaliste;ARS
    C;2020-01-01;0;infirmier;ARS
    C;2020-01-01;4;pharmacien;ARS
    D;2020-01-01;12;;Enquête
    E;2020-01-01;0;medecin_generaliste;ARS
    F;2020-01-01;0;medecin_generaliste;ARS

    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      #expect(try await world.bring("effectifs", Self.counts).refused.isEmpty)
      try await body(world)
    }
  }

  private func rules(_ world: Installation, _ day: String) async throws -> [String: Composition] {
    let day = try #require(CivilDate(iso: day))
    let rows = try await world.database.read { connection in
      try connection.rows(
        """
        SELECT s.reference, \(Composition.code(on: day)) FROM structure s
        JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
        """
      ).map { row -> (String, Composition) in (try row[0], try row[1]) }
    }
    return Dictionary(uniqueKeysWithValues: rows)
  }

  @Test(arguments: Engine.allCases) func onlyWhatWasCountedIsJudged(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      #expect(
        try await rules(world, "2021-01-01")
          == ["A": .enough, "B": .short, "C": .short, "D": .unknown, "E": .none, "F": .none])
      // The orthophonist came later; doctors that a record declares are no count of general practitioners.
      #expect(try await rules(world, "2020-12-31")["A"] == .short)
      #expect(try await rules(world, "2019-12-31")["B"] == .unknown)
      let day = Period(asOf: try #require(CivilDate(iso: "2021-01-01")))
      let counted = try await world.values("structures.count", day, by: ["composition"])
      #expect(counted == ["insuffisante": 2, "suffisante": 1, "effectifs_inconnus": 1, "sans_minimum": 1])
      #expect(try await world.values("structures.count", day, where: [("qualite", "composition")])[""] == 2)
    }
  }

  @Test(arguments: Engine.allCases) func aRegionSetsItFromADayOn(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.settings.set("composition_msp_medecins", to: "1", since: CivilDate(iso: "2022-01-01"))
      try await world.settings.set("composition_msp_paramedicaux", to: "0", since: CivilDate(iso: "2022-01-01"))
      try await world.settings.set("composition_msp_source", to: " Cahier des charges régional ", since: CivilDate(iso: "2022-01-01"))
      try await world.settings.set("composition_cpts_medecins", to: "1")
      #expect(try await rules(world, "2021-12-31")["B"] == .short)
      #expect(
        try await rules(world, "2022-01-01")
          == ["A": .enough, "B": .enough, "C": .enough, "D": .unknown, "E": .short, "F": .none])
      await #expect(throws: Refusal.self) { try await world.settings.set("composition_msp_medecins", to: "deux") }
      let sources = try await world.database.read { connection in
        try ["2021-12-31", "2022-01-01"].map { day in
          let day = try #require(CivilDate(iso: day))
          return try connection.value(
            """
            SELECT \(Composition.source(on: day)) FROM structure s
            JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until WHERE s.reference = 'A'
            """, as: String.self)
        }
      }
      #expect(sources == ["noyau demandé par les ARS", "Cahier des charges régional"])
    }
  }
}
