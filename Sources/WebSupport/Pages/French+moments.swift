import Foundation

extension French {
  /// « 25 nov. 2021 à 9 h 05 », by the clock of a time zone.
  public static func moment(_ date: Date, in zone: TimeZone) -> String {
    let parts = parts(date, zone)
    let minute = parts.minute ?? 0
    return "\(day(iso(parts))) à \(parts.hour ?? 0)\(hardSpace)h\(hardSpace)\(minute < 10 ? "0" : "")\(minute)"
  }

  /// « 25 nov. 2021 vers 9 h ».
  public static func hour(_ date: Date, in zone: TimeZone) -> String {
    let parts = parts(date, zone)
    return "\(day(iso(parts))) vers \(parts.hour ?? 0)\(hardSpace)h"
  }

  private static func parts(_ date: Date, _ zone: TimeZone) -> DateComponents {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
  }

  private static func iso(_ parts: DateComponents) -> String {
    String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
  }
}
