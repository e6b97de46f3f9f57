import Records
import Store
import WebSupport

extension Trend {
  /// « +25 (+16,9 %) par rapport au 21 nov. 2025 (148) »; nothing where one of the two is not known.
  init?(_ current: FigureValue, since previous: FigureValue, in period: Period) {
    guard let value = current.value, let before = previous.value else { return nil }
    let (manner, change) = (current.manner, value - before)
    let share = change != 0 && before > 0 ? " (\(French.signedPercent(Double(change) / Double(before))))" : ""
    self.init(
      change, text: French.signed(change, scale: manner.scale) + share,
      reference: "par rapport \(period.reference(isState: manner.isState)) (\(previous.phrase(previous.text)))",
      upIsGood: manner.moreIsBetter)
  }
}

extension Period {
  /// What one compares with: « à 2025 », a state « au 31 déc. 2025 ».
  func reference(isState: Bool = false) -> String {
    isWholeYear && !isState ? "à \(label)" : "au \(French.day(through.description))"
  }
}
