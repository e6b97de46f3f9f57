import Foundation
import TestSupport
import Testing

@testable import Store

struct ErrorsTests {
  private static func prepare(_ database: any Database) async throws {
    try await database.run(
      "CREATE TABLE team (id \(.id) PRIMARY KEY, code \(.text) NOT NULL UNIQUE, size \(.int) CHECK (size > 0)) \(.strict)",
      "CREATE TABLE person (id \(.id) PRIMARY KEY, team \(.id) REFERENCES team) \(.strict)",
      "INSERT INTO team VALUES (1, 'one', 1)", "INSERT INTO person VALUES (1, 1)")
  }

  @Test(arguments: Engine.allCases)
  func constraintsAreTypedErrorsAndNothingIsKept(engine: Engine) async throws {
    let attempts: [(SQL, DatabaseError.Kind)] = [
      ("INSERT INTO team VALUES (1, 'two', 1)", .unique),
      ("INSERT INTO team VALUES (2, 'one', 1)", .unique),
      ("INSERT INTO person VALUES (2, 9)", .foreignKey),
      ("UPDATE person SET team = 9", .foreignKey),
      ("DELETE FROM team WHERE id = 1", .foreignKey),
      ("UPDATE team SET size = 0", .check),
      ("INSERT INTO team VALUES (2, NULL, 1)", .notNull),
      ("SELEKT 1", .other),
      ("SELECT absent FROM team", .other),
      ("SELECT * FROM absent", .other),
    ]
    try await withDatabase(engine) { database in
      try await Self.prepare(database)
      for (statement, kind) in attempts {
        let error = await #expect(throws: DatabaseError.self) {
          try await database.run("INSERT INTO team VALUES (100, 'before', 1)", statement)
        }
        #expect(error?.kind == kind, "\(statement.rendered(for: engine).text)")
        #expect(error?.code.isEmpty == false)
      }
      #expect(try await database.column("SELECT id FROM team") == [1])
      #expect(try await database.column("SELECT team FROM person") == [1])
    }
  }

  @Test(arguments: Engine.allCases)
  func anErrorInAWriteLeavesTheDatabaseUsable(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await Self.prepare(database)
      for number in 2..<20 {
        await #expect(throws: DatabaseError.self) { try await database.run("INSERT INTO team VALUES (1, 'x', 1)") }
        try await database.run("INSERT INTO team VALUES (\(number), \("n\(number)"), 1)")
      }
      #expect(try await database.column("SELECT count(*) FROM team") == [19])
    }
  }

  @Test(arguments: Engine.allCases)
  func anErrorThatTheWorkHidesStillUndoesIt(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await Self.prepare(database)
      let error = await #expect(throws: DatabaseError.self) {
        try await database.write { connection in
          try connection.execute("INSERT INTO team VALUES (2, 'two', 1)")
          _ = try? connection.execute("INSERT INTO team VALUES (1, 'again', 1)")
        }
      }
      #expect(error?.kind == .unique)
      #expect(try await database.column("SELECT id FROM team") == [1])
    }
  }

  @Test(arguments: Engine.allCases)
  func theWorkMayTurnAnErrorIntoItsOwn(engine: Engine) async throws {
    struct AlreadyThere: Error {}
    try await withDatabase(engine) { database in
      try await Self.prepare(database)
      await #expect(throws: AlreadyThere.self) {
        try await database.write { connection in
          do {
            try connection.execute("INSERT INTO team VALUES (1, 'again', 1)")
          } catch let error as DatabaseError where error.kind == .unique {
            throw AlreadyThere()
          }
        }
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aFullDiskIsSaidAndNothingOfTheWorkIsKept(engine: Engine) async throws {
    // SQLite counts its own pages; PostgreSQL says what its operating system told it.
    let fill: [SQL] =
      switch engine {
      case .sqlite: (2..<200).map { "INSERT INTO team VALUES (\($0), \(String(repeating: "é", count: 500) + "\($0)"), 1)" }
      case .postgres: ["DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$"]
      }
    try await withDatabase(engine) { database in
      try await Self.prepare(database)
      if engine == .sqlite { try await database.run("PRAGMA max_page_count = 12") }
      let error = await #expect(throws: DatabaseError.self) {
        try await database.write { connection in
          try connection.execute("INSERT INTO team VALUES (100000, 'before', 1)")
          for statement in fill { try connection.execute(statement) }
        }
      }
      #expect(error?.kind == .diskFull)
      #expect(error?.description.contains("plein") == true)
      #expect(try await database.column("SELECT id FROM team") == [1])
      // What needs no more room goes on, and once there is room everything does.
      try await database.run("UPDATE team SET size = 2")
      if engine == .sqlite { try await database.run("PRAGMA max_page_count = 100000") }
      try await database.run("INSERT INTO team VALUES (2, 'after', 1)")
      #expect(try await database.column("SELECT id FROM team ORDER BY id") == [1, 2])
    }
  }

  @Test(arguments: Engine.allCases)
  func aReadRefusesToWrite(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await Self.prepare(database)
      let statements: [SQL] = [
        "INSERT INTO team VALUES (2, 'two', 1)", "UPDATE team SET size = 2", "DELETE FROM person",
        "CREATE TABLE other (id \(.id)) \(.strict)",
      ]
      for statement in statements {
        await #expect(throws: DatabaseError.self) { try await database.read { _ = try $0.execute(statement) } }
        await #expect(throws: DatabaseError.self) { try await database.read { _ = try $0.rows(statement) } }
      }
      #expect(try await database.column("SELECT size FROM team") == [1])
      #expect(try await database.column("SELECT id FROM person") == [1])
    }
  }

  @Test(arguments: Engine.allCases)
  func anErrorInAReadIsTyped(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let error = await #expect(throws: DatabaseError.self) { try await database.column("SELECT * FROM absent", as: Int.self) }
      #expect(error?.kind == .other)
    }
  }

  @Test(arguments: Engine.allCases)
  func aClosedDatabaseRefusesWork(engine: Engine) async throws {
    let database = try await TestDatabases.shared.empty(engine).open()
    await database.close()
    let reading = await #expect(throws: DatabaseError.self) { try await database.column("SELECT 1", as: Int.self) }
    let writing = await #expect(throws: DatabaseError.self) { try await database.run("CREATE TABLE thing (id \(.id)) \(.strict)") }
    #expect(reading?.kind == .connection)
    #expect(writing?.kind == .connection)
  }

  @Test func anUnreachableServerIsAConnectionError() {
    let error = #expect(throws: DatabaseError.self) { try PostgresDatabase("postgres://test@127.0.0.1:1/absent") }
    #expect(error?.kind == .connection)
    #expect(error?.description == "La base de données ne répond pas.")
  }

  @Test func aFileThatIsNoDatabaseIsAConnectionError() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "maillage-\(UUID().uuidString).txt")
    try Data(String(repeating: "not a database ", count: 100).utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: file.path) }
    #expect(error?.kind == .connection)
  }

  @Test func theSentenceOfAnErrorHoldsNoneOfTheEnginesWords() {
    let error = DatabaseError(kind: .unique, code: "23505", detail: "Key (email)=(a@exemple.fr) already exists")
    #expect(!"\(error)".contains("exemple"))
    #expect(error.debugDescription.contains("exemple"))
  }
}
