import Foundation
import Store
import Tables

/// How an import is to be done.
public struct ImportOptions: Sendable {
  /// Says what would happen and writes nothing.
  public var isDryRun = false
  /// Refused lines are left out; otherwise one of them stops everything.
  public var leavesRefused = false
  /// Unknown values of open lists are added to the lists.
  public var createsValues = false
  /// The fingerprint of the preview that somebody accepted: what would do anything else is not written.
  public var accepted: String?

  public init(isDryRun: Bool = false, leavesRefused: Bool = false, createsValues: Bool = false, accepted: String? = nil) {
    self.isDryRun = isDryRun
    self.leavesRefused = leavesRefused
    self.createsValues = createsValues
    self.accepted = accepted
  }

  /// Whether what each line does is told.
  var isPreview: Bool { isDryRun || accepted != nil }
}

/// What an import did, or would do.
public struct ImportOutcome: Sendable, Equatable {
  public struct RefusedLine: Sendable, Equatable {
    public let line: Int
    public let fault: Fault
  }

  /// A stored record that a line changes.
  public struct ChangedLine: Sendable, Equatable {
    public let line: Int
    public let record: Int64
    public let changes: [FieldChange]

    /// The same as long as the line changes the same.
    public var mark: String {
      var digest = PlanDigest()
      digest.add(line, String(record), changes)
      return String(digest.text.prefix(8))
    }
  }

  /// `nil` on a dry run or a refusal.
  public var importID: Identifier<Import>?
  public var created = 0
  public var changed = 0
  public var unchanged = 0
  /// On a dry run, what each changed line changes, the first `previewLimit` of them.
  public var preview: [ChangedLine] = []
  /// On a dry run, the lines that make a record, the first `previewLimit` of them.
  public var newLines: [Int] = []
  /// On a dry run, all that the file would do, in one digest.
  public var fingerprint = ""
  /// What was accepted is not what would be written now: nothing was.
  public var isOutdated = false
  public var refused: [RefusedLine] = []
  public var warnings: [String] = []

  static let previewLimit = 1_000
}

/// One file that was imported.
public enum Import {}

/// Brings a table of lines into the database: all or nothing.
///
/// Reading, comparing and writing happen in one serialisable transaction, so nothing can change in between and a
/// process killed in the middle leaves no trace.
public struct Importer: Sendable {
  let database: any Database
  let ids: IdentifierSource
  let now: @Sendable () -> Date
  let actor: Int64?
  let permits: Permits?

  /// Those of the records of a kind, by its name, that the actor may change.
  public typealias Permits = @Sendable (_ kind: String, _ records: [Int64], any Connection) throws -> Set<Int64>

  /// - Parameters:
  ///   - actor: who imports; `nil` for a command run by hand.
  ///   - permits: all records when there is none.
  public init(
    database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date, actor: Int64? = nil, permits: Permits? = nil
  ) {
    self.actor = actor
    self.permits = permits
    self.database = database
    self.ids = ids
    self.now = now
  }

  /// - Throws: `Refusal` when a column is missing or named twice; faults of lines are in the outcome.
  /// - Parameter id: what the import is to be called; given twice, it is made once, and the second answer has no counts.
  public func run(
    _ kind: some RecordKind, table: Table, fileName: String, options: ImportOptions, as id: Identifier<Import>? = nil
  ) async throws -> ImportOutcome {
    let columns = try ColumnMap(kind: kind, header: table.header)
    let recorder = Recorder(ids: ids, now: now, actor: actor)
    let work: @Sendable (any Connection) throws -> ImportOutcome = { [ids, now, permits] connection in
      if let id, !options.isDryRun, try connection.value("SELECT 1 FROM import WHERE id = \(id)", as: Int.self) != nil {
        return ImportOutcome(importID: id)
      }
      let today = try Settings(connection).today(now())
      var plan = try ImportPlan(kind, table, columns, options, today: today, ids: ids, permits: permits, connection)
      if let accepted = options.accepted, accepted != plan.outcome.fingerprint {
        plan.outcome.isOutdated = true
        return plan.outcome
      }
      if !options.isDryRun, plan.outcome.refused.isEmpty || options.leavesRefused {
        try plan.write(fileName: fileName, as: id ?? ids.next(), at: Instant(now()), recorder, connection)
      } else if !options.isDryRun {
        (plan.outcome.created, plan.outcome.changed, plan.outcome.unchanged) = (0, 0, 0)
      }
      return plan.outcome
    }
    guard !options.isDryRun else { return try await database.read(work) }
    let outcome = try await database.write(work)
    // What is written is written, with or without new statistics.
    if outcome.importID != nil, outcome.created + outcome.changed >= Self.largeLoad { try? await database.refreshStatistics() }
    return outcome
  }

  /// Rows from which on a planner had better be told.
  private static let largeLoad = 1_000

  static let migration = Migration(
    "202611211002-imports",
    [
      """
      CREATE TABLE import (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL, file_name \(.text) NOT NULL, imported_at \(.instant) NOT NULL,
        created \(.int) NOT NULL, changed \(.int) NOT NULL, unchanged \(.int) NOT NULL,
        event_id \(.id) NOT NULL REFERENCES event (id), undone_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Lines without a reference, so that the same file brought twice is recognised.
      """
      CREATE TABLE import_line (
        import_id \(.id) NOT NULL REFERENCES import (id), line \(.int) NOT NULL,
        kind \(.text) NOT NULL, digest \(.text) NOT NULL, record_id \(.id) NOT NULL,
        PRIMARY KEY (import_id, line)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX import_line_digest ON import_line (kind, digest)",
    ])
}
