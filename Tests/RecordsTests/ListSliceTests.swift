import Records
import Store
import TestSupport
import Testing

/// Pages of a list that an index holds.
@Suite struct ListSliceTests {
  private func withNotes(_ engine: Engine, _ body: (any Database) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      try await database.write { connection in
        try connection.execute(
          "CREATE TABLE note (id \(.id) PRIMARY KEY, day \(.date) NOT NULL, removed_at \(.instant)) \(sqlite: "STRICT", postgres: "")")
        try connection.execute("CREATE INDEX note_day ON note (day, id) WHERE removed_at IS NULL")
        try connection.insert(into: "note (id, day)", Array(1...90)) { number in
          "\(Int64(number)), \("2026-01-\(number % 9 + 10)")"
        }
      }
      try await body(database)
    }
  }

  private func slice(_ days: ClosedRange<CivilDate>?, descending: Bool, _ seek: ListSeek?) -> ListSlice {
    ListSlice(by: ["day", "id"], of: "note", as: "n", within: days, descending: descending, seek, offset: 0, limit: 7)
  }

  private func statement(_ slice: ListSlice) -> SQL {
    "SELECT n.id FROM note n WHERE n.removed_at IS NULL \(slice.condition) \(slice.end)"
  }

  @Test(arguments: Engine.allCases) func pagesFollowEachOtherBothWays(_ engine: Engine) async throws {
    let days = try #require(CivilDate(iso: "2026-01-11"))...(try #require(CivilDate(iso: "2026-01-16")))
    try await withNotes(engine) { database async throws in
      for within in [nil, days] {
        for descending in [false, true] {
          let order: SQL = descending ? "day DESC, id DESC" : "day, id"
          let kept: SQL = within.map { "WHERE day BETWEEN \($0.lowerBound) AND \($0.upperBound)" } ?? ""
          let all: [Int64] = try await database.read { try $0.rows("SELECT id FROM note \(kept) ORDER BY \(order)").map { try $0[0] } }
          #expect(all.count == (within == nil ? 90 : 60))
          for place in [0, 1, 20, all.count - 2, all.count - 1] {
            let (after, before) = (
              slice(within, descending: descending, .after(all[place])), slice(within, descending: descending, .before(all[place]))
            )
            let next: [Int64] = try await database.read { [self] in after.ordered(try $0.rows(statement(after)).map { try $0[0] }) }
            let previous: [Int64] = try await database.read { [self] in before.ordered(try $0.rows(statement(before)).map { try $0[0] }) }
            #expect(next == Array(all.dropFirst(place + 1).prefix(7)))
            #expect(previous == Array(all.prefix(place).suffix(7)))
          }
        }
      }
    }
  }

  /// The index is entered at the row, not at the beginning of the days asked for.
  @Test func aPageIsFoundInTheIndex() async throws {
    let days = try #require(CivilDate(iso: "2026-01-01"))...(try #require(CivilDate(iso: "2026-12-31")))
    try await withNotes(.sqlite) { database async throws in
      for seek in [ListSeek.after(40), .before(40)] {
        let slice = slice(days, descending: true, seek)
        let plan: [String] = try await database.read { [self] in
          try $0.rows("EXPLAIN QUERY PLAN \(statement(slice))").map { try $0[3] }
        }
        #expect(plan.first?.contains("USING INDEX note_day (day>? AND day<?)") == true, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
      }
    }
  }

  @Test(arguments: Engine.allCases) func countingStopsOneFurther(_ engine: Engine) async throws {
    try await withNotes(engine) { database async throws in
      for (most, count) in [(nil, 90), (89, 90), (90, 90), (40, 41)] as [(Int?, Int)] {
        let rows: SQL = "FROM note n WHERE n.removed_at IS NULL"
        #expect(try await database.read { try ListCount.of(rows, upTo: most, $0) } == count)
      }
    }
  }
}
