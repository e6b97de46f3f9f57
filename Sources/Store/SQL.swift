/// A statement and its bound values, written as a string literal.
///
/// `"SELECT name FROM structure WHERE id = \(id)"`: an interpolated value is bound, never spliced into the text.
/// Another `SQL` value inserts its own text and bindings, so clauses compose.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
  enum Piece: Sendable {
    case text(String)
    case bind(SQLValue)
    case variant(sqlite: String, postgres: String)
    case fork(sqlite: [Piece], postgres: [Piece])
  }

  var pieces: [Piece]

  public init(stringLiteral text: String) {
    pieces = [.text(text)]
  }

  public init(stringInterpolation: StringInterpolation) {
    pieces = stringInterpolation.pieces
  }

  /// Text that did not come from a literal of this program's source: names of tables read from the schema, for example.
  /// Never pass anything that a user typed.
  public init(unsafeText text: String) {
    pieces = [.text(text)]
  }

  public static func + (left: SQL, right: SQL) -> SQL {
    var sum = left
    sum.pieces += right.pieces
    return sum
  }

  public static func += (left: inout SQL, right: SQL) {
    left.pieces += right.pieces
  }

  public var isEmpty: Bool { pieces.isEmpty }

  public struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(2 * interpolationCount + 1)
    }

    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { pieces.append(.text(literal)) }
    }

    public mutating func appendInterpolation(_ value: some SQLEncodable) {
      pieces.append(.bind(value.sqlValue))
    }

    /// Without this overload every optional would fall back on `Optional`'s description, with a warning.
    public mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value?) {
      pieces.append(.bind(value.sqlValue))
    }

    public mutating func appendInterpolation(_ sql: SQL) {
      pieces += sql.pieces
    }

    /// A column type of a `CREATE TABLE`, e.g. `id \(.id) PRIMARY KEY`.
    public mutating func appendInterpolation(_ type: ColumnType) {
      pieces.append(.variant(sqlite: type.sqlite, postgres: type.postgres))
    }

    /// The rows of a list, as a subquery of one bound parameter: `WHERE code IN \(list: codes)`.
    public mutating func appendInterpolation(list values: [String]) {
      append(list: jsonArray(values), cast: "")
    }

    /// The rows of a list of integers, as a subquery of one bound parameter.
    public mutating func appendInterpolation(list values: [Int64]) {
      append(list: "[\(values.map(String.init).joined(separator: ","))]", cast: "::bigint")
    }

    /// The rows of a list of identifiers, as a subquery of one bound parameter.
    public mutating func appendInterpolation<Subject>(list ids: [Identifier<Subject>]) {
      appendInterpolation(list: ids.map(\.rawValue))
    }

    /// Text that differs between the engines; each use needs a comment and a test on both.
    public mutating func appendInterpolation(sqlite: String, postgres: String) {
      pieces.append(.variant(sqlite: sqlite, postgres: postgres))
    }

    /// Whole clauses that differ between the engines, their values bound; each use needs a comment and a test on both.
    public mutating func appendInterpolation(onSQLite sqlite: SQL, onPostgres postgres: SQL) {
      pieces.append(.fork(sqlite: sqlite.pieces, postgres: postgres.pieces))
    }

    private mutating func append(list json: String, cast: String) {
      pieces.append(
        .variant(sqlite: "(SELECT value FROM json_each(", postgres: "(SELECT value\(cast) FROM json_array_elements_text(CAST("))
      pieces.append(.bind(.text(json)))
      pieces.append(.variant(sqlite: "))", postgres: " AS json)))"))
    }
  }

  /// The text in the engine's own placeholders, and the values to bind in order.
  func rendered(for engine: Engine) -> (text: String, values: [SQLValue]) {
    var text = ""
    var values: [SQLValue] = []
    render(pieces, for: engine, &text, &values)
    return (text, values)
  }

  private func render(_ pieces: [Piece], for engine: Engine, _ text: inout String, _ values: inout [SQLValue]) {
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .variant(let sqlite, let postgres): text += engine == .sqlite ? sqlite : postgres
      case .fork(let sqlite, let postgres): render(engine == .sqlite ? sqlite : postgres, for: engine, &text, &values)
      case .bind(let value):
        values.append(value.withoutNUL)
        text += engine == .sqlite ? "?" : "$\(values.count)"
      }
    }
  }
}

extension Sequence where Element == SQL {
  /// The clauses one after the other, e.g. `[a, b].joined(by: " AND ")`.
  public func joined(by separator: SQL) -> SQL {
    // Appended in place: two hundred rows of an import would be copied once for each of them.
    var result = SQL(unsafeText: "")
    var isFirst = true
    for element in self {
      if !isFirst { result += separator }
      isFirst = false
      result += element
    }
    return result
  }
}

/// Column types that hold the same values on both engines.
///
/// STRICT tables of SQLite know neither `boolean` nor `bigint`; PostgreSQL text sorts by bytes, as SQLite's does.
public enum ColumnType: Sendable {
  /// An `Identifier`.
  case id
  case int
  case real
  case bool
  case text
  /// A civil date, ISO text `2021-12-31`.
  case date
  /// A moment in UTC, ISO text with three decimals and `Z`.
  case instant
  case blob

  var sqlite: String {
    switch self {
    case .id, .int, .bool: "INTEGER"
    case .real: "REAL"
    case .text, .date, .instant: "TEXT"
    case .blob: "BLOB"
    }
  }

  var postgres: String {
    switch self {
    case .id, .int: "bigint"
    case .real: "double precision"
    case .bool: "boolean"
    case .text, .date, .instant: "text COLLATE \"C\""
    case .blob: "bytea"
    }
  }
}

private func jsonArray(_ values: [String]) -> String {
  var json = "["
  for (index, value) in values.enumerated() {
    if index > 0 { json += "," }
    json += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\0": continue
      case "\u{1}"..<"\u{20}":
        let hex = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: json.unicodeScalars.append(scalar)
      }
    }
    json += "\""
  }
  return json + "]"
}
