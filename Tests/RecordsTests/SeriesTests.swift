import Foundation
import Records
import Store
import Tables
import TestSupport
import Testing

/// Values of before the program: where they show, where they give way, and what is refused.
@Suite struct SeriesTests {
  private struct Library {
    let database: any Database
    let model = BookRecords.model
    let importer: Importer

    init(_ database: any Database) {
      self.database = database
      importer = Importer(database: database, ids: IdentifierSource(), now: { TestClock.now })
    }

    @discardableResult
    func bring(_ kind: String, _ text: String) async throws -> ImportOutcome {
      try await importer.run(
        try model.kind(kind), table: try CSV.read(Array(text.utf8)), fileName: "essai.csv", options: ImportOptions())
    }

    func file() async throws -> String {
      let kind = try model.kind("series")
      let (header, rows) = try await database.read { try Exporter.rows(kind, $0) }
      return ([header] + rows).map { $0.joined(separator: ";") }.joined(separator: "\n")
    }

    /// `codes value source`, in the order in which they come.
    func values(
      _ figure: String, _ period: Period, by dimensions: [String] = [], where filters: [Filter] = []
    ) async throws -> [String] {
      let query = try FigureQuery(try model.figures.figure(figure), period, by: dimensions, where: filters)
      return try await database.read { connection in
        try query.values(connection).map { value in
          (value.codes + [value.value.map(String.init) ?? "?", value.source].compactMap(\.self)).joined(separator: " ")
        }
      }
    }

    func faults() async throws -> [String] {
      try await database.read { try model.faults($0, today: .lastDay(of: 2021)) }
    }
  }

  private func withLibrary(_ engine: Engine, _ body: (Library) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      try await body(Library(database))
    }
  }

  private static let series = """
    figure;periode;valeur;source;dimensions
    livres.count;2019;1 340;R19;
    Livres;31/12/2020;40;R20;
    livres.count;2020;30;R20;sujet=Santé
    livres.count;2020;0;R20;sujet = droit
    livres.count;2020;9;R20;sujet=non renseigné
    livres.count;2020;7;R20;prete=oui|Sujet=sante
    livres.count;2020-06-30;12;R20b;
    livres.centaines;2020;12,50;R20;
    """

  @Test(arguments: Engine.allCases)
  func theFileComesInAndItsExportIsUnchanged(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      let outcome = try await library.bring("series", Self.series)
      #expect(outcome.created == 8 && outcome.refused.isEmpty, "\(outcome.refused)")
      let file = try await library.file()
      #expect(
        file == """
          figure;periode;valeur;source;dimensions
          livres.centaines;2020;12,5;R20;
          livres.count;2019;1340;R19;
          livres.count;2020-06-30;12;R20b;
          livres.count;2020;40;R20;
          livres.count;2020;7;R20;prete=oui|sujet=sante
          livres.count;2020;0;R20;sujet=droit
          livres.count;2020;9;R20;sujet=non_renseigne
          livres.count;2020;30;R20;sujet=sante
          """)
      let again = try await library.bring("series", file)
      #expect(again.created == 0 && again.changed == 0 && again.unchanged == 8)
      // The key is the figure, the period and the dimensions, in whatever order these are.
      let change = try await library.bring(
        "series", "dimensions;source;valeur;periode;figure\nsujet=sante|prete=oui;Autre;8;2020-12-31;LIVRES.COUNT\n")
      #expect(change.created == 0 && change.changed == 1)
      let undone = try await library.importer.undo(try #require(change.importID), library.model.kinds)
      #expect(undone.undone == 1)
      #expect(try await library.file() == file)
      let gone = try await library.importer.undo(try #require(outcome.importID), library.model.kinds)
      // What was changed and brought back is as it was made.
      #expect(gone.undone == 8 && gone.kept.isEmpty)
      #expect(try await library.file().hasSuffix("dimensions"))
    }
  }

  @Test(arguments: Engine.allCases)
  func whatTheFigureDoesNotKnowIsRefused(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      let outcome = try await library.bring(
        "series",
        """
        figure;periode;valeur;source;dimensions
        livres.poids;2019;3;R;
        livres.count;19;3;R;
        livres.count;2019;-3;R;
        livres.count;2018;3,5;;
        livres.centaines;2019;0,125;R;
        livres.count;2019;4;R;couleur=bleu|sujet=cuisine
        livres.count;2019;4;R;sujet
        livres.count;2019;4;R;sujet=sante|Sujet=droit
        livres.count;2019;0,1234;R;prete=oui
        livres.count;2019;5;R;prete=non
        livres.count;31/12/2019;6;R;prete=NON
        """)
      #expect(outcome.importID == nil)
      #expect(
        outcome.refused.map { "\($0.line) \($0.fault.column) [\($0.fault.value)] \($0.fault.reason)" } == [
          "2 figure [livres.poids] Le chiffre « livres.poids » n’existe pas ; chiffres connus : "
            + "livres.count, livres.pages, livres.centaines, livres.classes, livres.moyenne, livres.mediane.",
          "3 periode [19] « 19 » n’est ni une année ni une date (AAAA, AAAA-MM-JJ ou JJ/MM/AAAA)",
          "4 valeur [-3] « -3 » n’est pas un nombre positif (exemple : 1234,5)",
          "5 source [] obligatoire", "5 valeur [3,5] « livres.count » se compte en livres, sans décimales",
          "6 valeur [0,125] « livres.centaines » n’a pas autant de décimales",
          "7 dimensions [couleur=bleu] « livres.count » n’a pas la dimension « couleur » ; possible : sujet, prete",
          "7 dimensions [sujet=cuisine] « cuisine » est inconnu dans la liste « Sujet » "
            + "(à l’import, « créer les valeurs » l’y ajoute ; plusieurs valeurs se séparent par |)",
          "8 dimensions [sujet] « sujet » : écrivez dimension=valeur",
          "9 dimensions [sujet=sante|Sujet=droit] la dimension « Sujet » est donnée deux fois",
          "10 valeur [0,1234] « 0,1234 » : trois décimales au plus",
          "12 figure [livres.count] déjà donnée à la ligne 11",
        ])
    }
  }

  @Test(arguments: Engine.allCases)
  func aValueAnswersExactlyItsOwnQuestion(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring("series", Self.series)
      let year = Period(year: 2020)
      #expect(try await library.values("livres.count", Period(year: 2019)) == ["1340 R19"])
      #expect(try await library.values("livres.count", year) == ["40 R20"])
      #expect(try await library.values("livres.count", Period(asOf: .lastDay(of: 2020))) == ["40 R20"])
      #expect(try await library.values("livres.count", try #require(Period("2020-06-30"))) == ["12 R20b"])
      #expect(try await library.values("livres.count", try #require(Period("2020-07-01"))) == ["0"])
      #expect(try await library.values("livres.centaines", year) == ["1250 R20"])
      // Parts in the order of their codes, and none of nothing.
      #expect(try await library.values("livres.count", year, by: ["sujet"]) == ["non_renseigne 9 R20", "sante 30 R20"])
      #expect(try await library.values("livres.count", year, by: ["sujet"], where: [Filter("sujet", "sante")]) == ["sante 30 R20"])
      #expect(try await library.values("livres.count", year, where: [Filter("sujet", "droit")]) == ["0 R20"])
      #expect(try await library.values("livres.count", year, by: ["prete", "sujet"]) == ["oui sante 7 R20"])
      #expect(try await library.values("livres.count", year, by: ["sujet", "prete"]) == ["sante oui 7 R20"])
      #expect(try await library.values("livres.count", year, by: ["sujet"], where: [Filter("prete", "oui")]) == ["sante 7 R20"])
      #expect(try await library.values("livres.count", year, where: [Filter("prete", "oui"), Filter("sujet", "sante")]) == ["7 R20"])
      // No sum is made up: the total of cells, or of two values of a filter, may count a record twice.
      #expect(try await library.values("livres.count", year, where: [Filter("sujet", "sante"), Filter("sujet", "droit")]) == ["0"])
      #expect(try await library.values("livres.count", Period(year: 2019), by: ["sujet"]) == [])
      #expect(try await library.values("livres.pages", year) == ["0"])
    }
  }

  @Test(arguments: Engine.allCases)
  func recordsWinOverTheValuesOfTheirOwnCells(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring("series", Self.series)
      let year = Period(year: 2020)
      // A lent book is left out unless it is named: nothing stands behind the total yet.
      try await library.bring("livres", "titre;achat;prete;sujets;reference\nParti;2020-02-01;oui;sante;P\n")
      #expect(try await library.values("livres.count", year) == ["40 R20"])
      #expect(try await library.values("livres.count", year, by: ["sujet"], where: [Filter("prete", "oui")]) == ["sante 1"])
      try await library.bring("livres", "titre;achat;prete;sujets;reference\nTenir;2020-07-01;non;droit;T\n")
      #expect(try await library.values("livres.count", year) == ["1"])
      #expect(try await library.values("livres.count", try #require(Period("2020-06-30"))) == ["12 R20b"])
      #expect(try await library.values("livres.count", year, by: ["sujet"]) == ["droit 1", "non_renseigne 9 R20", "sante 30 R20"])
      // A book without pages is a fact: its zero was counted.
      #expect(try await library.values("livres.centaines", year) == ["0"])
      let query = try FigureQuery(try library.model.figures.figure("livres.count"), year, by: ["sujet"])
      let records = try await library.database.read { try query.records($0) }
      #expect(records.count == 1 && records[["droit"]]?.map(\.reference) == ["T"])
      #expect(try await library.faults() == [])
      // In the bin, it is no record any more.
      try await library.database.write { try $0.execute("UPDATE book SET removed_at = '2026-11-21T10:00:00.000Z'") }
      #expect(try await library.values("livres.count", year) == ["40 R20"])
    }
  }

  /// A book whose pages nobody counted is no fact of their mean: what was taken over still speaks.
  @Test(arguments: Engine.allCases)
  func aMeanGivesWayToWhatItIsWorkedOutOf(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      let outcome = try await library.bring(
        "series", "figure;periode;valeur;source\nlivres.moyenne;2020;14,55;R20\nlivres.moyenne;2019;14,5;R19\nlivres.moyenne;2018;0;R18\n")
      #expect(outcome.refused.map { "\($0.line) \($0.fault.reason)" } == ["2 « livres.moyenne » n’a pas autant de décimales"])
      try await library.bring("series", "figure;periode;valeur;source\nlivres.moyenne;2019;14,5;R19\nlivres.moyenne;2018;0;R18\n")
      try await library.bring("livres", "titre;achat;reference\nTenir;2019-07-01;T\n")
      #expect(try await library.values("livres.moyenne", Period(year: 2018)) == ["0 R18"])
      #expect(try await library.values("livres.moyenne", Period(year: 2019)) == ["145 R19"])
      #expect(try await library.values("livres.moyenne", Period(year: 2020)) == ["?"])
      try await library.bring("livres", "titre;achat;pages;reference\nSoigner;2019-07-01;31;S\n")
      #expect(try await library.values("livres.moyenne", Period(year: 2019)) == ["310"])
      #expect(try await library.faults() == [])
    }
  }

  /// What the figure does not count is a fact all the same: a book without a topic makes the zero of classified books.
  @Test(arguments: Engine.allCases)
  func aZeroOfFactsIsAZero(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(
        "series", "figure;periode;valeur;source\nlivres.classes;2020;5;R20\nlivres.classes;2021;6;R21\n")
      try await library.bring("livres", "titre;achat;reference\nTenir;2021-07-01;T\n")
      #expect(try await library.values("livres.classes", Period(year: 2020)) == ["5 R20"])
      #expect(try await library.values("livres.classes", Period(year: 2021)) == ["0"])
      #expect(try await library.faults() == [])
    }
  }
}
