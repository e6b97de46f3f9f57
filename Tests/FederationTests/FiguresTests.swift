import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Figures on a small world: three territories, five teams, six exchanges.
@Suite struct FiguresTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;nb_professionnels;sites
    M1;msp;MSP du Val;38;ecriture;2020-01-01;10;38185|38421
    M2;msp;MSP du Lac;73;contact;2021-05-01;5;
    C1;cpts;CPTS des Cimes;73;lettre_intention;2021-03-02;;
    F1;esp;ESP du Pont;38;fermee;2020-01-01;3;
    I1;isole;Cabinet seul;38;contact;2020-01-01;1;
    N1;cds;Centre inconnu;26;;;;
    """

  private static let exchanges = """
    date;canal;structures;themes;nature;duree_minutes;auteur;nouvelle_equipe;reference
    2021-02-01;telephone;M1;montage_msp|juridique_comptable;gestion;25;Claire;;E1
    2021-03-05;courriel;M1|C1;cpts;;10;Claire;;E2
    2021-06-01;telephone;M2;;;;Paul;;E3
    2021-12-31;visio;M2|C1;autres;;60;;;E4
    2022-01-01;reunion;M1;autres;;30;;;E5
    2021-07-01;telephone;;covid;;5;;;E6
    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { installation in
      try await installation.bring("structures", Self.structures)
      try await installation.bring("echanges", Self.exchanges)
      try await body(installation)
    }
  }

  /// A page asks for all that it shows at once: each answer is what it is alone, on both engines.
  @Test(arguments: Engine.allCases)
  func manyQuestionsAtOnceAreAnsweredAsAlone(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring(
        "series", "figure;periode;valeur;source;dimensions\ncontacts.count;2019;340;R19;\ncontacts.count;2019;12;R19;canal=visio\n")
      let figures = world.model.figures.figures
      let periods = ["2021", "2021-06-30", "2021-T2", "2020-2021", "2019", "2021-02-01..2021-03-31"].compactMap { Period($0) }
      let queries = try figures.flatMap { figure in
        let codes = figure.factSet.dimensions.map(\.code)
        return try periods.flatMap { period in
          try [[], Array(codes.prefix(1)), Array(codes.suffix(2))].map { try FigureQuery(figure, period, by: $0) }
        }
      }
      try await world.database.read { connection in
        let together = try FigureQuery.values(of: queries, connection)
        #expect(together.count == queries.count)
        for (query, values) in zip(queries, together) {
          #expect(try values == query.values(connection), "\(query.figure.id) \(query.period.label)")
        }
        #expect(try FigureQuery.values(of: [], connection).isEmpty)
      }
      #expect(try await world.values("contacts.count", try #require(Period("2021-T2"))) == ["": 1])
      #expect(try await world.values("contacts.count", try #require(Period("2021-2022"))) == ["": 2])
      // What was taken over is of the year, and of no quarter that ends with it.
      #expect(try await world.values("contacts.count", Period(year: 2019)) == ["": 340])
      #expect(try await world.values("contacts.count", try #require(Period("2019-T4"))) == ["": 0])
    }
  }

  @Test(arguments: Engine.allCases)
  func beforeTheFirstFactThereIsNone(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let figure = try world.model.figures.figure("contacts.count")
      for (year, known) in [(2019, false), (2021, true), (2024, true)] {
        let query = try FigureQuery(figure, Period(year: year))
        let values = try await world.database.read { try FigureQuery.knownValues(of: [query], $0) }
        #expect(values.first?.count == 1 && (values.first?.first?.value != nil) == known, "\(year)")
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func structuresAreThoseOfTheDay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let year = Period(year: 2021)
      #expect(try await world.values("structures.count", year) == ["": 4])
      #expect(try await world.values("structures.count", Period(asOf: .firstDay(of: 2021))) == ["": 2])
      #expect(try await world.values("structures.count", year, by: ["type"]) == ["msp": 2, "cpts": 1, "cds": 1])
      #expect(
        try await world.values("structures.count", year, by: ["etape"])
          == ["ecriture": 1, "contact": 1, "lettre_intention": 1, "non_renseigne": 1])
      #expect(try await world.values("structures.count", year, by: ["multi_sites"]) == ["oui": 1, "non": 3])
      #expect(try await world.values("structures.professionals", year) == ["": 15])
    }
  }

  /// R2, R3, R9: a lone professional is no team, and counts where named.
  @Test(arguments: Engine.allCases)
  func aLoneProfessionalIsNoTeamThatIsSupported(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring(
        "echanges", "date;canal;structures;nouvelle_equipe;reference\n2023-01-01;visio;I1|N1;oui;E7\n2023-02-01;visio;;;E8\n")
      let year = Period(year: 2023)
      for figure in ["support.structures", "contacts.new_structures"] {
        #expect(try await world.values(figure, year) == ["": 1], "\(figure)")
        #expect(try await world.values(figure, year, by: ["type"]) == ["cds": 1])
        #expect(try await world.values(figure, year, where: [("type", "isole")]) == ["": 1])
      }
      #expect(try await world.values("contacts.structures", year) == ["": 2])
      #expect(try await world.values("contacts.count", year) == ["": 2])
    }
  }

  @Test(arguments: Engine.allCases)
  func recordsWithoutAReferenceComeLast(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring("echanges", "date;canal;reference\n2023-01-01;visio;\n2023-01-02;visio;Z\n2023-01-03;visio;A\n")
      let query = try FigureQuery(world.model.figures.figure("contacts.count"), Period(year: 2023))
      let records = try await world.database.read { try query.records($0)[[]] ?? [] }
      #expect(records.map(\.reference) == ["A", "Z", nil])
    }
  }

  @Test(arguments: Engine.allCases)
  func closedAndIsolatedCountOnlyWhenNamed(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let year = Period(year: 2021)
      #expect(try await world.values("structures.count", year, where: [("etape", "fermee")]) == ["": 1])
      #expect(try await world.values("structures.count", year, where: [("situation", "clos")]) == ["": 1])
      #expect(try await world.values("structures.count", year, where: [("type", "isole")]) == ["": 1])
      #expect(try await world.values("structures.count", year, where: [("type", "esp")]) == ["": 0])
      #expect(try await world.values("structures.count", year, where: [("type", "esp"), ("etape", "fermee")]) == ["": 1])
    }
  }

  @Test(arguments: Engine.allCases)
  func anExchangeWithTwoThemesCountsOnceInTheTotal(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let year = Period(year: 2021)
      #expect(try await world.values("contacts.count", year) == ["": 5])
      #expect(
        try await world.values("contacts.count", year, by: ["theme"])
          == ["montage_msp": 1, "juridique_comptable": 1, "cpts": 1, "autres": 1, "covid": 1, "non_renseigne": 1])
      #expect(try await world.values("contacts.minutes", year) == ["": 100])
      // 25 minutes under each of the two themes, and still 25 in the total.
      #expect(
        try await world.values("contacts.minutes", year, by: ["theme"])
          == ["montage_msp": 25, "juridique_comptable": 25, "cpts": 10, "autres": 60, "covid": 5])
    }
  }

  @Test(arguments: Engine.allCases)
  func twoTeamsInTwoDepartmentsCountOnceInEach(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let year = Period(year: 2021)
      #expect(
        try await world.values("contacts.count", year, by: ["departement"]) == ["38": 2, "73": 3, "non_renseigne": 1])
      #expect(try await world.values("contacts.structures", year) == ["": 3])
      #expect(try await world.values("contacts.structures", year, by: ["canal"]) == ["telephone": 2, "courriel": 2, "visio": 2])
    }
  }

  /// A cell of two dimensions speaks of one team: E2 touches an MSP of the 38 and a CPTS of the 73, no CPTS of the 38.
  @Test(arguments: Engine.allCases)
  func twoDimensionsOfATeamSpeakOfTheSameTeam(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let year = Period(year: 2021)
      let cells = try await world.values("contacts.count", year, by: ["type", "departement"])
      #expect(cells == ["msp 38": 2, "msp 73": 2, "cpts 73": 2, "non_renseigne non_renseigne": 1])
      #expect(try await world.values("contacts.count", year, where: [("type", "cpts"), ("departement", "38")]) == ["": 0])
      #expect(try await world.values("contacts.count", year, by: ["type"], where: [("departement", "73")]) == ["msp": 2, "cpts": 2])
      #expect(try await world.values("contacts.structures", year, where: [("departement", "73")]) == ["": 2])
      #expect(try await world.values("contacts.count", year, where: [("canal", "telephone"), ("canal", "visio")]) == ["": 4])
    }
  }

  @Test(arguments: Engine.allCases)
  func periodsHoldTheirFirstAndLastDay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      #expect(try await world.values("contacts.count", Period(asOf: .lastDay(of: 2021))) == ["": 5])
      #expect(try await world.values("contacts.count", Period(asOf: .lastDay(of: 2021).previous)) == ["": 4])
      #expect(try await world.values("contacts.count", Period(year: 2022)) == ["": 1])
      #expect(try await world.values("contacts.count", Period(year: 1999)) == ["": 0])
      #expect(try await world.values("contacts.count", Period(year: 1999), by: ["canal"]) == [:])
    }
  }

  @Test(arguments: Engine.allCases)
  func phasesAreThoseOfTheExchangesDay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring("etats", "structure;etat;depuis\nM1;valide;2021-03-01")
      #expect(
        try await world.values("contacts.count", Period(year: 2021), by: ["phase"])
          == ["ecriture": 1, "avant_aci": 1, "emergence": 3, "non_renseigne": 1])
    }
  }

  /// R9: M1 wrote in February 2021, M2 and C1 came later; what a file declares wins, on the first exchange only.
  @Test(arguments: Engine.allCases)
  func theAuthorsAreThoseOfTheLog(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let author = try #require(try world.model.figures.figure("contacts.count").factSet.dimension("auteur"))
      func authors() async throws -> [ReferenceValue] {
        try await world.database.read { try author.values(ReferenceLists($0), $0) }
      }
      let known = [ReferenceValue(code: "claire", label: "Claire"), ReferenceValue(code: "paul", label: "Paul")]
      #expect(try await authors() == known)
      let outcome = try await world.bring("echanges", "date;canal;auteur\n2021-05-01;visio;Zoé\n2021-05-02;visio;zoe\n")
      #expect(try await authors() == known + [ReferenceValue(code: "zoe", label: "Zoé")])
      _ = try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
      #expect(try await authors() == known)
    }
  }

  @Test(arguments: Engine.allCases)
  func aNewTeamIsOneWhoseFirstExchangeFallsInThePeriod(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      #expect(try await world.values("contacts.new_structures", Period(year: 2021)) == ["": 3])
      #expect(try await world.values("contacts.new_structures", Period(year: 2022)) == ["": 0])
      try await world.bring("echanges", "date;canal;structures;nouvelle_equipe;reference\n2021-02-01;telephone;M1;non;E1")
      #expect(try await world.values("contacts.new_structures", Period(year: 2021)) == ["": 2])
      // Not its first exchange: the declaration says nothing.
      try await world.bring("echanges", "date;canal;structures;nouvelle_equipe;reference\n2022-01-01;reunion;M1;oui;E5")
      #expect(try await world.values("contacts.new_structures", Period(year: 2022)) == ["": 0])
      // The centre of which no stage is known is new only because the file says so.
      try await world.bring("echanges", "date;canal;structures;nouvelle_equipe\n2022-05-01;visite;N1;oui")
      #expect(try await world.values("contacts.new_structures", Period(year: 2022), by: ["departement"]) == ["26": 1])
    }
  }

  @Test(arguments: Engine.allCases)
  func aDepartmentThatMovesTakesNoPastWithIt(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring(
        "territoires", "code;nom;departement;depuis\nouest;Ouest;38;2020-01-01\ncentre;Centre;38;2021-03-01\nest;Est;73;2020-01-01")
      #expect(
        try await world.values("contacts.count", Period(year: 2021), by: ["territoire"])
          == ["ouest": 1, "centre": 1, "est": 3, "non_renseigne": 1])
      #expect(try await world.values("contacts.count", Period(year: 2021)) == ["": 5])
    }
  }

  @Test(arguments: Engine.allCases)
  func aSettingMovesTheThresholdForAll(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring("etats", "structure;etat;depuis\nM1;aci;2021-01-15")
      let period = Period(year: 2021)
      #expect(try await world.values("structures.count", period, where: [("phase", "demarrage")]) == ["": 1])
      try await world.settings.set("demarrage_mois", to: "6")
      #expect(try await world.values("structures.count", period, where: [("phase", "demarrage")]) == ["": 0])
      #expect(try await world.values("structures.count", period, where: [("phase", "mature")]) == ["": 1])
    }
  }

  /// Two ACI a year apart, each under the duration of its own day; what was computed is computed again for all.
  @Test(arguments: Engine.allCases)
  func aThresholdWithADateLeavesWhatBeganBefore(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring("etats", "structure;etat;depuis\nM1;aci;2021-01-15\nM2;aci;2022-01-15")
      func starting(_ year: Int) async throws -> Int? {
        try await world.values("structures.count", Period(year: year), where: [("phase", "demarrage")])[""]
      }
      func faults() async throws -> [String] {
        try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2022)) }
      }
      let day = try #require(CivilDate(iso: "2022-01-01"))
      try await world.settings.set("demarrage_mois", to: "6", since: day)
      #expect(try await [starting(2021), starting(2022)] == [1, 0])
      #expect(try await faults() == [])
      // A team that is written later follows them too.
      try await world.bring("etats", "structure;etat;depuis\nC1;aci;2022-09-01")
      #expect(try await starting(2022) == 1)
      try await world.settings.remove("demarrage_mois", since: day)
      #expect(try await [starting(2021), starting(2022)] == [1, 2])
      #expect(try await faults() == [])
    }
  }

  /// Every figure, whole and by each dimension, from what a published report keeps of it.
  @Test(arguments: Engine.allCases)
  func whatAFigureIsMadeOfGivesItAgain(_ engine: Engine) async throws {
    try await withInstallation(engine, holding: .demonstration) { installation in
      let figures = installation.model.figures.figures
      try await installation.database.read { connection in
        for figure in figures {
          for dimensions in [[]] + figure.factSet.dimensions.map({ [$0.code] }) + [["type", "departement"]] {
            guard dimensions.allSatisfy({ figure.factSet.dimension($0) != nil }) else { continue }
            let query = try FigureQuery(figure, Period(year: 2025), by: dimensions)
            let rows = try connection.rows("SELECT DISTINCT e.cell, e.record, e.amount FROM (\(query.evidence)) e")
            let made = try Dictionary(grouping: rows.map { (cell: try $0[0] as String, amount: try $0[2] as Int?) }, by: \.cell)
            let records = try query.records(connection)
            #expect(
              made.mapValues { $0.map { $0.amount ?? 0 }.sorted() }
                == Dictionary(uniqueKeysWithValues: records.map { ($0.joined(separator: "|"), $1.map { $0.amount ?? 0 }.sorted()) }),
              "\(figure.id) \(dimensions)")
            guard !figure.isRatio else { continue }
            for value in try query.values(connection) where value.source == nil && value.value != 0 {
              #expect(
                made[value.codes.joined(separator: "|")]?.reduce(0) { $0 + ($1.amount ?? 0) } == value.value, "\(figure.id) \(dimensions)")
            }
          }
        }
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func everyFigureIsTheSumOfItsRecords(_ engine: Engine) async throws {
    try await withInstallation(engine, holding: .demonstration) { installation in
      let today = CivilDate.lastDay(of: 2025)
      let faults = try await installation.database.read { [model = installation.model] in try model.faults($0, today: today) }
      #expect(faults.isEmpty)
    }
  }
}
