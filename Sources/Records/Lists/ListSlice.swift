import Store

/// Where a page of a list begins: right after a row, or right before one, which an index finds at once, whatever stands before it.
///
/// An address holds the row's identity and none of its words. A row that was renamed meanwhile, or put in the bin, still has its place.
public struct ListSeek: Sendable, Equatable {
  let row: Int64
  /// The rows asked for are those before it.
  public let isBackwards: Bool

  public static func after(_ row: Int64) -> ListSeek { ListSeek(row: row, isBackwards: false) }
  public static func before(_ row: Int64) -> ListSeek { ListSeek(row: row, isBackwards: true) }
}

/// The rows of one page among those of a list: what a statement adds to its conditions, and its end.
public struct ListSlice: Sendable {
  /// `AND …`, or nothing.
  public let condition: SQL
  /// What the rows are sorted by.
  public let order: SQL
  /// `ORDER BY … LIMIT … OFFSET …`
  public let end: SQL
  private let isBackwards: Bool

  /// An order that an index holds: pages are as quick to find at the end of the list as at its beginning.
  /// - Parameters:
  ///   - columns: all in one direction and never NULL, the row's identity last.
  ///   - table, alias: what the statement calls them.
  ///   - days: the first column holds days, and the list is that of these.
  public init(
    by columns: [SQL], of table: SQL, as alias: SQL, within days: ClosedRange<CivilDate>? = nil, descending: Bool, _ seek: ListSeek?,
    offset: Int, limit: Int
  ) {
    isBackwards = seek?.isBackwards ?? false
    let goesDown = descending != isBackwards
    let keys = columns.map { "\(alias).\($0)" as SQL }
    order = keys.map { "\($0) \(goesDown ? "DESC" as SQL : "ASC")" as SQL }.joined(by: ", ")
    end = "ORDER BY \(order) LIMIT \(limit) OFFSET \(seek == nil ? offset : 0)"
    guard let seek else {
      condition = days.map { "AND \(keys[0]) BETWEEN \($0.lowerBound) AND \($0.upperBound)" } ?? ""
      return
    }
    func row(_ values: SQL) -> SQL { "(SELECT \(values) FROM \(table) k WHERE k.id = \(seek.row))" }
    let beyond: SQL = goesDown ? "<" : ">"
    let place: SQL = "AND (\(keys.joined(by: ", "))) \(beyond) \(row(columns.map { "k.\($0)" as SQL }.joined(by: ", ")))"
    guard let days else {
      condition = place
      return
    }
    // One bound each way: SQLite (3.40, 2026-11-21) walks the index from the first that it finds, were it that of the whole year.
    let day: SQL = "k.\(columns[0])"
    func nearer(_ limit: CivilDate) -> SQL { row("CASE WHEN \(day) \(beyond) \(limit) THEN \(day) ELSE \(limit) END") }
    condition =
      goesDown
      ? "AND \(keys[0]) BETWEEN \(days.lowerBound) AND \(nearer(days.upperBound)) \(place)"
      : "AND \(keys[0]) BETWEEN \(nearer(days.lowerBound)) AND \(days.upperBound) \(place)"
  }

  /// Any other order, whose pages are found by counting.
  public init(order: SQL, within days: SQL = "", offset: Int, limit: Int) {
    isBackwards = false
    condition = days
    self.order = order
    end = "ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)"
  }

  /// The rows in the order of the list.
  public func ordered<Element>(_ rows: [Element]) -> [Element] { isBackwards ? rows.reversed() : rows }
}

/// How many rows a list has.
public enum ListCount {
  /// Those of `FROM … WHERE …`, as they were last if nothing was written since.
  /// - Parameter most: where counting stops, one further: a list of thousands is as quick as one of a few.
  public static func of(_ rows: SQL, upTo most: Int?, _ connection: any Connection) throws -> Int {
    try connection.kept(sql(rows, upTo: most)) { try $0.first?[0] ?? 0 }
  }

  /// The same as a statement, beside others.
  public static func sql(_ rows: SQL, upTo most: Int?) -> SQL {
    let counted: SQL = most.map { "(SELECT 1 \(rows) LIMIT \($0 + 1)) AS counted" } ?? "(SELECT 1 \(rows)) AS counted"
    return "SELECT count(*) FROM \(counted)"
  }
}
