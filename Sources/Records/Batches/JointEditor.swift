import Foundation
import Store

/// One operation on records of several kinds, which happen together and are taken back together.
public struct JointEditor: Sendable {
  private let recorder: Recorder
  private let now: @Sendable () -> Date

  /// - Parameter actor: the account that acts.
  public init(ids: IdentifierSource, now: @escaping @Sendable () -> Date, actor: Int64?) {
    self.now = now
    recorder = Recorder(ids: ids, now: now, actor: actor)
  }

  /// Begins the operation, in the caller's transaction.
  /// - Parameters:
  ///   - kind: what the event is about, with its identifier.
  public func begin(
    _ operation: Operation, _ kind: String, _ subject: Int64, _ connection: any Connection
  ) throws -> JointWriter {
    JointWriter(
      event: try recorder.log(operation, kind, subject, connection), recorder: recorder, today: try Settings(connection).today(now()),
      connection: connection)
  }

  /// Takes the operation of an event back, kind by kind, as an import is: what has changed otherwise since is kept and listed.
  /// - Parameter all: the kinds of the house.
  /// - Returns: by the name of the kind.
  public func undo(
    _ event: Identifier<AuditEvent>, about subject: Int64, of kinds: [any RecordKind], among all: [any RecordKind],
    _ connection: any Connection
  ) throws -> [String: UndoOutcome] {
    let reversal = Reversal(
      subject: subject, event: event, kinds: all, today: try Settings(connection).today(now()), moment: Instant(now()),
      recorder: recorder)
    return try kinds.reduce(into: [:]) { $0[$1.name] = try Self.reverse(reversal, of: $1, connection) }
  }

  /// Opens the kind, of which only is known that it is one.
  private static func reverse(_ reversal: Reversal, of kind: some RecordKind, _ connection: any Connection) throws -> UndoOutcome {
    try ImportReversal(reversal, of: kind, connection).run(connection)
  }
}

/// What is written within one such operation.
public struct JointWriter {
  /// The operation's own, by which it is taken back.
  public let event: Identifier<AuditEvent>
  fileprivate let recorder: Recorder
  fileprivate let today: CivilDate
  public let connection: any Connection

  /// Writes over a stored record what is entered, as a form does.
  /// - Throws: `Refusal` when it cannot be stored as asked.
  public func put<Kind: RecordKind>(_ kind: Kind, _ id: Int64, entering entries: Entries) throws {
    var reading = Reading(context: try kind.context(connection), today: today, isForm: true)
    guard let old = try kind.stored(connection, .ids([id]), reading.context).first?.draft else {
      throw Refusal("Cette fiche n’existe plus.")
    }
    var draft = old
    let unread = kind.enter(entries, in: &draft, &reading)
    guard unread.isEmpty else { throw Refusal(unread.map { "\($0.column) : \($0.reason)" }.joined(separator: " ; ")) }
    let entered = draft
    try put(kind) { _ in [RecordWrite(id: id, isNew: false, old: old, draft: entered)] }
  }

  /// Puts records in the bin, or takes them out of it.
  public func move(_ kind: some RecordKind, _ records: [Int64], removed: Bool) throws {
    guard !records.isEmpty else { return }
    try recorder.move(kind, records, removed: removed, in: event, connection)
    try recorder.noteMoves(records, of: kind, in: event, connection)
  }

  /// Takes records out of the bin and writes what `make` says of them as they were: each has one image in the operation.
  /// - Throws: `Refusal` when one of them cannot be stored as asked.
  public func restore<Kind: RecordKind>(_ kind: Kind, _ records: [Int64], _ make: (StoredRecord<Kind.Draft>) -> Kind.Draft) throws {
    guard !records.isEmpty else { return }
    try recorder.move(kind, records, removed: false, in: event, connection)
    let stored = try kind.stored(connection, .ids(records), kind.context(connection))
    let writes = stored.map { RecordWrite(id: $0.id, isNew: false, old: $0.draft, draft: make($0)) }.filter { $0.draft != $0.old }
    try put(kind) { _ in writes }
    try recorder.noteMoves(records.filter { id in !writes.contains { $0.id == id } }, of: kind, in: event, connection)
  }

  /// Writes the records that `make` gives, by the rules that hold for one.
  /// - Returns: how many changed.
  /// - Throws: `Refusal` when one of them cannot be stored as asked.
  @discardableResult
  public func put<Kind: RecordKind>(_ kind: Kind, _ make: (Kind.Context) throws -> [RecordWrite<Kind.Draft>]) throws -> Int {
    var reading = Reading(context: try kind.context(connection), today: today, isForm: true)
    let writes = try make(reading.context).filter { $0.draft != $0.old }.map { write in
      var draft = write.draft
      let faults = kind.faults(in: &draft, isNew: write.isNew, unread: [], &reading)
      guard faults.isEmpty else { throw Refusal(faults.map { "\($0.column) : \($0.reason)" }.joined(separator: " ; ")) }
      return RecordWrite(id: write.id, isNew: write.isNew, old: write.old, draft: draft)
    }
    guard !writes.isEmpty else { return 0 }
    let context = reading.context
    let roots = kind.root?.ids(of: writes.flatMap { [$0.old, $0.draft] }.compactMap(\.self)) ?? []
    try recorder.within(roots, of: kind.root?.kind, in: event, connection) {
      try recorder.put(kind, writes, in: event, connection, context)
    }
    return writes.count
  }
}
