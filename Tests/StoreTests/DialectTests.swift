import Store
import TestSupport
import Testing

/// What the product's statements rely on, the same on both engines.
struct DialectTests {
  @Test(arguments: Engine.allCases)
  func aSumCastToBigintIsAnExactInteger(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE payment (cents \(.int)) \(.strict)", "INSERT INTO payment VALUES (\(1 << 53)), (1)")
      #expect(try await database.column("SELECT CAST(sum(cents) AS bigint) FROM payment") == [1 << 53 + 1])
      #expect(try await database.column("SELECT CAST(sum(cents) AS bigint) FROM payment WHERE cents < 0", as: Int?.self) == [nil])
      #expect(try await database.column("SELECT count(*) FROM payment") == [2])
    }
  }

  @Test(arguments: Engine.allCases)
  func nullsComeLastWhenTheStatementSaysSo(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (value \(.int)) \(.strict)", "INSERT INTO thing VALUES (2), (NULL), (1)")
      #expect(try await database.column("SELECT value FROM thing ORDER BY value NULLS LAST", as: Int?.self) == [1, 2, nil])
      #expect(try await database.column("SELECT value FROM thing ORDER BY value DESC NULLS LAST", as: Int?.self) == [2, 1, nil])
    }
  }

  @Test(arguments: Engine.allCases)
  func anUpsertReturnsTheRowItLeaves(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE counter (name \(.text) PRIMARY KEY, value \(.int) NOT NULL) \(.strict)")
      for expected in 1...3 {
        let value: Int? = try await database.write { connection in
          try connection.value(
            """
            INSERT INTO counter (name, value) VALUES (\("visits"), 1)
            ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value
            """)
        }
        #expect(value == expected)
      }
      #expect(try await database.column("SELECT value FROM counter") == [3])
    }
  }

  @Test(arguments: Engine.allCases)
  func executeCountsTheRowsItChanged(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (value \(.int)) \(.strict)")
      try await database.write { connection throws in
        #expect(try connection.execute("INSERT INTO thing VALUES (1), (2), (3)") == 3)
        #expect(try connection.execute("UPDATE thing SET value = value + 1 WHERE value > 1") == 2)
        #expect(try connection.execute("UPDATE thing SET value = 0 WHERE value > 9") == 0)
        #expect(try connection.execute("DELETE FROM thing") == 3)
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func textSortsByBytes(engine: Engine) async throws {
    let sorted = ["", " a", "A", "Z", "_", "a", "a b", "ab", "z", "É", "é", "œ", "👩"]
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (name \(.text)) \(.strict)")
      try await database.write { try $0.insert(into: "thing", sorted.reversed()) { "\($0)" } }
      #expect(try await database.column("SELECT name FROM thing ORDER BY name") == sorted)
      #expect(try await database.column("SELECT max(name) FROM thing WHERE name < 'é'") == ["É"])
    }
  }

  @Test(arguments: Engine.allCases)
  func datesAndInstantsSortAsTime(engine: Engine) async throws {
    let days = ["0001-01-01", "0999-12-31", "1999-12-31", "2024-02-29", "9999-12-31"].compactMap { CivilDate(iso: $0) }
    try #require(days.count == 5)
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (day \(.date)) \(.strict)")
      try await database.write { try $0.insert(into: "thing", days.reversed()) { "\($0)" } }
      #expect(try await database.column("SELECT day FROM thing ORDER BY day") == days)
      #expect(try await database.column("SELECT day FROM thing WHERE day > \(days[2]) AND day < \(days[4])") == [days[3]])
    }
  }

  @Test(arguments: Engine.allCases)
  func aSearchFindsEveryWordInAnyOrder(engine: Engine) async throws {
    let names = ["Maison de l’Œuvre", "Pôle  Santé", "100% santé", "MSP St-Étienne", "L’Isle-d’Abeau", "C:\\santé", "Сибирь"]
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (position \(.int), search \(.text)) \(.strict)")
      try await database.write { connection in
        try connection.insert(into: "thing", Array(names.enumerated())) { "\($0.offset), \(Fold.searchText([$0.element]))" }
      }
      for (text, found) in [
        ("L'OEUVRE", [0]), ("oeuvre maison", [0]), ("pole sante", [1]), ("SANTÉ", [1, 2, 5]), ("0% s", [2]), ("saint etienne", [3]),
        ("étienne st", [3]), ("isle d'abeau", [4]), ("isle abeau", [4]), ("c santé", [5]), ("сиб", [6]), ("absent", []),
        ("pole absent", []),
        ("%", []), ("_", []), ("'", []),
      ] {
        let positions: [Int] = try await database.column(
          "SELECT position FROM thing WHERE \(SQL.search(text, in: "search")) ORDER BY position")
        #expect(positions == found, "\(text)")
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func theSchemaTellsWhichColumnsReferToATable(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run(
        "CREATE TABLE team (id \(.id) PRIMARY KEY) \(.strict)",
        "CREATE TABLE person (id \(.id) PRIMARY KEY, team \(.id) REFERENCES team, twin \(.id) REFERENCES person) \(.strict)",
        "CREATE TABLE letter (writer \(.id) REFERENCES person, reader \(.id) REFERENCES person) \(.strict)")
      try await database.read { connection in
        func references(_ table: String) throws -> [String] { try connection.references(to: table).map { "\($0.table).\($0.column)" } }
        let (team, person, letter) = (try references("team"), try references("person"), try references("letter"))
        #expect(team == ["person.team"])
        #expect(person == ["letter.reader", "letter.writer", "person.twin"])
        #expect(letter.isEmpty)
      }
    }
  }
}
