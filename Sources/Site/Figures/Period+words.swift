import Records
import Store
import WebSupport

/// How a period is called.
extension Period {
  /// By itself: « 2025 », « 2026, au 4 mars », « 2e trimestre 2025 ».
  var name: String {
    switch form {
    case .year: label
    case .upToDay: "\(year), au \(French.dayAndMonth(through.description))"
    case .quarter(let number): "\(Self.ordinal(number)) trimestre \(year)"
    case .half(let number): "\(Self.ordinal(number)) semestre \(year)"
    case .schoolYear: "Année scolaire \(label)"
    case .days: days
    }
  }

  /// Inside a sentence: « du 1er janv. au 31 déc. 2025 », a state « au 31 déc. 2025 ».
  func phrase(isState: Bool) -> String { isState ? "au \(French.day(through.description))" : days }

  /// What one compares with: « à 2025 », a state « au 31 déc. 2025 ».
  func reference(isState: Bool = false) -> String {
    if isState { return phrase(isState: true) }
    return switch form {
    case .year: "à \(label)"
    case .upToDay: "au \(French.day(through.description))"
    case .quarter, .half: "au \(name)"
    case .schoolYear: "à l’année scolaire \(label)"
    case .days: "à la période \(days)"
    }
  }

  /// Over a column of numbers: a state is that of one day.
  func heading(isState: Bool) -> String {
    guard isState, form != .year else { return name }
    return French.day(through.description)
  }

  private var days: String {
    let first = from.year == through.year ? French.dayAndMonth(from.description) : French.day(from.description)
    return "du \(first) au \(French.day(through.description))"
  }

  private static func ordinal(_ number: Int) -> String { number == 1 ? "1er" : "\(number)e" }
}
