import Store

/// Small numbers of people are kept back (R22): from 1 to 10, and with them as many others as it takes that no difference gives them.
///
/// Teams, exchanges and hours are never kept back. Whoever holds the database reads it: the command line says all.
public enum SmallCounts {
  /// The largest number of people that is small.
  public static let limit = 10

  /// What may be said of several questions, each as ``FigureQuery/values(_:)`` gives it.
  public static func values(of queries: [FigureQuery], _ connection: any Connection) throws -> [[FigureValue]] {
    // What a crossing keeps back depends on its margins, whether they are asked for or not.
    let asked = queries.map { query in query.figure.countsPeople && query.dimensions.count == 2 ? query.margins : [] }
    let read = try FigureQuery.values(of: queries + asked.flatMap(\.self), connection)
    var margins = read.dropFirst(queries.count)
    return zip(queries, read).enumerated().map { index, question in
      let (query, values) = question
      let own = margins.prefix(asked[index].count)
      margins = margins.dropFirst(own.count)
      guard query.figure.countsPeople else { return values }
      guard own.count == 2, let rows = own.first, let columns = own.last else { return line(values) }
      return crossing(values, rows: line(rows), columns: line(columns))
    }
  }

  /// Parts of one whole, which is said beside them.
  static func line(_ parts: [FigureValue]) -> [FigureValue] {
    var parts = parts.map { $0.withoutSmallNumber }
    // Alone, it is the whole less the others.
    let kept = parts.indices.filter { parts[$0].suppression != nil }
    if parts.count > 1, kept.count == 1, let other = smallest(of: parts.indices, in: parts) { parts[other] = parts[other].keptBack }
    return parts
  }

  /// The cells of two dimensions under margins that may be kept back themselves: until no line has a single unknown.
  static func crossing(_ cells: [FigureValue], rows: [FigureValue], columns: [FigureValue]) -> [FigureValue] {
    var cells = cells.map { $0.withoutSmallNumber }
    let lines: [(cells: [Int], isMarginKept: Bool)] = [rows, columns].enumerated().flatMap { axis, margins in
      margins.map { margin in (cells.indices.filter { cells[$0].codes[axis] == margin.codes[0] }, margin.suppression != nil) }
    }
    func isOpen(_ line: (cells: [Int], isMarginKept: Bool)) -> Bool {
      line.cells.filter { cells[$0].suppression != nil }.count + (line.isMarginKept ? 1 : 0) == 1
    }
    while let line = lines.first(where: { isOpen($0) && (!$0.isMarginKept || smallest(of: $0.cells, in: cells) != nil) }) {
      guard let other = smallest(of: line.cells, in: cells) else {
        // The margin itself would have to be kept back, which is said where it is asked for alone: nothing of the crossing is said.
        return []
      }
      cells[other] = cells[other].keptBack
    }
    return cells
  }

  /// The one of which least is lost. Nothing is no secret.
  private static func smallest(of indices: some Sequence<Int>, in values: [FigureValue]) -> Int? {
    indices.filter { values[$0].suppression == nil && !values[$0].isNothing }.min {
      (values[$0].value ?? 0, $0) < (values[$1].value ?? 0, $1)
    }
  }
}

extension FigureQuery {
  /// The same by each of its two dimensions alone.
  fileprivate var margins: [FigureQuery] {
    dimensions.map { FigureQuery(figure, period, dimensions: [$0], filters: filters) }
  }
}

extension FigureValue {
  /// Without a number from 1 to 10; what was taken over was published already.
  fileprivate var withoutSmallNumber: FigureValue {
    guard let value, (1...SmallCounts.limit).contains(value), source == nil else { return self }
    return FigureValue(manner, codes: codes, value: nil, suppression: .small)
  }

  fileprivate var keptBack: FigureValue {
    suppression == nil ? FigureValue(manner, codes: codes, value: nil, suppression: .complementary) : self
  }
}
