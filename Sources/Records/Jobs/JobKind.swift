import Foundation
import Store

/// A sort of work that is done later, and apart from the operation that wants it.
///
/// A job may run more than once: when its process is killed, it comes back at the end of its lease. A body is therefore one
/// transaction that ends the job with it (`JobContext.complete`), or something that does no harm twice.
public protocol JobKind: Sendable {
  /// What a job has to know: identities rather than content, for jobs are kept a while after they are done.
  associatedtype Parameters: Codable & Sendable

  /// Stands in the database: never renamed.
  static var name: String { get }

  /// One French sentence when jobs of this kind cannot run in this process for now: they wait, and no attempt is counted.
  var obstacle: String? { get }

  /// - Throws: when the job is to be tried again later. The sentence of a `Refusal` is kept and shown as it is.
  func run(_ parameters: Parameters, _ context: JobContext) async throws

  /// Asks for the jobs that the calendar wants; called at least once an hour, so under keys.
  func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws

  /// What else changes in the transaction that gives a job up.
  func giveUp(_ parameters: Parameters, _ context: JobContext, _ connection: any Connection) throws

  /// Removes what jobs of this kind left before `limit`.
  func sweep(before limit: Instant, _ connection: any Connection) throws
}

extension JobKind {
  public var obstacle: String? { nil }
  public func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws {}
  public func giveUp(_ parameters: Parameters, _ context: JobContext, _ connection: any Connection) throws {}
  public func sweep(before limit: Instant, _ connection: any Connection) throws {}
}

/// When a job that failed is tried again.
public struct RetrySchedule: Sendable {
  private let delays: [Duration]

  /// - Parameter delays: after the first attempt, the second…; after one more attempt than there are delays, the job is given up.
  public init(_ delays: [Duration]) {
    self.delays = delays
  }

  /// Nine attempts over three days.
  public static let standard = RetrySchedule([60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400].map { .seconds($0) })

  public var attempts: Int { delays.count + 1 }

  /// `nil` when there is no further attempt.
  func delay(after attempt: Int) -> Duration? {
    delays.indices.contains(attempt - 1) ? delays[attempt - 1] : nil
  }
}

extension Instant {
  func adding(_ duration: Duration) -> Instant {
    Instant(date.addingTimeInterval(Double(duration.components.seconds)))
  }
}
