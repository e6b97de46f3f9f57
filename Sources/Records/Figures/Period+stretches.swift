import Store

/// Quarters, half-years, school years, and from one day to another (REP-10).
extension Period {
  public enum Form: Sendable, Hashable {
    case year, upToDay
    /// From 1.
    case quarter(Int), half(Int)
    /// From 1 September to 31 August.
    case schoolYear
    case days
  }

  /// From 1 to 4: `2025-T2`.
  public init(quarter: Int, of year: Int) {
    self.init(months: 3, number: quarter, of: year, label: "\(year)-T\(quarter)")
  }

  /// 1 or 2: `2025-S1`.
  public init(half: Int, of year: Int) {
    self.init(months: 6, number: half, of: year, label: "\(year)-S\(half)")
  }

  /// That which begins on 1 September of a year: `2024-2025`.
  public init(schoolYearFrom year: Int) {
    let first = CivilDate.firstDay(of: year).adding(months: 8)
    self.init(first, first.adding(months: 12).previous, label: "\(year)-\(year + 1)")
  }

  /// From one day to another, both included; under its own name where it has one. `nil` when it ends before it begins.
  public init?(from: CivilDate, through: CivilDate) {
    guard from <= through, from.year >= 1900 else { return nil }
    self.init(days: from, through)
  }

  public var form: Form {
    switch label.utf8.count {
    case 4: return .year
    case 7:
      let number = Int(label.suffix(1)) ?? 1
      return label.contains("T") ? .quarter(number) : .half(number)
    case 9: return .schoolYear
    case 10: return .upToDay
    default: return .days
    }
  }

  /// What of it is over or under way: figures have no value ahead. `nil` when it has not begun.
  public func cut(at today: CivilDate) -> Period? {
    guard from <= today else { return nil }
    guard today < through else { return self }
    return beginsItsYear ? Period(asOf: today) : Period(days: from, today)
  }

  init(days from: CivilDate, _ through: CivilDate) {
    let year = from.year
    let named =
      [Period(year: year), Period(schoolYearFrom: year), Period(half: 1, of: year), Period(half: 2, of: year)]
      + (1...4).map { Period(quarter: $0, of: year) }
    let label = named.first { ($0.from, $0.through) == (from, through) }?.label
    let days = from == .firstDay(of: through.year) ? through.description : "\(from)..\(through)"
    self.init(from, through, label: label ?? days)
  }

  init?(stretch text: String) {
    if let dots = text.firstRange(of: "..") {
      guard let from = CivilDate(iso: text[..<dots.lowerBound]), let through = CivilDate(iso: text[dots.upperBound...]) else { return nil }
      self.init(from: from, through: through)
      return
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 4, let year = Int(parts[0]), (1900...9998).contains(year) else { return nil }
    switch parts[1] {
    case "T1", "T2", "T3", "T4": self.init(quarter: Int(parts[1].suffix(1)) ?? 1, of: year)
    case "S1", "S2": self.init(half: Int(parts[1].suffix(1)) ?? 1, of: year)
    case "\(year + 1)": self.init(schoolYearFrom: year)
    default: return nil
    }
  }

  private init(months: Int, number: Int, of year: Int, label: String) {
    let first = CivilDate.firstDay(of: year).adding(months: months * (number - 1))
    self.init(first, first.adding(months: months).previous, label: label)
  }
}
