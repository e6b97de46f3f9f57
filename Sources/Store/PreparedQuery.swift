import Foundation
import GRDB
import GRDBSQLite

/// A prepared statement that reads or changes rows, run by SQLite's own functions: GRDB (7.10, 2026-11) spends on binding and reading
/// a page's rows more than SQLite on finding them.
struct PreparedQuery {
  /// Kept for as long as it runs: the cache that it comes from may let it go meanwhile.
  private let owner: Statement
  private let columns: Range<Int32>

  private var statement: OpaquePointer { owner.sqliteStatement }

  init(_ statement: Statement, width: Int) {
    owner = statement
    columns = 0..<Int32(width)
  }

  func forEach(_ values: [SQLValue], _ body: (Row) throws -> Void) throws {
    defer { reset() }
    try bind(values)
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(code) }
      try body(Row(values: columns.map(value)))
    }
  }

  /// - Returns: the number of rows changed.
  func execute(_ values: [SQLValue]) throws -> Int {
    defer { reset() }
    try bind(values)
    var code = sqlite3_step(statement)
    while code == SQLITE_ROW { code = sqlite3_step(statement) }
    guard code == SQLITE_DONE else { throw failure(code) }
    return Int(sqlite3_changes(sqlite3_db_handle(statement)))
  }

  private func reset() {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
  }

  private func bind(_ values: [SQLValue]) throws {
    sqlite3_reset(statement)
    guard sqlite3_bind_parameter_count(statement) == values.count else { throw failure(SQLITE_RANGE) }
    for (index, value) in values.enumerated() {
      let code = bind(value, at: Int32(index + 1))
      guard code == SQLITE_OK else { throw failure(code) }
    }
  }

  private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(statement, index)
    case .int(let value): return sqlite3_bind_int64(statement, index, value)
    case .real(let value): return sqlite3_bind_double(statement, index, value)
    case .bool(let value): return sqlite3_bind_int64(statement, index, value ? 1 : 0)
    case .text(var text):
      return text.withUTF8 { bytes in
        // An empty text has no address, and SQLite takes none for NULL.
        guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, Self.copies) }
        return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
          sqlite3_bind_text(statement, index, $0, Int32(bytes.count), Self.copies)
        }
      }
    case .blob(let bytes):
      guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
      return bytes.withUnsafeBytes { sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), Self.copies) }
    }
  }

  private func value(_ column: Int32) -> SQLValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: .int(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      // The text first: asking its size before would measure another form of it.
      .text(
        String(
          decoding: UnsafeBufferPointer(
            start: sqlite3_column_text(statement, column), count: Int(sqlite3_column_bytes(statement, column))), as: UTF8.self))
    case SQLITE_BLOB:
      .blob(
        Array(
          UnsafeRawBufferPointer(
            start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))))
    default: .null
    }
  }

  private func failure(_ code: Int32) -> GRDB.DatabaseError {
    // What the handle says of its last call is about this one only when that failed.
    let known = sqlite3_db_handle(statement).map { sqlite3_extended_errcode($0) } ?? SQLITE_OK
    let isKnown = ![SQLITE_OK, SQLITE_ROW, SQLITE_DONE].contains(known)
    let message = isKnown ? sqlite3_db_handle(statement).flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } : nil
    return GRDB.DatabaseError(
      resultCode: ResultCode(rawValue: isKnown ? known : code), message: message, sql: sqlite3_sql(statement).map { String(cString: $0) })
  }

  /// SQLite keeps no address of ours.
  private static let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
