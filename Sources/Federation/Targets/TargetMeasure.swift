import Records
import Store

/// What a target is measured by (R16).
public enum TargetMeasure: String, CodedValue {
  case open = "ouvertes"
  case openAndPlanned = "ouvertes_projet"
  case communes = "part_communes"
  case population = "part_population"
  /// How many more are open than on the day of the base.
  case growth = "croissance"

  public static let list = ReferenceList("target_measure", label: "Mesure", of: TargetMeasure.self)

  public var label: String {
    switch self {
    case .open: "Structures ouvertes"
    case .openAndPlanned: "Structures ouvertes ou en projet"
    case .communes: "Part des communes couvertes"
    case .population: "Part des habitants couverts"
    case .growth: "Structures ouvertes de plus"
    }
  }

  /// A share of the communes or of the people (R1), rather than a number of structures.
  public var isShare: Bool { self == .communes || self == .population }

  var figure: String {
    switch self {
    case .open, .openAndPlanned, .growth: "structures.count"
    case .communes: "coverage.communes_share"
    case .population: "coverage.population_share"
    }
  }
}
