import Records
import Store

/// A file of a record, as the record's page tells of it.
public struct AttachmentSummary: Sendable {
  public let id: Identifier<Attachment>
  public let name: String
  /// In bytes.
  public let size: Int
  public let addedAt: Instant
  /// `nil` for a command run by hand, and for an account that has gone.
  public let author: String?

  /// Those of a record but the ones in the bin, in the order of their coming.
  public static func all(of record: Int64, kind: String, _ connection: any Connection) throws -> [AttachmentSummary] {
    try connection.rows("\(rows(of: record, kind: kind)) ORDER BY 2").map(AttachmentSummary.init)
  }

  /// As rows beside others: 4, identifier, name, size, moment, author.
  static func rows(of record: Int64, kind: String) -> SQL {
    """
    SELECT 4 AS part, f.id AS id, f.name AS text, b.size AS size, f.added_at AS moment, c.name AS name, f.account_id AS account,
      CASE WHEN 1 = 0 THEN f.added_at END AS changed
    FROM attachment f JOIN file b ON b.digest = f.digest LEFT JOIN account c ON c.id = f.account_id
    WHERE f.record_id = \(record) AND f.kind = \(kind) AND f.removed_at IS NULL
    """
  }

  init(_ row: Row) throws {
    (id, name, size, addedAt, author) = (try row[1], try row[2], try row[3], try row[4], try row[5])
  }
}
