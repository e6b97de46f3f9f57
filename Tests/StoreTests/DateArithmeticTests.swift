import Store
import TestSupport
import Testing

/// Civil months added by the engine itself are those that `CivilDate` adds.
struct DateArithmeticTests {
  @Test(arguments: Engine.allCases)
  func monthsAreClippedAsTheProgramClipsThem(_ engine: Engine) async throws {
    let texts = ["2023-12-31", "2024-01-29", "2024-01-31", "2023-01-31", "2024-02-29", "2025-08-30", "1999-03-15", "2000-11-30"]
    let days = try texts.map { try #require(CivilDate(iso: $0)) }
    try await withDatabase(engine) { database async throws in
      for day in days {
        for months in [0, 1, 2, 6, 11, 12, 13, 37, 60] {
          let found: CivilDate? = try await database.read {
            try $0.value("SELECT \(SQL.adding(months: "CAST(\(months) AS \(.int))", to: "CAST(\(day) AS text)"))")
          }
          #expect(found == day.adding(months: months), "\(day) + \(months)")
        }
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func nothingPlusMonthsIsNothing(_ engine: Engine) async throws {
    try await withDatabase(engine) { database async throws in
      let sums: [SQL] = [
        SQL.adding(months: "1", to: "CAST(NULL AS text)"), SQL.adding(months: "CAST(NULL AS \(.int))", to: "'2024-01-31'"),
      ]
      for sum in sums {
        #expect(try await database.read { try $0.first("SELECT \(sum)").map { try $0[0] as CivilDate? } } == .some(nil))
      }
    }
  }
}
