import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-10: professionals counted on a day, by somebody.
@Suite struct HeadcountTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;nb_professionnels
    A;msp;Toutes professions;38;contact;2018-01-01;10
    B;msp;Par profession;38;contact;2018-01-01;
    C;msp;Déclarés;73;contact;2018-01-01;7
    D;msp;Rien;73;contact;2018-01-01;

    """

  private static let counts = """
    structure;date;nombre;profession;source
    A;2020-09-01;14;;Enquête 2020
    A;2021-06-01;17;;Enquête 2021
    A;2022-01-01;4;medecin_generaliste;ARS
    B;2020-09-01;3;Infirmier;Appel
    B;2020-09-01;2;medecin_generaliste;Appel
    B;2021-06-01;6;infirmier;Appel

    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      let outcome = try await world.bring("effectifs", Self.counts)
      #expect(outcome.created == 6 && outcome.refused.isEmpty, "\(outcome)")
      try await body(world)
    }
  }

  private func number(_ world: Installation, _ day: String, _ department: String) async throws -> Int? {
    try await world.values(
      "structures.professionals", Period(asOf: try #require(CivilDate(iso: day))), where: [("departement", department)])[""]
  }

  @Test(arguments: Engine.allCases)
  func theLatestCountOfTheDayIsTaken(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      // Before any count, what the records declare.
      #expect(try await number(world, "2020-08-31", "38") == 10)
      #expect(try await number(world, "2020-09-01", "38") == 14 + 5)
      #expect(try await number(world, "2021-06-01", "38") == 17 + 6)
      // General practitioners alone say nothing of the others.
      #expect(try await number(world, "2022-12-31", "38") == 17 + 6)
      #expect(try await number(world, "2022-12-31", "73") == 7)
      let query = try FigureQuery(world.model.figures.figure("structures.professionals"), Period(year: 2022))
      let records = try await world.database.read { try query.records($0)[[]] ?? [] }
      #expect(records.map(\.amount) == [17, 6, 7, nil])
      let listing = try await world.database.read {
        try StructureListing(
          query, for: Account(id: Identifier(rawValue: 1), email: "odile@exemple.fr", name: "Odile", role: .direction, territory: nil),
          search: "", order: .professionals, descending: true, offset: 0, limit: 10, $0)
      }
      #expect(listing.rows.map(\.professionals) == [17, 7, 6, nil])
    }
  }

  /// Of the teams whose number is known on the day; one that nobody knows of makes the mean neither lower nor its list longer.
  @Test(arguments: Engine.allCases)
  func theMeanIsOverTheTeamsThatAreKnown(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      func mean(_ day: String, by dimensions: [String] = [], where filters: [(String, String)] = []) async throws -> [String: Int] {
        try await world.values(
          "structures.professionals_mean", Period(asOf: try #require(CivilDate(iso: day))), by: dimensions, where: filters)
      }
      // 10 and 7, of two that say so.
      #expect(try await mean("2019-12-31") == ["": 85])
      #expect(try await mean("2019-12-31", by: ["departement"]) == ["38": 100, "73": 70])
      // 17, 6 and 7.
      #expect(try await mean("2022-12-31") == ["": 100])
      #expect(try await mean("2022-12-31", by: ["departement", "type"]) == ["38 msp": 115, "73 msp": 70])
      #expect(try await mean("2022-12-31", where: [("type", "cpts")]) == [:])
      #expect(try await mean("2017-12-31") == [:])
      try await world.bring("etats", "structure;etat;depuis\nA;fermee;2022-06-01\n")
      #expect(try await mean("2022-12-31") == ["": 65])
      let query = try FigureQuery(world.model.figures.figure("structures.professionals_mean"), Period(year: 2022))
      let (records, listing) = try await world.database.read {
        (
          try query.records($0)[[]] ?? [],
          try StructureListing(
            query, for: Account(id: Identifier(rawValue: 1), email: "odile@exemple.fr", name: "Odile", role: .direction, territory: nil),
            search: "", order: .headcount, descending: false, offset: 0, limit: 10, $0)
        )
      }
      #expect(records.map(\.reference) == ["B", "C"] && records.map(\.amount) == [6, 7])
      // The list says the column of which the figure is the mean, when it was counted and by whom; the declared number has no date.
      #expect(listing.rows.map(\.professionals) == [6, 7])
      #expect(listing.rows.map { $0.headcount.map { "\($0.date) \($0.source)" } } == ["2021-06-01 Appel", nil])
    }
  }

  /// For each team the latest count of each profession, be they of different days.
  @Test(arguments: Engine.allCases)
  func professionsAreAddedUpEachByItsLatestCount(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      func numbers(_ day: String, by dimensions: [String], where filters: [(String, String)] = []) async throws -> [String: Int] {
        try await world.values(
          "professionals.by_profession", Period(asOf: try #require(CivilDate(iso: day))), by: dimensions, where: filters)
      }
      #expect(try await numbers("2020-08-31", by: []) == ["": 0])
      #expect(try await numbers("2020-09-01", by: ["profession"]) == ["infirmier": 3, "medecin_generaliste": 2])
      #expect(try await numbers("2021-06-01", by: ["profession"]) == ["infirmier": 6, "medecin_generaliste": 2])
      #expect(try await numbers("2022-12-31", by: ["profession"]) == ["infirmier": 6, "medecin_generaliste": 6])
      #expect(try await numbers("2022-12-31", by: []) == ["": 12])
      try await world.bring(
        "effectifs", "structure;date;nombre;profession;source\nC;2022-02-01;0;infirmier;Visite\nC;2022-02-01;5;ipa;Visite\n")
      #expect(try await numbers("2022-12-31", by: ["departement", "profession"], where: [("departement", "73")]) == ["73 ipa": 5])
      try await world.bring("etats", "structure;etat;depuis\nB;fermee;2022-06-01\n")
      #expect(try await numbers("2022-12-31", by: ["profession"]) == ["medecin_generaliste": 4, "ipa": 5])
      let query = try FigureQuery(world.model.figures.figure("professionals.by_profession"), Period(year: 2022))
      let listing = try await world.database.read {
        try HeadcountListing(query, search: "", order: .profession, descending: false, offset: 0, limit: 10, $0)
      }
      // A count of nobody is a count too.
      #expect(listing.total == 3)
      #expect(
        listing.rows.map { "\($0.name) \($0.profession) \($0.number) \($0.date) \($0.source)" } == [
          "Toutes professions medecin_generaliste 4 2022-01-01 ARS", "Déclarés infirmier 0 2022-02-01 Visite",
          "Déclarés ipa 5 2022-02-01 Visite",
        ])
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2022)) }
      #expect(faults.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func theSheetSaysWhenAndWho(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let reader = Account(id: Identifier(rawValue: 1), email: "", name: "", role: .direction, territory: nil)
      func sheet(_ reference: String, _ day: String) async throws -> String {
        let day = try #require(CivilDate(iso: day))
        return try await world.database.read { connection in
          let id: Identifier<Structure> = try #require(
            try connection.value("SELECT id FROM structure WHERE reference = \(reference)"))
          let sheet = try #require(try StructureSheet(id, for: reader, asOf: day, connection))
          return "\(sheet.professionals ?? -1) \(sheet.headcount.map { "\($0.date) \($0.source)" } ?? "")"
        }
      }
      #expect(try await sheet("A", "2021-01-01") == "14 2020-09-01 Enquête 2020")
      #expect(try await sheet("A", "2022-06-01") == "17 2021-06-01 Enquête 2021")
      #expect(try await sheet("B", "2022-06-01") == "6 2021-06-01 Appel")
      #expect(try await sheet("A", "2019-01-01") == "10 ")
      #expect(try await sheet("D", "2022-01-01") == "-1 ")
    }
  }

  @Test(arguments: Engine.allCases)
  func countsGoOutComeBackAndAreUndone(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let file = try await world.take("effectifs")
      let again = try await world.bring("effectifs", file)
      #expect(again.unchanged == 6 && again.created == 0 && again.changed == 0 && again.refused.isEmpty, "\(again)")
      let change = try await world.bring("effectifs", "structure;date;nombre;source\nA;2021-06-01;20;Corrigé\nC;2021-06-01;9;Appel\n")
      #expect(try await number(world, "2022-12-31", "73") == 9)
      _ = try await world.importer.undo(try #require(change.importID), world.model.kinds)
      #expect(try await world.take("effectifs") == file)
      let refused = try await world.bring(
        "effectifs",
        "structure;date;nombre;profession;source\nA;2021-01-01;-1;;x\nA;2021-01-02;;;x\nA;2021-01-03;3;astronaute;x\nZ;;1;;\nA;2020-01-01;1;;x\nA;2020-01-01;2;;x\n"
      )
      #expect(
        refused.refused.map { "\($0.line) \($0.fault.column)" }
          == ["2 nombre", "3 nombre", "4 profession", "5 structure", "5 date", "5 source", "7 date"])
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2022)) }
      #expect(faults.isEmpty)
    }
  }
}
