import Foundation
import Store
import Testing

struct CivilDateTests {
  @Test(arguments: ["2000-02-29", "2024-02-29", "2021-12-31", "0001-01-01", "9999-12-31", "2023-04-30", "1900-02-28"])
  func daysOfTheCalendarAreReadAndWritten(iso: String) {
    #expect(CivilDate(iso: iso)?.description == iso)
  }

  @Test(arguments: [
    "", "2021", "2021-02", "2021-02-31", "2021-02-29", "1900-02-29", "2100-02-29", "2021-04-31", "2021-00-01", "2021-13-01", "2021-01-00",
    "2021-01-32", "0000-01-01", "10000-01-01", "21-01-01", "2021-1-1", "2021-1-01", "2021/01/01", "20210101", "01-01-2021", " 2021-01-01",
    "2021-01-01 ", "2021-01-01T00:00:00Z", "-021-01-01", "+021-01-01", "2021--1-01", "2021-+1-01", "２０２１-01-01", "٢٠٢١-٠١-٠١", "2021–01–01",
    "2021-01-01-", "2021-01-0\u{301}1", "2021-\u{301}01-01",
  ])
  func anythingElseIsRefused(iso: String) {
    #expect(CivilDate(iso: iso) == nil)
  }

  @Test func leapYearsFollowTheGregorianRule() {
    for (year, isLeap) in [(1900, false), (2000, true), (2023, false), (2024, true), (2100, false), (2400, true)] {
      #expect((CivilDate(year: year, month: 2, day: 29) != nil) == isLeap, "\(year)")
    }
  }

  @Test func impossibleNumbersAreRefused() {
    #expect(CivilDate(year: 2021, month: 2, day: 31) == nil)
    #expect(CivilDate(year: 2021, month: .max, day: 1) == nil)
    #expect(CivilDate(year: .min, month: 1, day: 1) == nil)
    #expect(CivilDate(year: 2021, month: 1, day: .min) == nil)
  }

  @Test func theNextDayCrossesMonthsAndYears() throws {
    for (day, next) in [
      ("2021-01-01", "2021-01-02"), ("2021-02-28", "2021-03-01"), ("2024-02-28", "2024-02-29"), ("2024-02-29", "2024-03-01"),
      ("2021-04-30", "2021-05-01"), ("2021-12-31", "2022-01-01"), ("1900-02-28", "1900-03-01"),
    ] {
      let (day, next) = (try #require(CivilDate(iso: day)), try #require(CivilDate(iso: next)))
      #expect(day.next == next)
      #expect(next.previous == day)
      #expect(day < next)
    }
  }

  @Test func theCalendarEndsStayThemselves() {
    #expect(CivilDate.openEnd.next == .openEnd)
    #expect(CivilDate.distantPast.previous == .distantPast)
  }

  @Test func fourHundredYearsHave146097Days() {
    var (day, count) = (CivilDate.firstDay(of: 2000), 0)
    while day < .firstDay(of: 2400) { (day, count) = (day.next, count + 1) }
    #expect(count == 146_097)
    #expect(day.previous == .lastDay(of: 2399))
  }

  @Test(arguments: [
    ("2021-01-31", 1, "2021-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2021-01-31", 3, "2021-04-30"), ("2024-02-29", 12, "2025-02-28"),
    ("2024-02-29", 48, "2028-02-29"), ("2021-03-31", -1, "2021-02-28"), ("2021-01-15", -1, "2020-12-15"), ("2021-12-31", 2, "2022-02-28"),
    ("2021-05-20", 0, "2021-05-20"), ("2021-05-20", -5, "2020-12-20"), ("2021-05-20", 24, "2023-05-20"), ("2020-12-01", 1, "2021-01-01"),
    ("9999-12-01", 1, "9999-12-31"), ("0001-01-15", -1, "0001-01-01"), ("2021-01-01", 1_000_000, "9999-12-31"),
    ("2021-01-01", -1_000_000, "0001-01-01"),
  ])
  func monthsAreAddedWithTheEndOfAShortMonthClipped(day: String, months: Int, sum: String) {
    #expect(CivilDate(iso: day)?.adding(months: months).description == sum)
  }

  @Test func daysBetweenAreCounted() throws {
    var (day, count) = (CivilDate.firstDay(of: 1896), 0)
    while day < .firstDay(of: 2105) {
      #expect(day.days(since: .firstDay(of: 1896)) == count)
      (day, count) = (day.next, count + 1)
    }
    for (from, to, days) in [
      ("2024-02-28", "2024-03-01", 2), ("2023-02-28", "2023-03-01", 1), ("1900-02-28", "1900-03-01", 1), ("2000-02-28", "2000-03-01", 2),
      ("2024-01-01", "2025-01-01", 366), ("2021-12-31", "2022-01-01", 1), ("2021-05-01", "2021-05-01", 0), ("2021-05-02", "2021-05-01", -1),
    ] {
      #expect(try #require(CivilDate(iso: to)).days(since: try #require(CivilDate(iso: from))) == days, "\(from) \(to)")
    }
    #expect(CivilDate.openEnd.days(since: .distantPast) == 3_652_058)
  }

  @Test func theFederationsTimeZoneDecidesTheDay() throws {
    let paris = try #require(TimeZone(identifier: "Europe/Paris"))
    let reunion = try #require(TimeZone(identifier: "Indian/Reunion"))
    let martinique = try #require(TimeZone(identifier: "America/Martinique"))
    let newYear = Date(timeIntervalSince1970: 1_798_757_999)  // 31 December 2026, 22:59:59 UTC
    #expect(CivilDate(of: newYear, in: paris).description == "2026-12-31")
    #expect(CivilDate(of: newYear + 1, in: paris).description == "2027-01-01")
    #expect(CivilDate(of: newYear, in: reunion).description == "2027-01-01")
    #expect(CivilDate(of: newYear + 1, in: martinique).description == "2026-12-31")
  }

  @Test func filesHoldTheISOText() throws {
    let day = try #require(CivilDate(iso: "2024-02-29"))
    #expect(String(decoding: try JSONEncoder().encode([day]), as: UTF8.self) == #"["2024-02-29"]"#)
    #expect(try JSONDecoder().decode([CivilDate].self, from: Data(#"["2024-02-29"]"#.utf8)) == [day])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([CivilDate].self, from: Data(#"["2023-02-29"]"#.utf8)) }
  }

  @Test func aSpanEndsTheDayBeforeItsLimit() throws {
    let since = try #require(CivilDate(iso: "2021-01-01"))
    let until = try #require(CivilDate(iso: "2022-01-01"))
    let span = Span(since: since, until: until)
    #expect(span.contains(since))
    #expect(span.contains(until.previous))
    #expect(!span.contains(until))
    #expect(!span.contains(since.previous))
  }
}

struct InstantTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_795_255_200, "2026-11-21T10:00:00.000Z"), (1_795_255_200.5, "2026-11-21T10:00:00.500Z"),
    (1_795_255_200.0004, "2026-11-21T10:00:00.000Z"), (1_795_255_200.9996, "2026-11-21T10:00:01.000Z"),
    (-0.001, "1969-12-31T23:59:59.999Z"),
    (951_782_400, "2000-02-29T00:00:00.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"), (-2_208_988_800, "1900-01-01T00:00:00.000Z"),
  ])
  func anInstantHasThreeDecimalsAndZ(seconds: Double, text: String) {
    #expect(Instant(Date(timeIntervalSince1970: seconds)).description == text)
  }

  @Test func everyMillisecondComesBackFromItsText() throws {
    for millisecond in 0..<1000 {
      let instant = Instant(Date(timeIntervalSince1970: 1_795_255_200 + Double(millisecond) / 1000))
      let decimals = String(String(1000 + millisecond).dropFirst())
      #expect(instant.description == "2026-11-21T10:00:00.\(decimals)Z")
      #expect(try Instant(sqlValue: instant.sqlValue) == instant)
    }
  }

  @Test func textsSortAsTime() {
    let instants = [-2e9, -0.001, 0, 0.001, 0.01, 0.999, 1, 59.999, 60, 1e9, 1_795_255_200.042, 4e9, 2e11]
      .map { Instant(Date(timeIntervalSince1970: $0)) }
    #expect(instants.shuffled().sorted() == instants)
    #expect(instants.map(\.description).shuffled().sorted() == instants.map(\.description))
    #expect(instants.allSatisfy { $0.description.utf8.count == 24 })
  }

  @Test(arguments: ["", "2021-02-03", "2021-02-03T10:00:00", "2021-02-31T10:00:00.000Z", "2021-02-03T25:00:00.000Z", "hier", "0"])
  func anythingElseInTheColumnIsATypedError(text: String) {
    let error = #expect(throws: DatabaseError.self) { try Instant(sqlValue: .text(text)) }
    #expect(error?.kind == .unexpectedValue)
  }
}
