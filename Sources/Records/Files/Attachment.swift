import Store

/// A file joined to a record (SUP-01): a photo, a letter, minutes.
public struct Attachment: Sendable {
  public let id: Identifier<Attachment>
  /// The record kind's name.
  public let kind: String
  public let record: Int64
  public let name: String
  public let type: FileType
  /// Taken off its record: it waits in the bin.
  public let isRemoved: Bool

  public init?(_ id: Identifier<Attachment>, _ connection: any Connection) throws {
    let row = try connection.first(
      """
      SELECT a.kind, a.record_id, a.name, f.type, a.removed_at IS NOT NULL
      FROM attachment a JOIN file f ON f.digest = a.digest WHERE a.id = \(id)
      """)
    guard let row else { return nil }
    self.id = id
    kind = try row[0]
    record = try row[1]
    name = try row[2]
    type = try row[3]
    isRemoved = try row[4]
  }

  static let migration = Migration(
    "202611220010-attachments",
    [
      // One row a content, whatever its names.
      """
      CREATE TABLE file (
        digest \(.text) PRIMARY KEY, type \(.text) NOT NULL, size \(.int) NOT NULL, bytes \(.blob) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE attachment (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL, record_id \(.id) NOT NULL, digest \(.text) NOT NULL REFERENCES file (digest),
        name \(.text) NOT NULL, added_at \(.instant) NOT NULL, account_id \(.id), removed_at \(.instant), removed_by \(.id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX attachment_record ON attachment (record_id, kind)",
      "CREATE INDEX attachment_digest ON attachment (digest)",
    ])
}

extension Operation {
  public static let attaching = Operation(rawValue: "piece_ajoutee")
  public static let detaching = Operation(rawValue: "piece_retiree")
  public static let reattaching = Operation(rawValue: "piece_retablie")
}
