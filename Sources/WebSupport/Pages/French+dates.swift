/// Dates come as ISO text, `2021-11-25`; a text that is no date is written as it came.
extension French {
  /// « 25 nov. 2021 », for tables.
  public static func day(_ date: String) -> String {
    written(date) { "\($0.dayNumber) \($0.shortMonth) \($0.year)" }
  }

  /// « 25 nov. », where the year is written nearby.
  public static func dayAndMonth(_ date: String) -> String {
    written(date) { "\($0.dayNumber) \($0.shortMonth)" }
  }

  /// « 31 décembre 2021 », in sentences.
  public static func fullDay(_ date: String) -> String {
    written(date) { "\($0.dayNumber) \($0.longMonth) \($0.year)" }
  }

  /// « jeudi 25 novembre 2021 », in titles.
  public static func longDay(_ date: String) -> String {
    written(date) { "\($0.weekday) \($0.dayNumber) \($0.longMonth) \($0.year)" }
  }

  /// « Novembre 2021 », as a heading.
  public static func month(_ date: String) -> String {
    written(date) { "\($0.longMonth.prefix(1).uppercased())\($0.longMonth.dropFirst()) \($0.year)" }
  }

  /// A text in which records have written their days as files do; in the middle of a reference the same digits are no day.
  public static func withDays(_ text: String) -> String {
    text.replacing(/(^|[^\p{L}\p{N}-])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![\p{L}\p{N}-])/) { $0.output.1 + day(String($0.output.2)) }
  }

  private static func written(_ date: String, _ sentence: (CivilDay) -> String) -> String {
    CivilDay(date).map(sentence) ?? date
  }
}

/// A day of the calendar, read from its ISO text.
private struct CivilDay {
  let year: Int
  let month: Int
  let day: Int

  init?(_ text: String) {
    // By its bytes: a list writes a hundred of them.
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2, let year = Int(Substring(parts[0])),
      let month = Int(Substring(parts[1])), let day = Int(Substring(parts[2])), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  var dayNumber: String { day == 1 ? "1er" : String(day) }

  var longMonth: String { Self.longMonths[month - 1] }
  private static let longMonths = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
  ]

  var shortMonth: String { Self.shortMonths[month - 1] }
  private static let shortMonths = [
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
  ]

  var weekday: String {
    // Sakamoto's method: January and February count as the end of the year before.
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1]
    let year = month < 3 ? year - 1 : year
    let index = (year + year / 4 - year / 100 + year / 400 + shift + day) % 7
    return ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"][index]
  }
}
