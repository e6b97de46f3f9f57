import Store

extension FigureQuery {
  /// The values taken over for this question (docs/rules.md, « Historical values »): those of exactly its cells, where there is no fact.
  func seriesValues(_ connection: any Connection) throws -> [FigureValue] {
    guard let fixed = fixedCodes else { return [] }
    let rows = try connection.rows(
      """
      SELECT cell, thousandths, source FROM series_value
      WHERE figure = \(figure.id) AND through = \(period.through) AND removed_at IS NULL
      """)
    let values = try rows.compactMap { row -> FigureValue? in
      let cell = SeriesCell(try row[0]).codes
      let codes = dimensions.compactMap { cell[$0.code] }
      guard codes.count == dimensions.count, cell.count == codes.count + fixed.count, fixed.allSatisfy({ cell[$0.key] == $0.value }),
        dimensions.allSatisfy({ isWanted(cell[$0.code], in: $0) }), let value = figure.amount(ofThousandths: try row[1])
      else { return nil }
      return FigureValue(figure.manner, codes: codes, value: value, source: try row[2])
    }
    guard !values.isEmpty else { return [] }
    let counted = try cellsWithFacts(connection)
    return values.filter { !counted.contains($0.codes) }
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

  /// The cells in which the fact set has a fact, whatever the figure makes of it: a counted zero is a zero.
  private func cellsWithFacts(_ connection: any Connection) throws -> Set<[String]> {
    let columns = dimensions.isEmpty ? ["1"] : dimensions.map(expression)
    let limit: SQL = dimensions.isEmpty ? "LIMIT 1" : ""
    let rows = try connection.rows("SELECT DISTINCT \(columns.joined(by: ", ")) \(facts(joining: nil, where: [])) \(limit)")
    return try Set(rows.map { row in try dimensions.indices.map { try row[$0] } })
  }
}

extension Figure {
  /// The figure's own integer for thousandths of its unit; `nil` when the figure is not as fine.
  func amount(ofThousandths number: Int) -> Int? {
    let (amount, rest) = (number * scale).quotientAndRemainder(dividingBy: 1000)
    return rest == 0 ? amount : nil
  }
}
