import Records
import Store
import Tables

/// Whether a team has the professionals that its region asks of its kind, on a day (DIR-08): a warning, never a refusal.
///
/// What was not counted is unknown, and no fault.
public enum Composition: String, CodedValue {
  case short = "insuffisante"
  case enough = "suffisante"
  case unknown = "effectifs_inconnus"
  /// The region asks nothing of the kind, or the team is closed.
  case none = "sans_minimum"

  public static let list = ReferenceList("composition", label: "Composition minimale", of: Composition.self)

  public var label: String {
    switch self {
    case .short: "Sous le minimum"
    case .enough: "Minimum atteint"
    case .unknown: "Effectifs inconnus"
    case .none: "Sans minimum"
    }
  }

  static let dimension = Dimension("composition", expression: "f.composition", list: list)

  /// The code of `structure s` in its state `p`.
  static func code(on day: CivilDate) -> SQL {
    let (doctors, others) = (minimum(Composition.doctors, on: day), minimum(Composition.paramedicals, on: day))
    let (practitioners, counted) = (Headcount.practitioners("h.number", on: day), Headcount.number(of: professions, on: day))
    return """
      CASE
        WHEN p.stage = \(Stage.fermee) OR \(doctors) + \(others) = 0 THEN \(Composition.none)
        WHEN \(practitioners) < \(doctors) OR \(counted) < \(others) THEN \(Composition.short)
        WHEN (\(doctors) > 0 AND \(practitioners) IS NULL) OR (\(others) > 0 AND \(counted) IS NULL) THEN \(Composition.unknown)
        ELSE \(Composition.enough)
      END
      """
  }

  /// The professions whose members are *auxiliaires médicaux*.
  static let professions = [
    "infirmier", "ipa", "kinesitherapeute", "orthophoniste", "podologue", "dieteticien", "ergotherapeute", "psychomotricien", "orthoptiste",
  ]

  private static let types = StructureType.allCases.filter { $0 != .isole }

  /// The day's values, by the type that the team has.
  static func minimum(_ setting: (StructureType) -> Setting, on day: CivilDate) -> SQL {
    let cases = types.map { "WHEN \($0) THEN \(setting($0).integerValue(on: day))" as SQL }
    return "CASE p.type \(cases.joined(by: " ")) ELSE 0 END"
  }

  static func source(on day: CivilDate) -> SQL {
    let cases = types.map { "WHEN \($0) THEN \(source($0).value(on: day))" as SQL }
    return "CASE p.type \(cases.joined(by: " ")) ELSE '' END"
  }
}

extension Composition {
  /// Three a kind: how many general practitioners, how many paramedicals, and who says so. Each may change on a day.
  static let settings = types.flatMap { [doctors($0), paramedicals($0), source($0)] }

  /// What regions ask for that have said nothing else.
  private static let defaults: [StructureType: (doctors: Int, paramedicals: Int, source: String)] = [
    .msp: (2, 1, "noyau demandé par les ARS"), .esp: (1, 0, "code de la santé publique, L. 1411-11-1"),
  ]

  static func doctors(_ type: StructureType) -> Setting {
    .integer(
      "composition_\(type.rawValue)_medecins", help: "\(type.label) : médecins généralistes au moins (0 : sans minimum)",
      default: defaults[type]?.doctors ?? 0, in: 0...100)
  }

  static func paramedicals(_ type: StructureType) -> Setting {
    .integer(
      "composition_\(type.rawValue)_paramedicaux", help: "\(type.label) : professionnels paramédicaux au moins (0 : sans minimum)",
      default: defaults[type]?.paramedicals ?? 0, in: 0...100)
  }

  static func source(_ type: StructureType) -> Setting {
    Setting(
      "composition_\(type.rawValue)_source", help: "\(type.label) : d’où vient la composition minimale",
      default: defaults[type]?.source ?? ""
    ) { text, _ in
      guard text.count <= 200 else { throw Refusal("Donnez 200 caractères au plus.") }
      return text.withoutSpacesAround
    }
  }
}

/// What a team's page says of it.
public struct CompositionStanding: Sendable {
  /// Of some professionals: how many the region asks for, and how many were counted; `nil` when nobody counted them.
  public struct Part: Sendable {
    public let minimum: Int
    public let number: Int?

    public var isShort: Bool { number.map { $0 < minimum } ?? false }
  }

  public let rule: Composition
  public let practitioners: Part
  public let paramedicals: Part
  /// Who asks for it.
  public let source: String

  /// Columns of `structure s` in its state `p`.
  static func columns(on day: CivilDate) -> [SQL] {
    [
      Composition.code(on: day), Composition.minimum(Composition.doctors, on: day), Headcount.practitioners("h.number", on: day),
      Composition.minimum(Composition.paramedicals, on: day), Headcount.number(of: Composition.professions, on: day),
      Composition.source(on: day),
    ]
  }

  /// `nil` when nothing is asked of such a team.
  init?(_ row: Store.Row, from place: Int) throws {
    rule = try row[place]
    if rule == .none { return nil }
    practitioners = Part(minimum: try row[place + 1], number: try row[place + 2])
    paramedicals = Part(minimum: try row[place + 3], number: try row[place + 4])
    source = try row[place + 5]
  }
}
