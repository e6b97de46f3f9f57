import Store
import TestSupport
import Testing

struct TransactionsTests {
  private struct Full: Error {}

  @Test(arguments: Engine.allCases)
  func aWriteThatThrowsKeepsNothing(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (id \(.id)) \(.strict)")
      await #expect(throws: Full.self) {
        try await database.write { connection in
          try connection.execute("INSERT INTO thing VALUES (1)")
          try connection.execute("CREATE TABLE other (id \(.id)) \(.strict)")
          throw Full()
        }
      }
      #expect(try await database.column("SELECT count(*) FROM thing") == [0])
      await #expect(throws: DatabaseError.self) { try await database.column("SELECT id FROM other", as: Int.self) }
    }
  }

  @Test(arguments: Engine.allCases)
  func aWriteSeesItsOwnChangesAndReturnsAValue(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let count: Int? = try await database.write { connection in
        try connection.execute("CREATE TABLE thing (id \(.id)) \(.strict)")
        try connection.execute("INSERT INTO thing VALUES (1), (2)")
        return try connection.value("SELECT count(*) FROM thing")
      }
      #expect(count == 2)
      #expect(try await database.column("SELECT count(*) FROM thing") == [2])
    }
  }

  @Test(arguments: Engine.allCases)
  func aReadSeesOneMoment(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (id \(.id)) \(.strict)", "INSERT INTO thing VALUES (1)")
      let hasRead = Signal()
      let isWritten = Signal()
      async let counts = database.read { connection in
        let before: Int? = try connection.value("SELECT count(*) FROM thing")
        hasRead.raise()
        try isWritten.wait()
        let after: Int? = try connection.value("SELECT count(*) FROM thing")
        return [before, after]
      }
      try await hasRead.arrival()
      try await database.run("INSERT INTO thing VALUES (2)")
      isWritten.raise()
      #expect(try await counts == [1, 1])
      #expect(try await database.column("SELECT count(*) FROM thing") == [2])
    }
  }

  @Test(arguments: Engine.allCases)
  func aWriteIsUnseenUntilItEnds(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (id \(.id)) \(.strict)")
      let hasWritten = Signal()
      let isRead = Signal()
      async let end: Void = database.write { connection in
        try connection.execute("INSERT INTO thing VALUES (1)")
        hasWritten.raise()
        try isRead.wait()
      }
      try await hasWritten.arrival()
      #expect(try await database.column("SELECT count(*) FROM thing") == [0])
      isRead.raise()
      try await end
      #expect(try await database.column("SELECT count(*) FROM thing") == [1])
    }
  }

  @Test(arguments: Engine.allCases)
  func fiftyPlacesAreNeverFiftyOne(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE registration (meeting \(.id) NOT NULL, person \(.int) NOT NULL) \(.strict)")
      let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
        for person in 0..<80 {
          group.addTask {
            do {
              try await database.write { connection in
                let taken: Int? = try connection.value("SELECT count(*) FROM registration WHERE meeting = \(1)")
                guard let taken, taken < 50 else { throw Full() }
                try connection.execute("INSERT INTO registration VALUES (\(1), \(person))")
              }
              return true
            } catch is Full {
              return false
            }
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(accepted == 50)
      #expect(try await database.column("SELECT count(*) FROM registration") == [50])
    }
  }

  @Test(arguments: Engine.allCases)
  func concurrentAdditionsAreAllCounted(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE counter (value \(.int) NOT NULL) \(.strict)", "INSERT INTO counter VALUES (0)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await database.write { connection in
              let value: Int = try connection.value("SELECT value FROM counter") ?? -1
              try connection.execute("UPDATE counter SET value = \(value + 1)")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await database.column("SELECT value FROM counter") == [20])
    }
  }

  @Test(arguments: Engine.allCases)
  func manyReadsRunWhileOthersWrite(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (id \(.id) PRIMARY KEY) \(.strict)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<100 {
          group.addTask { try await database.run("INSERT INTO thing VALUES (\(number))") }
          group.addTask { _ = try await database.column("SELECT count(*) FROM thing", as: Int.self) }
        }
        try await group.waitForAll()
      }
      #expect(try await database.column("SELECT count(*) FROM thing") == [100])
    }
  }
}
