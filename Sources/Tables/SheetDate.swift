/// Days as spreadsheets count them: a number of days, and a fraction of one for the time.
enum SheetDate {
  /// Where the count starts.
  enum Epoch: Sendable {
    /// 1 is 1 January 1900, and 60 a 29 February 1900 that never was.
    case year1900
    /// 0 is 1 January 1904: files of old Macintoshes, and of those who keep the box ticked.
    case year1904
  }

  /// `AAAA-MM-JJ`, with ` HH:MM` when there is a time, or `HH:MM` alone; `nil` when the calendar has no such day.
  static func text(serial: Double, epoch: Epoch) -> String? {
    guard serial >= 0, serial < 2_958_466 else { return nil }
    // Rounded to the second: 0.1 second before midnight is how fractions write midnight.
    let seconds = Int((serial * 86_400).rounded())
    let (day, second) = (seconds / 86_400, seconds % 86_400)
    let time = "\(padded(second / 3600)):\(padded(second / 60 % 60))"
    if day == 0, epoch == .year1900 || second > 0 { return time }
    if day == 60, epoch == .year1900 { return nil }
    let date = text(day: day + first(epoch, day))
    return second == 0 ? date : "\(date) \(time)"
  }

  /// A duration such as `30:15`, hours and minutes.
  static func duration(serial: Double) -> String? {
    guard serial >= 0, serial < 2_958_466 else { return nil }
    let minutes = Int((serial * 86_400).rounded()) / 60
    return "\(padded(minutes / 60)):\(padded(minutes % 60))"
  }

  /// The serial number of `AAAA-MM-JJ`; `nil` before March 1900, where programs disagree.
  static func serial(iso text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    let number = number(year: year, month: month, day: day)
    let serial = number - first(.year1900, 61)
    guard serial > 60, self.text(day: number) == text else { return nil }
    return serial
  }

  /// `AAAA-MM-JJ` or `AAAA-MM-JJ HH:MM` from `2021-11-25T14:30:00`; other texts come back as they are.
  static func text(iso text: String) -> String {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2, parts[0].utf8.count == 10 else { return text }
    let time = parts[1].prefix(5)
    let isMidnight = parts[1].utf8.prefix { $0 != UInt8(ascii: "Z") && $0 != UInt8(ascii: ".") }.allSatisfy { $0 == 48 || $0 == 58 }
    return isMidnight ? String(parts[0]) : "\(parts[0]) \(time)"
  }

  /// `14:30` from `PT14H30M00S`; other texts come back as they are.
  static func text(isoDuration text: String) -> String {
    guard text.hasPrefix("PT") else { return text }
    var (minutes, digits) = (0, "")
    for character in text.dropFirst(2) {
      switch character {
      case "H": (minutes, digits) = ((Int(digits) ?? 0) * 60, "")
      case "M": (minutes, digits) = (minutes + (Int(digits) ?? 0), "")
      default: if digits.utf8.count < 9 { digits.append(character) }
      }
    }
    return "\(padded(minutes / 60)):\(padded(minutes % 60))"
  }

  /// Days from 1 January 1970 to the day of serial 0.
  private static func first(_ epoch: Epoch, _ day: Int) -> Int {
    switch epoch {
    case .year1904: -24_107
    case .year1900: day < 60 ? -25_568 : -25_569
    }
  }

  /// Days since 1 January 1970 (Howard Hinnant’s `days_from_civil`).
  private static func number(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day `number` days after 1 January 1970 (his `civil_from_days`).
  private static func text(day number: Int) -> String {
    let shifted = number + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month))-\(padded(day))"
  }

  private static func padded(_ number: Int, _ width: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
