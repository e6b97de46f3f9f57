import Foundation

/// A day of the calendar, without time or zone; stored and compared as ISO text `2021-12-31`.
public struct CivilDate: Hashable, Comparable, Sendable, SQLCodable, CustomStringConvertible {
  public let year: Int
  public let month: Int
  public let day: Int

  /// `nil` when the calendar has no such day, or outside the years 1 to 9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), (1...Self.length(ofMonth: month, year: year)).contains(day) else {
      return nil
    }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// Reads exactly `AAAA-MM-JJ`.
  public init?(iso text: some StringProtocol) {
    // By bytes: every date of every row that is read comes through here.
    var numbers = (0, 0, 0)
    var position = 0
    for byte in text.utf8 {
      if position == 4 || position == 7 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard position < 10, (48...57).contains(byte) else { return nil }
        let digit = Int(byte) - 48
        if position < 4 {
          numbers.0 = numbers.0 * 10 + digit
        } else if position < 7 {
          numbers.1 = numbers.1 * 10 + digit
        } else {
          numbers.2 = numbers.2 * 10 + digit
        }
      }
      position += 1
    }
    guard position == 10 else { return nil }
    self.init(year: numbers.0, month: numbers.1, day: numbers.2)
  }

  private init(unchecked year: Int, _ month: Int, _ day: Int) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// Before every fact.
  public static let distantPast = CivilDate(unchecked: 1, 1, 1)
  /// The open end of a span.
  public static let openEnd = CivilDate(unchecked: 9999, 12, 31)

  public static func firstDay(of year: Int) -> CivilDate { CivilDate(unchecked: year, 1, 1) }
  public static func lastDay(of year: Int) -> CivilDate { CivilDate(unchecked: year, 12, 31) }

  /// The day it is at `moment` in `zone`.
  public init(of moment: Date, in zone: TimeZone) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    self.init(unchecked: parts.year ?? 1, parts.month ?? 1, parts.day ?? 1)
  }

  public var description: String {
    String(unsafeUninitializedCapacity: 10) { bytes in
      func write(_ number: Int, _ digits: Int, at start: Int) {
        var rest = number
        for place in (start..<start + digits).reversed() {
          bytes[place] = UInt8(48 + rest % 10)
          rest /= 10
        }
      }
      write(year, 4, at: 0)
      write(month, 2, at: 5)
      write(day, 2, at: 8)
      (bytes[4], bytes[7]) = (UInt8(ascii: "-"), UInt8(ascii: "-"))
      return 10
    }
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  public var sqlValue: SQLValue { .text(description) }

  public init(sqlValue: SQLValue) throws {
    guard let date = Self(iso: try String(sqlValue: sqlValue)) else {
      throw DatabaseError.unexpected(sqlValue, wanted: "date")
    }
    self = date
  }

  /// The next day; the open end stays itself.
  public var next: CivilDate {
    if day < Self.length(ofMonth: month, year: year) { return CivilDate(unchecked: year, month, day + 1) }
    if month < 12 { return CivilDate(unchecked: year, month + 1, 1) }
    return year < 9999 ? CivilDate(unchecked: year + 1, 1, 1) : self
  }

  public var previous: CivilDate {
    if day > 1 { return CivilDate(unchecked: year, month, day - 1) }
    if month > 1 { return CivilDate(unchecked: year, month - 1, Self.length(ofMonth: month - 1, year: year)) }
    return year > 1 ? CivilDate(unchecked: year - 1, 12, 31) : self
  }

  /// The same day so many civil months later, the end of a short month clipped: 31 January + 1 is 28 or 29 February.
  public func adding(months: Int) -> CivilDate {
    let index = year * 12 + (month - 1) + months
    let (year, month) = (index / 12, index % 12 + 1)
    guard (1...9999).contains(year) else { return months > 0 ? .openEnd : .distantPast }
    return CivilDate(unchecked: year, month, min(day, Self.length(ofMonth: month, year: year)))
  }

  public func adding(days: Int) -> CivilDate {
    (0..<abs(days)).reduce(self) { date, _ in days > 0 ? date.next : date.previous }
  }

  /// How many days later than `other` it is.
  public func days(since other: CivilDate) -> Int { serialDay - other.serialDay }

  /// Counted in years that begin in March: the leap day is then the last one of its year.
  private var serialDay: Int {
    let (year, month) = month > 2 ? (self.year, month - 3) : (self.year - 1, month + 9)
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension CivilDate: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let date = CivilDate(iso: text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a date"))
    }
    self = date
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A stretch of days `[since, until)`: `until` is the first day after it.
public struct Span: Hashable, Sendable {
  public let since: CivilDate
  public let until: CivilDate

  public init(since: CivilDate, until: CivilDate) {
    self.since = since
    self.until = until
  }

  public func contains(_ date: CivilDate) -> Bool { since <= date && date < until }
}

/// A moment in UTC, stored as ISO text with three decimals and `Z` so that text sorts as time.
public struct Instant: Hashable, Comparable, Sendable, SQLCodable, CustomStringConvertible {
  public let date: Date

  public init(_ date: Date) {
    self.date = Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000)
  }

  public var description: String {
    // Foundation cuts a fraction where it should round: .001 would become .000.
    let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded())
    let decimals = (milliseconds % 1000 + 1000) % 1000
    let second = Date(timeIntervalSince1970: Double((milliseconds - decimals) / 1000))
    return "\(second.formatted(.iso8601).dropLast()).\(String(1000 + decimals).dropFirst())Z"
  }

  public static func < (left: Self, right: Self) -> Bool { left.date < right.date }
  public var sqlValue: SQLValue { .text(description) }

  public init(sqlValue: SQLValue) throws {
    let text = try String(sqlValue: sqlValue)
    let form = Date.ISO8601FormatStyle(timeZoneSeparator: .omitted, includingFractionalSeconds: true)
    guard let date = try? Date(text, strategy: form) else { throw DatabaseError.unexpected(sqlValue, wanted: "instant") }
    self.init(date)
    // Foundation reads 31 February as 3 March, and other forms than ours.
    guard description == text else { throw DatabaseError.unexpected(sqlValue, wanted: "instant") }
  }
}
