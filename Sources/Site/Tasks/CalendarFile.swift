import Foundation
import Store

/// A calendar as RFC 5545 writes it.
struct CalendarFile {
  struct Event {
    /// The same for the same thing each time that the file is asked for.
    var id: String
    var changed: Instant
    /// How often it was changed.
    var sequence: Int
    var title: String
    var detail: String?
    var category: String
    var day: CivilDate
    /// `HH:MM` in the calendar's zone; the whole day without it.
    var time: String?
    var minutes: Int?
    /// Whether it takes the person's time, as a meeting does.
    var isBusy: Bool
    var page: String?
  }

  var name: String
  var zone: TimeZone
  var events: [Event]
  var today: CivilDate

  var bytes: [UInt8] {
    let days = events.map(\.day) + [today]
    let zone = CalendarZone(zone, from: (days.min() ?? today).year - 1, through: (days.max() ?? today).year + 1)
    let lines =
      [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Maillage//Agenda//FR", "CALSCALE:GREGORIAN", "NAME:\(Self.escaped(name))",
        "X-WR-CALNAME:\(Self.escaped(name))", "X-WR-TIMEZONE:\(zone.name)", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
      ] + zone.lines + events.flatMap { Self.lines($0, zone.name) } + ["END:VCALENDAR"]
    return lines.flatMap { Self.folded($0) }
  }

  private static func lines(_ event: Event, _ zone: String) -> [String] {
    let moment = moment(event.changed)
    let optional: [String?] = [
      event.detail.map { "DESCRIPTION:\(escaped($0))" }, event.page.map { "URL:\(withoutControls($0))" },
    ]
    return [
      "BEGIN:VEVENT", "UID:\(event.id)", "DTSTAMP:\(moment)", "LAST-MODIFIED:\(moment)", "SEQUENCE:\(event.sequence)",
      "SUMMARY:\(escaped(event.title))",
    ] + when(event, zone) + [
      "CATEGORIES:\(escaped(event.category))", "CLASS:PRIVATE", "TRANSP:\(event.isBusy ? "OPAQUE" : "TRANSPARENT")",
    ] + optional.compactMap(\.self) + ["END:VEVENT"]
  }

  private static func when(_ event: Event, _ zone: String) -> [String] {
    let day = digits(event.day.description)
    guard let time = event.time else {
      // The end is the first day after.
      return ["DTSTART;VALUE=DATE:\(day)", "DTEND;VALUE=DATE:\(digits(event.day.next.description))"]
    }
    let start = "DTSTART;TZID=\(zone):\(day)T\(digits(time))00"
    return [start] + (event.minutes.map { ["DURATION:PT\($0)M"] } ?? [])
  }

  private static func moment(_ instant: Instant) -> String {
    let text = instant.description
    return "\(digits(String(text.prefix(10))))T\(digits(String(text.dropFirst(11).prefix(8))))Z"
  }

  private static func digits(_ text: String) -> String { text.filter { $0.isASCII && $0.isNumber } }

  /// A text as a value: its commas, semicolons and line ends do not end it.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
      switch scalar {
      case "\\", ";", ",": result += "\\\(scalar)"
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": result += "\\n"
      default: if !isControl(scalar) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  private static func withoutControls(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { !isControl($0) }))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control && scalar != "\t" }

  /// A line of at most 75 octets and its continuations, which begin with a space. No letter is cut, nor a drawing made of several,
  /// unless it is longer than a line.
  static func folded(_ line: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var length = 0
    let letters = line.flatMap { $0.utf8.count < 75 ? [Array($0.utf8)] : $0.unicodeScalars.map { Array(String($0).utf8) } }
    for letter in letters {
      if length + letter.count > 75 {
        bytes += [13, 10, 32]
        length = 1
      }
      bytes += letter
      length += letter.count
    }
    return bytes + [13, 10]
  }
}
