import Records
import Store

/// One page of the records behind a number of an edition, as they were called when it was published.
public struct EditionListing: Sendable {
  public struct Row: Sendable {
    public let name: RecordName
    /// What it adds to a sum; 1 in a count.
    public let amount: Int?
  }

  public let rows: [Row]
  /// Those that the reader may see.
  public let total: Int
  /// All of them: the number itself when its records count one each.
  public let whole: Int
  /// What all of them add up to: the number itself.
  public let sum: Int

  /// - Parameter cells: those of the figure that make the number; all when `nil`.
  public init(
    _ edition: ReportEdition, _ figure: ReportFigure, cells: [[String]]?, for reader: Account, _ kind: some RecordKind, offset: Int,
    limit: Int, _ connection: any Connection
  ) throws {
    let only: SQL = cells.map { "AND r.cell IN \(list: $0.map { $0.joined(separator: "|") })" } ?? ""
    // A record adds the same in each cell that it stands in, and counts once in several.
    let behind: SQL = """
      (SELECT r.record_id, MAX(r.amount) AS amount FROM report_edition_record r
        WHERE r.edition_id = \(edition.id) AND r.figure = \(figure.number) \(only) GROUP BY r.record_id) b
      """
    let counts = try connection.first("SELECT count(*), CAST(COALESCE(SUM(b.amount), 0) AS \(.int)) FROM \(behind)")
    (whole, sum) = try counts.map { (try $0[0], try $0[1]) } ?? (0, 0)
    let from: SQL = """
      FROM \(behind) JOIN report_edition_source s
        ON s.edition_id = \(edition.id) AND s.kind = \(figure.recordKind) AND s.record_id = b.record_id
      WHERE \(RecordName.readable("s.record_id", of: figure.recordKind, by: reader))
      """
    total = try connection.value("SELECT count(*) \(from)") ?? 0
    rows = try connection.rows(
      """
      SELECT s.record_id, s.reference, s.label, s.date, b.amount,
        CASE WHEN EXISTS (SELECT 1 FROM \(SQL(unsafeText: kind.table)) t WHERE t.id = s.record_id AND t.removed_at IS NULL) THEN 1 ELSE 0 END
      \(from) ORDER BY s.date NULLS FIRST, s.fold NULLS LAST, s.record_id LIMIT \(limit) OFFSET \(offset)
      """
    ).map { row in
      let name = RecordName(
        kind: figure.recordKind, id: try row[0], reference: try row[1], label: try row[2], date: try row[3],
        isThere: try row[5] as Int == 1)
      return Row(name: name, amount: try row[4])
    }
  }
}
