import Store

/// What one colleague says to the others about a record, on the record itself.
public struct RecordComment: Sendable {
  public let id: Identifier<RecordComment>
  /// The record kind's name.
  public let kind: String
  public let record: Int64
  /// The account that wrote it.
  public let author: Int64
  public let text: String
  public let version: Int
  /// Taken back by its author.
  public let isRemoved: Bool

  public init?(_ id: Identifier<RecordComment>, _ connection: any Connection) throws {
    let row = try connection.first(
      "SELECT kind, record_id, account_id, text, version, removed_at IS NOT NULL FROM comment WHERE id = \(id)")
    guard let row else { return nil }
    self.id = id
    (kind, record, author) = (try row[0], try row[1], try row[2])
    (text, version, isRemoved) = (try row[3], try row[4], try row[5])
  }

  /// What the audit trail calls comments.
  public static let auditKind = "commentaires"
  /// In characters.
  public static let longest = 5_000
  public static let table = "comment"

  static let migration = Migration(
    "202611221310-comments",
    [
      """
      CREATE TABLE comment (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL, record_id \(.id) NOT NULL, account_id \(.id) NOT NULL, text \(.text) NOT NULL,
        written_at \(.instant) NOT NULL, edited_at \(.instant), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX comment_record ON comment (record_id, kind)",
      "CREATE INDEX comment_account ON comment (account_id)",
      """
      CREATE TABLE comment_mention (
        comment_id \(.id) NOT NULL REFERENCES comment (id) ON DELETE CASCADE, account_id \(.id) NOT NULL,
        PRIMARY KEY (comment_id, account_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}

extension Operation {
  static let commentWriting = Operation(rawValue: "commentaire_ecrit")
  static let commentChange = Operation(rawValue: "commentaire_modifie")
  static let commentRemoval = Operation(rawValue: "commentaire_supprime")
  static let commentRestoration = Operation(rawValue: "commentaire_retabli")
}
