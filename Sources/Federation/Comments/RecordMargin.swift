import Records
import Store

/// What stands beside a record, of whatever kind: its files, what colleagues say of it, and who watches it.
public struct RecordMargin: Sendable {
  /// A comment as the record's page tells it.
  public struct Remark: Sendable {
    public let id: Identifier<RecordComment>
    public let author: String
    public let isMine: Bool
    public let text: String
    public let at: Instant
    public let editedAt: Instant?
    /// What those whom it mentions are called, and their addresses.
    public let mentioned: [String]
  }

  public let files: [AttachmentSummary]
  /// In the order in which they were said; none for whoever may not read them.
  public let remarks: [Remark]
  public let watchers: [String]
  public let isWatched: Bool

  /// All in one statement: pages have few. Of a record that the reader reads.
  public init(of record: Int64, kind: String, for reader: Account, _ connection: any Connection) throws {
    let hasComments = reader.role.isStaff && Area.ofComments(kind) != nil
    let hasFiles = Area.ofAttachments(kind) != nil
    var parts: [SQL] = hasComments ? [Self.remarks(record, kind), Self.watchers(record, kind), Self.mentioned(record, kind)] : []
    if hasFiles { parts.append(AttachmentSummary.rows(of: record, kind: kind)) }
    let rows = try parts.isEmpty ? [] : connection.rows("\(parts.joined(by: " UNION ALL ")) ORDER BY 1, 2")
    files = try rows.filter { try $0[0] == 4 }.map(AttachmentSummary.init)
    var names: [Int64: [String]] = [:]
    for row in try rows.filter({ try $0[0] == 3 }) {
      let (email, name): (String, String) = (try row[2], try row[5])
      names[try row[1], default: []].append(contentsOf: [email, name])
    }
    remarks = try rows.filter { try $0[0] == 1 }.map { row in
      let account: Int64? = try row[6]
      return Remark(
        id: try row[1], author: try row[5] as String? ?? "Compte supprimé", isMine: account == reader.id.rawValue, text: try row[2],
        at: try row[4], editedAt: try row[7], mentioned: names[try row[1]] ?? [])
    }
    let watching = try rows.filter { try $0[0] == 2 }.map { (account: try $0[6] as Int64?, name: try $0[5] as String?) }
    // Nobody is told of what they write themselves.
    watchers = watching.filter { $0.account != reader.id.rawValue }.compactMap { $0.name }
    isWatched = watching.contains { $0.account == reader.id.rawValue }
  }

  /// Part, identifier, text, size, moment, name, account, moment of the change.
  private static func remarks(_ record: Int64, _ kind: String) -> SQL {
    """
    SELECT 1 AS part, m.id AS id, m.text AS text, 0 AS size, m.written_at AS moment, a.name AS name, m.account_id AS account,
      m.edited_at AS changed
    FROM comment m LEFT JOIN account a ON a.id = m.account_id
    WHERE m.record_id = \(record) AND m.kind = \(kind) AND m.removed_at IS NULL
    """
  }

  /// Each once, by whichever row came first: a merge may have brought another.
  private static func watchers(_ record: Int64, _ kind: String) -> SQL {
    """
    SELECT 2, MIN(w.id), NULL, 0, MIN(w.since), MIN(a.name), w.account_id, NULL
    FROM record_watcher w JOIN account a ON a.id = w.account_id AND a.closed_at IS NULL
    WHERE w.record_id = \(record) AND w.kind = \(kind) AND w.stopped_at IS NULL GROUP BY w.account_id
    """
  }

  private static func mentioned(_ record: Int64, _ kind: String) -> SQL {
    """
    SELECT 3, m.id, a.email, 0, m.written_at, a.name, a.id, NULL
    FROM comment m JOIN comment_mention x ON x.comment_id = m.id JOIN account a ON a.id = x.account_id
    WHERE m.record_id = \(record) AND m.kind = \(kind) AND m.removed_at IS NULL
    """
  }
}
