import Foundation
import Synchronization

/// A federation on PostgreSQL: a few threads, each owning one libpq connection, fed from one queue,
/// so that nothing blocks Swift's cooperative threads.
public final class PostgresDatabase: Database {
  /// How long the server may take before it is given up.
  public enum Patience: Sendable {
    /// For `serve`: 30 s a statement, 5 s a lock or a connection.
    case interactive
    /// For commands run by hand: no limit, and a minute for a connection.
    case maintenance

    fileprivate var connection: Int { self == .interactive ? 5 : 60 }
  }

  public var engine: Engine { .postgres }
  /// Five were too few where it was measured: 80 requests for 50 places from two nodes gave up 121 of 9 600 requests, ten with
  /// a wait that doubles gave up none.
  static let attempts = 10
  private let queue = WorkQueue()

  /// - Parameter address: a libpq address; several hosts are tried in order, only one that accepts writes is kept.
  /// - Throws: `DatabaseError` when no server answers: at start, not at the first request.
  public init(_ address: String, connections: Int = 4, patience: Patience = .interactive) throws {
    let address = Self.completed(address, patience)
    let setUp = Self.setUp(patience)
    let first = try PostgresConnection(address, setUp: setUp)
    for number in 0..<connections {
      // Each connection is handed to exactly one thread and used by no other.
      nonisolated(unsafe) let own: PostgresConnection? = number == 0 ? first : nil
      let thread = Thread { [queue] in
        var connection = own
        while let work = queue.next() {
          work(
            Result {
              if let connection { return connection }
              let fresh = try PostgresConnection(address, setUp: setUp)
              connection = fresh
              return fresh
            })
          if let current = connection, current.isBroken { connection = nil }
        }
      }
      thread.name = "postgres-\(number)"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }

  public func read<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
    try await transaction(.reads, attempts: 1, work)
  }

  @discardableResult
  public func write<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
    try await transaction(.writes, attempts: Self.attempts, work)
  }

  public func refreshStatistics() async throws {
    try await write { try $0.execute("ANALYZE") }
  }

  public func close() async {
    queue.stop()
  }

  private func transaction<Value: Sendable>(
    _ kind: PostgresConnection.Transaction, attempts: Int, _ work: @escaping @Sendable (any Connection) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let accepted = queue.push { connection in
        continuation.resume(with: Result { try Self.run(on: connection.get(), kind, attempts: attempts, work) })
      }
      if !accepted {
        continuation.resume(throwing: DatabaseError(kind: .connection, detail: "the database is closed or its queue is full"))
      }
    }
  }

  private static func run<Value>(
    on connection: PostgresConnection, _ kind: PostgresConnection.Transaction, attempts: Int,
    _ work: (any Connection) throws -> Value
  ) throws -> Value {
    for attempt in 1... {
      do {
        try connection.begin(kind)
      } catch  where connection.isBroken {
        // The link died while it was idle and nothing has run yet: connect again, once.
        try connection.reset()
        try connection.begin(kind)
      }
      do {
        let value = try work(connection)
        // The work hid an error: COMMIT would undo everything, and answer as if it had not.
        if let failure = connection.failure { throw failure }
        try connection.simple("COMMIT")
        return value
      } catch {
        let cause = connection.failure ?? error as? DatabaseError
        try? connection.simple("ROLLBACK")
        guard attempt < attempts, cause?.kind == .serialization else { throw error }
        // Colliding transactions that start again at once collide again.
        Thread.sleep(forTimeInterval: Double.random(in: 0.001...0.01) * Double(1 << min(attempt - 1, 5)))
      }
    }
    preconditionFailure("the loop ends by return or throw")
  }

  private static func setUp(_ patience: Patience) -> String {
    // Not warnings: libpq prints them, and the ROLLBACK after a COMMIT that collided is one.
    // No compiling of statements: it takes longer than those of a page, which the planner believes to be long.
    let base = "SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET client_min_messages = error; SET jit = off"
    return switch patience {
    case .interactive: base + "; SET statement_timeout = '30s'; SET lock_timeout = '5s'"
    case .maintenance: base
    }
  }

  /// A failover leaves the old primary reading only: ask for a server that writes, unless the address says otherwise.
  private static func completed(_ address: String, _ patience: Patience) -> String {
    guard !address.contains("target_session_attrs") else { return address }
    return address + (address.contains("?") ? "&" : "?") + "target_session_attrs=read-write&connect_timeout=\(patience.connection)"
  }
}

/// Work for the connection threads, first in, first out.
private final class WorkQueue: Sendable {
  typealias Work = @Sendable (Result<PostgresConnection, any Error>) -> Void

  private struct State {
    var backlog = Backlog<Work>()
    var isStopped = false
  }

  private static let capacity = 10_000
  private let state = Mutex(State())
  private let signal = DispatchSemaphore(value: 0)

  /// `false` when the queue is stopped or full.
  func push(_ work: @escaping Work) -> Bool {
    let accepted = state.withLock { state in
      guard !state.isStopped, state.backlog.count < Self.capacity else { return false }
      state.backlog.append(work)
      return true
    }
    if accepted { signal.signal() }
    return accepted
  }

  /// Waits for the next piece of work; `nil` when stopped and nothing is left.
  func next() -> Work? {
    signal.wait()
    return state.withLock { $0.backlog.next() }
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    // One signal a thread is enough; more are harmless.
    for _ in 0..<64 { signal.signal() }
  }
}
