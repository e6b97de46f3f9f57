import Foundation
import Store

/// What a job runs with.
public struct JobContext: Sendable {
  public let database: any Database
  public let ids: IdentifierSource
  public let now: @Sendable () -> Date
  let claim: Claim

  /// For jobs that this one asks for.
  public var queue: JobQueue { JobQueue(ids: ids, now: now) }

  /// The last transaction of a run: `work` and the end of the job, both or neither.
  /// - Throws: `JobLost` when the lease has ended and another node runs the job: nothing is written.
  public func complete(_ work: @escaping @Sendable (any Connection) throws -> Void) async throws {
    try await database.insist { [claim, now] connection in
      guard try claim.complete(at: Instant(now()), connection) else { throw JobLost() }
      try work(connection)
    }
  }
}

/// The lease has ended and another node runs the job.
struct JobLost: Error {}

extension Database {
  /// `write` for what must not fail because others write at the same time: runners collide with one another by nature.
  func insist<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
    for _ in 1..<5 {
      do { return try await write(work) } catch let error as DatabaseError where error.kind == .serialization {
        try await Task.sleep(for: .milliseconds(Int.random(in: 5...50)))
      }
    }
    return try await write(work)
  }
}
