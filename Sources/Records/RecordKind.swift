import Store

/// A kind of record that files bring in and take out: structures, exchanges…
///
/// The mechanism (reading, merging, comparing, writing all or nothing, exporting) is `Importer`'s and `Exporter`'s;
/// a kind gives its fields, how to find what is stored and how to write it.
public protocol RecordKind: Sendable {
  associatedtype Draft: Equatable & Sendable & Codable
  associatedtype Context: RecordContext

  /// The word on the command line, e.g. `structures`.
  var name: String { get }
  var label: String { get }
  var fields: [Field<Draft, Context>] { get }
  var blank: Draft { get }
  /// The table of its roots, with columns `id`, `version` and `removed_at`.
  var table: String { get }
  /// The tables whose rows belong to a root and go with it, children first.
  var ownedTables: [OwnedTable] { get }
  /// The column that a repeated line is refused on.
  var keyColumn: String { get }

  func context(_ connection: any Connection) throws -> Context

  /// What says that a line speaks of a stored record; `nil` when the line has no reference of its own.
  func key(of draft: Draft, _ context: Context) -> String?

  /// The stored records asked for, in a stable order; those in the bin are left out.
  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>]

  /// Rules between fields, once the line is merged with what is stored.
  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault]

  /// Warnings that no line gives alone: about the accepted lines of a file taken together, with what is stored.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws

  /// Sentences on stored records that a new one may be a repetition of: what a form tells before it saves.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [String]

  /// - Parameter ids: for rows of their own; the records' identifiers are given.
  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws

  /// Brings up to date what is computed from records, after these were written, put in the bin, taken out of it or erased.
  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws
}

extension RecordKind {
  public var keyColumn: String { "reference" }
  public func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {}
  public func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] { [] }
  public func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {}

  public func resemblances(of draft: Draft, _ connection: any Connection) throws -> [String] { [] }

  /// What a person is told of the columns, the required ones starred.
  public var columnList: String {
    fields.map { $0.isRequired ? "\($0.name)*" : $0.name }.joined(separator: ", ")
  }
}

/// Which records to read.
public enum RecordSelection: Sendable {
  case all
  case keys([String])
  case ids([Int64])

  /// The condition that goes after others of a `WHERE`.
  /// - Parameter key: the column of the key, for kinds that have one.
  public func clause(id: SQL, key: SQL? = nil) -> SQL {
    switch self {
    case .all: ""
    case .keys(let keys): key.map { "AND \($0) IN \(list: keys)" } ?? ""
    case .ids(let ids): "AND \(id) IN \(list: ids)"
    }
  }
}

/// A table whose rows belong to a record.
public struct OwnedTable: Sendable {
  let name: String
  let column: String

  /// - Parameter column: the one that names the record.
  public init(_ name: String, _ column: String) {
    self.name = name
    self.column = column
  }
}

/// A record as it is in the database.
public struct StoredRecord<Draft: Sendable>: Sendable {
  public let id: Int64
  public let key: String
  public let draft: Draft

  public init(id: Int64, key: String, draft: Draft) {
    self.id = id
    self.key = key
    self.draft = draft
  }
}

/// A record to insert or to replace.
public struct RecordWrite<Draft: Sendable>: Sendable {
  public let id: Int64
  public let isNew: Bool
  /// What was stored before; `nil` for a new record.
  public let old: Draft?
  public let draft: Draft
}

/// An accepted line of a file that changes something, merged with what was stored.
public struct ReviewedLine<Draft: Sendable>: Sendable {
  /// As a spreadsheet counts: the header is 1.
  public let line: Int
  /// What was stored before; `nil` for a new record.
  public let old: Draft?
  public let draft: Draft
}

/// Why one cell of a line is refused.
public struct Fault: Sendable, Equatable {
  public let column: String
  public let value: String
  public let reason: String

  public init(_ column: String, value: String = "", _ reason: String) {
    self.column = column
    self.value = value
    self.reason = reason
  }
}
