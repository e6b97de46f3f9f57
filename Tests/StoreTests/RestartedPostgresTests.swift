import Store
import Synchronization
import TestSupport
import Testing

/// A server that goes away while people work: what was acknowledged is there, once, and nobody restarts the program.
struct RestartedPostgresTests {
  /// What happens to the server.
  private enum Event {
    case cut
    case restart(TestPostgresServer.Manner)
  }

  /// Entries acknowledged to their writers, and what the writers met on the way.
  private final class Ledger: Sendable {
    private struct State {
      var acknowledged: [Int: Set<Int>] = [:]
      var refusals = 0
      var isOver = false
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.isOver } }
    var refusals: Int { state.withLock { $0.refusals } }
    var acknowledged: [Int: Set<Int>] { state.withLock { $0.acknowledged } }
    var count: Int { state.withLock { $0.acknowledged.values.reduce(0) { $0 + $1.count } } }

    func acknowledge(_ entry: Int, of writer: Int) { state.withLock { _ = $0.acknowledged[writer, default: []].insert(entry) } }
    func refuse() { state.withLock { $0.refusals += 1 } }
    func end() { state.withLock { $0.isOver = true } }

    /// Waits until so many more entries are acknowledged.
    func progress(_ entries: Int) async throws {
      let goal = count + entries
      try await Signal.arrival { self.count >= goal }
    }
  }

  @Test func acknowledgedWritesOutliveTheServer() async throws {
    try await TestPostgresServer.with { server in
      let database = try PostgresDatabase(server.address)
      try await database.run(
        "CREATE TABLE entry (id \(.id) PRIMARY KEY, writer \(.int) NOT NULL)",
        "CREATE TABLE tally (writer \(.int) PRIMARY KEY, entries \(.int) NOT NULL)")
      for writer in 0..<6 { try await database.run("INSERT INTO tally VALUES (\(writer), 0)") }
      let ledger = Ledger()
      try await withThrowingTaskGroup { group in
        for writer in 0..<6 { group.addTask { try await keepWriting(as: writer, to: database, ledger) } }
        for _ in 0..<2 { group.addTask { try await keepReading(database, ledger) } }
        for event in [Event.cut, .restart(.fast), .restart(.immediate), .cut, .restart(.immediate)] {
          try await ledger.progress(30)
          let before = ledger.refusals
          try await happen(event, to: server)
          // The same database, without anybody's help.
          try await ledger.progress(30)
          if case .restart = event { #expect(ledger.refusals > before, "\(event)") }
        }
        ledger.end()
        try await group.waitForAll()
      }
      for writer in 0..<6 {
        let stored = try await database.column("SELECT id FROM entry WHERE writer = \(writer)", as: Int.self)
        #expect(ledger.acknowledged[writer, default: []] == Set(stored))
        // Written together with the entry: once for each, or somebody's work was done twice.
        #expect(try await database.column("SELECT entries FROM tally WHERE writer = \(writer)") == [stored.count])
      }
      await database.close()
    }
  }

  private func happen(_ event: Event, to server: TestPostgresServer) async throws {
    switch event {
    case .cut:
      let other = try PostgresDatabase(server.address, connections: 1)
      _ = try await other.column("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()", as: Bool.self)
      await other.close()
    case .restart(let manner):
      try await server.stop(manner)
      try await server.start()
    }
  }

  /// Enters one thing after the other, each one until it is acknowledged, as somebody would who sees an error and sends the form again.
  private func keepWriting(as writer: Int, to database: any Database, _ ledger: Ledger) async throws {
    var entry = writer * 1_000_000
    while !ledger.isOver {
      entry += 1
      while try await !isWritten(entry, by: writer, to: database) {
        ledger.refuse()
        try await Task.sleep(for: .milliseconds(2))
      }
      ledger.acknowledge(entry, of: writer)
    }
  }

  /// `false` when the database refused for now; anything else than that is a fault.
  private func isWritten(_ entry: Int, by writer: Int, to database: any Database) async throws -> Bool {
    do {
      try await database.write { connection in
        // The server may have kept it, and gone before it said so.
        guard try connection.first("SELECT 1 FROM entry WHERE id = \(entry)") == nil else { return }
        try connection.execute("INSERT INTO entry VALUES (\(entry), \(writer))")
        try connection.execute("UPDATE tally SET entries = entries + 1 WHERE writer = \(writer)")
      }
      return true
    } catch let error as DatabaseError where error.kind == .connection || error.kind == .serialization {
      return false
    }
  }

  /// Every answer is one moment's, however often the server went away in between.
  private func keepReading(_ database: any Database, _ ledger: Ledger) async throws {
    while !ledger.isOver {
      do {
        let (entries, tallies) = try await database.read { connection in
          (
            try connection.value("SELECT count(*) FROM entry", as: Int.self),
            try connection.value("SELECT CAST(sum(entries) AS bigint) FROM tally", as: Int.self)
          )
        }
        #expect(entries == tallies)
      } catch let error as DatabaseError where error.kind == .connection {
        try await Task.sleep(for: .milliseconds(2))
      }
    }
  }
}
