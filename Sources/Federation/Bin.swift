import Records
import Store

/// What was thrown away and can be taken back (design: a bin, not a question).
public struct Bin: Sendable {
  public struct Entry: Sendable, Equatable {
    /// The record kind's name.
    public let kind: String
    public let id: Int64
    public let title: String
    public let removedAt: Instant
    /// Who threw it away; `nil` for a command run by hand.
    public let account: String?
  }

  public let entries: [Entry]

  /// The latest first, of what the reader may take back.
  public init(for reader: Account, limit: Int = 200, _ connection: any Connection) throws {
    let open = RecordTitles.tables.filter { reader.role.scope(.write, $0.area) == .all }
    guard !open.isEmpty else {
      entries = []
      return
    }
    let all = open.map { entry -> SQL in
      """
      SELECT \(entry.kind) AS kind, id, \(entry.title) AS title, removed_at FROM \(entry.table) WHERE removed_at IS NOT NULL
      """
    }
    entries = try connection.rows(
      """
      SELECT b.kind, b.id, b.title, b.removed_at, (
        SELECT a.name FROM event e JOIN account a ON a.id = e.account_id WHERE e.operation = \(Operation.removal) AND e.id IN (
          SELECT d.id FROM event d WHERE d.kind = b.kind AND d.subject_id = b.id
          UNION ALL SELECT i.event_id FROM image i WHERE i.kind = b.kind AND i.record_id = b.id)
        ORDER BY e.id DESC LIMIT 1)
      FROM (\(all.joined(by: " UNION ALL "))) b ORDER BY b.removed_at DESC, b.id DESC LIMIT \(limit)
      """
    ).map { Entry(kind: try $0[0], id: try $0[1], title: try $0[2], removedAt: try $0[3], account: try $0[4]) }
  }
}
