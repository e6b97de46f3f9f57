import Foundation
import Store

/// The settings of a federation with the days on which they changed, read at once.
public struct Settings: Sendable {
  private let stored: [String: [(since: CivilDate, value: String)]]

  public init(_ connection: any Connection) throws {
    var stored: [String: [(since: CivilDate, value: String)]] = [:]
    for row in try connection.rows("SELECT name, since, value FROM setting_value ORDER BY name, since") {
      stored[try row[0], default: []].append((try row[1], try row[2]))
    }
    self.init(stored: stored)
  }

  /// - Parameter stored: by name, in the order of their days.
  init(stored: [String: [(since: CivilDate, value: String)]]) {
    self.stored = stored
  }

  /// The value on every day; what was given without a date holds since ever.
  public func values(of setting: Setting) -> DatedValues<String> {
    DatedValues(setting.defaultValue, stored[setting.name] ?? [])
  }

  /// For settings made by `Setting.integer`.
  public func integers(of setting: Setting) -> DatedValues<Int> {
    values(of: setting).map { Int($0) ?? Int(setting.defaultValue) ?? 0 }
  }

  /// The value in force on a day.
  public func text(_ setting: Setting, on day: CivilDate) -> String { values(of: setting)[day] }

  /// For settings made by `Setting.integer`.
  public func integer(_ setting: Setting, on day: CivilDate) -> Int { integers(of: setting)[day] }

  /// The federation's day at a moment, in the zone that is in force then.
  public func today(_ now: Date) -> CivilDate {
    CivilDate(of: now, in: timeZone(now))
  }

  /// The federation's zone at a moment.
  public func timeZone(_ now: Date) -> TimeZone {
    TimeZone(identifier: text(.timeZone, on: CivilDate(of: now, in: .gmt))) ?? .gmt
  }
}
