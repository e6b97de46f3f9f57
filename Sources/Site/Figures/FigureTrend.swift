import Records
import Store
import WebSupport

extension FigureManner {
  var isTime: Bool { unit == "minutes" }
}

extension FigureValue {
  /// As people say it: « 320 h 05 » or « 1 173 ».
  var spoken: String { manner.isTime ? value.map(French.minutes) ?? text : text }
}

extension Trend {
  /// « +25 (+16,9 %) par rapport au 21 nov. 2025 (148) », of a share « +2,1 points »; nothing where one of the two is not known.
  init?(_ current: FigureValue, since previous: FigureValue, in period: Period) {
    guard let value = current.value, let before = previous.value else { return nil }
    let (manner, change) = (current.manner, value - before)
    self.init(
      change, text: Self.change(change, manner) + Self.growth(change, of: before, manner),
      reference: "par rapport \(period.reference(isState: manner.isState)) (\(previous.phrase(previous.text)))",
      upIsGood: manner.moreIsBetter)
  }

  /// Of minutes, as people say them: « +14 h 45 par rapport à 2024 (213 h 40) »; others as ever.
  static func spoken(_ current: FigureValue, since previous: FigureValue, in period: Period) -> Trend? {
    guard current.manner.isTime else { return Trend(current, since: previous, in: period) }
    guard let value = current.value, let before = previous.value else { return nil }
    let change = value - before
    return Trend(
      change, text: spokenChange(change, current.manner),
      reference: "par rapport \(period.reference(isState: false)) (\(previous.phrase(French.minutes(before))))",
      upIsGood: current.manner.moreIsBetter)
  }

  /// « +25 », of a share « +2,1 points ».
  static func change(_ change: Int, _ manner: FigureManner) -> String {
    guard manner.isShare else { return French.signed(change, scale: manner.scale) }
    return "\(French.signed(change, scale: manner.scale / 100)) \(abs(change) < manner.scale / 50 ? "point" : "points")"
  }

  /// « +14 h 45 » of minutes, others as ever.
  static func spokenChange(_ change: Int, _ manner: FigureManner) -> String {
    manner.isTime ? (change < 0 ? "−" : "+") + French.minutes(abs(change)) : Self.change(change, manner)
  }

  private static func growth(_ change: Int, of before: Int, _ manner: FigureManner) -> String {
    guard !manner.isShare, change != 0, before > 0 else { return "" }
    return " (\(French.signedPercent(Double(change) / Double(before))))"
  }
}
