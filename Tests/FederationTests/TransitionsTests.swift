import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-12: how many teams entered a stage or a mark, and which.
@Suite struct TransitionsTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis
    M1;msp;MSP du Val;38;ecriture;2020-01-01
    M2;msp;MSP du Lac;73;contact;2021-05-01
    C1;cpts;CPTS des Cimes;73;lettre_intention;2021-03-02
    I1;isole;Cabinet seul;38;contact;2021-01-01
    N1;cds;Centre inconnu;26;;
    """

  private static let states = """
    structure;etat;depuis;jusqua;note
    M1;valide;2021-02-01;;Commission de février
    M1;aci;2021-06-01;;
    M2;ecriture;2021-07-01;;
    M2;en_pause;2021-08-01;2021-10-31;
    C1;valide;2022-01-18;;
    C1;aci;2022-10-01;;
    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      #expect(try await world.bring("etats", Self.states).refused.isEmpty)
      try await body(world)
    }
  }

  @Test(arguments: Engine.allCases)
  func entriesCountOnceInTheTotalAndOnceUnderEachStage(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let (first, second) = (Period(year: 2021), Period(year: 2022))
      // The ACI that opens M1 is one dated state.
      #expect(try await world.values("structures.transitions", first) == ["": 6])
      #expect(
        try await world.values("structures.transitions", first, by: ["vers"])
          == ["contact": 1, "ecriture": 1, "en_pause": 1, "valide": 1, "aci": 1, "ouverte": 1, "lettre_intention": 1])
      #expect(try await world.values("structures.transitions", first, by: ["departement"]) == ["38": 2, "73": 4])
      #expect(try await world.values("structures.transitions", first, where: [("type", "isole")]) == ["": 1])
      #expect(
        try await world.values("structures.transitions", second, by: ["vers", "type"]) == [
          "valide cpts": 1, "aci cpts": 1, "ouverte cpts": 1,
        ])
      #expect(try await world.values("structures.transitions", second, where: [("vers", "aci"), ("vers", "ouverte")]) == ["": 1])
      let day = try #require(CivilDate(iso: "2022-09-30"))
      #expect(try await world.values("structures.transitions", Period(asOf: day)) == ["": 1])
    }
  }

  @Test(arguments: Engine.allCases)
  func theTerritoryIsThatOfTheEntrysDay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring("territoires", "code;nom;departement;depuis\nouest;Ouest;38;2020-01-01\ncentre;Centre;38;2021-03-01")
      #expect(
        try await world.values("structures.transitions", Period(year: 2021), by: ["territoire"])
          == ["ouest": 1, "centre": 1, "non_renseigne": 4])
    }
  }

  @Test(arguments: Engine.allCases)
  func theListHoldsTheStatesThatWereCounted(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let query = try FigureQuery(
        world.model.figures.figure("structures.transitions"), Period(year: 2021), where: [Filter("departement", "38")])
      let listing = try await world.database.read {
        try StateEntryListing(query, search: "val", order: .date, descending: true, offset: 0, limit: 10, $0)
      }
      #expect(listing.total == 2)
      #expect(listing.rows.map { $0.targets.map(\.code) } == [["aci", "ouverte"], ["valide"]])
      #expect(listing.rows.map(\.note) == [nil, "Commission de février"])
    }
  }

  /// What follows from states is right after an import, its undoing, and a new threshold.
  @Test(arguments: Engine.allCases)
  func entriesFollowTheirStates(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      func faults() async throws -> [String] {
        try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2022)) }
      }
      #expect(try await faults() == [])
      let outcome = try await world.bring("etats", "structure;etat;depuis\nM1;valide;2020-12-31\nN1;ouverte;2021-01-01\n")
      #expect(try await world.values("structures.transitions", Period(year: 2021), where: [("vers", "valide")]) == ["": 0])
      #expect(try await world.values("structures.transitions", Period(year: 2021), where: [("type", "cds")]) == ["": 1])
      #expect(try await faults() == [])
      _ = try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
      #expect(try await world.values("structures.transitions", Period(year: 2021)) == ["": 6])
      #expect(try await faults() == [])
      try await world.database.write { try $0.execute("DELETE FROM structure_entry WHERE target = 'aci'") }
      #expect(try await faults() == ["Les entrées dans les étapes ne sont plus à jour."])
    }
  }
}
