import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-12: the time between two stages, in days; the median of several.
@Suite struct StageStepsTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis
    M1;msp;MSP du Val;38;ecriture;2020-01-01
    M2;msp;MSP du Lac;73;contact;2021-05-01
    C1;cpts;CPTS des Cimes;73;lettre_intention;2021-03-02
    I1;isole;Cabinet seul;38;contact;2021-01-01
    N1;cds;Centre inconnu;26;;
    """

  private static let states = """
    structure;etat;depuis;jusqua
    M1;contact;2019-12-02;
    M1;valide;2020-03-01;
    M1;sisa;2020-09-01;
    M1;aci;2021-06-01;
    M2;ecriture;2021-07-01;
    M2;en_pause;2021-08-01;2021-10-31
    M2;valide;2022-01-01;
    C1;valide;2022-01-18;
    I1;fermee;2021-01-11;
    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      #expect(try await world.bring("etats", Self.states).refused.isEmpty)
      try await body(world)
    }
  }

  private func days(
    _ world: Installation, _ period: Period, by dimensions: [String] = [], where filters: [(String, String)] = []
  ) async throws -> [String: Int] {
    try await world.values("structures.stage_days", period, by: dimensions, where: filters)
  }

  @Test(arguments: Engine.allCases)
  func theMedianIsOfDaysSinceTheStageBefore(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      // 30 days to the writing, 60 to the validation: February had 29 days.
      #expect(try await days(world, Period(year: 2020)) == ["": 450])
      #expect(try await days(world, Period(year: 2020), by: ["vers"]) == ["ecriture": 300, "valide": 600])
      // 457 days to the opening by the ACI, 61 to the writing; the pause and the first stages have none.
      #expect(try await days(world, Period(year: 2021)) == ["": 2590])
      #expect(try await days(world, Period(year: 2021), by: ["de", "vers"]) == ["valide ouverte": 4570, "contact ecriture": 610])
      #expect(try await days(world, Period(year: 2021), by: ["departement"]) == ["38": 4570, "73": 610])
      #expect(try await days(world, Period(year: 2021), where: [("type", "isole")]) == ["": 100])
      // 184 days, the pause among them, and 322.
      #expect(try await days(world, Period(year: 2022)) == ["": 2530])
      #expect(try await days(world, Period(year: 2022), by: ["type", "de"]) == ["msp ecriture": 1840, "cpts lettre_intention": 3220])
      #expect(try await days(world, Period(asOf: try #require(CivilDate(iso: "2022-01-17")))) == ["": 1840])
      #expect(try await days(world, Period(year: 2022), where: [("vers", "ouverte")]) == [:])
      #expect(try await days(world, Period(year: 1999)) == [:])
      #expect(try await days(world, Period(year: 1999), by: ["vers"]) == [:])
    }
  }

  @Test(arguments: Engine.allCases)
  func aDayWithTwoStagesAndAStageTakenUpAgain(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let outcome = try await world.bring(
        "etats",
        """
        structure;etat;depuis;jusqua
        N1;ecriture;2023-02-28;
        N1;contact;2023-02-28;2023-03-31
        N1;valide;2023-03-02;2023-03-31
        N1;valide;2023-06-01;
        N1;fermee;2023-06-11;
        N1;contact;2023-07-01;
        """)
      #expect(outcome.refused.isEmpty)
      // In one day, and 2 days; validated again after a time of which nothing is known, it comes from no other stage; then 10 and 20 days.
      #expect(
        try await days(world, Period(year: 2023), by: ["de", "vers"]) == [
          "contact ecriture": 0, "ecriture valide": 20, "valide fermee": 100, "fermee contact": 200,
        ])
      #expect(try await days(world, Period(year: 2023)) == ["": 60])
      func faults() async throws -> [String] {
        try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2023)) }
      }
      #expect(try await faults() == [])
      _ = try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
      #expect(try await days(world, Period(year: 2023)) == [:])
      // A stage that was missing comes between two others.
      try await world.bring("etats", "structure;etat;depuis\nM1;pre_projet;2019-12-22\n")
      #expect(try await days(world, Period(year: 2020), by: ["de"]) == ["pre_projet": 100, "ecriture": 600])
      #expect(try await faults() == [])
      try await world.database.write { try $0.execute("UPDATE structure_entry SET days = 11 WHERE days = 10") }
      #expect(try await faults() == ["Les entrées dans les étapes ne sont plus à jour."])
    }
  }

  /// The list says the days that the figure is the median of.
  @Test(arguments: Engine.allCases)
  func theListHoldsTheDays(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let query = try FigureQuery(world.model.figures.figure("structures.stage_days"), Period(year: 2021))
      let (listing, records) = try await world.database.read {
        (
          try StateEntryListing(query, search: "", order: .days, descending: true, offset: 0, limit: 10, $0),
          try query.records($0)[[]] ?? []
        )
      }
      #expect(listing.total == 2)
      #expect(
        listing.rows.map { "\($0.name) \($0.step?.from.rawValue ?? "") \($0.step?.days ?? -1)" } == [
          "MSP du Val valide 457", "MSP du Lac contact 61",
        ])
      #expect(Set(records.map(\.amount)) == [457, 61])
    }
  }
}
