import Crypto
import Foundation
import Store
import Tables

/// A file that somebody brought by the browser and that waits while they say what its columns are and accept what it does.
///
/// It belongs to one account, has an end, and is no part of the archive. What it becomes bears its identifier: accepted twice, it
/// is imported once.
public struct WaitingFile: Sendable {
  public let id: Identifier<Import>
  /// The record kind's name.
  public let kind: String
  public let name: String
  public let size: Int
  public let lineCount: Int
  public let header: [String]
  /// The first lines, for people to recognise the columns by.
  public let samples: [[String]]
  /// The field of each column, empty for one that is left out; `nil` until somebody has chosen.
  public let columns: [String]?
  /// The program's export that it was recognised as.
  public let source: String?
  /// What somebody said that its values mean.
  let meanings: ValueMeanings?
  /// As the last preview or the import was asked.
  public let createsValues: Bool
  public let receivedAt: Instant
  public let expiresAt: Instant

  /// Of the whole file, in bytes: as on the command line.
  public static let sizeLimit = 100_000_000
  static let columnLimit = 300
  static let life: TimeInterval = 86_400
  /// How many of one person's files wait at the same time: the oldest goes.
  static let mostWaiting = 5

  static let selection: SQL = """
    id, kind, file_name, size, line_count, header, samples, columns, creates_values, received_at, expires_at, source, meanings
    """

  init(_ row: Row) throws {
    func list<Value: Decodable>(_ text: String) throws -> Value { try JSONDecoder().decode(Value.self, from: Data(text.utf8)) }
    id = try row[0]
    kind = try row[1]
    name = try row[2]
    size = try row[3]
    lineCount = try row[4]
    header = try list(row[5])
    samples = try list(row[6])
    columns = try (row[7] as String?).map { try list($0) }
    createsValues = try row[8]
    receivedAt = try row[9]
    expiresAt = try row[10]
    source = try row[11]
    meanings = try (row[12] as String?).map { try list($0) }
  }

  /// What the meanings of its values are kept under: another export of the program, else a file with the same titles.
  var origin: String { source ?? Self.digest(ofTitles: header) }

  /// What recognises another file with the same titles in the same order.
  static func digest(ofTitles header: [String]) -> String {
    SHA256.hash(data: Data(header.map(Fold.key).joined(separator: "\n").utf8)).hexadecimal
  }

  static func text(_ list: some Encodable) throws -> String { String(decoding: try JSONEncoder().encode(list), as: UTF8.self) }

  /// Hold what nobody has accepted: they are left out of the archive.
  static let tables: Set = ["import_file", "import_file_piece"]

  static let migration = Migration(
    "202611212010-imports",
    [
      // In pieces, so that no statement carries a whole file.
      """
      CREATE TABLE import_file (
        id \(.id) PRIMARY KEY, account_id \(.id) NOT NULL, kind \(.text) NOT NULL, file_name \(.text) NOT NULL,
        size \(.int) NOT NULL, line_count \(.int) NOT NULL, header \(.text) NOT NULL, samples \(.text) NOT NULL, columns \(.text),
        creates_values \(.bool) NOT NULL, received_at \(.instant) NOT NULL, expires_at \(.instant) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE import_file_piece (
        file_id \(.id) NOT NULL REFERENCES import_file (id), position \(.int) NOT NULL, bytes \(.blob) NOT NULL,
        PRIMARY KEY (file_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX import_file_account ON import_file (account_id)",
      "CREATE INDEX import_file_end ON import_file (expires_at)",
      // What was chosen for a file serves the next one with the same titles, whoever brings it.
      """
      CREATE TABLE import_columns (
        kind \(.text) NOT NULL, titles \(.text) NOT NULL, columns \(.text) NOT NULL, chosen_at \(.instant) NOT NULL,
        PRIMARY KEY (kind, titles)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "ALTER TABLE import ADD COLUMN refused \(.int) NOT NULL DEFAULT 0",
      // How many records the last undoing kept; unknown until one was tried.
      "ALTER TABLE import ADD COLUMN kept \(.int)",
    ])

  static let meaningMigration = Migration(
    "202611231530-imports",
    [
      "ALTER TABLE import_file ADD COLUMN source \(.text)",
      // The different values of each column, and what somebody said they mean.
      "ALTER TABLE import_file ADD COLUMN tallies \(.text)",
      "ALTER TABLE import_file ADD COLUMN meanings \(.text)",
      // What was said of a value serves the next file of the same program, whoever brings it.
      """
      CREATE TABLE import_meaning (
        kind \(.text) NOT NULL, origin \(.text) NOT NULL, field \(.text) NOT NULL, value \(.text) NOT NULL, meaning \(.text) NOT NULL,
        chosen_at \(.instant) NOT NULL, PRIMARY KEY (kind, origin, field, value)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}
