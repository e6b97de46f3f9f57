import Foundation
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

  /// Since when nothing names a content, as far as was looked.
  static let purgeMigration = Migration("202611221601-attachments-purge", ["ALTER TABLE file ADD COLUMN unjoined_at \(.instant)"])
}

/// Removes contents that nothing names for a day, not even a file in the bin: they are what makes a database large.
public struct UnjoinedFilesJob: JobKind {
  public struct Parameters: Codable, Sendable {}

  public static let name = "pieces.orphelines"
  static let patience: TimeInterval = 86_400
  private let tables: [String]

  /// - Parameter further: the tables of the capabilities whose column `digest` names contents.
  public init(_ further: [String] = []) {
    tables = ["attachment", "outbox_file"] + further
  }

  /// Few statements, too little to be asked for and kept as a job: done where the calendar is looked at, at least once an hour.
  public func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws {
    try purge(at: moment, connection)
  }

  public func run(_ parameters: Parameters, _ context: JobContext) async throws {}

  /// Whoever joins the same content meanwhile writes in its row: of the two, the later one waits, and begins again from what it finds.
  func purge(at now: Date, _ connection: any Connection) throws {
    let isUnjoined = tables.map { "NOT EXISTS (SELECT 1 FROM \(SQL(unsafeText: $0)) t WHERE t.digest = file.digest)" as SQL }
      .joined(by: " AND ")
    try connection.execute("UPDATE file SET unjoined_at = NULL WHERE unjoined_at IS NOT NULL AND NOT (\(isUnjoined))")
    let end = Instant(now.addingTimeInterval(-Self.patience))
    try connection.execute("DELETE FROM file WHERE unjoined_at <= \(end) AND \(isUnjoined)")
    try connection.execute("UPDATE file SET unjoined_at = \(Instant(now)) WHERE unjoined_at IS NULL AND \(isUnjoined)")
  }
}

extension Operation {
  public static let attaching = Operation(rawValue: "piece_ajoutee")
  public static let detaching = Operation(rawValue: "piece_retiree")
  public static let reattaching = Operation(rawValue: "piece_retablie")
}
