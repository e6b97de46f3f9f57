import Foundation
import Store

/// Runs the jobs that are due. Several may run on one database, in one process or on several nodes.
public struct JobRunner: Sendable {
  /// What became of the jobs of one run.
  public struct Outcome: Sendable, Equatable {
    public var done = 0
    /// Failed, and to be tried again.
    public var postponed = 0
    public var givenUp = 0

    public init(done: Int = 0, postponed: Int = 0, givenUp: Int = 0) {
      self.done = done
      self.postponed = postponed
      self.givenUp = givenUp
    }

    mutating func count(_ ending: Ending) {
      switch ending {
      case .done: done += 1
      case .postponed: postponed += 1
      case .givenUp: givenUp += 1
      }
    }
  }

  enum Ending {
    case done, postponed, givenUp
  }

  /// A failure as the log takes it; the database keeps a sentence only.
  public struct Failure: Sendable {
    /// `nil` when it is not a job that failed, but the look for one.
    public let kind: String?
    public let job: Identifier<Job>?
    public let error: any Error
  }

  /// Done jobs are kept for 30 days.
  static let retention = Duration.seconds(30 * 86_400)

  private let database: any Database
  private let kinds: [String: any JobKind]
  private let ids: IdentifierSource
  private let now: @Sendable () -> Date
  private let schedule: RetrySchedule
  private let lease: Duration
  private let report: @Sendable (Failure) -> Void

  /// - Parameters:
  ///   - lease: longer than any job takes: after it, the job is taken to have died with its process, and runs again.
  ///   - report: called for each failure, from any thread.
  public init(
    _ kinds: [any JobKind], _ database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date,
    schedule: RetrySchedule = .standard, lease: Duration = .seconds(900), report: @escaping @Sendable (Failure) -> Void = { _ in }
  ) {
    self.database = database
    self.kinds = Dictionary(kinds.map { (type(of: $0).name, $0) }, uniquingKeysWith: { $1 })
    self.ids = ids
    self.now = now
    self.schedule = schedule
    self.lease = lease
    self.report = report
  }

  /// Why jobs of some kinds wait for now, one French sentence for each kind's name.
  public var obstacles: [String: String] { kinds.compactMapValues(\.obstacle) }

  /// Runs everything that is due and what the calendar calls for, then sweeps what is old.
  /// - Throws: `DatabaseError` when the database does not answer; `CancellationError` between two jobs.
  public func runDue() async throws -> Outcome {
    try await plan()
    let outcome = try await drain()
    try await sweep()
    return outcome
  }

  /// Runs what becomes due until the task is cancelled; then returns after the job under way.
  public func run(every pause: Duration = .seconds(5)) async {
    var planned = Date.distantPast
    while !Task.isCancelled {
      do {
        // A clock that was set back does not stop the plan.
        if abs(now().timeIntervalSince(planned)) > 3_600 {
          try await plan()
          try await sweep()
          planned = now()
        }
        _ = try await drain()
      } catch is CancellationError {
      } catch {
        report(Failure(kind: nil, job: nil, error: error))
      }
      try? await Task.sleep(for: pause)
    }
  }

  private func drain() async throws -> Outcome {
    var outcome = Outcome()
    // A task of its own for each job: cancelling the runner must not cut a job in the middle.
    while let ending = try await Task(operation: runNext).value {
      outcome.count(ending)
      try Task.checkCancellation()
    }
    return outcome
  }

  /// Runs one job; `nil` when none is due.
  private func runNext() async throws -> Ending? {
    let ready = kinds.filter { $0.value.obstacle == nil }.keys.sorted()
    let claim = try await database.insist { [ids, now, lease] connection in
      let moment = Instant(now())
      return try Claim.next(of: ready, as: ids.next(Claim.self), at: moment, until: moment.adding(lease), connection)
    }
    guard let claim, let kind = kinds[claim.kind] else { return nil }
    return try await run(claim, kind)
  }

  private func run<Kind: JobKind>(_ claim: Claim, _ kind: Kind) async throws -> Ending {
    let context = JobContext(database: database, ids: ids, now: now, claim: claim)
    do {
      // Killed at its last attempt, and perhaps the reason why the process was.
      guard claim.attempt <= schedule.attempts else { throw Refusal("Le travail a été interrompu à son dernier essai.") }
      try await kind.run(Self.parameters(of: claim), context)
      _ = try await database.insist { [now] in try claim.complete(at: Instant(now()), $0) }
      return .done
    } catch {
      report(Failure(kind: claim.kind, job: claim.job, error: error))
      return try await settle(claim, kind, context, after: error)
    }
  }

  /// Puts a failed job off, or gives it up.
  private func settle<Kind: JobKind>(
    _ claim: Claim, _ kind: Kind, _ context: JobContext, after error: any Error
  ) async throws -> Ending {
    let sentence = Self.sentence(for: error)
    return try await database.insist { [schedule, now] connection in
      let moment = Instant(now())
      if let delay = schedule.delay(after: claim.attempt) {
        _ = try claim.postpone(to: moment.adding(delay), because: sentence, connection)
        return .postponed
      }
      if try claim.giveUp(at: moment, because: sentence, connection), let parameters: Kind.Parameters = try? Self.parameters(of: claim) {
        try kind.giveUp(parameters, context, connection)
      }
      return .givenUp
    }
  }

  private static func parameters<Parameters: Decodable>(of claim: Claim) throws -> Parameters {
    try JSONDecoder().decode(Parameters.self, from: Data(claim.parameters.utf8))
  }

  /// What may be kept and shown: an error that we did not write may hold anything.
  private static func sentence(for error: any Error) -> String {
    switch error {
    case let refusal as Refusal: refusal.sentence
    case let error as DatabaseError: error.description
    default: "Erreur inattendue (\(type(of: error))) : voyez le journal du programme."
    }
  }

  private func plan() async throws {
    try await database.insist { [kinds, ids, now] connection in
      for kind in kinds.values { try kind.plan(JobQueue(ids: ids, now: now), at: now(), connection) }
    }
  }

  private func sweep() async throws {
    try await database.insist { [kinds, now] connection in
      let limit = Instant(now()).adding(.zero - Self.retention)
      try connection.execute("DELETE FROM job WHERE done_at < \(limit)")
      for kind in kinds.values { try kind.sweep(before: limit, connection) }
    }
  }
}
