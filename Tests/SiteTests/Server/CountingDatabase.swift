import Store
import Synchronization

/// How many statements a request needed.
final class StatementCounter: Sendable {
  private let statements = Mutex(0)

  var count: Int { statements.withLock { $0 } }

  func reset() { statements.withLock { $0 = 0 } }

  func add() { statements.withLock { $0 += 1 } }
}

/// A database that counts the statements run on it.
struct CountingDatabase: Database {
  let base: any Database
  let counter: StatementCounter

  var engine: Engine { base.engine }

  func read<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
    try await base.read { [counter] in try work(CountingConnection(base: $0, counter: counter)) }
  }

  @discardableResult
  func write<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
    try await base.write { [counter] in try work(CountingConnection(base: $0, counter: counter)) }
  }

  func close() async { await base.close() }
}

private struct CountingConnection: Connection {
  let base: any Connection
  let counter: StatementCounter

  var engine: Engine { base.engine }

  func rows(_ sql: SQL) throws -> [Row] {
    counter.add()
    return try base.rows(sql)
  }

  @discardableResult
  func execute(_ sql: SQL) throws -> Int {
    counter.add()
    return try base.execute(sql)
  }

  /// Nothing is kept here: what is counted is the most that a page asks.
  func kept<Value: Sendable>(_ key: KeptKey, _ find: () throws -> Found<Value>) throws -> Value { try find().value }
}
