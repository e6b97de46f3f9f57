import Store
import TestSupport
import Testing

@testable import Records

/// Means and medians: the same on both engines to the last digit, and nothing of nothing.
@Suite struct AveragesTests {
  private struct Case: Sendable {
    let pages: [Int?]
    /// In tenths.
    let mean: Int?
    let median: Int?

    init(_ pages: [Int?], mean: Int?, median: Int?) {
      (self.pages, self.mean, self.median) = (pages, mean, median)
    }
  }

  private static let cases = [
    Case([], mean: nil, median: nil), Case([nil], mean: nil, median: nil), Case([0, 0], mean: 0, median: 0),
    Case([5], mean: 50, median: 50), Case([2, 1], mean: 15, median: 15), Case([7, nil, 9, nil], mean: 80, median: 80),
    // Thirds are rounded, halves go away from zero.
    Case([1, 1, 2], mean: 13, median: 10), Case([1, 2, 2], mean: 17, median: 20), Case([1, 0, 0, 0], mean: 3, median: 0),
    Case([-1, 0, 0, 0], mean: -3, median: 0), Case([-1, -2], mean: -15, median: -15), Case([-1, -1, -2], mean: -13, median: -10),
    Case([41, 10, 30, 20], mean: 253, median: 250),
    // Ties, on either side of the middle and across it.
    Case([9, 3, 3, 9, 3], mean: 54, median: 30), Case([3, 9, 3, 9], mean: 60, median: 60), Case([4, 4, 4, 4], mean: 40, median: 40),
    Case([1, 2, 2, 2, 100], mean: 214, median: 20), Case([1, 2, 2, 5, 6, 1_000], mean: 1693, median: 35),
  ]

  private func withBooks(_ engine: Engine, _ body: (any Database) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      try await body(database)
    }
  }

  private func put(_ pages: [Int?], _ database: any Database) async throws {
    try await database.write { connection in
      try connection.execute("DELETE FROM book")
      for (index, pages) in pages.enumerated() {
        try connection.execute(
          """
          INSERT INTO book (id, reference, title, bought, pages)
          VALUES (\(index + 1), \("L\(index + 1)"), 'Livre', '2021-05-01', \(pages))
          """)
      }
    }
  }

  private func values(_ query: FigureQuery, _ database: any Database) async throws -> [String: Int?] {
    try await database.read { connection in
      Dictionary(uniqueKeysWithValues: try query.values(connection).map { ($0.codes.joined(separator: " "), $0.value) })
    }
  }

  private func figure(_ id: String) throws -> Figure { try BookRecords.model.figures.figure(id) }

  @Test(arguments: Engine.allCases)
  func theyAreExact(_ engine: Engine) async throws {
    try await withBooks(engine) { database async throws in
      for sample in Self.cases {
        try await put(sample.pages, database)
        for (id, expected) in [("livres.moyenne", sample.mean), ("livres.mediane", sample.median)] {
          let query = try FigureQuery(figure(id), Period(year: 2021))
          #expect(try await values(query, database) == ["": expected], "\(id) \(sample.pages)")
          // By a dimension that parts nothing, the same number; of no book, no row.
          let split = try FigureQuery(figure(id), Period(year: 2021), by: ["sujet"])
          #expect(try await values(split, database) == (expected == nil ? [:] : ["non_renseigne": expected]), "\(id) \(sample.pages)")
          let amounts = try await database.read { try query.records($0)[[]] ?? [] }.map(\.amount)
          #expect(amounts == sample.pages.filter { $0 != nil }, "\(id) \(sample.pages)")
        }
        #expect(try await database.read { try BookRecords.model.faults($0, today: .lastDay(of: 2021)) } == [])
      }
    }
  }

  /// As fine as the figure's scale says.
  @Test(arguments: Engine.allCases)
  func theScaleSaysHowFine(_ engine: Engine) async throws {
    func figure(_ measure: Measure, _ scale: Int) -> Figure {
      Figure("x", label: "", definition: "", unit: "pages", scale: scale, of: BookRecords.facts, measure, recordKind: "livres")
    }
    try await withBooks(engine) { database async throws in
      try await put([10, 20, 30, 41, 2, 1], database)
      let expected: [(Measure, Int, Int)] = [
        (.mean(column: "f.pages"), 1, 17), (.mean(column: "f.pages"), 10, 173), (.mean(column: "f.pages"), 1000, 17_333),
        (.median(column: "f.pages"), 1, 15), (.median(column: "f.pages"), 100, 1500),
      ]
      for (measure, scale, value) in expected {
        #expect(try await values(FigureQuery(figure(measure, scale), Period(year: 2021)), database) == ["": value], "\(scale)")
      }
    }
  }

  /// A book of two topics stands once in each, and once in both together.
  @Test(arguments: Engine.allCases)
  func eachGroupHasItsOwn(_ engine: Engine) async throws {
    try await withBooks(engine) { database async throws in
      try await put([100, 50, nil, 20, 1, 30], database)
      try await database.write { connection in
        for (book, topic) in [(1, "sante"), (1, "droit"), (2, "droit"), (3, "sante"), (4, "droit"), (5, "sante")] {
          try connection.execute("INSERT INTO book_topic VALUES (\(book), \(topic))")
        }
        try connection.execute("UPDATE book SET lent = FALSE WHERE id IN (1, 4)")
      }
      func split(_ id: String, by dimensions: [String], where filters: [Filter] = []) async throws -> [String: Int?] {
        try await values(FigureQuery(figure(id), Period(year: 2021), by: dimensions, where: filters), database)
      }
      #expect(try await split("livres.moyenne", by: []) == ["": 402])
      #expect(try await split("livres.mediane", by: []) == ["": 300])
      #expect(try await split("livres.moyenne", by: ["sujet"]) == ["sante": 505, "droit": 567, "non_renseigne": 300])
      #expect(try await split("livres.mediane", by: ["sujet"]) == ["sante": 505, "droit": 500, "non_renseigne": 300])
      #expect(
        try await split("livres.mediane", by: ["prete", "sujet"]) == [
          "non sante": 1000, "non droit": 600, "non_renseigne sante": 10, "non_renseigne droit": 500, "non_renseigne non_renseigne": 300,
        ])
      let both = [Filter("sujet", "sante"), Filter("sujet", "droit")]
      #expect(try await split("livres.moyenne", by: [], where: both) == ["": 428])
      #expect(try await split("livres.mediane", by: [], where: both) == ["": 350])
      #expect(try await split("livres.mediane", by: [], where: [Filter("sujet", "sante"), Filter("prete", "oui")]) == ["": nil])
      #expect(try await values(FigureQuery(figure("livres.moyenne"), Period(year: 1999)), database) == ["": nil])
      #expect(try await database.read { try BookRecords.model.faults($0, today: .lastDay(of: 2021)) } == [])
    }
  }

  /// The list behind the figure is what it was worked out of: nothing of which the column is not known.
  @Test(arguments: Engine.allCases)
  func theListLeavesOutWhatIsNotKnown(_ engine: Engine) async throws {
    try await withBooks(engine) { database async throws in
      try await put([8, nil, 4, nil], database)
      let query = try FigureQuery(figure("livres.mediane"), Period(year: 2021))
      try await database.read { connection in
        for condition in ["b.id IN \(query.recordIDs)", query.includes("b.id")] as [SQL] {
          let listed = try connection.rows("SELECT b.reference FROM book b WHERE \(condition) ORDER BY b.id").map { try $0[0] as String }
          #expect(listed == ["L1", "L3"])
        }
        let value = try query.total(connection)
        #expect(value.digits == "6" && value.unit == "pages")
      }
      #expect(try !figure("livres.mediane").listsWholeFactSet && figure("livres.pages").listsWholeFactSet)
    }
  }

  /// What pages and files print of a number.
  @Test func digitsAndUnitsFollowTheScale() throws {
    let (mean, pages) = (try figure("livres.moyenne"), try figure("livres.pages"))
    func written(_ figure: Figure, _ value: Int?) -> String {
      let value = FigureValue(figure.manner, codes: [], value: value)
      return "\(value.digits ?? "?") \(value.unit ?? "?")"
    }
    #expect([145, 20, 19, 10, 0, -15].map { written(mean, $0) } == ["14,5 pages", "2 pages", "1,9 page", "1 page", "0 page", "-1,5 page"])
    #expect([2, 1, 0].map { written(pages, $0) } == ["2 pages", "1 page", "0 page"])
    #expect(written(mean, nil) == "? ?")
    #expect(FigureValue.nothing(in: mean.manner).isNothing && FigureValue.nothing(in: pages.manner).value == 0)
    #expect(!FigureValue(mean.manner, codes: [], value: 0).isNothing && FigureValue(pages.manner, codes: [], value: 0).isNothing)
  }
}
