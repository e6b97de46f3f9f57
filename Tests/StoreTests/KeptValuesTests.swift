@testable import Store
import Synchronization
import TestSupport
import Testing

/// What is worked out from the data is kept for as long as nobody changes them, and no longer.
struct KeptValuesTests {
  /// How often something was done.
  private final class Calls: Sendable {
    private let calls = Mutex(0)
    var count: Int { calls.withLock { $0 } }
    func add() { calls.withLock { $0 += 1 } }
  }

  private func sum(_ database: any Database, _ calls: Calls) async throws -> Int? {
    try await database.read { try Self.sum($0, calls) }
  }

  private static func sum(_ connection: any Connection, _ calls: Calls) throws -> Int? {
    try connection.kept("SELECT CAST(SUM(number) AS \(.int)) FROM thing") { rows in
      calls.add()
      return try rows.first?[0]
    }
  }

  @Test(arguments: Engine.allCases)
  func aValueIsWorkedOutAgainOnceSomethingIsWritten(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (number \(.int))", "INSERT INTO thing VALUES (1)")
      let calls = Calls()
      let twice = try await database.read { [try Self.sum($0, calls), try Self.sum($0, calls)] }
      #expect(twice == [1, 1] && calls.count == 1)
      // More reads than there are connections: each of them keeps its own. What is written to other databases of a server counts too.
      for _ in 0..<20 { #expect(try await sum(database, calls) == 1) }
      #expect(engine == .postgres || calls.count <= 4)
      for number in 2...9 {
        try await database.run("INSERT INTO thing VALUES (1)")
        for _ in 0..<4 { #expect(try await sum(database, calls) == number) }
      }
      try await database.run("DELETE FROM thing")
      #expect(try await sum(database, calls) == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func readersAtOnceNeverSeeLessThanWasWritten(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (number \(.int))", "INSERT INTO thing VALUES (0)")
      let calls = Calls()
      let written = Calls()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for _ in 1...60 {
            try await database.run("INSERT INTO thing VALUES (1)")
            written.add()
          }
        }
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<120 {
              let least = written.count
              let found = try await database.read { connection in
                let kept = try Self.sum(connection, calls)
                return (kept, try connection.value("SELECT CAST(SUM(number) AS \(.int)) FROM thing", as: Int.self))
              }
              #expect(found.0 == found.1)
              #expect(found.0.map { $0 >= least } == true)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aTransactionThatWritesKeepsNothing(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (number \(.int))", "INSERT INTO thing VALUES (1)")
      let calls = Calls()
      let seen = try await database.write { connection in
        let before = try Self.sum(connection, calls)
        try connection.execute("INSERT INTO thing VALUES (1)")
        return [before, try Self.sum(connection, calls)]
      }
      #expect(seen == [1, 2])
      #expect(try await sum(database, calls) == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func anotherProgramsChangesAreSeen(engine: Engine) async throws {
    let location = try await TestDatabases.shared.empty(engine)
    let (first, second) = (try location.open(patience: .maintenance), try location.open(patience: .maintenance))
    try await first.run("CREATE TABLE thing (number \(.int))", "INSERT INTO thing VALUES (1)")
    let calls = Calls()
    for number in 1...5 {
      #expect(try await sum(first, calls) == number)
      try await second.run("INSERT INTO thing VALUES (1)")
    }
    await first.close()
    await second.close()
    try await TestDatabases.shared.remove(location)
  }

  @Test(arguments: Engine.allCases)
  func valuesBoundToAStatementTellItFromAnother(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      for number in [1, 2, 1] {
        let found: Int? = try await database.read { connection in
          try connection.kept("SELECT CAST(\(number) AS \(.int))") { rows in try rows.first?[0] }
        }
        #expect(found == number)
      }
    }
  }

  @Test func longAnswersAreNotKeptAndOthersUpToALimit() {
    var values = KeptValues()
    func key(_ number: Int) -> KeptKey { KeptKey(text: "SELECT \(number)", values: []) }
    values.keep(Found(value: 1, rows: KeptValues.longest + 1), as: key(1))
    #expect((values.value(key(1)) as Int?) == nil)
    values.keep(Found(value: 2, rows: KeptValues.longest), as: key(2))
    #expect(values.value(key(2)) == 2)
    for number in 3...12 { values.keep(Found(value: number, rows: KeptValues.longest - 1), as: key(number)) }
    // One more than there was room for: the others are let go, the last is there.
    #expect((values.value(key(2)) as Int?) == nil)
    #expect(values.value(key(12)) == 12)
  }
}
