import Store

/// The values of several questions at once: a page asks for a figure, the same a year before, its parts and its years in one statement.
extension FigureQuery {
  /// What ``values(_:)`` gives for each of them, in their order.
  public static func values(of queries: [FigureQuery], _ connection: any Connection) throws -> [[FigureValue]] {
    try values(of: queries, areKnown: false, connection)
  }

  /// The same for who reads them: before the first fact nothing was counted, and 0 would say that it was. Its value is `nil` then.
  public static func knownValues(of queries: [FigureQuery], _ connection: any Connection) throws -> [[FigureValue]] {
    try values(of: queries, areKnown: true, connection)
  }

  private static func values(of queries: [FigureQuery], areKnown: Bool, _ connection: any Connection) throws -> [[FigureValue]] {
    var places: [Question: Int] = [:]
    var distinct: [FigureQuery] = []
    let place = queries.map { query in
      let question = Question(query)
      if let known = places[question] { return known }
      places[question] = distinct.count
      distinct.append(query)
      return distinct.count - 1
    }
    let values = try distinctValues(of: distinct, areKnown: areKnown, connection)
    return place.map { values[$0] }
  }

  /// What tells two questions apart: a page has the same in several of its parts.
  private struct Question: Hashable {
    let figure: String
    let period: Period
    let dimensions: [String]
    let filters: [Filter]

    init(_ query: FigureQuery) {
      (figure, period, filters) = (query.figure.id, query.period, query.filters)
      dimensions = query.dimensions.map(\.code)
    }
  }

  /// SQLite joins 500 statements at most; a long report asks more.
  private static let mostAtOnce = 350

  private static func distinctValues(of queries: [FigureQuery], areKnown: Bool, _ connection: any Connection) throws -> [[FigureValue]] {
    guard !queries.isEmpty else { return [] }
    guard queries.count <= mostAtOnce else {
      let (first, rest) = (Array(queries.prefix(mostAtOnce)), Array(queries.dropFirst(mostAtOnce)))
      return try distinctValues(of: first, areKnown: areKnown, connection) + distinctValues(of: rest, areKnown: areKnown, connection)
    }
    let counted = try countedValues(of: queries, areKnown: areKnown, connection)
    let taken = try seriesValues(of: queries, connection)
    return queries.indices.map { index in
      let replaced = Set(taken[index].map(\.codes))
      let hasParts = !queries[index].dimensions.isEmpty
      let values = counted[index].filter { !replaced.contains($0.codes) } + taken[index].filter { !hasParts || !$0.isNothing }
      return values.sorted { left, right in
        left.codes.lexicographicallyPrecedes(right.codes) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      }
    }
  }

  private static func countedValues(
    of queries: [FigureQuery], areKnown: Bool, _ connection: any Connection
  ) throws -> [[FigureValue]] {
    let width = queries.map(\.dimensions.count).max() ?? 0
    var statements = queries.enumerated().map { $0.element.amounts(question: $0.offset, width: width) }
    // Asked after them, once for all figures of the same facts up to the same day.
    let wholes = areKnown ? queries.filter { $0.dimensions.isEmpty && !$0.figure.isRatio } : []
    let beginnings = Dictionary(wholes.map { ($0.beginning, $0) }) { first, _ in first }.sorted { $0.key < $1.key }
    statements += beginnings.enumerated().map { $0.element.value.hasFacts(question: queries.count + $0.offset, width: width) }
    var values = [[FigureValue]](repeating: [], count: queries.count)
    var unknown: Set<Beginning> = []
    for row in try connection.kept(statements.joined(by: " UNION ALL "), { $0 }) {
      let index: Int = try row[0]
      guard index < queries.count else {
        if try row[1] == 0 { unknown.insert(beginnings[index - queries.count].key) }
        continue
      }
      let (count, sum, whole): (Int, Int, Int) = (try row[1], try row[2], try row[3])
      let query = queries[index]
      let codes: [String] = try query.dimensions.indices.map { try row[4 + $0] }
      let value = query.value(codes, count: count, sum: sum, whole: whole)
      if codes.isEmpty || !value.isNothing { values[index].append(value) }
    }
    for (index, query) in queries.enumerated() where query.dimensions.isEmpty && unknown.contains(query.beginning) {
      values[index] = values[index].map { $0.isNothing ? FigureValue($0.manner, codes: [], value: nil) : $0 }
    }
    return values
  }

  /// Of which facts a question asks, and up to which day.
  private struct Beginning: Hashable, Comparable {
    let facts: String
    let through: CivilDate

    static func < (left: Self, right: Self) -> Bool { (left.facts, left.through) < (right.facts, right.through) }
  }

  private var beginning: Beginning { Beginning(facts: figure.factSet.name, through: period.through) }

  /// Whether there was any fact up to the last day, as one row: the question's number, and 1 or 0.
  private func hasFacts(question: Int, width: Int) -> SQL {
    let columns = [SQL](repeating: "0", count: 2) + Array(repeating: "''", count: width)
    let before = Period(from: .firstDay(of: 1900), through: max(period.through, .firstDay(of: 1900))) ?? period
    return """
      SELECT \(SQL(unsafeText: "\(question)")), CASE WHEN EXISTS (SELECT 1 FROM (\(figure.factSet.records(before))) f) THEN 1 ELSE 0 END,
        \(columns.joined(by: ", "))
      """
  }

  /// What the values are worked out of, one row for each: the question's number, how many pairs, their sums, and the codes.
  private func amounts(question: Int, width: Int) -> SQL {
    let keys = keyColumns
    let sum: SQL = figure.measure.column == nil ? "0" : "CAST(COALESCE(SUM(p.amount), 0) AS \(.int))"
    let whole: SQL = figure.isShare ? "CAST(COALESCE(SUM(p.whole), 0) AS \(.int))" : "0"
    let amounts: SQL = if case .median = figure.measure { middlePairs } else { pairs(naming: false) }
    let grouping: SQL = keys.isEmpty ? "" : "GROUP BY \(keys.joined(by: ", "))"
    let codes: [SQL] = keys + Array(repeating: "''", count: width - keys.count)
    let columns: [SQL] = [SQL(unsafeText: "\(question)"), "count(*)", sum, whole] + codes
    return "SELECT \(columns.joined(by: ", ")) FROM (\(amounts)) p \(grouping)"
  }

  private func value(_ codes: [String], count: Int, sum: Int, whole: Int) -> FigureValue {
    let number: Int? =
      switch figure.measure {
      case .count, .distinct: count
      case .sum: sum
      case .reported: nil
      case .mean, .median: figure.measure.mean(ofSum: sum, count: count, scale: figure.scale)
      case .share: figure.measure.mean(ofSum: sum, count: whole, scale: figure.scale)
      }
    return FigureValue(
      figure.manner, codes: codes, value: number, share: figure.isShare ? FigureShare(numerator: sum, denominator: whole) : nil)
  }
}
