import Store

extension FigureQuery {
  /// The values taken over for these questions (docs/rules.md, « Historical values »): those of exactly their cells, where there is no
  /// fact. They are of years, whole or up to a day: no other stretch has any.
  static func seriesValues(of queries: [FigureQuery], _ connection: any Connection) throws -> [[FigureValue]] {
    var values = [[FigureValue]](repeating: [], count: queries.count)
    let asked = queries.indices.filter { queries[$0].figure.isState || queries[$0].period.beginsItsYear }
    guard !asked.isEmpty else { return values }
    let cells = Set(asked.map { FigureDay(figure: queries[$0].figure.id, day: queries[$0].period.through) })
    let conditions: [SQL] = cells.sorted().map { "(figure = \($0.figure) AND through = \($0.day))" }
    let rows = try connection.rows(
      """
      SELECT cell, thousandths, source, figure, through FROM series_value
      WHERE (\(conditions.joined(by: " OR "))) AND removed_at IS NULL
      """)
    guard !rows.isEmpty else { return values }
    for index in asked {
      let query = queries[index]
      values[index] = try rows.compactMap { row in
        let (figure, through): (String, CivilDate) = (try row[3], try row[4])
        guard figure == query.figure.id, through == query.period.through else { return nil }
        return query.seriesValue(SeriesCell(try row[0]).codes, thousandths: try row[1], source: try row[2])
      }
    }
    let taken = asked.filter { !values[$0].isEmpty }
    let counted = try cellsWithFacts(of: taken.map { queries[$0] }, connection)
    for (index, cells) in zip(taken, counted) { values[index] = values[index].filter { !cells.contains($0.codes) } }
    return values
  }

  private func seriesValue(_ cell: [String: String], thousandths: Int, source: String) -> FigureValue? {
    guard let fixed = fixedCodes else { return nil }
    let codes = dimensions.compactMap { cell[$0.code] }
    guard codes.count == dimensions.count, cell.count == codes.count + fixed.count, fixed.allSatisfy({ cell[$0.key] == $0.value }),
      dimensions.allSatisfy({ isWanted(cell[$0.code], in: $0) }), let value = figure.amount(ofThousandths: thousandths)
    else { return nil }
    return FigureValue(figure.manner, codes: codes, value: value, source: source)
  }

  /// The code of each filter that the question is not broken down by; `nil` when one has several: their union is no cell.
  private var fixedCodes: [String: String]? {
    var codes: [String: String] = [:]
    for filter in filters where !dimensions.contains(where: { $0.code == filter.dimension }) {
      guard codes.updateValue(filter.value, forKey: filter.dimension) ?? filter.value == filter.value else { return nil }
    }
    return codes
  }

  private func isWanted(_ code: String?, in dimension: Dimension) -> Bool {
    let wanted = filters.filter { $0.dimension == dimension.code }
    return wanted.isEmpty || wanted.contains { $0.value == code }
  }

  /// The cells in which the fact sets have a fact, whatever the figures make of it: a counted zero is a zero.
  private static func cellsWithFacts(of queries: [FigureQuery], _ connection: any Connection) throws -> [Set<[String]>] {
    var cells = [Set<[String]>](repeating: [], count: queries.count)
    guard !queries.isEmpty else { return cells }
    let width = queries.map(\.dimensions.count).max() ?? 0
    let statements: [SQL] = queries.enumerated().map { index, query in
      let codes: [SQL] = query.dimensions.map(query.expression) + Array(repeating: "''", count: width - query.dimensions.count)
      let named: [SQL] = codes.enumerated().map { "\($0.element) AS \(SQL(unsafeText: "k\($0.offset)"))" }
      let columns = [SQL(unsafeText: "\(index) AS question")] + named
      let limit: SQL = query.dimensions.isEmpty ? "LIMIT 1" : ""
      return "SELECT c.* FROM (SELECT DISTINCT \(columns.joined(by: ", ")) \(query.facts(joining: nil, where: [])) \(limit)) c"
    }
    for row in try connection.rows(statements.joined(by: " UNION ALL ")) {
      let index: Int = try row[0]
      cells[index].insert(try queries[index].dimensions.indices.map { try row[1 + $0] })
    }
    return cells
  }
}

/// A figure on the last day of a question.
private struct FigureDay: Hashable, Comparable {
  let figure: String
  let day: CivilDate

  static func < (left: Self, right: Self) -> Bool { (left.figure, left.day) < (right.figure, right.day) }
}

extension Figure {
  /// The figure's own integer for thousandths of its unit; `nil` when the figure is not as fine.
  func amount(ofThousandths number: Int) -> Int? {
    let (amount, rest) = (number * scale).quotientAndRemainder(dividingBy: 1000)
    return rest == 0 ? amount : nil
  }
}
