import Records
import Store

/// A number of civil months for each phase of a team, each a setting of the federation; 0 stands for none.
struct PhaseMonths: Sendable {
  private let phases: [(phase: Phase, setting: Setting)]

  /// - Parameter name: the settings are called `name_phase`.
  init(_ name: String, help: String, _ defaults: KeyValuePairs<Phase, Int>) {
    phases = defaults.map { phase, months in
      let help = "\(help) en phase « \(phase.label) », en mois (0 : aucun)"
      return (phase, .integer("\(name)_\(phase.rawValue)", help: help, default: months, in: 0...60))
    }
  }

  var settings: [Setting] { phases.map(\.setting) }

  /// The months, in force on a day, of the phase that the expression gives; `NULL` for a phase that is not known or has no number.
  func months(of phase: SQL, on day: CivilDate) -> SQL {
    "CASE \(phase) \(phases.map { "WHEN \($0.phase) THEN \($0.setting.integerValue(on: day))" as SQL }.joined(by: " ")) END"
  }
}
