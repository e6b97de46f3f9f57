import Foundation
import Store

/// What was done, as the audit trail names it: the mechanisms' own operations, and those that capabilities add.
public struct Operation: RawRepresentable, Hashable, Sendable, SQLCodable {
  /// The word that is stored and shown.
  public let rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  public static let entry = Operation(rawValue: "saisie")
  public static let batch = Operation(rawValue: "lot")
  public static let fileImport = Operation(rawValue: "import")
  public static let undo = Operation(rawValue: "annulation")
  public static let removal = Operation(rawValue: "corbeille")
  public static let restoration = Operation(rawValue: "restauration")
  public static let setting = Operation(rawValue: "reglage")
  public static let list = Operation(rawValue: "liste")
}

/// One operation of the audit trail.
public enum AuditEvent {
  /// Events hold who, when, which operation and on what, and no personal value: they are never changed. What records
  /// held before and after lies beside them, where an erasure may empty it.
  static let migration = Migration(
    "202611210959-audit",
    [
      """
      CREATE TABLE event (
        id \(.id) PRIMARY KEY, at \(.instant) NOT NULL, account_id \(.id), operation \(.text) NOT NULL,
        kind \(.text) NOT NULL, subject_id \(.id) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX event_subject ON event (kind, subject_id)",
      """
      CREATE TABLE image (
        event_id \(.id) NOT NULL REFERENCES event (id), kind \(.text) NOT NULL, record_id \(.id) NOT NULL,
        version \(.int) NOT NULL, created \(.bool) NOT NULL, change \(.text) NOT NULL,
        PRIMARY KEY (event_id, kind, record_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX image_record ON image (kind, record_id, version)",
    ] + appendOnly)

  /// What an undone import took back stays taken back, whatever is written later.
  static let undoMigration = Migration("202611211731-audit", ["ALTER TABLE image ADD COLUMN undone_at \(.instant)"])

  /// Triggers differ in form between the engines, not in effect: both refuse to change or delete an event.
  private static let appendOnly: [SQL] = [
    """
    \(sqlite: "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
      postgres: """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$
        """)
    """,
    """
    \(sqlite: "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
      postgres: "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    """,
  ]
}

/// Writes records: their rows, their versions, one event and the images, all in the caller's transaction.
public struct Recorder: Sendable {
  private let ids: IdentifierSource
  private let now: @Sendable () -> Date
  /// The account that acts; `nil` for a command run by hand.
  let actor: Int64?

  public init(ids: IdentifierSource, now: @escaping @Sendable () -> Date, actor: Int64?) {
    self.ids = ids
    self.now = now
    self.actor = actor
  }

  /// - Parameter subject: what the event is about: the record itself, or the import that brought many.
  @discardableResult
  func write<Kind: RecordKind>(
    _ kind: Kind, _ writes: [RecordWrite<Kind.Draft>], as operation: Operation, subject: Int64, _ connection: any Connection,
    _ context: Kind.Context
  ) throws -> Identifier<AuditEvent> {
    let roots = kind.root?.ids(of: writes.flatMap { [$0.old, $0.draft] }.compactMap(\.self)) ?? []
    return try operate(operation, on: kind, subject: subject, roots: roots, connection) { event in
      try put(kind, writes, in: event, connection, context)
    }
  }

  /// One operation: its event, then the work, then what this changed of the records of which those of the kind are part.
  @discardableResult
  func operate(
    _ operation: Operation, on kind: some RecordKind, subject: Int64, roots: [Int64], _ connection: any Connection,
    _ work: (Identifier<AuditEvent>) throws -> Void
  ) throws -> Identifier<AuditEvent> {
    let event = try log(operation, kind.name, subject, connection)
    if let root = kind.root, !roots.isEmpty {
      try changeRoots(roots, of: root.kind, in: event, connection) { try work(event) }
    } else {
      try work(event)
    }
    return event
  }

  /// Writes records with their images, within `operate`.
  /// - Parameter before: what their images go back to, where parts have changed in the same operation.
  func put<Kind: RecordKind>(
    _ kind: Kind, _ writes: [RecordWrite<Kind.Draft>], in event: Identifier<AuditEvent>, _ connection: any Connection,
    _ context: Kind.Context, since before: [Int64: Kind.Draft] = [:]
  ) throws {
    let writes = try kind.withConsequences(writes, connection, context)
    try kind.write(writes, connection, context, ids: ids)
    let changed = writes.filter { !$0.isNew }.map(\.id)
    try kind.settleAll(writes.map(\.id), known: changed, writes.flatMap { [$0.old, $0.draft] }.compactMap(\.self), connection)
    let versions = try raiseVersions(changed, of: kind, connection)
    try connection.insert(into: Self.imageColumns, writes) { write in
      let old = before[write.id] ?? write.old
      let change = try old.map { Change(from: try Properties(of: $0), to: try Properties(of: write.draft)) } ?? Change()
      return "\(event), \(kind.name), \(write.id), \(versions[write.id] ?? 1), \(write.isNew), \(try change.text())"
    }
    try kind.announce(writes, Writing(actor: actor, moment: Instant(now()), ids: ids), connection)
  }

  private static let imageColumns: SQL = "image (event_id, kind, record_id, version, created, change)"

  /// A part's change is its root's: who works on the root from an older version is told, and merges with what the part changed.
  private func changeRoots<Root: RecordKind>(
    _ roots: [Int64], of kind: Root, in event: Identifier<AuditEvent>, _ connection: any Connection, _ work: () throws -> Void
  ) throws {
    let before = try kind.heldByParts(roots, connection)
    try work()
    let versions = try raiseVersions(roots, of: kind, connection)
    let after = try kind.heldByParts(roots, connection)
    try connection.insert(into: Self.imageColumns, roots.filter { before[$0] != after[$0] }) { id in
      let change = Change(from: try Properties(of: before[id] ?? kind.blank), to: try Properties(of: after[id] ?? kind.blank))
      return "\(event), \(kind.name), \(id), \(versions[id]), \(false), \(try change.text())"
    }
  }

  /// Work on parts, within an operation on other records, with what it changes of their roots.
  func within(
    _ roots: [Int64], of kind: (any RecordKind)?, in event: Identifier<AuditEvent>, _ connection: any Connection, _ work: () throws -> Void
  ) throws {
    guard let kind, !roots.isEmpty else { return try work() }
    try changeRoots(roots, of: kind, in: event, connection, work)
  }

  /// The image of a record whose parts, or whose place, an operation has changed, at the version that it has.
  func noteChange<Kind: RecordKind>(
    of record: Int64, _ kind: Kind, from old: Kind.Draft, to new: Kind.Draft, in event: Identifier<AuditEvent>,
    _ connection: any Connection
  ) throws {
    let change = Change(from: try Properties(of: old), to: try Properties(of: new))
    let version: Int? = try connection.value("SELECT version FROM \(SQL(unsafeText: kind.table)) WHERE id = \(record)")
    try connection.insert(into: Self.imageColumns, [change]) {
      "\(event), \(kind.name), \(record), \(version), \(false), \(try $0.text())"
    }
  }

  private func raiseVersions(_ records: [Int64], of kind: some RecordKind, _ connection: any Connection) throws -> [Int64: Int] {
    guard !records.isEmpty else { return [:] }
    let table = SQL(unsafeText: kind.table)
    try connection.execute("UPDATE \(table) SET version = version + 1 WHERE id IN \(list: records)")
    let rows = try connection.rows("SELECT id, version FROM \(table) WHERE id IN \(list: records)")
    return Dictionary(uniqueKeysWithValues: try rows.map { (try $0[0] as Int64, try $0[1] as Int) })
  }

  /// Puts a record in the bin, or takes it out of it.
  func mark(_ kind: some RecordKind, _ record: Int64, removed: Bool, _ connection: any Connection) throws {
    let roots = try kind.root?.ids(of: [record], in: kind.table, connection) ?? []
    try operate(removed ? .removal : .restoration, on: kind, subject: record, roots: roots, connection) { event in
      try move(kind, [record], removed: removed, in: event, connection)
    }
  }

  /// Puts records in the bin, or takes them out of it, within `operate`; their followers too, whose histories say so.
  func move(
    _ kind: some RecordKind, _ records: [Int64], removed: Bool, in event: Identifier<AuditEvent>, _ connection: any Connection
  ) throws {
    let moment = removed ? Instant(now()) : nil
    let followers = try kind.followers(of: records, removed: removed, connection)
    try move(kind, records, at: moment, connection)
    for (kind, ids) in followers where !ids.isEmpty {
      try move(kind, ids, at: moment, connection)
      try noteMoves(ids, of: kind, in: event, connection)
    }
    guard !removed else { return }
    try followMerges(kind, records, connection)
    for (kind, ids) in followers where !ids.isEmpty { try followMerges(kind, ids, connection) }
  }

  /// - Parameter moment: when they went to the bin; `nil` for those that come out of it.
  private func move<Kind: RecordKind>(_ kind: Kind, _ records: [Int64], at moment: Instant?, _ connection: any Connection) throws {
    let removed = moment != nil
    func present() throws -> [StoredRecord<Kind.Draft>] { try kind.stored(connection, .ids(records), kind.context(connection)) }
    let leaving = removed ? try present() : []
    try connection.execute(
      "UPDATE \(SQL(unsafeText: kind.table)) SET removed_at = \(moment), version = version + 1 WHERE id IN \(list: records)")
    // Only out of the bin are they there to be read.
    let settled = removed ? leaving : try present()
    try kind.settleAll(settled.map(\.id), known: records, settled.map(\.draft), connection)
  }

  /// Images of records that came or went with others, in one operation that is about none of them: what they hold has not changed.
  func noteMoves(_ records: [Int64], of kind: some RecordKind, in event: Identifier<AuditEvent>, _ connection: any Connection) throws {
    let rows = try connection.rows("SELECT id, version FROM \(SQL(unsafeText: kind.table)) WHERE id IN \(list: records)")
    let nothing = try Change().text()
    try connection.insert(into: Self.imageColumns, rows) { row in
      "\(event), \(kind.name), \(try row[0] as Int64), \(try row[1] as Int), \(false), \(nothing)"
    }
  }

  /// An event without an image.
  @discardableResult
  public func log(
    _ operation: Operation, _ kind: String, _ subject: Int64, _ connection: any Connection
  ) throws -> Identifier<AuditEvent> {
    let event = ids.next(AuditEvent.self)
    try connection.execute(
      """
      INSERT INTO event (id, at, account_id, operation, kind, subject_id)
      VALUES (\(event), \(Instant(now())), \(actor), \(operation), \(kind), \(subject))
      """)
    return event
  }

  /// An event about something that is no record of a kind, or no part of its draft, with its image.
  /// - Parameters:
  ///   - version: 1 for what has just been made.
  ///   - isNew: unless the version tells.
  func log(
    _ operation: Operation, _ kind: String, _ subject: Int64, _ change: Change, version: Int, isNew: Bool? = nil,
    _ connection: any Connection
  ) throws {
    let event = try log(operation, kind, subject, connection)
    try connection.execute(
      """
      INSERT INTO image (event_id, kind, record_id, version, created, change)
      VALUES (\(event), \(kind), \(subject), \(version), \(isNew ?? (version == 1)), \(try change.text()))
      """)
  }

  /// An event about something that is no record of a kind and whose changes are short texts: an account, say.
  /// - Parameters:
  ///   - old: what changed, by name, as it was.
  ///   - version: 1 for what has just been made.
  public func note(
    _ operation: Operation, _ kind: String, _ subject: Int64, from old: [String: String], to new: [String: String], version: Int,
    _ connection: any Connection
  ) throws {
    let change = Change(from: old.mapValues(JSONValue.text), to: new.mapValues(JSONValue.text))
    try log(operation, kind, subject, change, version: version, connection)
  }

  /// What images call a file joined or taken off.
  public static let fileProperties = [Attachments.property]

  /// Takes properties out of all images of a record: an erasure leaves that it changed, not what it was.
  public static func forget(_ properties: [String], of record: Int64, kind: String, _ connection: any Connection) throws {
    let rows = try connection.rows("SELECT event_id, change FROM image WHERE kind = \(kind) AND record_id = \(record)")
    for row in rows {
      let (event, change): (Int64, Change) = (try row[0], try Change(text: try row[1]))
      let kept = change.without(properties)
      guard kept != change else { continue }
      try connection.execute(
        "UPDATE image SET change = \(try kept.text()) WHERE event_id = \(event) AND kind = \(kind) AND record_id = \(record)")
    }
  }

  /// The present versions of the records that are there and not in the bin.
  func versions(_ records: [Int64], of kind: some RecordKind, _ connection: any Connection) throws -> [Int64: Int] {
    let rows = try connection.rows(
      "SELECT id, version FROM \(SQL(unsafeText: kind.table)) WHERE id IN \(list: records) AND removed_at IS NULL")
    return Dictionary(uniqueKeysWithValues: try rows.map { (try $0[0] as Int64, try $0[1] as Int) })
  }
}
