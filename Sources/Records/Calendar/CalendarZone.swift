import Foundation

/// A time zone as RFC 5545 writes it: each change of the clocks as it takes place over some years.
struct CalendarZone {
  let name: String
  let lines: [String]

  init(_ zone: TimeZone, from first: Int, through last: Int) {
    name = zone.identifier
    var moment = Self.start(of: first)
    let end = Self.start(of: last + 1)
    let offset = zone.secondsFromGMT(for: moment)
    var observances = [Self.observance("STANDARD", "19700101T000000", from: offset, to: offset)]
    while let change = zone.nextDaylightSavingTimeTransition(after: moment), change > moment, change < end {
      let (before, after) = (zone.secondsFromGMT(for: change.addingTimeInterval(-1)), zone.secondsFromGMT(for: change))
      // The hour that clocks show when they change: that of the time before.
      let shown: String = change.addingTimeInterval(TimeInterval(before)).formatted(.iso8601)
      let onset = String(shown.filter { $0.isNumber || $0 == "T" })
      observances.append(
        Self.observance(zone.isDaylightSavingTime(for: change) ? "DAYLIGHT" : "STANDARD", onset, from: before, to: after))
      moment = change
    }
    lines = ["BEGIN:VTIMEZONE", "TZID:\(zone.identifier)"] + observances.flatMap(\.self) + ["END:VTIMEZONE"]
  }

  private static func start(of year: Int) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar.date(from: DateComponents(year: year, month: 1, day: 1)) ?? .distantPast
  }

  private static func observance(_ kind: String, _ onset: String, from before: Int, to after: Int) -> [String] {
    ["BEGIN:\(kind)", "DTSTART:\(onset)", "TZOFFSETFROM:\(written(before))", "TZOFFSETTO:\(written(after))", "END:\(kind)"]
  }

  /// `+0130`
  private static func written(_ offset: Int) -> String {
    let minutes = abs(offset) / 60
    return (offset < 0 ? "-" : "+") + String(String(10_000 + minutes / 60 * 100 + minutes % 60).dropFirst())
  }
}
