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
    try connection.rows(
      """
      SELECT a.id, a.name, f.size, a.added_at, c.name FROM attachment a
      JOIN file f ON f.digest = a.digest LEFT JOIN account c ON c.id = a.account_id
      WHERE a.record_id = \(record) AND a.kind = \(kind) AND a.removed_at IS NULL ORDER BY a.id
      """
    ).map { AttachmentSummary(id: try $0[0], name: try $0[1], size: try $0[2], addedAt: try $0[3], author: try $0[4]) }
  }
}
