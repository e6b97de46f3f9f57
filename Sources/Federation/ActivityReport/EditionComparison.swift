import Records
import Store

/// What an edition keeps of its figures, beside the same questions put to the records as they are now.
struct EditionComparison {
  struct Question {
    let number: Int
    let query: FigureQuery

    /// Its records are facts themselves, not things that facts touch.
    var isOfFacts: Bool { query.figure.listsWholeFactSet }
  }

  /// Something that a figure is made of, on one side only.
  struct Difference {
    let figure: Int
    let record: Int64
    let fact: Int64
  }

  let edition: ReportEdition
  /// Those that the program still knows.
  let questions: [Question]

  /// Only those about records of a kind: communes come and go without a record of theirs, and are seen in the values.
  init(_ edition: ReportEdition, _ report: ActivityReport, _ model: Model) {
    self.edition = edition
    let (registry, kinds) = (model.figures, Set(model.kinds.map(\.name)))
    questions = report.figures.compactMap { figure in
      guard kinds.contains(figure.recordKind) else { return nil }
      return figure.query(registry).map { Question(number: figure.number, query: $0) }
    }
  }

  /// The questions about facts themselves, by fact set.
  var factSets: [String: [Question]] { Dictionary(grouping: questions.filter(\.isOfFacts), by: \.query.figure.factSet.name) }

  func differences(_ connection: any Connection) throws -> [Difference] {
    guard !questions.isEmpty else { return [] }
    let live: [SQL] = questions.map {
      "SELECT CAST(\($0.number) AS \(.int)) AS figure, e.cell, e.record, e.fact, e.amount, e.whole, 1 AS side FROM (\($0.query.evidence)) e"
    }
    // One pass over both: what stands on both sides cancels out.
    return try connection.rows(
      """
      SELECT b.figure, b.record, b.fact FROM (
        \(live.joined(by: " UNION ALL "))
        UNION ALL SELECT r.figure, r.cell, r.record_id, r.fact_id, r.amount, r.whole, -1 FROM \(kept(questions))
      ) b GROUP BY b.figure, b.record, b.fact, b.amount, b.whole, b.cell HAVING SUM(b.side) <> 0 ORDER BY b.figure, b.record, b.fact
      """
    ).map { Difference(figure: try $0[0], record: try $0[1], fact: try $0[2]) }
  }

  /// Which of the records the edition has behind one of the questions.
  func kept(_ ids: [Int64], in questions: [Question], _ connection: any Connection) throws -> Set<Int64> {
    let rows = try connection.rows("SELECT DISTINCT r.record_id FROM \(kept(questions)) AND r.record_id IN \(list: ids)")
    return try Set(rows.map { try $0[0] })
  }

  /// Which of the records are behind one of the questions now.
  func live(_ ids: [Int64], in questions: [Question], _ connection: any Connection) throws -> Set<Int64> {
    let parts: [SQL] = questions.map { "SELECT e.record FROM (\($0.query.evidence)) e WHERE e.record IN \(list: ids)" }
    return try Set(connection.rows(parts.joined(by: " UNION ")).map { try $0[0] })
  }

  func keptCells(of ids: [Int64], in question: Question, _ connection: any Connection) throws -> [Int64: Set<String>] {
    try cells(connection.rows("SELECT DISTINCT r.record_id, r.cell FROM \(kept([question])) AND r.record_id IN \(list: ids)"))
  }

  func liveCells(of ids: [Int64], in question: Question, _ connection: any Connection) throws -> [Int64: Set<String>] {
    try cells(connection.rows("SELECT DISTINCT e.record, e.cell FROM (\(question.query.evidence)) e WHERE e.record IN \(list: ids)"))
  }

  private func cells(_ rows: [Row]) throws -> [Int64: Set<String>] {
    var cells: [Int64: Set<String>] = [:]
    for row in rows { cells[try row[0], default: []].insert(try row[1]) }
    return cells
  }

  private func kept(_ questions: [Question]) -> SQL {
    "report_edition_record r WHERE r.edition_id = \(edition.id) AND r.figure IN \(list: questions.map { Int64($0.number) })"
  }
}
