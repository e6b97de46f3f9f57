import Records
import Store
import WebSupport

/// The period that the address of a list or of a figure asks for: by its name, or from one day to another.
struct AskedPeriod {
  /// As an address says it from then on; nothing when none was asked for, or none that can be.
  private(set) var item: (name: String, value: String)?
  private(set) var period: Period?
  private(set) var warning: String?

  /// The two days of the form, which come before the period chosen in it, and the names of the others.
  static let items = ["du", "au", "periode", "annee", "date"]

  /// - Parameters:
  ///   - today: given where what is not over stops today, as figures do.
  ///   - isList: the page shows records, of which some may lie ahead.
  init(_ items: [(name: String, value: String)], today: CivilDate?, isList: Bool) {
    func item(_ name: String) -> String? { items.last { $0.name == name && !$0.value.isEmpty }?.value }
    if item("du") != nil || item("au") != nil {
      read(from: item("du"), through: item("au"), today: today)
      self.item = period.map { ("periode", $0.label) }
    } else if let name = ["periode", "annee", "date"].first(where: { item($0) != nil }), let text = item(name) {
      period = Self.period(text, today: today, isList: isList)
      if period == nil { warning = Self.unknown(text) } else { self.item = (name, text) }
    }
  }

  /// One of the two days may be left out: from a day until today, or from 1 January to a day.
  private mutating func read(from first: String?, through last: String?, today: CivilDate?) {
    let days = [first, last].map { $0.flatMap { CivilDate(iso: $0) } }
    for (text, day) in zip([first, last], days) where text != nil && day == nil {
      warning = Self.unknown(text ?? "")
      return
    }
    guard let through = days[1] ?? today ?? days[0], let from = days[0] ?? days[1].map({ CivilDate.firstDay(of: $0.year) }) else { return }
    let asked = Period(from: from, through: through)
    period = today.map { asked?.cut(at: $0) } ?? asked
    guard period == nil else { return }
    warning =
      from > through && days[1] != nil
      ? "La période demandée finit le \(French.day(through.description)), avant de commencer le \(French.day(from.description))\u{A0}: "
        + "cette période n’est pas appliquée."
      : Self.unknown(from.description)
  }

  private static func period(_ text: String, today: CivilDate?, isList: Bool) -> Period? {
    guard let period = Period(text), let today else { return Period(text) }
    switch period.form {
    case .year where period.year == today.year: return Period(asOf: today)
    // A list may lie ahead, as far as stages are announced: a year further is one that was mistyped.
    case .year, .upToDay: return (isList && period.year <= today.year + 1) || period.through <= today ? period : nil
    default: return period.cut(at: today)
    }
  }

  static func unknown(_ text: String) -> String {
    """
    « \(text.prefix(40)) » n’est ni une année, ni un trimestre, ni une date (AAAA-MM-JJ) que l’on puisse demander : cette période n’est \
    pas appliquée.
    """
  }
}
