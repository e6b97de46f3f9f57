import Crypto
import Foundation

/// A whole database in one file of JSON lines, the same from either engine: the way to keep a copy, to leave, and to move
/// from SQLite to PostgreSQL and back.
///
/// The first line names the migrations; then each table with its columns, and one array a row; the last line counts the
/// rows and holds the digest of all that is before it.
public struct Archive: Sendable {
  private struct Opening: Codable {
    var maillage = 1
    let migrations: [String]
  }

  private struct TableLine: Codable {
    let table: String
    let columns: [String]
  }

  private struct Closing: Codable {
    let rows: Int
    let sha256: String
  }

  private let migrator: Migrator
  /// Tables whose rows are nobody's to keep; the archive's reader finds them empty.
  private let leftOut: Set<String>

  public init(_ migrator: Migrator, leavingOut leftOut: Set<String> = []) {
    self.migrator = migrator
    self.leftOut = leftOut.union(["migration"])
  }

  /// - Throws: `DatabaseError`, `FileError`: the file is as it was.
  public func write(_ database: any Database, to file: URL) async throws -> Int {
    try await database.read { connection in
      try migrator.verify(connection)
      return try WholeFile.write(to: file) { try write(connection, LineWriter($0)) }
    }
  }

  private func write(_ connection: any Connection, _ writer: LineWriter) throws -> Int {
    var writer = writer
    try writer.write(Opening(migrations: migrator.names))
    for table in try Schema(connection).tables where !leftOut.contains(table.name) {
      try writer.write(TableLine(table: table.name, columns: table.columns.map(\.name)))
      let columns = table.columns.map { SQL(unsafeText: "\"\($0.name)\"") }
      let order = columns.map { "\($0) NULLS LAST" as SQL }.joined(by: ", ")
      try connection.forEach("SELECT \(columns.joined(by: ", ")) FROM \(SQL(unsafeText: "\"\(table.name)\"")) ORDER BY \(order)") {
        try writer.write(line: try ArchiveRow.line($0.values))
        writer.rows += 1
      }
    }
    let rows = writer.rows
    try writer.write(Closing(rows: rows, sha256: writer.digest))
    try writer.flush()
    return rows
  }

  /// Fills a database that has no table yet. An archive of an older version is brought up to date.
  /// - Parameter complete: what else the database needs before anybody may work with it, in the same transaction.
  /// - Throws: `ArchiveError`, `SchemaError.newer`.
  public func restore(
    _ file: URL, into database: any Database, then complete: @escaping @Sendable (any Connection) throws -> Void = { _ in }
  ) async throws -> Int {
    guard try await database.read({ try Schema($0).tables.isEmpty }) else { throw ArchiveError.notEmpty }
    let lines = try ArchiveLines(file)
    guard let first = lines.first, let opening = try? JSONDecoder().decode(Opening.self, from: first), opening.maillage == 1 else {
      throw ArchiveError.notAnArchive
    }
    try check(lines)
    let known = Set(opening.migrations)
    guard known.isSubset(of: migrator.names) else { throw SchemaError.newer }
    let rows = try await database.write { connection in
      _ = try migrator.apply(connection, only: known)
      let rows = try fill(connection, lines)
      _ = try migrator.apply(connection)
      try complete(connection)
      return rows
    }
    try? await database.refreshStatistics()
    return rows
  }

  /// Reads the whole file once before anything is written.
  private func check(_ lines: ArchiveLines) throws {
    var hash = SHA256()
    var rows = 0
    var last: Data?
    try lines.forEach { line in
      if let last {
        hash.update(data: last)
        hash.update(data: Data([10]))
        if last.first == UInt8(ascii: "[") { rows += 1 }
      }
      last = line
    }
    guard let last, let closing = try? JSONDecoder().decode(Closing.self, from: last) else { throw ArchiveError.truncated }
    guard closing.rows == rows, closing.sha256 == hash.finalize().hexadecimal else { throw ArchiveError.damaged }
  }

  private func fill(_ connection: any Connection, _ lines: ArchiveLines) throws -> Int {
    let schema = try Schema(connection)
    var positions: [String: UInt64] = [:]
    var columns: [String: [String]] = [:]
    try lines.forEachWithOffset { line, next in
      guard line.first == UInt8(ascii: "{"), let table = try? JSONDecoder().decode(TableLine.self, from: line) else { return }
      positions[table.table] = next
      columns[table.table] = table.columns
    }
    var total = 0
    for table in schema.tables where table.name != "migration" {
      guard let position = positions[table.name], let names = columns[table.name] else { continue }
      total += try fill(connection, table, names, lines, from: position)
    }
    return total
  }

  /// Rows that name another row of their own table come after those that name none.
  private func fill(
    _ connection: any Connection, _ table: Schema.Table, _ columns: [String], _ lines: ArchiveLines, from position: UInt64
  ) throws -> Int {
    let target: SQL = "\(SQL(unsafeText: "\"\(table.name)\"")) (\(columns.map { SQL(unsafeText: "\"\($0)\"") }.joined(by: ", ")))"
    let own = table.ownReferences.compactMap { columns.firstIndex(of: $0) }
    let kinds = try columns.map { name in
      guard let column = table.columns.first(where: { $0.name == name }) else { throw ArchiveError.damaged }
      return column.kind
    }
    var count = 0
    for isSecondPass in own.isEmpty ? [false] : [false, true] {
      var batch: [[SQLValue]] = []
      var size = 0
      func flush() throws {
        try connection.insert(into: target, batch) { $0.map { "\($0)" as SQL }.joined(by: ", ") }
        count += batch.count
        batch.removeAll(keepingCapacity: true)
        size = 0
      }
      try lines.forEach(from: position) { line in
        guard line.first == UInt8(ascii: "[") else { return false }
        let cells = try ArchiveRow.values(line, kinds)
        let namesItsOwn = own.contains { cells[$0] != .null }
        if own.isEmpty || namesItsOwn == isSecondPass {
          batch.append(cells)
          size += line.count
        }
        // Some rows hold whole files.
        if batch.count == 200 || size > 8_000_000 { try flush() }
        return true
      }
      try flush()
    }
    return count
  }
}

/// Why an archive is not restored.
public enum ArchiveError: Error, CustomStringConvertible {
  case notEmpty, notAFile, notAnArchive, truncated, damaged

  public var description: String {
    switch self {
    case .notEmpty: "La base n’est pas vide : une archive ne se restaure que dans une base nouvelle."
    case .notAFile: "L’archive est introuvable, ou n’est pas un fichier ordinaire."
    case .notAnArchive: "Ce fichier n’est pas une archive de Maillage."
    case .truncated: "L’archive est incomplète : sa fin manque."
    case .damaged: "L’archive est abîmée : son contenu ne correspond pas à son empreinte."
    }
  }
}
