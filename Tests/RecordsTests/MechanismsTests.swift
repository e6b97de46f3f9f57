import Foundation
import Records
import Store
import Tables
import TestSupport
import Testing

/// The mechanisms, on a kind of record of their own.
@Suite struct MechanismsTests {
  private struct Library {
    let database: any Database
    let model = BookRecords.model

    func bring(_ text: String, _ options: ImportOptions = ImportOptions()) async throws -> ImportOutcome {
      let importer = Importer(database: database, ids: IdentifierSource(), now: { TestClock.now })
      return try await importer.run(BookRecords(), table: try CSV.read(Array(text.utf8)), fileName: "livres.csv", options: options)
    }

    func file() async throws -> String {
      let (header, rows) = try await database.read { try Exporter.rows(BookRecords(), $0) }
      return String(decoding: CSV.write(header: header, rows: rows).dropFirst(3), as: UTF8.self).replacing("\r\n", with: "\n")
    }

    func values(_ figure: String, by dimensions: [String] = [], where filters: [Filter] = []) async throws -> [String: Int?] {
      let query = try FigureQuery(try model.figures.figure(figure), Period(year: 2021), by: dimensions, where: filters)
      return try await database.read {
        Dictionary(uniqueKeysWithValues: try query.values($0).map { ($0.codes.joined(separator: " "), $0.value) })
      }
    }
  }

  private func withLibrary(_ engine: Engine, _ body: (Library) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      try await body(Library(database: database))
    }
  }

  private static let books = """
    titre;achat;pages;prete;sujets;reference
    Soigner;2021-02-01;100;non;Santé|droit;A
    Tenir;01/03/2021;50;;;B
    Parti;2021-04-01;10;oui;sante;C
    """

  @Test(arguments: Engine.allCases)
  func aFileComesInAndGoesOut(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      let outcome = try await library.bring(Self.books)
      #expect(outcome.created == 3 && outcome.refused.isEmpty && outcome.warnings.isEmpty && outcome.importID != nil)
      #expect(
        try await library.file()
          == """
          titre;achat;pages;prete;sujets;reference
          Soigner;2021-02-01;100;non;droit|sante;A
          Tenir;2021-03-01;50;;;B
          Parti;2021-04-01;10;oui;sante;C

          """)
    }
  }

  @Test(arguments: Engine.allCases)
  func oneRefusedLineStopsTheFile(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      let outcome = try await library.bring(
        Self.books + "\nUn titre de plus de vingt lettres;2021-13-01;0;peut-être;cuisine;D\n;2021-01-01;;;;E")
      #expect(outcome.importID == nil && outcome.created == 0)
      #expect(
        outcome.refused.map { "\($0.line) \($0.fault.column) [\($0.fault.value)] \($0.fault.reason)" } == [
          "5 titre [Un titre de plus de vingt lettres] 33 caractères : 20 au plus",
          "5 achat [2021-13-01] le 2021-13-01 n’existe pas",
          "5 pages [0] 0 est hors des limites (1 à 5000)",
          "5 prete [peut-être] « peut-être » : répondez par oui ou non",
          "5 sujets [cuisine] « cuisine » est inconnu dans la liste « Sujet » (à l’import, « créer les valeurs » l’y ajoute ; plusieurs valeurs se séparent par |)",
          "6 titre [] obligatoire",
        ])
      #expect(try await library.values("livres.count") == ["": 0])
    }
  }

  @Test(arguments: Engine.allCases)
  func theSameFileTwiceChangesNothing(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      let again = try await library.bring(Self.books)
      #expect(again.created == 0 && again.changed == 0 && again.unchanged == 3)
      let changed = try await library.bring("reference;titre;pages\nA;;120\nB;Tenir;")
      #expect(changed.changed == 1 && changed.unchanged == 1)
      #expect(try await library.values("livres.pages") == ["": 170])
    }
  }

  @Test(arguments: Engine.allCases)
  func figuresCountEachRecordOnce(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      #expect(try await library.values("livres.count") == ["": 2])
      #expect(try await library.values("livres.count", by: ["sujet"]) == ["sante": 1, "droit": 1, "non_renseigne": 1])
      #expect(try await library.values("livres.pages", by: ["sujet"]) == ["sante": 100, "droit": 100, "non_renseigne": 50])
      #expect(try await library.values("livres.pages", where: [Filter("sujet", "sante"), Filter("sujet", "droit")]) == ["": 100])
      #expect(try await library.values("livres.classes") == ["": 1])
      #expect(try await library.values("livres.count", where: [Filter("prete", "oui")]) == ["": 1])
      #expect(
        try await library.values("livres.count", by: ["prete", "sujet"]) == [
          "non sante": 1, "non droit": 1, "non_renseigne non_renseigne": 1,
        ])
    }
  }

  @Test(arguments: Engine.allCases)
  func theRecordsBehindAFigureAreListed(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      let query = try FigureQuery(try library.model.figures.figure("livres.pages"), Period(year: 2021), by: ["sujet"])
      let records = try await library.database.read { try query.records($0) }
      #expect(records[["sante"]]?.map(\.reference) == ["A"] && records[["sante"]]?.map(\.amount) == [100])
      #expect(records[["non_renseigne"]]?.map(\.reference) == ["B"])
      let faults = try await library.database.read { try library.model.faults($0, today: .lastDay(of: 2021)) }
      #expect(faults.isEmpty)
    }
  }

  @Test func aQuestionThatMakesNoSenseIsRefused() async throws {
    try await withLibrary(.sqlite) { library async throws in
      let registry = library.model.figures
      let figure = try registry.figure("livres.count")
      #expect(throws: Refusal.self) { try registry.figure("livres.poids") }
      #expect(throws: Refusal.self) { try FigureQuery(figure, Period(year: 2021), by: ["couleur"]) }
      #expect(throws: Refusal.self) { try FigureQuery(figure, Period(year: 2021), by: ["sujet", "sujet"]) }
      try await library.database.read { connection in
        let lists = try ReferenceLists(connection)
        #expect(try registry.filter("sujet", "SANTÉ", for: figure, lists, connection) == Filter("sujet", "sante"))
        #expect(try registry.filter("sujet", "non_renseigne", for: figure, lists, connection) == Filter("sujet", "non_renseigne"))
        #expect(throws: Refusal.self) { try registry.filter("sujet", "cuisine", for: figure, lists, connection) }
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func listsKeepAFederationsOwnWords(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.database.write { try $0.execute("UPDATE reference_value SET label = 'Santé publique' WHERE code = 'sante'") }
      _ = try await library.bring("titre;achat;sujets\nNeuf;2021-01-01;Cuisine|santé publique", ImportOptions(createsValues: true))
      _ = try await library.model.migrate(library.database)
      let lists = try await library.database.read { try ReferenceLists($0) }
      #expect(lists.values(of: BookRecords.topic).map(\.label) == ["Santé publique", "Droit", "Cuisine"])
      #expect(lists.code(of: "santé PUBLIQUE", in: BookRecords.topic) == "sante")
      #expect(lists.label(of: "inconnu", in: BookRecords.topic) == "inconnu")
    }
  }

  @Test func datesOfFilesHaveTwoForms() throws {
    #expect(try CivilDate.reading("2021-03-04") == CivilDate(year: 2021, month: 3, day: 4))
    #expect(try CivilDate.reading("4/3/2021") == CivilDate(year: 2021, month: 3, day: 4))
    for text in ["31/02/2021", "2021-02-30", "03-04-2021", "4/3/21", "44525", "0021-03-04", "2021-3-4", "hier", "1/1/1850"] {
      #expect(throws: Refusal.self, "\(text)") { try CivilDate.reading(text) }
    }
  }

  @Test func aPeriodIsAYearOrADay() {
    #expect(Period("2021") == Period(year: 2021))
    #expect(Period("2021-06-30")?.from == CivilDate.firstDay(of: 2021))
    #expect(Period("2021-06-30")?.label == "2021-06-30")
    #expect(Period("2021")?.previous == Period(year: 2020))
    #expect(Period("2024-02-29")?.previous == Period("2023-02-28"))
    #expect(Period("21") == nil && Period("2021-6-30") == nil && Period("") == nil)
  }
}
