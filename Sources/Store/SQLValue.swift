/// A value as the engines store it.
public enum SQLValue: Sendable, Hashable {
  case null
  case int(Int64)
  case real(Double)
  case text(String)
  case bool(Bool)
  case blob([UInt8])

  /// PostgreSQL refuses a NUL in text, and SQLite would cut the text there: both hold it without.
  var withoutNUL: SQLValue {
    guard case .text(let text) = self, text.utf8.contains(0) else { return self }
    return .text(String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\0" })))
  }
}

extension SQLValue {
  var kindName: String {
    switch self {
    case .null: "null"
    case .int: "an integer"
    case .real: "a number"
    case .text: "a text"
    case .bool: "a boolean"
    case .blob: "bytes"
    }
  }
}

/// A Swift value that can be bound to a statement.
public protocol SQLEncodable {
  var sqlValue: SQLValue { get }
}

/// A Swift value that can be read from a column.
public protocol SQLDecodable {
  /// - Throws: `DatabaseError.unexpectedValue` when the column holds something else.
  init(sqlValue: SQLValue) throws
}

public typealias SQLCodable = SQLDecodable & SQLEncodable

extension SQLValue: SQLEncodable {
  public var sqlValue: SQLValue { self }
}

extension Int: SQLCodable {
  public var sqlValue: SQLValue { .int(Int64(self)) }
  public init(sqlValue: SQLValue) throws { self = Int(try Int64(sqlValue: sqlValue)) }
}

extension Int64: SQLCodable {
  public var sqlValue: SQLValue { .int(self) }
  public init(sqlValue: SQLValue) throws {
    guard case .int(let value) = sqlValue else { throw DatabaseError.unexpected(sqlValue, wanted: "integer") }
    self = value
  }
}

extension Double: SQLCodable {
  public var sqlValue: SQLValue { .real(self) }
  public init(sqlValue: SQLValue) throws {
    switch sqlValue {
    case .real(let value): self = value
    case .int(let value): self = Double(value)
    default: throw DatabaseError.unexpected(sqlValue, wanted: "number")
    }
  }
}

extension String: SQLCodable {
  public var sqlValue: SQLValue { .text(self) }
  public init(sqlValue: SQLValue) throws {
    guard case .text(let value) = sqlValue else { throw DatabaseError.unexpected(sqlValue, wanted: "text") }
    self = value
  }
}

extension Bool: SQLCodable {
  public var sqlValue: SQLValue { .bool(self) }
  public init(sqlValue: SQLValue) throws {
    switch sqlValue {
    case .bool(let value): self = value
    case .int(let value): self = value != 0
    default: throw DatabaseError.unexpected(sqlValue, wanted: "boolean")
    }
  }
}

extension [UInt8]: SQLCodable {
  public var sqlValue: SQLValue { .blob(self) }
  public init(sqlValue: SQLValue) throws {
    guard case .blob(let value) = sqlValue else { throw DatabaseError.unexpected(sqlValue, wanted: "bytes") }
    self = value
  }
}

extension Optional: SQLEncodable where Wrapped: SQLEncodable {
  public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
  @inlinable public init(sqlValue: SQLValue) throws {
    if case .null = sqlValue { self = nil } else { self = try Wrapped(sqlValue: sqlValue) }
  }
}

/// A closed set of codes stored as text reads and binds by itself: `enum Stage: String, SQLCodable`.
extension SQLEncodable where Self: RawRepresentable, RawValue == String {
  public var sqlValue: SQLValue { .text(rawValue) }
}

extension SQLDecodable where Self: RawRepresentable, RawValue == String {
  public init(sqlValue: SQLValue) throws {
    guard let value = Self(rawValue: try String(sqlValue: sqlValue)) else {
      throw DatabaseError.unexpected(sqlValue, wanted: "\(Self.self)")
    }
    self = value
  }
}

/// One row of a result; columns are read by position, in the order of the `SELECT`.
public struct Row: Sendable, Equatable {
  public let values: [SQLValue]

  public init(values: [SQLValue]) {
    self.values = values
  }

  /// Inlined, as every page reads some thousand of them: for a type that is known where it is read, no other is looked up.
  @inlinable public subscript<Value: SQLDecodable>(column: Int) -> Value {
    get throws { try Value(sqlValue: values[column]) }
  }
}
