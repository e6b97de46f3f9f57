import CLibPQ
import Foundation

/// One libpq connection, used by one thread only.
final class PostgresConnection: Connection {
  enum Transaction: String {
    case reads = "REPEATABLE READ READ ONLY"
    case writes = "SERIALIZABLE"
  }

  private let link: OpaquePointer
  private let setUp: String
  /// The names of prepared statements, by their texts.
  private var prepared: [String: String] = [:]
  private var serial = 0
  private var values = KeptValues()
  private var transaction = Transaction.writes
  /// Which others the transaction sees, once it was asked.
  private var snapshot: String?
  /// The first error since `begin`; PostgreSQL undoes the whole transaction after it, whatever the work makes of it.
  private(set) var failure: DatabaseError?

  var engine: Engine { .postgres }
  /// Lost, or to be left: after a failover the old primary refuses every change.
  var isBroken: Bool { PQstatus(link) != CONNECTION_OK || failure?.code == "25006" }

  init(_ address: String, setUp: String) throws {
    guard let link = PQconnectdb(address) else {
      throw DatabaseError(kind: .connection, code: "08001", detail: "out of memory")
    }
    self.link = link
    self.setUp = setUp
    // From here `deinit` closes the link, also when this initialiser throws.
    guard !isBroken else { throw connectionError() }
    // libpq prints what a server says of its own accord, for instance that it stops: standard error is the program's.
    PQsetNoticeProcessor(link, { _, _ in }, nil)
    try simple(setUp)
  }

  deinit { PQfinish(link) }

  /// Connects again, trying every host of the address; prepared statements are forgotten.
  func reset() throws {
    failure = nil
    prepared.removeAll()
    values = KeptValues()
    PQreset(link)
    guard !isBroken else { throw connectionError() }
    try simple(setUp)
  }

  /// Starts a transaction.
  func begin(_ kind: Transaction) throws {
    failure = nil
    snapshot = nil
    transaction = kind
    try simple("BEGIN ISOLATION LEVEL \(kind.rawValue)")
  }

  /// One statement without parameters and without result.
  func simple(_ text: String) throws {
    PQclear(try checked(PQexec(link, text)))
  }

  func rows(_ sql: SQL) throws -> [Row] {
    let result = try run(sql)
    defer { PQclear(result) }
    let types = (0..<PQnfields(result)).map { PQftype(result, $0) }
    return (0..<PQntuples(result)).map { row in
      Row(values: types.indices.map { value(result, row, Int32($0), type: types[$0]) })
    }
  }

  /// By a cursor, a thousand rows at a time; rows that hold whole files one by one.
  func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    serial += 1
    let cursor = SQL(unsafeText: "c\(serial)")
    try execute("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql)")
    let first = try rows("FETCH 1 FROM \(cursor)")
    for row in first { try body(row) }
    let holdsBytes = first.contains { $0.values.contains { if case .blob = $0 { true } else { false } } }
    let size = holdsBytes ? 1 : 1000
    var isWhole = first.isEmpty
    while !isWhole {
      let batch = try rows("FETCH \(SQL(unsafeText: String(size))) FROM \(cursor)")
      for row in batch { try body(row) }
      isWhole = batch.count < size
    }
    try execute("CLOSE \(cursor)")
  }

  @discardableResult
  func execute(_ sql: SQL) throws -> Int {
    let result = try run(sql)
    defer { PQclear(result) }
    return Int(String(cString: PQcmdTuples(result))) ?? 0
  }

  func kept<Value: Sendable>(_ key: KeptKey, _ find: () throws -> Found<Value>) throws -> Value {
    guard transaction == .reads else { return try find().value }
    if snapshot == nil {
      // It reads the same until some transaction that changes data begins or ends; on a standby it does not say which have ended.
      let found: String? = try value("SELECT CASE WHEN NOT pg_is_in_recovery() THEN CAST(pg_current_snapshot() AS text) END")
      guard let snapshot = found else { return try find().value }
      values.follow(snapshot)
      self.snapshot = snapshot
    }
    if let known: Value = values.value(key) { return known }
    let found = try find()
    values.keep(found, as: key)
    return found.value
  }

  private func run(_ sql: SQL) throws -> OpaquePointer {
    let (text, values) = sql.rendered(for: .postgres)
    let name = try prepare(text)
    let parameters = values.map(Parameter.init)
    // All parameters lie end to end in one buffer: one allocation, and pointers that stay valid during the call.
    let buffer = parameters.flatMap(\.bytes)
    let result = buffer.withUnsafeBufferPointer { buffer in
      var offset = 0
      let pointers: [UnsafePointer<CChar>?] = parameters.map { parameter in
        defer { offset += parameter.bytes.count }
        return parameter.isNull ? nil : buffer.baseAddress.map { $0 + offset }
      }
      let lengths = parameters.map { Int32($0.bytes.count) }
      let formats = parameters.map { Int32($0.isBinary ? 1 : 0) }
      return PQexecPrepared(link, name, Int32(values.count), pointers, lengths, formats, 0)
    }
    return try checked(result)
  }

  private func prepare(_ text: String) throws -> String {
    if let known = prepared[text] { return known }
    if prepared.count >= 255 {
      try simple("DEALLOCATE ALL")
      prepared.removeAll()
    }
    serial += 1
    let name = "s\(serial)"
    PQclear(try checked(PQprepare(link, name, text, 0, nil)))
    prepared[text] = name
    return name
  }

  private func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32, type: Oid) -> SQLValue {
    guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
    switch type {
    case 20, 21, 23, 26: return .int(strtoll(start, nil, 10))
    case 16: return .bool(start.pointee == CChar(UInt8(ascii: "t")))
    case 700, 701, 1700: return .real(strtod(start, nil))
    case 17:
      var count = 0
      guard let bytes = PQunescapeBytea(UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), &count) else { return .null }
      defer { PQfreemem(bytes) }
      return .blob(Array(UnsafeBufferPointer(start: bytes, count: count)))
    default:
      let length = Int(PQgetlength(result, row, column))
      return .text(String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self))
    }
  }

  private func checked(_ result: OpaquePointer?) throws -> OpaquePointer {
    guard let result else { throw connectionError() }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return result
    default:
      let code = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
      // The primary message only: DETAIL quotes the values of rows, and this goes into logs.
      let detail = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? ""
      PQclear(result)
      let error = DatabaseError(kind: .init(sqlState: code), code: code, detail: detail)
      failure = failure ?? error
      throw error
    }
  }

  private func connectionError() -> DatabaseError {
    DatabaseError(kind: .connection, code: "08006", detail: String(cString: PQerrorMessage(link)))
  }
}

/// A bound value in the form libpq takes: text with its final zero, bytes in binary.
private struct Parameter {
  let bytes: [CChar]
  let isBinary: Bool
  let isNull: Bool

  init(_ value: SQLValue) {
    isNull = value == .null
    if case .blob(let blob) = value {
      bytes = blob.map { CChar(bitPattern: $0) }
      isBinary = true
      return
    }
    isBinary = false
    switch value {
    case .null, .blob: bytes = []
    case .int(let number): bytes = Array(String(number).utf8CString)
    case .real(let number): bytes = Array(String(number).utf8CString)
    case .text(let text): bytes = Array(text.utf8CString)
    case .bool(let flag): bytes = Array((flag ? "t" : "f").utf8CString)
    }
  }
}

extension DatabaseError.Kind {
  fileprivate init(sqlState: String) {
    self =
      switch sqlState {
      case "23505": .unique
      case "23503": .foreignKey
      case "23514": .check
      case "23502": .notNull
      case "40001", "40P01": .serialization
      case "53100": .diskFull
      // 25006: after a failover the old primary only reads; the pool must look for the new one.
      case "", "25006": .connection
      default: sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") ? .connection : .other
      }
  }
}
