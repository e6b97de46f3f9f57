/// The two engines that hold a federation's data.
public enum Engine: String, Sendable {
  case sqlite
  case postgres
}

/// What a piece of work sees of the database: synchronous, and only inside `read` or `write`.
public protocol Connection {
  var engine: Engine { get }

  /// All rows of a statement.
  /// - Throws: `DatabaseError`.
  func rows(_ sql: SQL) throws -> [Row]

  /// Calls `body` with each row in turn, without holding the whole result.
  /// - Throws: `DatabaseError`, or what `body` throws.
  func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws

  /// Runs a statement and returns the number of rows it changed.
  /// - Throws: `DatabaseError`.
  @discardableResult
  func execute(_ sql: SQL) throws -> Int

  /// What `find` works out from the data alone: in a `read`, as it was last if nothing was written since, by anybody.
  /// - Throws: `DatabaseError`, or what `find` throws.
  func kept<Value: Sendable>(_ key: KeptKey, _ find: () throws -> Found<Value>) throws -> Value
}

extension Connection {
  public func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    for row in try rows(sql) { try body(row) }
  }

  public func first(_ sql: SQL) throws -> Row? {
    try rows(sql).first
  }

  /// The first column of the first row, `nil` when there is no row.
  public func value<Value: SQLDecodable>(_ sql: SQL, as type: Value.Type = Value.self) throws -> Value? {
    try rows(sql).first.map { try $0[0] }
  }

  /// What `make` makes of the rows of a statement, kept as above: always the same of one statement.
  public func kept<Value: Sendable>(_ sql: SQL, _ make: ([Row]) throws -> Value) throws -> Value {
    let (text, values) = sql.rendered(for: engine)
    return try kept(KeptKey(text: text, values: values)) {
      let rows = try rows(sql)
      return Found(value: try make(rows), rows: rows.count)
    }
  }

  /// Inserts many rows in few statements: `values` gives the parenthesised row of each element.
  public func insert<Element>(into target: SQL, _ elements: [Element], suffix: SQL = "", values: (Element) throws -> SQL) throws {
    var start = elements.startIndex
    while start < elements.endIndex {
      let end = min(start + 200, elements.endIndex)
      let tuples = try elements[start..<end].map { "(\(try values($0)))" as SQL }
      try execute("INSERT INTO \(target) VALUES \(tuples.joined(by: ", ")) \(suffix)")
      start = end
    }
  }
}

/// A database of one federation, on either engine.
public protocol Database: Sendable {
  var engine: Engine { get }

  /// Runs `work` on a snapshot that nothing can change.
  func read<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

  /// Runs `work` in one transaction: kept when it returns, undone when it throws or when one of its statements failed,
  /// even if it hid the error.
  ///
  /// Transactions are serialisable. On PostgreSQL `work` may run again (up to ten times) when two of them collide,
  /// so it must have no effect outside the database.
  @discardableResult
  func write<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

  /// Tells the planner what the tables hold, after a large load: PostgreSQL's own autovacuum does so a minute or two later, and lists
  /// take up to a second until then. SQLite's plans need no such numbers.
  func refreshStatistics() async throws

  func close() async
}

extension Database {
  public func refreshStatistics() async throws {}
}

/// A refusal or failure of an engine. `description` is safe to show; the engine's own words are in `debugDescription`.
public struct DatabaseError: Error, CustomStringConvertible, CustomDebugStringConvertible {
  public enum Kind: Sendable {
    case unique, foreignKey, check, notNull
    /// Two transactions collided; the work can be run again.
    case serialization
    /// The engine cannot be reached, or the connection was lost.
    case connection
    /// No room is left for what was to be written, or none is granted; nothing of the transaction is kept.
    case diskFull
    case unexpectedValue
    case other
  }

  public let kind: Kind
  /// The engine's own code: a SQLSTATE or SQLite's extended code.
  public let code: String
  public let detail: String

  public init(kind: Kind, code: String = "", detail: String) {
    self.kind = kind
    self.code = code
    self.detail = detail
  }

  public var description: String {
    switch kind {
    case .connection: "La base de données ne répond pas."
    case .diskFull:
      "Le disque de la base de données est plein\u{A0}: rien n’a été enregistré. Faites de la place (disque ou quota), puis recommencez."
    default: "La base de données a refusé l’opération (\(kind), \(code))."
    }
  }

  public var debugDescription: String { "DatabaseError \(kind) [\(code)] \(detail)" }

  static func unexpected(_ value: SQLValue, wanted: String) -> DatabaseError {
    // Its kind, never the value: this goes into logs.
    DatabaseError(kind: .unexpectedValue, detail: "a column holds \(value.kindName) where \(wanted) was expected")
  }
}
