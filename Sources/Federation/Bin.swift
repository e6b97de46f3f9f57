import Records
import Store

/// What was thrown away and can be taken back (design: a bin, not a question).
public struct Bin: Sendable {
  public struct Entry: Sendable, Equatable {
    /// The record kind's name, or ``attachments``.
    public let kind: String
    public let id: Int64
    public let title: String
    public let removedAt: Instant
    /// Who threw it away; `nil` for a command run by hand.
    public let account: String?
    /// The record that took its place, when it was merged: it does not come back by itself.
    public var successor: Int64?
  }

  /// What entries that are files taken off a record say for a kind.
  public static let attachments = "pieces"

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
      SELECT \(entry.kind) AS kind, id, \(entry.title) AS title, removed_at FROM \(entry.table)
      WHERE removed_at IS NOT NULL \(Self.shown(entry.area, to: reader)) \(Self.remembered(entry.kind))
      """
    }
    var records = try connection.rows(
      """
      SELECT b.kind, b.id, b.title, b.removed_at, (
        SELECT a.name FROM event e JOIN account a ON a.id = e.account_id WHERE e.operation = \(Operation.removal) AND e.id IN (
          SELECT d.id FROM event d WHERE d.kind = b.kind AND d.subject_id = b.id
          UNION ALL SELECT i.event_id FROM image i WHERE i.kind = b.kind AND i.record_id = b.id)
        ORDER BY e.id DESC LIMIT 1)
      FROM (\(all.joined(by: " UNION ALL "))) b ORDER BY b.removed_at DESC, b.id DESC LIMIT \(limit)
      """
    ).map { Entry(kind: try $0[0], id: try $0[1], title: try $0[2], removedAt: try $0[3], account: try $0[4]) }
    let successors = try Merge.successors(of: records.map(\.id), connection)
    for index in records.indices { records[index].successor = successors[records[index].id] }
    let files = try Self.files(open.filter { Area.ofAttachments($0.kind) != nil }, for: reader, limit, connection)
    entries = Array((records + files).sorted { ($1.removedAt, $1.id) < ($0.removedAt, $0.id) }.prefix(limit))
  }

  /// Of somebody who was anonymised there is nothing to bring back.
  private static func remembered(_ kind: String) -> SQL {
    kind == Erasure.people ? "AND id NOT IN (\(Erasure.forgottenPeople))" : ""
  }

  private static func shown(_ area: Area, to reader: Account) -> SQL {
    reader.hidden(in: area).map { "AND id NOT IN (\($0))" } ?? ""
  }

  /// Files taken off records that are there: those of a record in the bin come back with it.
  private static func files(
    _ tables: [(kind: String, area: Area, table: SQL, title: SQL)], for reader: Account, _ limit: Int, _ connection: any Connection
  ) throws -> [Entry] {
    guard !tables.isEmpty else { return [] }
    let records = tables.map { entry -> SQL in
      """
      SELECT \(entry.kind) AS kind, id, \(entry.title) AS title FROM \(entry.table)
      WHERE removed_at IS NULL \(shown(entry.area, to: reader))
      """
    }
    return try connection.rows(
      """
      SELECT a.id, a.name || ' (' || r.title || ')', a.removed_at, (SELECT c.name FROM account c WHERE c.id = a.removed_by)
      FROM attachment a JOIN (\(records.joined(by: " UNION ALL "))) r ON r.kind = a.kind AND r.id = a.record_id
      WHERE a.removed_at IS NOT NULL ORDER BY a.removed_at DESC, a.id DESC LIMIT \(limit)
      """
    ).map { Entry(kind: attachments, id: try $0[0], title: try $0[1], removedAt: try $0[2], account: try $0[3]) }
  }
}
