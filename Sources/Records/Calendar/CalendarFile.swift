import Foundation
import Store

/// A calendar as RFC 5545 writes it: a feed, or what is asked of one person's calendar (RFC 5546).
public struct CalendarFile: Sendable {
  public struct Event: Sendable {
    /// The same for the same thing each time that the file is asked for.
    public var id: String
    public var changed: Instant
    /// How often it was changed.
    public var sequence: Int
    public var title: String
    public var detail: String?
    public var category: String
    public var day: CivilDate
    /// `HH:MM` in the calendar's zone; the whole day without it.
    public var time: String?
    public var minutes: Int?
    /// Whether it takes the person's time, as a meeting does.
    public var isBusy: Bool
    public var page: String?
    public var place: String?

    public init(
      id: String, changed: Instant, sequence: Int, title: String, detail: String? = nil, category: String, day: CivilDate, time: String?,
      minutes: Int?, isBusy: Bool, page: String? = nil, place: String? = nil
    ) {
      (self.id, self.changed, self.sequence, self.title, self.detail) = (id, changed, sequence, title, detail)
      (self.category, self.day, self.time, self.minutes) = (category, day, time, minutes)
      (self.isBusy, self.page, self.place) = (isBusy, page, place)
    }
  }

  /// An event that is put into somebody's calendar, or taken out of it.
  public struct Request: Sendable {
    public struct Party: Sendable {
      public let address: String
      public let name: String?

      public init(address: String, name: String?) { (self.address, self.name) = (address, name) }
    }

    public let isCancelled: Bool
    public let organizer: Party
    public let attendee: Party

    public init(isCancelled: Bool, organizer: Party, attendee: Party) {
      (self.isCancelled, self.organizer, self.attendee) = (isCancelled, organizer, attendee)
    }

    public var method: String { isCancelled ? "CANCEL" : "REQUEST" }
  }

  public var name: String
  public var zone: TimeZone
  public var events: [Event]
  public var today: CivilDate
  /// `nil` for a feed.
  public var request: Request?

  public init(name: String, zone: TimeZone, events: [Event], today: CivilDate, request: Request? = nil) {
    (self.name, self.zone, self.events, self.today, self.request) = (name, zone, events, today, request)
  }

  public var bytes: [UInt8] {
    let days = events.map(\.day) + [today]
    let zone = CalendarZone(zone, from: (days.min() ?? today).year - 1, through: (days.max() ?? today).year + 1)
    let nature =
      request.map { ["METHOD:\($0.method)"] } ?? [
        "NAME:\(Self.escaped(name))", "X-WR-CALNAME:\(Self.escaped(name))", "X-WR-TIMEZONE:\(zone.name)",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
      ]
    let lines =
      ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Maillage//Agenda//FR", "CALSCALE:GREGORIAN"] + nature + zone.lines
      + events.flatMap { Self.lines($0, zone.name, request) } + ["END:VCALENDAR"]
    return lines.flatMap { Self.folded($0) }
  }

  private static func lines(_ event: Event, _ zone: String, _ request: Request?) -> [String] {
    let moment = moment(event.changed)
    let optional: [String?] = [
      event.place.map { "LOCATION:\(escaped($0))" }, event.detail.map { "DESCRIPTION:\(escaped($0))" },
      event.page.map { "URL:\(withoutControls($0))" },
    ]
    let parties =
      request.map { request in
        [
          "STATUS:\(request.isCancelled ? "CANCELLED" : "CONFIRMED")", party("ORGANIZER", request.organizer),
          party("ATTENDEE", request.attendee, ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"),
        ]
      } ?? ["CLASS:PRIVATE"]
    return [
      "BEGIN:VEVENT", "UID:\(event.id)", "DTSTAMP:\(moment)", "LAST-MODIFIED:\(moment)", "SEQUENCE:\(event.sequence)",
      "SUMMARY:\(escaped(event.title))",
    ] + when(event, zone) + [
      "CATEGORIES:\(escaped(event.category))", "TRANSP:\(event.isBusy ? "OPAQUE" : "TRANSPARENT")",
    ] + parties + optional.compactMap(\.self) + ["END:VEVENT"]
  }

  /// A name is a quoted parameter: no quote ends it.
  private static func party(_ property: String, _ party: Request.Party, _ parameters: String = "") -> String {
    let name = party.name.map { ";CN=\"\(withoutControls($0).replacing("\"", with: "'"))\"" } ?? ""
    return "\(property)\(name)\(parameters):mailto:\(withoutControls(party.address))"
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
