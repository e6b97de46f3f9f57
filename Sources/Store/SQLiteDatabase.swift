import Foundation
import GRDB
import Synchronization

/// A federation in one SQLite file: one writer at a time, any number of snapshot readers (WAL).
public struct SQLiteDatabase: Database {
  public var engine: Engine { .sqlite }
  private let pool: DatabasePool
  private let prepared = PreparedTexts()
  private let kept = KeptBySQLite()

  /// - Throws: `DatabaseError` when the file cannot be opened or is not a database.
  public init(path: String, readers: Int = 4) throws {
    var configuration = Configuration()
    configuration.maximumReaderCount = readers
    configuration.busyMode = .timeout(30)
    // What is kept of a reader is known by the reader itself: no other may take its place.
    configuration.persistentReadOnlyConnections = true
    // In kB, a connection: of the 2 MB that SQLite keeps otherwise, one search pushes out what the next page reads.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -12000") }
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      // FULL: an acknowledged entry survives a power cut, at the price of one fsync a transaction. Set on the one writer
      // when it is open, because GRDB sets NORMAL as the last step of opening (7.10, 2026-11).
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    } catch let error as GRDB.DatabaseError {
      let cause = DatabaseError(error)
      throw DatabaseError(
        kind: cause.kind == .diskFull ? .diskFull : .connection, code: cause.code, detail: error.message ?? "cannot open \(path)")
    }
  }

  public func read<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
    try await translated {
      try await pool.read { [prepared, kept] in try Self.run(work, on: SQLiteConnection(database: $0, prepared: prepared, kept: kept)) }
    }
  }

  @discardableResult
  public func write<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
    try await translated {
      try await pool.write { [prepared] in try Self.run(work, on: SQLiteConnection(database: $0, prepared: prepared, kept: nil)) }
    }
  }

  private static func run<Value>(_ work: (any Connection) throws -> Value, on connection: SQLiteConnection) throws -> Value {
    let value = try work(connection)
    // As on PostgreSQL: hiding an error does not keep the rest.
    if let failure = connection.failure { throw failure }
    return value
  }

  /// Errors of BEGIN and COMMIT themselves, and of a closed pool.
  private func translated<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
      return try await work()
    } catch let error as GRDB.DatabaseError where error.resultCode == .SQLITE_MISUSE {
      throw DatabaseError(kind: .connection, code: "\(error.extendedResultCode.rawValue)", detail: error.description)
    } catch let error as GRDB.DatabaseError {
      throw DatabaseError(error)
    }
  }

  public func close() async {
    // GRDB closes its readers last, and a reader leaves the log beside the file (7.10, 2026-11): whoever copies the file alone
    // must find everything in it. Others who work with it are not waited for. By a statement, which a pool that is closed already
    // refuses: GRDB's own function for it would ask SQLite to look into nothing.
    try? await pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") }
    try? pool.close()
  }
}

final class SQLiteConnection: Connection {
  let database: GRDB.Database
  private let prepared: PreparedTexts
  /// `nil` for the writer: what it changes itself is not told to it as a change.
  private let kept: KeptBySQLite?
  /// The data's version in this transaction, once it was asked.
  private var version: String?
  /// The first error of the transaction.
  private(set) var failure: DatabaseError?

  var engine: Engine { .sqlite }

  init(database: GRDB.Database, prepared: PreparedTexts, kept: KeptBySQLite?) {
    self.database = database
    self.prepared = prepared
    self.kept = kept
  }

  func rows(_ sql: SQL) throws -> [Row] {
    var rows: [Row] = []
    try forEach(sql) { rows.append($0) }
    return rows
  }

  func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    try translated {
      let (text, values) = sql.rendered(for: .sqlite)
      let statement = try statement(text)
      let width = statement.columnCount
      guard statement.isReadonly, width > 0 else {
        let cursor = try GRDB.Row.fetchCursor(statement, arguments: StatementArguments(values.map(\.databaseValue)))
        while let row = try cursor.next() {
          try body(Row(values: (0..<width).map { SQLValue(row[$0] as DatabaseValue) }))
        }
        return
      }
      try PreparedQuery(statement, width: width).forEach(values, body)
    }
  }

  @discardableResult
  func execute(_ sql: SQL) throws -> Int {
    try translated {
      let (text, values) = sql.rendered(for: .sqlite)
      let statement = try statement(text)
      if Self.changesRows(text), database.isInsideTransaction {
        return try PreparedQuery(statement, width: 0).execute(values)
      }
      try statement.execute(arguments: StatementArguments(values.map(\.databaseValue)))
      return database.changesCount
    }
  }

  func kept<Value: Sendable>(_ key: KeptKey, _ find: () throws -> Found<Value>) throws -> Value {
    guard let kept else { return try find().value }
    let version = try self.version ?? value("PRAGMA data_version", as: Int.self).map(String.init) ?? ""
    self.version = version
    return try kept.value(key, of: ObjectIdentifier(database), version, find)
  }

  /// Whether the statement changes rows and nothing that GRDB keeps note of: the schema, transactions, pragmas.
  private static func changesRows(_ text: String) -> Bool {
    ["INSERT ", "UPDATE ", "DELETE "].contains { text.hasPrefix($0) }
  }

  /// GRDB keeps each text that it prepared for ever (7.10, 2026-11), and texts vary with filters, orders, words of a search and
  /// numbers of rows: past so many all are let go, and those that are used come back.
  private func statement(_ text: String) throws -> Statement {
    if prepared.isFull(with: text, on: ObjectIdentifier(database)) { database.clearSchemaCache() }
    return try database.cachedStatement(sql: text)
  }

  private func translated<Value>(_ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let error as GRDB.DatabaseError {
      let cause = DatabaseError(error)
      failure = failure ?? cause
      // As GRDB says it of its own statements: who cancels a task has its statement stopped.
      if error.resultCode == .SQLITE_INTERRUPT { throw CancellationError() }
      throw cause
    }
  }
}

/// The version that SQLite tells of the data has a meaning for one connection only: each keeps its own.
final class KeptBySQLite: Sendable {
  private let readers = Mutex<[ObjectIdentifier: KeptValues]>([:])

  func value<Value: Sendable>(
    _ key: KeptKey, of reader: ObjectIdentifier, _ version: String, _ find: () throws -> Found<Value>
  ) throws -> Value {
    let known: Value? = readers.withLock { readers in
      readers[reader, default: KeptValues()].follow(version)
      return readers[reader]?.value(key)
    }
    if let known { return known }
    let found = try find()
    readers.withLock { $0[reader]?.keep(found, as: key) }
    return found.value
  }
}

extension DatabaseError {
  init(_ error: GRDB.DatabaseError) {
    let kind: Kind =
      switch error.extendedResultCode {
      case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: .unique
      case .SQLITE_CONSTRAINT_FOREIGNKEY: .foreignKey
      case .SQLITE_CONSTRAINT_CHECK, .SQLITE_CONSTRAINT_DATATYPE: .check
      case .SQLITE_CONSTRAINT_NOTNULL: .notNull
      // SQLite knows a full disk by its name; a quota or a limit on the size of files are a write that fails.
      case .SQLITE_FULL, .SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMSIZE: .diskFull
      default: error.resultCode == .SQLITE_BUSY ? .serialization : .other
      }
    self.init(kind: kind, code: "\(error.extendedResultCode.rawValue)", detail: error.description)
  }
}

extension SQLValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .int(let value): value.databaseValue
    case .real(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .bool(let value): value.databaseValue
    case .blob(let value): Data(value).databaseValue
    }
  }

  fileprivate init(_ value: DatabaseValue) {
    self =
      switch value.storage {
      case .null: .null
      case .int64(let value): .int(value)
      case .double(let value): .real(value)
      case .string(let value): .text(value)
      case .blob(let value): .blob(Array(value))
      }
  }
}
