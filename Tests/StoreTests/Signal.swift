import Foundation
import Store
import Synchronization

/// A count that tasks and pieces of database work wait for, by polling with a bound.
final class Signal: Sendable {
  struct NeverCame: Error {}

  private static let polls = 30_000
  private let raised = Mutex(0)

  func raise() { raised.withLock { $0 += 1 } }

  /// Waits inside a piece of work, which is synchronous.
  func wait(for count: Int = 1) throws {
    try Self.poll { hasReached(count) }
  }

  /// Waits inside a test.
  func arrival(of count: Int = 1) async throws {
    try await Self.arrival { self.hasReached(count) }
  }

  /// Waits until a condition holds, inside a piece of work.
  static func poll(until condition: () throws -> Bool) throws {
    for _ in 0..<polls {
      if try condition() { return }
      Thread.sleep(forTimeInterval: 0.001)
    }
    throw NeverCame()
  }

  /// Waits until a condition holds, inside a test.
  static func arrival(until condition: () async throws -> Bool) async throws {
    for _ in 0..<polls {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw NeverCame()
  }

  func hasReached(_ count: Int) -> Bool { raised.withLock { $0 >= count } }
}

extension Database {
  /// Runs statements in one transaction.
  func run(_ statements: SQL...) async throws {
    try await write { connection in
      for statement in statements { try connection.execute(statement) }
    }
  }

  /// The first column of every row.
  func column<Value: SQLDecodable & Sendable>(_ sql: SQL, as type: Value.Type = Value.self) async throws -> [Value] {
    try await read { try $0.rows(sql).map { try $0[0] } }
  }
}

extension SQL {
  /// What ends a `CREATE TABLE`, so that SQLite checks column types as PostgreSQL does.
  static let strict: SQL = "\(sqlite: "STRICT", postgres: "")"
}
