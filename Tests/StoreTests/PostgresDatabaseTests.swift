import TestSupport
import Testing

@testable import Store

/// What only PostgreSQL can do to us.
struct PostgresDatabaseTests {
  @Test func lostConnectionsLoseNoRequest() async throws {
    try await withDatabaseAndWatcher { database, watcher in
      try await database.run("CREATE TABLE thing (id \(.id))")
      let before = try await onAllConnections(database, "INSERT INTO thing VALUES (1)")
      try await terminateAll(but: watcher)
      let after = try await onAllConnections(database, "INSERT INTO thing VALUES (2)")
      #expect(before.isDisjoint(with: after))
      #expect(try await database.column("SELECT count(*) FROM thing") == [8])
    }
  }

  @Test func lostConnectionsLoseNoRead() async throws {
    try await withDatabaseAndWatcher { database, watcher in
      for round in 0..<3 {
        _ = try await onAllConnections(database)
        try await terminateAll(but: watcher)
        for _ in 0..<8 { #expect(try await database.column("SELECT \(round) + 1", as: Int.self) == [round + 1]) }
      }
    }
  }

  @Test func aConnectionLostDuringTheWorkIsAConnectionErrorAndTheNextCallWorks() async throws {
    try await withDatabase(.postgres) { database in
      try await database.run("CREATE TABLE thing (id \(.id))")
      let error = await #expect(throws: DatabaseError.self) {
        try await database.run("INSERT INTO thing VALUES (1)", "SELECT pg_terminate_backend(pg_backend_pid())")
      }
      #expect(error?.kind == .connection)
      for _ in 0..<8 { #expect(try await database.column("SELECT count(*) FROM thing") == [0]) }
    }
  }

  @Test func aServerThatOnlyReadsIsLeftForOneThatWrites() async throws {
    guard case .postgres(let address) = try await TestDatabases.shared.empty(.postgres) else { return }
    let database = try PostgresDatabase(address, connections: 1)
    try await database.run("CREATE TABLE thing (id \(.id))")
    // As an old primary after a failover: the session still answers, and refuses every change.
    try await database.run("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    let error = await #expect(throws: DatabaseError.self) { try await database.run("INSERT INTO thing VALUES (1)") }
    #expect(error?.kind == .connection)
    try await database.run("INSERT INTO thing VALUES (2)")
    #expect(try await database.column("SELECT id FROM thing") == [2])
    await database.close()
  }

  @Test func collidingWorkRunsAgainAndTheCallerSeesOnlyItsResult() async throws {
    try await withDatabase(.postgres) { database in
      try await database.run("CREATE TABLE counter (value \(.int))", "INSERT INTO counter VALUES (0)")
      let runs = Signal()
      let value: Int? = try await database.write { connection in
        let value: Int? = try connection.value("SELECT value FROM counter")
        runs.raise()
        if !runs.hasReached(3) { throw DatabaseError(kind: .serialization, detail: "made by the test") }
        return value
      }
      #expect(value == 0)
      #expect(runs.hasReached(3) && !runs.hasReached(4))
    }
  }

  @Test func workThatAlwaysCollidesIsGivenUpAfterTenRuns() async throws {
    try await withDatabase(.postgres) { database in
      let runs = Signal()
      let error = await #expect(throws: DatabaseError.self) {
        try await database.write { _ in
          runs.raise()
          throw DatabaseError(kind: .serialization, detail: "made by the test")
        }
      }
      #expect(error?.kind == .serialization)
      #expect(runs.hasReached(10) && !runs.hasReached(11))
    }
  }

  @Test func aCollisionThatTheWorkHidesStillRunsItAgain() async throws {
    try await withDatabase(.postgres) { database in
      try await database.run("CREATE TABLE counter (value \(.int))", "INSERT INTO counter VALUES (0)")
      let runs = Signal()
      try await database.write { connection in
        let value: Int = try connection.value("SELECT value FROM counter") ?? -1
        runs.raise()
        if !runs.hasReached(2) { _ = try? connection.execute("DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '40001'; END $$") }
        _ = try? connection.execute("UPDATE counter SET value = \(value + 1)")
      }
      #expect(runs.hasReached(2))
      #expect(try await database.column("SELECT value FROM counter") == [1])
    }
  }

  @Test func moreStatementsThanTheCacheHoldsAllRun() async throws {
    try await withDatabase(.postgres) { database in
      try await database.read { connection in
        for number in 0..<600 {
          let value: Int? = try connection.value("SELECT \(SQL(unsafeText: "\(number)")) + \(1)")
          #expect(value == number + 1)
        }
        #expect(try connection.value("SELECT 0 + \(2)") == 2)
      }
    }
  }

  @Test func aClosedDatabaseLeavesNoConnection() async throws {
    try await withDatabaseAndWatcher { database, watcher in
      _ = try await onAllConnections(database)
      #expect(try await watcher.column("SELECT count(*) FROM pg_stat_activity WHERE \(Self.others)") == [4])
      await database.close()
      try await untilAlone(watcher)
    }
  }

  /// Runs work on the four connections at the same time, and returns their process numbers.
  private func onAllConnections(_ database: any Database, _ statement: SQL = "SELECT 1") async throws -> Set<Int> {
    let present = Signal()
    let processes = try await withThrowingTaskGroup(of: Int?.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await database.write { connection in
            let process: Int? = try connection.value("SELECT pg_backend_pid()")
            try connection.execute(statement)
            present.raise()
            try present.wait(for: 4)
            return process
          }
        }
      }
      return try await group.reduce(into: Set<Int>()) { if let process = $1 { $0.insert(process) } }
    }
    try #require(processes.count == 4)
    return processes
  }

  /// A database, and a second way into it that looks on.
  private func withDatabaseAndWatcher(_ body: (any Database, any Database) async throws -> Void) async throws {
    guard case .postgres(let address) = try await TestDatabases.shared.empty(.postgres) else { return }
    let watcher = try PostgresDatabase(address, connections: 1)
    let database = try PostgresDatabase(address)
    try await body(database, watcher)
    await database.close()
    await watcher.close()
  }

  private static let others: SQL = "datname = current_database() AND pid <> pg_backend_pid()"

  private func terminateAll(but watcher: any Database) async throws {
    _ = try await watcher.column("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(Self.others)", as: Bool.self)
    try await untilAlone(watcher)
  }

  private func untilAlone(_ watcher: any Database) async throws {
    try await Signal.arrival { try await watcher.column("SELECT count(*) FROM pg_stat_activity WHERE \(Self.others)") == [0] }
  }
}
