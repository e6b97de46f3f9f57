import Store

/// One change of many records at a time (design: search, tick, act): previewed, one operation of the audit trail, taken back whole.
public enum Batch {
  /// More than a list that somebody looks through, and few enough for one transaction.
  public static let mostRecords = 20_000

  /// - Throws: `Refusal` when a list holds too many.
  public static func expectPossible(_ count: Int) throws {
    guard count > mostRecords else { return }
    throw Refusal("Un lot compte au plus \(mostRecords / 1_000)\u{202F}000 fiches : filtrez la liste, puis recommencez.")
  }

  /// The value may name a person: it stands beside the event, as images do, where an erasure may empty it.
  static let migration = Migration(
    "202611212010-batches",
    [
      """
      CREATE TABLE batch (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL, action \(.text) NOT NULL, field \(.text) NOT NULL, value \(.text) NOT NULL,
        applied_at \(.instant) NOT NULL, account_id \(.id), changed \(.int) NOT NULL, unchanged \(.int) NOT NULL,
        refused \(.int) NOT NULL, event_id \(.id) NOT NULL REFERENCES event (id), undone_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """
    ])
}

/// What is done to each record of a batch.
public struct BatchChange: Sendable, Equatable {
  public enum Action: String, Sendable, CaseIterable, SQLCodable {
    /// Gives a field a value; an empty one takes its value away.
    case set = "changer"
    /// Adds values to a field of several.
    case add = "ajouter"
    /// Takes values out of a field of several.
    case remove = "retirer"
    /// Puts the records in the bin.
    case bin = "corbeille"
  }

  public let action: Action
  /// The field's name; empty for the bin.
  public let field: String
  /// As a form sends it.
  public let value: String

  public init(_ action: Action, _ field: String, _ value: String) {
    self.action = action
    self.field = field
    self.value = value
  }

  public static let bin = BatchChange(.bin, "", "")
}

/// What a batch would do, before anything is written.
public struct BatchPreview: Sendable, Equatable {
  /// A record with what changes in it.
  public struct Changed: Sendable, Equatable {
    public let id: Int64
    public let changes: [FieldChange]
  }

  /// A record that stays as it is, and why.
  public struct Refused: Sendable, Equatable {
    public let id: Int64
    public let reason: String
  }

  public internal(set) var changed = 0
  public internal(set) var unchanged = 0
  public internal(set) var refused = 0
  /// Those that are not there, or not the actor's to change: nothing more is told of them.
  public internal(set) var hidden = 0
  /// The first `shown` of each.
  public internal(set) var firstChanged: [Changed] = []
  public internal(set) var firstRefused: [Refused] = []
  /// What to think of, once each, the first `shown`.
  public internal(set) var warnings: [String] = []
  /// What recognises that it would still do the same to the same records.
  public internal(set) var digest = ""

  static let shown = 50
}

/// A batch that was applied.
public struct AppliedBatch: Sendable {
  public let change: BatchChange
  public let at: Instant
  /// The account that acted; `nil` for a command run by hand.
  public let account: Int64?
  public let changed: Int
  public let unchanged: Int
  public let refused: Int
  /// How many of the changed ones are again as they were.
  public let undone: Int
  /// When the last of them was taken back.
  public let undoneAt: Instant?
  /// The first of the changed ones.
  public let firstRecords: [Int64]

  /// `nil` when the kind has no such batch.
  public init?(_ id: Identifier<Batch>, of kind: String, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT b.action, b.field, b.value, b.applied_at, b.account_id, b.changed, b.unchanged, b.refused, b.undone_at, b.event_id,
        (SELECT count(*) FROM image i WHERE i.event_id = b.event_id AND i.kind = b.kind AND i.undone_at IS NOT NULL)
      FROM batch b WHERE b.id = \(id) AND b.kind = \(kind)
      """)
    guard let row = found, let action = BatchChange.Action(rawValue: try row[0]) else { return nil }
    change = BatchChange(action, try row[1], try row[2])
    (at, account, changed, unchanged) = (try row[3], try row[4], try row[5], try row[6])
    (refused, undoneAt, undone) = (try row[7], try row[8], try row[10])
    let event: Identifier<AuditEvent> = try row[9]
    firstRecords = try connection.rows(
      """
      SELECT record_id FROM image WHERE event_id = \(event) AND kind = \(kind) ORDER BY record_id LIMIT \(BatchPreview.shown)
      """
    ).map { try $0[0] }
  }
}
