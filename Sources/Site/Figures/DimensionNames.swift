import Markup
import Records
import Store
import WebSupport

/// The words and the order of a dimension's values.
struct DimensionNames {
  let dimension: Dimension
  private let labels: [String: String]
  private let order: [String: Int]

  init(_ dimension: Dimension, _ lists: ReferenceLists, _ connection: any Connection) throws {
    self.dimension = dimension
    let values = try dimension.values(lists, connection) + [.unknown]
    labels = Dictionary(values.map { ($0.code, $0.label) }, uniquingKeysWith: { first, _ in first })
    order = Dictionary(values.enumerated().map { ($0.element.code, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  func label(_ code: String) -> String { labels[code] ?? code }

  func ordered(_ codes: Set<String>) -> [String] {
    codes.sorted { (order[$0] ?? .max, $0) < (order[$1] ?? .max, $1) }
  }
}

extension FigureTable {
  /// Two dimensions: each cell opens its list. Totals are those of the figure, not sums of cells, for a record may stand in several.
  static func crossing(
    _ title: String, _ parts: [FigureValue], _ rows: DimensionNames, _ columns: DimensionNames, totals: CrossingTotals,
    _ query: FigureQuery, _ links: RecordLinks
  ) -> FigureTable {
    let columnCodes = columns.ordered(Set(parts.map { $0.codes[1] }))
    let values = Dictionary(uniqueKeysWithValues: parts.map { ($0.codes, $0) })
    return FigureTable(
      "\(title), \(query.period.phrase(isState: query.figure.isState))", rowTitle: rows.dimension.label,
      columns: columnCodes.map(columns.label) + ["Total"],
      rows: rows.ordered(Set(parts.map { $0.codes[0] })).map { row in
        let rowFilter = Filter(rows.dimension.code, row)
        return .init(
          LinkedText(rows.label(row)),
          columnCodes.map { column in
            LinkedText(cell: values[[row, column]], links(query, rowFilter, Filter(columns.dimension.code, column)), beside: totals.whole)
          } + [LinkedText(cell: totals.rows[row], links(query, rowFilter), beside: totals.whole)])
      },
      total: .init(
        LinkedText("Total"),
        columnCodes.map { LinkedText(cell: totals.columns[$0], links(query, Filter(columns.dimension.code, $0)), beside: totals.whole) }
          + [LinkedText(totals.whole, links(query))]))
  }
}

/// The figure by each of two dimensions alone, and whole.
struct CrossingTotals {
  let rows: [String: FigureValue]
  let columns: [String: FigureValue]
  let whole: FigureValue

  init(_ query: FigureQuery, by first: Dimension, and second: Dimension, whole: FigureValue, _ connection: any Connection) throws {
    func totals(_ dimension: Dimension) throws -> [String: FigureValue] {
      let values = try FigureQuery(query.figure, query.period, by: [dimension.code], where: query.filters).values(connection)
      return Dictionary(uniqueKeysWithValues: values.map { ($0.codes[0], $0) })
    }
    (rows, columns, self.whole) = (try totals(first), try totals(second), whole)
  }
}

extension Period {
  /// The period inside a sentence.
  func phrase(isState: Bool) -> String {
    let last = French.day(through.description)
    return isState ? "au \(last)" : "du \(French.dayAndMonth(from.description)) au \(last)"
  }
}
