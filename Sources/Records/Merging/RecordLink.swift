import Store

/// A column by which records of one kind name a record of another: what a merge has to lead to the record that is kept.
public struct RecordLink<Draft: Sendable>: Sendable {
  /// The kind of record that is named.
  public let target: String
  public let table: String
  public let column: String
  /// The column of that table that says which record names.
  let owner: String
  let replace: @Sendable (inout Draft, _ old: Int64, _ new: Int64) -> Void
  /// Gives up what only one record of the kept one may have; `nil` when there is nothing of the sort.
  let yield: (@Sendable (inout Draft) -> Void)?
  /// The records tell one course of things: whoever merges says whether that of one of the two is enough.
  let isHistory: Bool

  /// - Parameters:
  ///   - owner: the column of the table that says which record names.
  ///   - isHistory: the records tell one course of things, which two records of the same reality tell twice.
  ///   - replace: names another record in a draft.
  ///   - yield: gives up, when the rules refuse it, what only one of the records may be: the main site.
  public init(
    to target: String, table: String, column: String, owner: String = "id", isHistory: Bool = false,
    yield: (@Sendable (inout Draft) -> Void)? = nil, replace: @escaping @Sendable (inout Draft, _ old: Int64, _ new: Int64) -> Void
  ) {
    self.target = target
    self.table = table
    self.column = column
    self.owner = owner
    self.yield = yield
    self.isHistory = isHistory
    self.replace = replace
  }

  /// One record named in a column of the record's own row.
  public static func one<Subject>(
    to target: String, table: String, column: String, _ path: any WritableKeyPath<Draft, Identifier<Subject>?> & Sendable,
    isHistory: Bool = false, yield: (@Sendable (inout Draft) -> Void)? = nil
  ) -> RecordLink {
    RecordLink(to: target, table: table, column: column, isHistory: isHistory, yield: yield) { draft, old, new in
      if draft[keyPath: path]?.rawValue == old { draft[keyPath: path] = Identifier(rawValue: new) }
    }
  }

  /// Several records named in a table beside the record's own, each once.
  public static func several<Subject>(
    to target: String, table: String, column: String, owner: String,
    _ path: any WritableKeyPath<Draft, [Identifier<Subject>]> & Sendable
  ) -> RecordLink {
    RecordLink(to: target, table: table, column: column, owner: owner) { draft, old, new in
      let named = draft[keyPath: path].map { $0.rawValue == old ? Identifier(rawValue: new) : $0 }
      draft[keyPath: path] = Set(named).sorted()
    }
  }
}

/// Rows that are no record's draft and name a record by a column: they follow it in a merge.
public struct MergedRows: Sendable {
  /// What the preview calls them.
  public let label: String
  public let table: String
  public let column: String
  /// Which of the table's rows; all when empty.
  let condition: SQL

  public init(_ label: String, table: String, column: String, where condition: SQL = "") {
    self.label = label
    self.table = table
    self.column = column
    self.condition = condition
  }

  /// What stands beside the records of any kind.
  static func beside(_ kind: String) -> [MergedRows] {
    [
      ("Pièces jointes", "attachment"), ("Commentaires", RecordComment.table), ("Collègues qui suivent", "record_watcher"),
      ("Notifications", "notice"),
    ].map { MergedRows($0.0, table: $0.1, column: "record_id", where: "AND kind = \(kind)") }
  }
}

/// How two records of a kind become one. Its table has a column `merged_into`.
public struct MergeRules<Draft: Sendable>: Sendable {
  /// Tables that name the record and stay with it: its draft holds them, or they are computed.
  public let ownTables: Set<String>
  public let rows: [MergedRows]
  /// Fields that nobody chooses: the reference of the record that is kept, and what its parts say.
  let unchosen: Set<String>
  /// Fields of several values, of which both records' are kept unless somebody chooses.
  let several: Set<String>
  /// The properties of a draft that are its parts': they come and go with these.
  let partProperties: Set<String>
  /// What the parts that came say louder than a choice.
  let conform: @Sendable (_ draft: inout Draft, _ record: Int64, any Connection) throws -> Void
  /// What the records of the kind are compared by.
  let candidates: @Sendable (any Connection) throws -> [DuplicateCandidate]

  public init(
    ownTables: Set<String>, rows: [MergedRows] = [], unchosen: Set<String>, several: Set<String> = [],
    partProperties: Set<String> = [],
    conform: @escaping @Sendable (_ draft: inout Draft, _ record: Int64, any Connection) throws -> Void = { _, _, _ in },
    candidates: @escaping @Sendable (any Connection) throws -> [DuplicateCandidate]
  ) {
    self.ownTables = ownTables
    self.rows = rows
    self.unchosen = unchosen
    self.several = several
    self.partProperties = partProperties
    self.conform = conform
    self.candidates = candidates
  }
}
