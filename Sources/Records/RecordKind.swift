import Store

/// A kind of record that files bring in and take out: structures, exchanges…
///
/// The mechanism (reading, merging, comparing, writing all or nothing, exporting) is `Importer`'s and `Exporter`'s;
/// a kind gives its fields, how to find what is stored and how to write it.
public protocol RecordKind: Sendable {
  associatedtype Draft: Equatable & Sendable
  associatedtype Context: RecordContext

  /// The word on the command line, e.g. `structures`.
  var name: String { get }
  var label: String { get }
  var fields: [Field<Draft, Context>] { get }
  var blank: Draft { get }
  /// The column that a repeated line is refused on.
  var keyColumn: String { get }

  func context(_ connection: any Connection) throws -> Context

  /// What says that a line speaks of a stored record; `nil` when the line has no reference of its own.
  func key(of draft: Draft, _ context: Context) -> String?

  /// The stored records with these keys, all of them when `keys` is `nil`, in a stable order.
  func stored(_ connection: any Connection, keys: [String]?, _ context: Context) throws -> [StoredRecord<Draft>]

  /// Rules between fields, once the line is merged with what is stored.
  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault]

  /// - Parameter ids: for rows of their own; the records' identifiers are given.
  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws
}

extension RecordKind {
  public var keyColumn: String { "reference" }
  public func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] { [] }

  /// What a person is told of the columns, the required ones starred.
  public var columnList: String {
    fields.map { $0.isRequired ? "\($0.name)*" : $0.name }.joined(separator: ", ")
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
