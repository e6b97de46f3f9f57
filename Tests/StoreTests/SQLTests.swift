import TestSupport
import Testing

@testable import Store

private let hostileTexts = [
  "Robert'); DROP TABLE town; --", "L’Haÿ-les-Roses", "d'Arc", "\"quoted\"", "\\", "\\'", "$1", "?", ":name", "%_", "/* */", "", " ",
  "\u{7F}",
  "👩‍⚕️", "\u{202E}rtl", "a\nb\tc\r", "\u{1}\u{1F}", "\\u0041", "null", "]", "\",\"",
]

struct SQLTests {
  @Test func interpolatedValuesAreBoundAndNeverText() {
    let name = "'; DROP TABLE town; --"
    let sql: SQL = "SELECT 1 FROM town WHERE name = \(name) AND size > \(3) AND twin IS \(nil as String?)"
    let sqlite = sql.rendered(for: .sqlite)
    let postgres = sql.rendered(for: .postgres)
    #expect(sqlite.text == "SELECT 1 FROM town WHERE name = ? AND size > ? AND twin IS ?")
    #expect(postgres.text == "SELECT 1 FROM town WHERE name = $1 AND size > $2 AND twin IS $3")
    #expect(sqlite.values == [.text(name), .int(3), .null])
    #expect(postgres.values == sqlite.values)
  }

  @Test func nestedStatementsKeepTheOrderOfTheirValues() {
    let clause: SQL = "a = \("one") AND \("b = \(2)" as SQL)"
    let sql: SQL = "SELECT \(0) WHERE \(clause) OR c = \(true)"
    #expect(sql.rendered(for: .postgres).text == "SELECT $1 WHERE a = $2 AND b = $3 OR c = $4")
    #expect(sql.rendered(for: .postgres).values == [.int(0), .text("one"), .int(2), .bool(true)])
  }

  @Test func clausesAreAddedAndJoined() {
    var sql: SQL = "SELECT 1" + " WHERE "
    sql += ["a = \(1)", "b = \(2)", "c"].joined(by: " AND ")
    #expect(sql.rendered(for: .postgres).text == "SELECT 1 WHERE a = $1 AND b = $2 AND c")
    #expect(([] as [SQL]).joined(by: ", ").rendered(for: .sqlite).text.isEmpty)
  }

  @Test func codesAreBoundAsTheirText() {
    enum Stage: String, SQLCodable { case open, closed }
    let sql: SQL = "\(Stage.closed) \(nil as Stage?)"
    #expect(sql.rendered(for: .sqlite).values == [.text("closed"), .null])
  }

  @Test(arguments: Engine.allCases)
  func hostileTextIsFoundAsItWasWritten(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE town (name \(.text) PRIMARY KEY) \(.strict)")
      try await database.write { connection in
        for text in hostileTexts { try connection.execute("INSERT INTO town VALUES (\(text))") }
      }
      try await database.read { connection throws in
        for text in hostileTexts {
          #expect(try connection.value("SELECT name FROM town WHERE name = \(text)", as: String.self) == text)
        }
      }
      #expect(try await database.column("SELECT count(*) FROM town", as: Int.self) == [hostileTexts.count])
    }
  }

  @Test(arguments: Engine.allCases)
  func listsFindHostileTexts(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE town (name \(.text) PRIMARY KEY) \(.strict)")
      try await database.write { try $0.insert(into: "town", hostileTexts + ["other"]) { "\($0)" } }
      let found: [String] = try await database.column("SELECT name FROM town WHERE name IN \(list: hostileTexts)")
      #expect(Set(found) == Set(hostileTexts))
      let others: [String] = try await database.column("SELECT name FROM town WHERE name NOT IN \(list: hostileTexts)")
      #expect(others == ["other"])
    }
  }

  @Test(arguments: Engine.allCases)
  func listsHoldIntegersAndIdentifiers(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let numbers: [Int64] = [.min, -1, 0, 1, .max]
      try await database.run("CREATE TABLE thing (id \(.id) PRIMARY KEY) \(.strict)")
      try await database.write { try $0.insert(into: "thing", numbers) { "\($0)" } }
      let some: [Int64] = [.min, 0, .max, 7]
      #expect(try await database.column("SELECT id FROM thing WHERE id IN \(list: some) ORDER BY id") == [.min, 0, Int64.max])
      let ids = [Identifier<SQLTests>(rawValue: .max), Identifier(rawValue: 1)]
      #expect(try await database.column("SELECT id FROM thing WHERE id IN \(list: ids) ORDER BY id") == [1, Int64.max])
    }
  }

  @Test(arguments: Engine.allCases)
  func emptyListsHoldNothing(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE town (id \(.id), name \(.text)) \(.strict)", "INSERT INTO town VALUES (1, 'Évreux')")
      let names: [String] = []
      let numbers: [Int64] = []
      let ids: [Identifier<SQLTests>] = []
      #expect(try await database.column("SELECT id FROM town WHERE name IN \(list: names)", as: Int.self).isEmpty)
      #expect(try await database.column("SELECT id FROM town WHERE id IN \(list: numbers)", as: Int.self).isEmpty)
      #expect(try await database.column("SELECT id FROM town WHERE id NOT IN \(list: ids)", as: Int.self) == [1])
    }
  }

  @Test(arguments: Engine.allCases)
  func aListOfTenThousandIsOneParameter(engine: Engine) async throws {
    let names = (0..<10_000).map { "town \($0)" }
    let sql: SQL = "SELECT count(*) FROM (SELECT 'town 9999' AS name) AS t WHERE name IN \(list: names)"
    #expect(sql.rendered(for: engine).values.count == 1)
    let counts = try await withDatabase(engine) { try await $0.column(sql, as: Int.self) }
    #expect(counts == [1])
  }

  @Test(arguments: Engine.allCases)
  func eachEngineReadsItsOwnVariant(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let names: [String] = try await database.column("SELECT \(sqlite: "'sqlite'", postgres: "'postgres'")")
      #expect(names == [engine.rawValue])
    }
  }

  @Test(arguments: Engine.allCases)
  func columnsRefuseValuesOfAnotherType(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run(
        """
        CREATE TABLE thing (
          id \(.id) PRIMARY KEY, whole \(.int), share \(.real), flag \(.bool), name \(.text), day \(.date),
          moment \(.instant), file \(.blob)
        ) \(.strict)
        """)
      for column in ["id", "whole", "share", "flag"] {
        await #expect(throws: DatabaseError.self) {
          try await database.run("INSERT INTO thing (\(SQL(unsafeText: column))) VALUES (\("a word"))")
        }
      }
      #expect(try await database.column("SELECT count(*) FROM thing", as: Int.self) == [0])
    }
  }

  @Test(arguments: Engine.allCases)
  func manyRowsAreInsertedInOrderWithASuffix(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (id \(.id) PRIMARY KEY, name \(.text)) \(.strict)", "INSERT INTO thing VALUES (7, 'kept')")
      try await database.write { connection in
        try connection.insert(into: "thing (id, name)", Array(1...501), suffix: "ON CONFLICT (id) DO NOTHING") { "\($0), \("n\($0)")" }
        try connection.insert(into: "thing", [Int]()) { "\($0), NULL" }
      }
      #expect(try await database.column("SELECT count(*) FROM thing", as: Int.self) == [501])
      #expect(try await database.column("SELECT name FROM thing WHERE id IN (7, 501) ORDER BY id") == ["kept", "n501"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aSecondStatementInOneTextIsRefused(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE town (name \(.text)) \(.strict)")
      await #expect(throws: DatabaseError.self) {
        try await database.run("INSERT INTO town VALUES ('a'); INSERT INTO town VALUES ('b')")
      }
      #expect(try await database.column("SELECT count(*) FROM town", as: Int.self) == [0])
    }
  }
}
