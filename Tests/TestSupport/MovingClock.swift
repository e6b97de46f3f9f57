import Foundation
import Synchronization

/// A clock that a test moves.
public final class MovingClock: Sendable {
  private let moment = Mutex(TestClock.now)

  public init() {}

  public var now: Date { moment.withLock { $0 } }

  public func move(by duration: Duration) {
    moment.withLock { $0.addTimeInterval(Double(duration.components.seconds)) }
  }

  /// - Parameter iso: for instance `2026-03-01T05:30:00Z`.
  public func set(_ iso: String) throws {
    let date = try Date(iso, strategy: .iso8601)
    moment.withLock { $0 = date }
  }
}
