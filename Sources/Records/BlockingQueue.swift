import Dispatch

/// A thread of its own for calls that block, one at a time in the order of asking: the cooperative threads stay free for requests.
public struct BlockingQueue: Sendable {
  private let queue: DispatchQueue

  public init(_ label: String) {
    queue = DispatchQueue(label: label)
  }

  /// - Throws: what `work` throws.
  public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }
}
