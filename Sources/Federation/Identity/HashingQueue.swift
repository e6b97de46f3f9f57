import Records
import Synchronization

/// One thread for work that takes tens of milliseconds, and a limit to those who wait for it: an answer that comes after
/// minutes helps nobody, and the memory of those who wait has an end.
final class HashingQueue: Sendable {
  private let thread = BlockingQueue("argon2")
  private let capacity: Int
  private let present = Mutex(0)

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Those who wait, and the one that is served.
  var count: Int { present.withLock { $0 } }

  /// - Throws: `TooManyWaiting` at once, instead of waiting behind so many.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    let isAdmitted = present.withLock { present in
      guard present < capacity else { return false }
      present += 1
      return true
    }
    guard isAdmitted else { throw TooManyWaiting() }
    defer { present.withLock { $0 -= 1 } }
    return try await thread.run(work)
  }
}

/// More people sign in at this moment than the machine can serve.
public struct TooManyWaiting: Error {
  /// After which it is worth asking again.
  public static let seconds = 5

  public let sentence = "Trop de personnes se connectent en ce moment. Recommencez dans quelques secondes."
}
