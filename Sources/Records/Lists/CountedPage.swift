import Store

/// The rows of one page, and how many there are on all of them, found in one statement.
public struct CountedPage {
  public let rows: [Row]
  public let total: Int

  /// - Parameters:
  ///   - columns: what a row holds.
  ///   - source: `FROM … WHERE …`
  ///   - order: what follows `ORDER BY`.
  public init(_ columns: [SQL], _ source: SQL, order: SQL, offset: Int, limit: Int, _ connection: any Connection) throws {
    rows = try connection.rows(
      "SELECT \(columns.joined(by: ", ")), count(*) OVER () \(source) ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)")
    // A page beyond the last one has no row to say how many there are.
    total =
      try rows.isEmpty && offset > 0
      ? connection.value("SELECT count(*) \(source)") ?? 0 : rows.first.map { try $0[columns.count] } ?? 0
  }
}
