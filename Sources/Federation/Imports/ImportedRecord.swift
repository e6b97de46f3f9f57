import Records
import Store

/// A record that an import made or changed, and that was not taken back.
public struct ImportedRecord: Sendable {
  public let id: Int64
  public let title: String
  public let isNew: Bool

  /// The first ones of an import that the reader may see; none for kinds whose records have no page.
  public static func first(
    _ limit: Int, of id: Identifier<Import>, kind: String, for reader: Account, _ connection: any Connection
  ) throws -> [ImportedRecord] {
    guard let source = RecordTitles.tables.first(where: { $0.kind == kind }) else { return [] }
    let shown: SQL = reader.hidden(in: source.area).map { "AND id NOT IN (\($0))" } ?? ""
    return try connection.rows(
      """
      SELECT t.id, t.title, m.created FROM import i
      JOIN image m ON m.event_id = i.event_id AND m.kind = i.kind AND m.undone_at IS NULL
      JOIN (SELECT id, \(source.title) AS title FROM \(source.table) WHERE removed_at IS NULL \(shown)) t ON t.id = m.record_id
      WHERE i.id = \(id) ORDER BY m.record_id LIMIT \(limit)
      """
    ).map { ImportedRecord(id: try $0[0], title: try $0[1], isNew: try $0[2]) }
  }
}
