import Records
import Store
import WebSupport

extension Trend {
  /// « +25 (+16,9 %) par rapport au 21 nov. 2025 (148) », of a share « +2,1 points »; nothing where one of the two is not known.
  init?(_ current: FigureValue, since previous: FigureValue, in period: Period) {
    guard let value = current.value, let before = previous.value else { return nil }
    let (manner, change) = (current.manner, value - before)
    self.init(
      change, text: manner.isShare ? Self.points(change, manner) : Self.amount(change, of: before, manner),
      reference: "par rapport \(period.reference(isState: manner.isState)) (\(previous.phrase(previous.text)))",
      upIsGood: manner.moreIsBetter)
  }

  private static func points(_ change: Int, _ manner: FigureManner) -> String {
    "\(French.signed(change, scale: manner.scale / 100)) \(abs(change) < manner.scale / 50 ? "point" : "points")"
  }

  private static func amount(_ change: Int, of before: Int, _ manner: FigureManner) -> String {
    let share = change != 0 && before > 0 ? " (\(French.signedPercent(Double(change) / Double(before))))" : ""
    return French.signed(change, scale: manner.scale) + share
  }
}

extension Period {
  /// What one compares with: « à 2025 », a state « au 31 déc. 2025 ».
  func reference(isState: Bool = false) -> String {
    isWholeYear && !isState ? "à \(label)" : "au \(French.day(through.description))"
  }
}
