import Foundation
import Store

/// Changes many records at a time, by the rules that hold for one (`RecordEditor`).
public struct BatchEditor<Kind: RecordKind>: Sendable {
  private let kind: Kind
  private let database: any Database
  private let recorder: Recorder
  private let now: @Sendable () -> Date
  private let actor: Int64?
  private let permits: @Sendable ([Int64], any Connection) throws -> Set<Int64>

  /// - Parameters:
  ///   - actor: the account that acts.
  ///   - permits: those of the records that the actor may change.
  public init(
    _ kind: Kind, _ database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date, actor: Int64?,
    permits: @escaping @Sendable ([Int64], any Connection) throws -> Set<Int64>
  ) {
    self.kind = kind
    self.database = database
    self.now = now
    self.actor = actor
    self.permits = permits
    recorder = Recorder(ids: ids, now: now, actor: actor)
  }

  /// What became of a batch that was to be applied.
  public enum Outcome: Sendable, Equatable {
    case applied
    /// It would not do what its preview showed, for records have changed since; nothing is written.
    case stale
  }

  /// What the change would do; nothing is written.
  /// - Throws: `Refusal` when the field cannot take the value, or there are too many records.
  public func preview(_ change: BatchChange, of records: [Int64], _ connection: any Connection) throws -> BatchPreview {
    try planned(change, records, connection).preview
  }

  /// Does what was previewed, all of it or nothing. The form carries the batch's identifier: sent twice, it is done once.
  /// - Parameter digest: the preview's.
  /// - Throws: `Refusal` as `preview` does.
  public func apply(
    _ id: Identifier<Batch>, _ change: BatchChange, to records: [Int64], seen digest: String
  ) async throws -> Outcome {
    try await database.write { connection in
      if try connection.first("SELECT 1 FROM batch WHERE id = \(id)") != nil { return .applied }
      let (plan, preview, changed) = try planned(change, records, connection)
      guard preview.digest == digest, !changed.isEmpty else { return .stale }
      let event = try write(id, plan, changed, connection)
      try connection.execute(
        """
        INSERT INTO batch (id, kind, action, field, value, applied_at, account_id, changed, unchanged, refused, event_id)
        VALUES (\(id), \(kind.name), \(change.action), \(change.field), \(change.value), \(Instant(now())), \(actor),
          \(preview.changed), \(preview.unchanged), \(preview.refused), \(event))
        """)
      return .applied
    }
  }

  private func planned(
    _ change: BatchChange, _ records: [Int64], _ connection: any Connection
  ) throws -> (plan: BatchPlan<Kind>, preview: BatchPreview, changed: [Int64]) {
    var seen: Set<Int64> = []
    let records = records.filter { seen.insert($0).inserted }
    try Batch.expectPossible(records.count)
    let plan = try BatchPlan(kind, change, today: try Settings(connection).today(now()), connection)
    let (preview, changed) = try plan.preview(records, permitted: permits(records, connection), recorder, connection)
    return (plan, preview, changed)
  }

  private func write(
    _ id: Identifier<Batch>, _ plan: BatchPlan<Kind>, _ records: [Int64], _ connection: any Connection
  ) throws -> Identifier<AuditEvent> {
    let isRemoval = plan.change.action == .bin
    let roots = try kind.root?.ids(of: records, in: kind.table, connection) ?? []
    return try recorder.operate(isRemoval ? .removal : .batch, on: kind, subject: id.rawValue, roots: roots, connection) { event in
      for part in records.parts(of: BatchPlan<Kind>.size) {
        if isRemoval {
          try recorder.move(kind, part, removed: true, in: event, connection)
          try recorder.noteMoves(part, of: kind, in: event, connection)
        } else {
          let writes = try plan.verdicts(on: part, connection).verdicts.map {
            RecordWrite(id: $0.record.id, isNew: false, old: $0.record.draft, draft: $0.draft)
          }
          try recorder.put(kind, writes, in: event, connection, plan.context)
        }
      }
    }
  }

  /// Takes a batch back, as an import is: what has changed otherwise since is kept and listed. As long as something is kept, it can be
  /// tried again.
  /// - Throws: `Refusal` when there is no such batch, or all of it is taken back already.
  public func undo(_ id: Identifier<Batch>, _ kinds: [any RecordKind]) async throws -> UndoOutcome {
    try await database.write { connection in
      let found = try connection.first("SELECT event_id, undone_at, action FROM batch WHERE id = \(id) AND kind = \(kind.name)")
      guard let found else { throw Refusal("Ce lot est inconnu.") }
      guard try found[1] as String? == nil else { throw Refusal("Ce lot est déjà annulé.") }
      let today = try Settings(connection).today(now())
      let reversal = Reversal(
        subject: id.rawValue, event: try found[0], kinds: kinds, today: today, moment: Instant(now()), recorder: recorder,
        permits: permits)
      let isRemoval = try found[2] == BatchChange.Action.bin
      let outcome =
        isRemoval
        ? try BinReversal(reversal, of: kind).run(connection) : try ImportReversal(reversal, of: kind, connection).run(connection)
      if outcome.kept.isEmpty { try connection.execute("UPDATE batch SET undone_at = \(Instant(now())) WHERE id = \(id)") }
      return outcome
    }
  }
}
