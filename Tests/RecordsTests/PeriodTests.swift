import Records
import Store
import Testing

struct PeriodTests {
  private static let stretches = [
    ("2025", "2025-01-01", "2025-12-31", "2024"), ("2025-03-31", "2025-01-01", "2025-03-31", "2024-03-31"),
    ("2025-T1", "2025-01-01", "2025-03-31", "2024-T1"), ("2024-T4", "2024-10-01", "2024-12-31", "2023-T4"),
    ("2025-S1", "2025-01-01", "2025-06-30", "2024-S1"), ("2025-S2", "2025-07-01", "2025-12-31", "2024-S2"),
    ("2024-2025", "2024-09-01", "2025-08-31", "2023-2024"),
    ("2025-02-10..2025-03-31", "2025-02-10", "2025-03-31", "2024-02-10..2024-03-31"),
    // The end of February, whichever year.
    ("2025-02-01..2025-02-28", "2025-02-01", "2025-02-28", "2024-02-01..2024-02-29"),
    ("2023-01-01..2025-06-30", "2023-01-01", "2025-06-30", "2022-01-01..2024-06-30"),
  ]

  @Test(arguments: stretches) func isReadAndCompared(_ text: String, _ from: String, _ through: String, _ previous: String) throws {
    let period = try #require(Period(text))
    #expect((period.label, period.from.description, period.through.description) == (text, from, through))
    #expect(period.previous.label == previous && Period(previous) == period.previous)
  }

  @Test(arguments: [
    "", "25", "1850", "2025-T0", "2025-T5", "2025-S3", "2025-X1", "2024-2026", "2025-2024", "2025-t1", "2025-03-31..2025-03-01",
    "2025-02-30..2025-03-01", "2025-02-01..", "..", "1850-T1", "2025-T1-T2", "9999-S1",
  ])
  func whatIsNoPeriodIsNone(_ text: String) {
    #expect(Period(text) == nil)
  }

  /// From one day to another has its own name where it is a quarter.
  @Test func daysTakeTheirName() throws {
    func label(_ from: String, _ through: String) throws -> String? {
      Period(from: try #require(CivilDate(iso: from)), through: try #require(CivilDate(iso: through)))?.label
    }
    #expect(try label("2025-04-01", "2025-06-30") == "2025-T2")
    #expect(try label("2025-01-01", "2025-12-31") == "2025")
    #expect(try label("2024-09-01", "2025-08-31") == "2024-2025")
    #expect(try label("2025-01-01", "2025-05-04") == "2025-05-04")
    #expect(try label("2025-05-04", "2025-05-04") == "2025-05-04..2025-05-04")
    #expect(try label("2025-05-05", "2025-05-04") == nil)
  }

  @Test func whatIsUnderWayStopsToday() throws {
    let today = try #require(CivilDate(iso: "2026-11-21"))
    #expect(Period(quarter: 3, of: 2026).cut(at: today)?.label == "2026-T3")
    #expect(Period(quarter: 4, of: 2026).cut(at: today)?.label == "2026-10-01..2026-11-21")
    #expect(Period(year: 2026).cut(at: today) == Period(asOf: today))
    #expect(Period(schoolYearFrom: 2026).cut(at: today)?.label == "2026-09-01..2026-11-21")
    #expect(Period(quarter: 1, of: 2027).cut(at: today) == nil)
  }
}
