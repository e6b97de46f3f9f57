import Foundation
import Store
import TestSupport
import Testing

struct ValuesTests {
  @Test(arguments: Engine.allCases)
  func textComesBackAsItWas(engine: Engine) async throws {
    let texts = [
      "", " ", "Évreux", "e\u{301}", "œuvre", "👩‍👩‍👧‍👦🇫🇷", "שלום עליכם", "مرحبا", "a\r\nb\u{2028}", "\u{FEFF}bom", "\u{10FFFF}",
      String(repeating: "é", count: 1 << 19),
    ]
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (position \(.int), name \(.text)) \(.strict)")
      try await database.write { try $0.insert(into: "thing", Array(texts.enumerated())) { "\($0.offset), \($0.element)" } }
      let found: [String] = try await database.column("SELECT name FROM thing ORDER BY position")
      // By scalars: Swift holds `é` and `e\u{301}` for equal, a database must not mix them.
      #expect(found.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
    }
  }

  /// Figures of many periods make long statements; libpq takes no description of more than some 7 500 parameters.
  @Test(arguments: Engine.allCases)
  func aStatementBindsManyValues(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let numbers: [SQL] = (0..<20_000).map { "(\($0))" }
      let found: [Int] = try await database.column("WITH n (x) AS (VALUES \(numbers.joined(by: ", "))) SELECT count(*) FROM n")
      #expect(found == [20_000])
    }
  }

  @Test(arguments: Engine.allCases)
  func aNulIsLeftOutOfText(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (name \(.text)) \(.strict)", "INSERT INTO thing VALUES (\("before\0after"))")
      #expect(try await database.column("SELECT name FROM thing") == ["beforeafter"])
      #expect(try await database.column("SELECT name FROM thing WHERE name IN \(list: ["before\0after"])") == ["beforeafter"])
      #expect(try await database.column("SELECT count(*) FROM thing WHERE name = \("\0beforeafter\0")", as: Int.self) == [1])
    }
  }

  @Test(arguments: Engine.allCases)
  func bytesComeBackAsTheyWere(engine: Engine) async throws {
    let files: [[UInt8]] = [[], [0], [0, 0, 1, 0], Array("\\x41".utf8), Array(0...255), Array(repeating: 0xFF, count: 1 << 20)]
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (position \(.int), file \(.blob)) \(.strict)")
      for (index, file) in files.enumerated() { try await database.run("INSERT INTO thing VALUES (\(index), \(file))") }
      #expect(try await database.column("SELECT file FROM thing ORDER BY position") == files)
      #expect(try await database.column("SELECT count(*) FROM thing WHERE file = \([0, 0, 1, 0] as [UInt8])", as: Int.self) == [1])
    }
  }

  @Test(arguments: Engine.allCases)
  func anEmptyBlobAloneIsNotNull(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (file \(.blob) NOT NULL) \(.strict)", "INSERT INTO thing VALUES (\([] as [UInt8]))")
      #expect(try await database.column("SELECT file FROM thing") == [[] as [UInt8]])
    }
  }

  @Test(arguments: Engine.allCases)
  func numbersComeBackExactly(engine: Engine) async throws {
    let integers: [Int64] = [.min, .min + 1, -1, 0, 1, 9_007_199_254_740_993, .max]
    let reals = [0.1, -0.0, 1.0 / 3, 1e22, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123_456_789.012_345_67, 3]
    try await withDatabase(engine) { database in
      try await database.run(
        "CREATE TABLE whole (value \(.int)) \(.strict)", "CREATE TABLE share (position \(.int), value \(.real)) \(.strict)")
      try await database.write { connection in
        try connection.insert(into: "whole", integers) { "\($0)" }
        for (index, real) in reals.enumerated() { try connection.execute("INSERT INTO share VALUES (\(index), \(real))") }
      }
      #expect(try await database.column("SELECT value FROM whole ORDER BY value") == integers)
      #expect(try await database.column("SELECT value FROM share ORDER BY position") == reals)
    }
  }

  @Test(arguments: Engine.allCases)
  func booleansAreWrittenReadAndCompared(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run(
        "CREATE TABLE thing (id \(.id), flag \(.bool) NOT NULL) \(.strict)",
        "INSERT INTO thing VALUES (1, \(true)), (2, \(false)), (3, TRUE), (4, FALSE)")
      #expect(try await database.column("SELECT flag FROM thing ORDER BY id") == [true, false, true, false])
      #expect(try await database.column("SELECT id FROM thing WHERE flag ORDER BY id") == [1, 3])
      #expect(try await database.column("SELECT id FROM thing WHERE flag = TRUE ORDER BY id") == [1, 3])
      #expect(try await database.column("SELECT id FROM thing WHERE flag = \(false) ORDER BY id") == [2, 4])
    }
  }

  @Test(arguments: Engine.allCases)
  func nullIsReadAsNothingAndOnlyIntoAnOptional(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      try await database.run(
        """
        CREATE TABLE thing (
          whole \(.int), share \(.real), flag \(.bool), name \(.text), day \(.date), moment \(.instant), file \(.blob)) \(.strict)
        """,
        """
        INSERT INTO thing VALUES (
          \(nil as Int?), \(nil as Double?), \(nil as Bool?), \(nil as String?), \(nil as CivilDate?), \(nil as Instant?),
          \(nil as [UInt8]?))
        """)
      let row = try #require(try await database.read { try $0.first("SELECT * FROM thing") })
      #expect(row.values == Array(repeating: .null, count: 7))
      #expect(try row[0] as Int? == nil)
      #expect(try row[3] as String? == nil)
      #expect(try row[6] as [UInt8]? == nil)
      let error = #expect(throws: DatabaseError.self) { try row[3] as String }
      #expect(error?.kind == .unexpectedValue)
    }
  }

  @Test(arguments: Engine.allCases)
  func datesInstantsAndIdentifiersComeBack(engine: Engine) async throws {
    let day = try #require(CivilDate(iso: "2024-02-29"))
    let moment = Instant(Date(timeIntervalSince1970: 1_795_255_200.123))
    let id = Identifier<ValuesTests>(rawValue: .max)
    try await withDatabase(engine) { database in
      try await database.run(
        "CREATE TABLE thing (id \(.id), day \(.date), moment \(.instant)) \(.strict)", "INSERT INTO thing VALUES (\(id), \(day), \(moment))"
      )
      let row = try #require(try await database.read { try $0.first("SELECT id, day, moment FROM thing WHERE day = \(day)") })
      #expect(try row[0] == id)
      #expect(try row[1] == day)
      #expect(try row[2] == moment)
      #expect(row.values[1] == .text("2024-02-29"))
      #expect(row.values[2] == .text("2026-11-21T10:00:00.123Z"))
    }
  }

  @Test func aColumnOfAnotherTypeIsATypedError() {
    enum Stage: String, SQLCodable { case open }
    let decodings: [() throws -> Void] = [
      { _ = try Int(sqlValue: .text("1")) }, { _ = try Int64(sqlValue: .real(1)) }, { _ = try String(sqlValue: .int(1)) },
      { _ = try Bool(sqlValue: .text("t")) }, { _ = try Double(sqlValue: .text("1")) }, { _ = try [UInt8](sqlValue: .text("a")) },
      { _ = try CivilDate(sqlValue: .text("2021-02-31")) }, { _ = try Instant(sqlValue: .text("2021-02-03")) },
      { _ = try Stage(sqlValue: .text("closed")) }, { _ = try Identifier<Stage>(sqlValue: .null) }, { _ = try Int?(sqlValue: .text("1")) },
    ]
    for (index, decode) in decodings.enumerated() {
      let error = #expect(throws: DatabaseError.self, "decoding \(index)") { try decode() }
      #expect(error?.kind == .unexpectedValue, "decoding \(index)")
    }
  }

  @Test func numbersAndBooleansAreReadFromWhatEitherEngineStores() throws {
    #expect(try Bool(sqlValue: .int(1)))
    #expect(try Bool(sqlValue: .bool(true)))
    #expect(try Double(sqlValue: .int(3)) == 3)
  }
}
