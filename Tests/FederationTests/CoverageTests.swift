import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What the CPTS cover of the region (R1).
@Suite struct CoverageTests {
  /// Two CPTS claim Grenoble, one of them a commune of the Savoie too; a third one claims the 8th arrondissement of Paris, a fourth is closed.
  private static let structures = """
    reference;type;nom;departement;etat;depuis;communes_couvertures
    C1;cpts;CPTS des Cimes;38;ecriture;2020-01-01;38185
    C2;cpts;CPTS du Val;38;ouverte;2021-05-01;38185|73065
    C3;cpts;CPTS du Huitième;75;contact;2020-01-01;75108
    C4;cpts;CPTS d’avant;38;fermee;2020-01-01;38421
    M1;msp;MSP du Pont;38;ouverte;2020-01-01;38151
    """

  private func withCoverage(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.settings.set("departements", to: "38 73 75")
      try await world.bring("structures", Self.structures)
      try await body(world)
    }
  }

  private func count(_ world: Installation, _ condition: SQL) async throws -> (units: Int, people: Int) {
    let row = try await world.database.read {
      try $0.first("SELECT count(*), CAST(COALESCE(SUM(population), 0) AS \(.int)) FROM commune WHERE \(condition)")
    }
    return (try #require(row)[0], try #require(row)[1])
  }

  private let year = Period(year: 2022)

  @Test(arguments: Engine.allCases)
  func aUnitCountsOnceAndWhereItLies(_ engine: Engine) async throws {
    try await withCoverage(engine) { world async throws in
      let claimed = try await count(world, "code IN ('38185', '73065', '75108')")
      #expect(try await world.values("coverage.communes", year) == ["": 3])
      #expect(try await world.values("coverage.population", year) == ["": claimed.people])
      #expect(try await world.values("coverage.communes", year, by: ["departement"]) == ["38": 1, "73": 1, "75": 1])
      // Before the CPTS of the Val began.
      #expect(try await world.values("coverage.communes", Period(year: 2020), by: ["departement"]) == ["38": 1, "75": 1])
      // What is not claimed is asked for by name.
      let all = try await count(world, "department IN ('38', '73', '75') AND code <> '75056'")
      #expect(try await world.values("coverage.communes", year, where: [("couverte", "non")]) == ["": all.units - 3])
    }
  }

  /// A perimeter that changes leaves the past as it was; communes alone, or a day alone, mend it.
  @Test(arguments: Engine.allCases)
  func perimetersAreDated(_ engine: Engine) async throws {
    try await withCoverage(engine) { world async throws in
      func bring(_ communes: String, since day: String) async throws -> ImportOutcome {
        try await world.bring(
          "structures", "reference;type;nom;departement;communes_couvertures;perimetre_depuis\nC2;cpts;CPTS du Val;38;\(communes);\(day)\n")
      }
      func covered() async throws -> [Int] {
        var units: [Int] = []
        for year in 2021...2024 { units.append(try await world.values("coverage.communes", Period(year: year))[""] ?? 0) }
        return units
      }
      #expect(try await covered() == [3, 3, 3, 3])
      #expect(try await bring("38185|73065|38421|38151", since: "2023-07-01").changed == 1)
      #expect(try await covered() == [3, 3, 5, 5])
      // The same again says nothing new, and an export brings it back unchanged.
      #expect(try await bring("38185|73065|38421|38151", since: "2023-07-01").unchanged == 1)
      let back = try await world.bring("structures", try await world.take("structures"))
      #expect(back.changed == 0 && back.created == 0 && back.refused.isEmpty)
      #expect(try await bring("38185|73065|38421", since: "").changed == 1)
      #expect(try await covered() == [3, 3, 4, 4])
      #expect(try await bring("38185|73065|38421", since: "2024-02-01").changed == 1)
      #expect(try await covered() == [3, 3, 3, 4])
    }
  }

  @Test(arguments: Engine.allCases)
  func aPerimeterFollowsTheOneBefore(_ engine: Engine) async throws {
    try await withCoverage(engine) { world async throws in
      for (communes, day, refused) in [("38185|38421", "2023-01-01", false), ("38185", "2024-01-01", false), ("38421", "2022-06-01", true)]
      {
        let file = "reference;type;nom;departement;communes_couvertures;perimetre_depuis\nC2;cpts;CPTS du Val;38;\(communes);\(day)\n"
        let outcome = try await world.bring("structures", file)
        #expect(outcome.refused.isEmpty != refused, "\(day): \(outcome.refused)")
        let reasons = outcome.refused.map(\.fault.reason).joined()
        #expect(!refused || reasons.contains("après celui du périmètre précédent du 2024-01-01"), "\(reasons)")
      }
      let stored: [String] = try await world.database.read { connection in
        try connection.rows(
          """
          SELECT x.commune, x.since, x.until FROM coverage_claim x JOIN structure s ON s.id = x.structure_id WHERE s.reference = 'C2'
          ORDER BY x.since, x.commune
          """
        ).map { row in "\(try row[0] as String) \(try row[1] as CivilDate) \(try row[2] as CivilDate)" }
      }
      #expect(stored.count == 5 && stored.last == "38185 2024-01-01 \(CivilDate.openEnd)")
    }
  }

  /// Emptied and taken back, a perimeter holds from its day on, and not since ever; a day alone is none.
  @Test(arguments: Engine.allCases)
  func anEmptiedPerimeterComesBackWithItsDay(_ engine: Engine) async throws {
    try await withCoverage(engine) { world async throws in
      let file = "reference;type;nom;departement;etat;depuis;communes_couvertures;perimetre_depuis\n"
      try await world.bring("structures", file + "C5;cpts;CPTS neuve;73;ouverte;2019-01-01;73065;2023-07-01\n")
      let id: Int64 = try #require(
        try await world.database.read { try $0.value("SELECT id FROM structure WHERE reference = 'C5'", as: Int64.self) })
      let editor = RecordEditor(StructureRecords(), world.database, ids: world.ids, now: world.now, actor: nil)
      func since() async throws -> [CivilDate] {
        try await world.database.read { try $0.rows("SELECT since FROM coverage_claim WHERE structure_id = \(id)").map { try $0[0] } }
      }
      let day = try await since()
      #expect(day.map(\.description) == ["2023-07-01"])
      #expect(try await editor.save(id, entering: ["communes_couvertures": ""], from: 1, heedsWarnings: false) == .saved(version: 2))
      #expect(try await since().isEmpty)
      #expect(try await editor.undo(id, version: 2) == .saved(version: 3))
      #expect(try await since() == day)
      let alone = try await world.bring("structures", file + "C6;cpts;CPTS sans commune;73;ouverte;2019-01-01;;2024-01-01\n")
      #expect(alone.refused.map(\.fault.column) == ["perimetre_depuis"])
    }
  }

  @Test(arguments: Engine.allCases)
  func sharesAreOfTheUnitsOfTheRegion(_ engine: Engine) async throws {
    try await withCoverage(engine) { world async throws in
      let paris = try await count(world, "city = '75056'")
      let eighth = try await count(world, "code = '75108'")
      #expect(paris.units == 20)
      func share(_ figure: String, _ day: Period) async throws -> FigureShare? {
        let query = try FigureQuery(world.model.figures.figure(figure), day, where: [Filter("departement", "75")])
        return try await world.database.read { try query.total($0).share }
      }
      let communes = try await share("coverage.communes_share", year)
      #expect(communes == FigureShare(numerator: 1, denominator: 20))
      let people = try await share("coverage.population_share", year)
      #expect(people == FigureShare(numerator: eighth.people, denominator: paris.people))
      #expect(try await world.values("coverage.communes_share", year, where: [("departement", "75")]) == ["": 50])
      // As one unit, the city still has the people of its claimed arrondissement only.
      try await world.settings.set("couverture_villes", to: "commune")
      let city = try await count(world, "code = '75056'")
      #expect(try await share("coverage.communes_share", year) == FigureShare(numerator: 1, denominator: 1))
      #expect(
        try await share("coverage.population_share", year) == FigureShare(numerator: eighth.people, denominator: city.people))
    }
  }

  @Test(arguments: Engine.allCases)
  func theStagesThatCoverNothingAreASetting(_ engine: Engine) async throws {
    try await withCoverage(engine) { world async throws in
      try await world.settings.set("couverture_sans_etapes", to: "fermee contact")
      #expect(try await world.values("coverage.communes", year, by: ["departement"]) == ["38": 1, "73": 1])
      await #expect(throws: Refusal.self) { try await world.settings.set("couverture_sans_etapes", to: "faisabilite") }
      await #expect(throws: Refusal.self) { try await world.settings.set("couverture_villes", to: "quartiers") }
    }
  }

  /// A claim of the whole city, with one of its arrondissements beside it; the south of Corsica; a CPTS that ends, and one in the bin.
  @Test(arguments: Engine.allCases)
  func whatIsClaimedTwiceOrNoMore(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.settings.set("departements", to: "69 2A")
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis;communes_couvertures
        L1;cpts;CPTS de la ville;69;ouverte;2020-01-01;69123
        L2;cpts;CPTS du Premier;69;ouverte;2020-01-01;69381
        A1;cpts;CPTS du Sud;2A;ouverte;2020-01-01;2A004|38185
        """)
      try await world.bring("etats", "structure;etat;depuis\nA1;fermee;2022-07-01\n")
      let people = try await count(world, "code = '69123'").people
      #expect(try await world.values("coverage.communes", Period(year: 2021), by: ["departement"]) == ["69": 9, "2A": 1])
      #expect(try await world.values("coverage.communes", year, by: ["departement"]) == ["69": 9])
      try await world.settings.set("couverture_villes", to: "commune")
      #expect(try await world.values("coverage.communes", year, by: ["departement"]) == ["69": 1])
      #expect(try await world.values("coverage.population", year) == ["": people])
    }
  }

  /// Without départements there is nothing to have a share of.
  @Test(arguments: Engine.allCases)
  func aShareOfNothingIsNotZero(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.structures)
      #expect(try await world.values("coverage.communes_share", year) == [:])
      #expect(try await world.values("coverage.communes", year) == ["": 0])
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: CivilDate.lastDay(of: 2022)) }
      #expect(faults.isEmpty)
    }
  }
}
