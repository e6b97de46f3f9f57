import Foundation
import Records
import Store
import Synchronization
import TestSupport

/// A database with the mechanisms' tables and one table of its own, and what runs jobs on it.
struct Workshop: Sendable {
  let database: any Database
  let clock = MovingClock()
  let ids = IdentifierSource()
  let failures = Failures()

  var queue: JobQueue { JobQueue(ids: ids, now: { clock.now }) }
  var outbox: Outbox { Outbox(ids: ids, now: { clock.now }, domain: "exemple.fr") }

  static func with(_ engine: Engine, _ body: (Workshop) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await Model([]).migrate(database)
      try await database.write { _ = try $0.execute("CREATE TABLE trace (text \(.text) NOT NULL)") }
      try await body(Workshop(database: database))
    }
  }

  /// Another runner each time, as another node would be.
  func runner(_ kinds: any JobKind..., schedule: RetrySchedule = .standard) -> JobRunner {
    JobRunner(kinds, database, ids: ids, now: { clock.now }, schedule: schedule, lease: .seconds(60)) { failures.add($0.error) }
  }

  func ask<Kind: JobKind>(
    _ kind: Kind.Type, _ parameters: Kind.Parameters, due: Instant? = nil, once key: JobKey? = nil
  ) async throws -> Identifier<Job>? {
    try await database.write { try queue.ask(kind, parameters, due: due, once: key, $0) }
  }

  func jobs() async throws -> [Job] { try await database.read { try Job.open($0) } }

  func traces() async throws -> [String] {
    try await database.read { try $0.rows("SELECT text FROM trace ORDER BY text").map { try $0[0] } }
  }

  func count(_ table: SQL) async throws -> Int {
    try await database.read { try $0.value("SELECT count(*) FROM \(table)") ?? 0 }
  }
}

final class Failures: Sendable {
  private let errors = Mutex<[any Error]>([])
  var count: Int { errors.withLock { $0.count } }
  func add(_ error: any Error) { errors.withLock { $0.append(error) } }
}

/// Writes its parameter down, in the transaction that ends it.
struct TraceJob: JobKind {
  static let name = "essai.trace"

  func run(_ parameters: String, _ context: JobContext) async throws {
    try await context.complete { _ = try $0.execute("INSERT INTO trace VALUES (\(parameters))") }
  }

  func giveUp(_ parameters: String, _ context: JobContext, _ connection: any Connection) throws {
    try connection.execute("INSERT INTO trace VALUES (\("abandon " + parameters))")
  }
}

/// Does what the test wants at each run.
struct FreeJob: JobKind {
  static let name = "essai.libre"
  var obstacle: String?
  let body: @Sendable (String, JobContext) async throws -> Void

  init(obstacle: String? = nil, _ body: @escaping @Sendable (String, JobContext) async throws -> Void) {
    self.obstacle = obstacle
    self.body = body
  }

  func run(_ parameters: String, _ context: JobContext) async throws {
    try await body(parameters, context)
  }

  func giveUp(_ parameters: String, _ context: JobContext, _ connection: any Connection) throws {
    try connection.execute("INSERT INTO trace VALUES (\("abandon " + parameters))")
  }
}

/// The process dies here: neither an end nor a failure is written.
func dieInTheMiddle(_ workshop: Workshop) async throws {
  _ = try await workshop.database.write { connection in
    try connection.execute(
      """
      UPDATE job SET claim_id = 1, attempts = attempts + 1, leased_until = \(Instant(workshop.clock.now.addingTimeInterval(60)))
      WHERE claim_id IS NULL AND done_at IS NULL
      """)
  }
}
