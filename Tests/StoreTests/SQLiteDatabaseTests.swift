import Foundation
import TestSupport
import Testing

@testable import Store

/// What only a file can do to us.
struct SQLiteDatabaseTests {
  @Test func twoProgramsWriteInOneFileWithoutFailingAsBusy() async throws {
    let location = try await TestDatabases.shared.empty(.sqlite)
    let programs = [try location.open(), try location.open()]
    try await programs[0].run("CREATE TABLE counter (value \(.int)) \(.strict)", "INSERT INTO counter VALUES (0)")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          try await programs[number % 2].write { connection in
            let value: Int = try connection.value("SELECT value FROM counter") ?? -1
            try connection.execute("UPDATE counter SET value = \(value + 1)")
          }
        }
      }
      try await group.waitForAll()
    }
    for program in programs {
      #expect(try await program.column("SELECT value FROM counter") == [100])
      await program.close()
    }
  }

  @Test func rowsAreReadWhileTheCacheOfStatementsTurnsOver() async throws {
    let database = try await TestDatabases.shared.empty(.sqlite).open()
    try await database.run("CREATE TABLE thing (id \(.id), name \(.text), bytes \(.blob)) \(.strict)")
    try await database.write { connection in
      for number in 0..<20 { try connection.execute("INSERT INTO thing VALUES (\(number), \(""), \([UInt8]()))") }
    }
    let read = try await database.read { connection in
      var read: [Int] = []
      try connection.forEach("SELECT id, name, bytes FROM thing ORDER BY id") { row in
        #expect(try row[1] == "" && row[2] == [UInt8]())
        // Each a text of its own: the cache lets all of them go twice meanwhile.
        for number in 0..<(2 * PreparedTexts.limit / 10) {
          let name = "c\(read.count)_\(number)"
          #expect(try connection.value("SELECT 1 AS \(SQL(unsafeText: name))", as: Int.self) == 1)
        }
        read.append(try row[0])
      }
      return read
    }
    #expect(read == Array(0..<20))
    await database.close()
  }

  @Test func aRefusalNamesTheStatement() async throws {
    let database = try await TestDatabases.shared.empty(.sqlite).open()
    try await database.run("CREATE TABLE thing (id \(.id) PRIMARY KEY) \(.strict)", "INSERT INTO thing VALUES (1)")
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { try $0.execute("INSERT INTO thing VALUES (\(1))") }
    }
    #expect(error?.kind == .unique && error?.detail.contains("INSERT INTO thing") == true)
    await database.close()
  }

  @Test func programsThatOpenANewFileTogetherAllFindADatabase() async throws {
    let location = try await TestDatabases.shared.empty(.sqlite)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<4 {
        group.addTask {
          let program = try location.open()
          try await program.run("CREATE TABLE IF NOT EXISTS thing (id \(.id)) \(.strict)", "INSERT INTO thing VALUES (\(number))")
          await program.close()
        }
      }
      try await group.waitForAll()
    }
    let program = try location.open()
    #expect(try await program.column("SELECT id FROM thing ORDER BY id") == [0, 1, 2, 3])
    await program.close()
  }

  @Test(arguments: [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")])
  func theFileIsWrittenDurablyAndChecksForeignKeys(pragma: String, value: String) async throws {
    try await withDatabase(.sqlite) { database in
      let found = try await database.write { try $0.rows(SQL(unsafeText: "PRAGMA \(pragma)")).first?.values.first }
      #expect(found == .text(value) || found == Int64(value).map(SQLValue.int))
    }
  }

  /// People copy the file they see, without what stands beside it.
  @Test func aClosedFileHoldsEverythingByItself() async throws {
    guard case .sqlite(let path) = try await TestDatabases.shared.empty(.sqlite) else { return }
    let database = try SQLiteDatabase(path: path)
    try await database.run("CREATE TABLE thing (name \(.text)) \(.strict)", "INSERT INTO thing VALUES ('œuvre')")
    #expect(try await database.column("SELECT name FROM thing") == ["œuvre"])
    await database.close()
    // Closing is done once, however often it is asked for.
    await database.close()
    try FileManager.default.copyItem(atPath: path, toPath: path + "-copy")
    let copy = try SQLiteDatabase(path: path + "-copy")
    #expect(try await copy.column("SELECT name FROM thing") == ["œuvre"])
    await copy.close()
  }

  @Test func whatOneProgramWroteTheNextOneReads() async throws {
    let location = try await TestDatabases.shared.empty(.sqlite)
    let first = try location.open()
    try await first.run("CREATE TABLE thing (name \(.text)) \(.strict)", "INSERT INTO thing VALUES ('œuvre')")
    await first.close()
    let second = try location.open()
    #expect(try await second.column("SELECT name FROM thing") == ["œuvre"])
    await second.close()
  }
}

struct DatabaseLocationTests {
  @Test func anAddressNamesItsEngine() {
    #expect(DatabaseLocation("sqlite:data/maillage.sqlite") == .sqlite(path: "data/maillage.sqlite"))
    #expect(DatabaseLocation("postgres://a@b/c") == .postgres(address: "postgres://a@b/c"))
    #expect(DatabaseLocation("postgresql://a@b/c?x=y") == .postgres(address: "postgresql://a@b/c?x=y"))
  }

  @Test(arguments: ["", "sqlite:", "data/maillage.sqlite", "mysql://a@b/c", "postgres:a", "http://exemple.fr"])
  func anythingElseIsRefused(text: String) {
    #expect(DatabaseLocation(text) == nil)
  }

  @Test func theFolderOfAFileIsMade() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "maillage-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = try DatabaseLocation.sqlite(path: folder.appending(path: "a/b/maillage.sqlite").path).open()
    try await database.run("CREATE TABLE thing (id \(.id)) \(.strict)")
    await database.close()
  }
}
