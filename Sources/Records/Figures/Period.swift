import Store

/// The stretch of time a figure is asked for.
public struct Period: Sendable, Hashable, Codable {
  /// First and last day, both included. A state is taken on the last one.
  public let from: CivilDate
  public let through: CivilDate
  /// `2021`, or `2021-12-31` for the stretch from 1 January to that day.
  public let label: String

  /// A whole year; a state is that of 31 December.
  public init(year: Int) {
    from = .firstDay(of: year)
    through = .lastDay(of: year)
    label = String(year)
  }

  /// The state on a day; facts from 1 January to that day.
  public init(asOf day: CivilDate) {
    from = .firstDay(of: day.year)
    through = day
    label = day.description
  }

  /// Reads a year or a day, as they stand in addresses.
  public init?(_ text: String) {
    if let day = CivilDate(iso: text), day.year >= 1900 {
      self.init(asOf: day)
    } else if text.utf8.count == 4, let year = Int(text), year >= 1900 {
      self.init(year: year)
    } else {
      return nil
    }
  }

  public var year: Int { through.year }

  /// Asked for as a year, and not up to a day of it.
  public var isWholeYear: Bool { label.utf8.count == 4 }

  /// What it is compared to: the year before, or the same day a year before.
  public var previous: Period {
    isWholeYear ? Period(year: year - 1) : Period(asOf: through.adding(months: -12))
  }
}
