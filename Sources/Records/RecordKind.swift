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
  /// The record of another kind that each of its records is part of; `nil` when they stand by themselves.
  var root: RecordRoot<Draft>? { get }
  /// How lists call a record of the kind, for what is kept of it elsewhere.
  var caption: RecordCaption { get }
  /// What its records are found by in a search; `nil` when they are not looked for by themselves.
  var searched: SearchSource? { get }

  /// The columns by which its records name those of other kinds that can be merged.
  var links: [RecordLink<Draft>] { get }
  /// How two of its records become one; `nil` when they never do.
  var merging: MergeRules<Draft>? { get }

  func context(_ connection: any Connection) throws -> Context

  /// The same for one form: of other records, those that it may speak of.
  func context(_ connection: any Connection, for form: FormScope) throws -> Context

  /// What says that a line speaks of a stored record; `nil` when the line has no reference of its own.
  func key(of draft: Draft, _ context: Context) -> String?

  /// The stored records asked for, in a stable order; those in the bin are left out.
  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>]

  /// Rules between fields, once the line is merged with what is stored.
  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault]

  /// What follows from changing a stored record, beside what was asked for.
  /// - Parameters:
  ///   - draft: as it is about to be stored, with what others changed meanwhile in it.
  ///   - asked: as whoever changes it leaves it, who began from `base`.
  func follow(_ draft: inout Draft, asked: Draft, from base: Draft, stored: Draft)

  /// Warnings that no line gives alone: about the accepted lines of a file taken together, with what is stored.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws

  /// Sentences on stored records that a new one may be a repetition of: what a form tells before it saves.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning]

  /// The writes, with those of other records of the kind that follow from them.
  func withConsequences(
    _ writes: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context
  ) throws -> [RecordWrite<Draft>]

  /// - Parameter ids: for rows of their own; the records' identifiers are given.
  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws

  /// Brings up to date what is computed from records, after these were written, put in the bin, taken out of it or erased.
  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws

  /// Tells those who watch what has just been written about.
  func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws

  /// Records of other kinds that go to the bin with these, and come out of it with them.
  /// - Parameter removed: whether they are about to go, or to come back.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])]

  /// What changes in a record that none of its fields prints: a state of before the last one.
  func unprintedChanges(from old: Draft, to new: Draft, _ context: Context) -> [FieldChange]

  /// What of these records' drafts is kept by records that are part of them (`RecordRoot`); all else is blank.
  func heldByParts(_ ids: [Int64], _ connection: any Connection) throws -> [Int64: Draft]
}

extension RecordKind {
  public var keyColumn: String { "reference" }
  public var root: RecordRoot<Draft>? { nil }
  public var searched: SearchSource? { nil }
  public var links: [RecordLink<Draft>] { [] }
  public var merging: MergeRules<Draft>? { nil }
  public func context(_ connection: any Connection, for form: FormScope) throws -> Context { try context(connection) }
  public func unprintedChanges(from old: Draft, to new: Draft, _ context: Context) -> [FieldChange] { [] }
  public func heldByParts(_ ids: [Int64], _ connection: any Connection) throws -> [Int64: Draft] { [:] }
  public func followers(
    of records: [Int64], removed: Bool, _ connection: any Connection
  ) throws -> [(kind: any RecordKind, ids: [Int64])] { [] }
  public func withConsequences(
    _ writes: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context
  ) throws -> [RecordWrite<Draft>] { writes }
  public var caption: RecordCaption { RecordCaption() }
  public func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {}
  public func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws {}
  public func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] { [] }
  public func follow(_ draft: inout Draft, asked: Draft, from base: Draft, stored: Draft) {}
  public func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {}

  public func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] { [] }

  /// The columns that take the codes of one closed list, and which.
  public var columnCodes: [(column: String, codes: [String])] {
    fields.compactMap { field in
      guard case .choice(let list, nil) = field.input, list.isClosed else { return nil }
      return (field.name, list.seeds.map(\.code))
    }
  }

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

  /// The condition for records whose key begins with the identifier of another one, up to a `|`.
  /// - Parameter first: the column of that other one.
  public func clause<Subject>(id: SQL, first: SQL, _ subject: Subject.Type) -> SQL {
    guard case .keys(let keys) = self else { return clause(id: id) }
    return "AND \(first) IN \(list: Set(keys.compactMap { Identifier<Subject>(String($0.prefix { $0 != "|" })) }).sorted())"
  }
}

/// That records of one kind are part of one of another: what changes in them changes that one, in its version and, where
/// its draft shows it, in its images.
public struct RecordRoot<Draft: Sendable>: Sendable {
  let kind: any RecordKind
  private let column: String
  private let identifier: @Sendable (Draft) -> Int64?

  /// - Parameters:
  ///   - column: the one that names the root, in the table of its parts.
  ///   - path: the same in their drafts.
  public init<Subject>(
    _ kind: any RecordKind, _ column: String, _ path: any KeyPath<Draft, Identifier<Subject>?> & Sendable
  ) {
    self.kind = kind
    self.column = column
    identifier = { $0[keyPath: path]?.rawValue }
  }

  func ids(of drafts: [Draft]) -> [Int64] { Set(drafts.compactMap(identifier)).sorted() }

  /// Those of records that may be in the bin.
  func ids(of records: [Int64], in table: String, _ connection: any Connection) throws -> [Int64] {
    let column = SQL(unsafeText: column)
    return try connection.rows(
      "SELECT DISTINCT \(column) FROM \(SQL(unsafeText: table)) WHERE id IN \(list: records) AND \(column) IS NOT NULL"
    ).map { try $0[0] }
  }
}

/// What lists call a record, as expressions over its table aliased `t`.
public struct RecordCaption: Sendable {
  public let reference: SQL
  public let label: SQL
  /// The label as it is sorted.
  public let fold: SQL
  /// For what happened on a day.
  public let date: SQL

  public static let none: SQL = "CAST(NULL AS text)"

  public init(reference: SQL = none, label: SQL = none, fold: SQL = none, date: SQL = none) {
    self.reference = reference
    self.label = label
    self.fold = fold
    self.date = date
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

  public init(id: Int64, isNew: Bool, old: Draft?, draft: Draft) {
    self.id = id
    self.isNew = isNew
    self.old = old
    self.draft = draft
  }
}

/// An accepted line of a file that changes something, merged with what was stored.
public struct ReviewedLine<Draft: Sendable>: Sendable {
  /// As a spreadsheet counts: the header is 1.
  public let line: Int
  /// What was stored before; `nil` for a new record.
  public let old: Draft?
  public let draft: Draft
}

/// What to think of before a record is saved as it is.
public struct Warning: Sendable, Equatable {
  /// The field that it is about, when it is one.
  public let column: String?
  public let sentence: String
  /// What a form shows beside the sentence, to be looked at.
  public let similar: [SimilarRecord]

  public init(column: String? = nil, _ sentence: String, similar: [SimilarRecord] = []) {
    (self.column, self.sentence, self.similar) = (column, sentence, similar)
  }

  /// What a form sends back once the sentence was read and is meant: another doubt has another mark (FNV-1a on what is told).
  public var mark: String {
    let text = "\(column ?? "")\n\(sentence)"
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String(hash, radix: 36)
  }
}

/// A stored record of which a new one may be a repetition.
public struct SimilarRecord: Sendable, Equatable {
  public let id: Int64
  /// Its reference or its name.
  public let label: String

  public init(_ id: Int64, _ label: String) {
    (self.id, self.label) = (id, label)
  }
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

  /// What is wrong with a period of which both days are included; without a first day it has always been.
  public static func ofPeriod(since: CivilDate?, through: CivilDate?) -> [Fault] {
    guard let through, through < since ?? .distantPast else { return [] }
    return [Fault("jusqua", "finit avant d’avoir commencé")]
  }
}
