import Records
import Store
import TestSupport
import Testing

/// Numbers without a gap and without a double.
@Suite struct NumberSeriesTests {
  private struct ChangedMind: Error {}

  private func withReceipts(_ engine: Engine, _ body: (any Database) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      try await database.write { try $0.execute("CREATE TABLE receipt (number \(.int) NOT NULL) \(sqlite: "STRICT", postgres: "")") }
      try await body(database)
    }
  }

  private func numbers(_ database: any Database) async throws -> [Int] {
    try await database.read { try $0.rows("SELECT number FROM receipt ORDER BY number").map { try $0[0] } }
  }

  @Test(arguments: Engine.allCases)
  func eachSeriesCountsFromOne(_ engine: Engine) async throws {
    try await withReceipts(engine) { database async throws in
      let numbers = try await database.write { connection in
        try ["recus.2026", "recus.2026", "recus.2027", "recus.2026"].map { try NumberSeries($0).take(connection) }
      }
      #expect(numbers == [1, 2, 1, 3])
      #expect(try await database.write { try NumberSeries("recus.2027").take($0) } == 2)
      await #expect(throws: DatabaseError.self) { try await database.read { try NumberSeries("recus.2026").take($0) } }
    }
  }

  @Test(arguments: Engine.allCases)
  func aNumberThatWasUndoneIsGivenAgain(_ engine: Engine) async throws {
    try await withReceipts(engine) { database async throws in
      await #expect(throws: ChangedMind.self) {
        try await database.write { connection in
          _ = try NumberSeries("recus.2026").take(connection)
          throw ChangedMind()
        }
      }
      #expect(try await database.write { try NumberSeries("recus.2026").take($0) } == 1)
    }
  }

  /// One in three changes its mind after taking a number.
  @Test(arguments: Engine.allCases)
  func writersAtTheSameTimeLeaveNoGapAndNoDouble(_ engine: Engine) async throws {
    try await withReceipts(engine) { database async throws in
      let kept = try await withThrowingTaskGroup(of: Bool.self) { group in
        for writer in 0..<60 {
          group.addTask {
            do {
              try await database.write { connection in
                let number = try NumberSeries("recus.2026").take(connection)
                try connection.execute("INSERT INTO receipt VALUES (\(number))")
                if writer % 3 == 0 { throw ChangedMind() }
              }
              return true
            } catch is ChangedMind {
              return false
            }
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(kept == 40)
      #expect(try await numbers(database) == Array(1...40))
    }
  }
}
