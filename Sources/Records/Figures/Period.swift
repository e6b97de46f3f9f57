import Store

/// The stretch of time a figure is asked for.
public struct Period: Sendable, Hashable, Codable {
  /// First and last day, both included. A state is taken on the last one.
  public let from: CivilDate
  public let through: CivilDate
  /// `2021`, or `2021-12-31` for the stretch from 1 January to that day; the others (REP-10) in `Period+stretches`.
  public let label: String

  init(_ from: CivilDate, _ through: CivilDate, label: String) {
    self.from = from
    self.through = through
    self.label = label
  }

  /// A whole year; a state is that of 31 December.
  public init(year: Int) {
    self.init(.firstDay(of: year), .lastDay(of: year), label: String(year))
  }

  /// The state on a day; facts from 1 January to that day.
  public init(asOf day: CivilDate) {
    self.init(.firstDay(of: day.year), day, label: day.description)
  }

  /// Reads a period, as it stands in addresses.
  public init?(_ text: String) {
    if let day = CivilDate(iso: text), day.year >= 1900 {
      self.init(asOf: day)
    } else if text.utf8.count == 4, let year = Int(text), year >= 1900 {
      self.init(year: year)
    } else {
      self.init(stretch: text)
    }
  }

  public var year: Int { through.year }

  /// Asked for as a year, and not up to a day of it.
  public var isWholeYear: Bool { label.utf8.count == 4 }

  /// From 1 January: a year, or one up to a day.
  public var beginsItsYear: Bool { from == .firstDay(of: year) }

  /// What it is compared to: the year before, or the same days a year before.
  public var previous: Period {
    switch form {
    case .year: Period(year: year - 1)
    case .upToDay: Period(asOf: through.adding(months: -12))
    default:
      Period(
        days: from.adding(months: -12), through.next.day == 1 ? through.next.adding(months: -12).previous : through.adding(months: -12))
    }
  }
}
