import Records
import Store

/// Where an ESP-CLAP stands, on a day, under the rule that ends its funding (DIR-08, R11).
public enum ClapRule: String, CodedValue {
  /// Three general practitioners: an MSP is to be preferred, and both models are to be presented.
  case preferMSP = "msp_a_privilegier"
  /// Four or more, up to the third year: the team is told of what is to come.
  case information
  /// The fourth year: the commitment to become an MSP is due by its last day.
  case commitmentDue = "engagement_attendu"
  case committed = "engagement_pris"
  /// The fifth year: that of writing, the last one funded.
  case writing = "annee_ecriture"
  case unfundable = "non_financable"
  /// Funding goes on for a while, whatever the year.
  case exempt = "derogation"
  /// Too few general practitioners for funding to end.
  case endless = "sans_terme"
  case unknown = "medecins_inconnus"
  case none = "sans_objet"

  public static let list = ReferenceList("clap_rule", label: "Règle ESP-CLAP", of: ClapRule.self)

  public var label: String {
    switch self {
    case .preferMSP: "MSP à privilégier"
    case .information: "À informer"
    case .commitmentDue: "Engagement attendu"
    case .committed: "Engagement pris"
    case .writing: "Année d’écriture, dernière financée"
    case .unfundable: "N’est plus finançable"
    case .exempt: "Dérogation"
    case .endless: "Sans terme"
    case .unknown: "Médecins généralistes inconnus"
    case .none: "Sans objet"
    }
  }

  /// Those that somebody has something to do about.
  public static let pressing: [ClapRule] = [.unfundable, .writing, .commitmentDue, .preferMSP, .unknown]

  static let dimension = Dimension("regle_esp_clap", expression: "f.clap_rule", list: list)

  /// The code of `structure s` in its state `p`.
  static func code(on day: CivilDate) -> SQL {
    let start = start(on: day)
    func isYear(after years: Int) -> SQL { "\(SQL.adding(months: "\(12 * years)", to: start)) <= \(day)" }
    return """
      CASE
        WHEN p.type <> \(StructureType.espClap) OR p.stage = \(Stage.fermee) OR \(day.year) < \(Setting.clapYear.integerValue(on: day))
          THEN \(ClapRule.none)
        WHEN \(act(.derogationClap, on: day)) THEN \(ClapRule.exempt)
        WHEN \(practitioners(on: day)) IS NULL THEN \(ClapRule.unknown)
        WHEN \(practitioners(on: day)) = \(fewest) - 1 AND NOT \(act(.modelesPresentes, on: day)) THEN \(ClapRule.preferMSP)
        WHEN \(practitioners(on: day)) < \(fewest) THEN \(ClapRule.endless)
        WHEN \(isYear(after: 5)) THEN \(ClapRule.unfundable)
        WHEN \(isYear(after: 4)) THEN \(ClapRule.writing)
        WHEN \(isYear(after: 3)) AND \(act(.engagementMSP, on: day)) THEN \(ClapRule.committed)
        WHEN \(isYear(after: 3)) THEN \(ClapRule.commitmentDue)
        ELSE \(ClapRule.information)
      END
      """
  }

  /// General practitioners from whom on funding ends with the fifth year.
  private static let fewest = 4

  /// The first day of the team's running.
  static func start(on day: CivilDate) -> SQL {
    """
    (SELECT MIN(z.since) FROM structure_state z
      WHERE z.structure_id = s.id AND z.removed_at IS NULL AND z.since <= \(day) AND z.state = \(Stage.ouverte))
    """
  }

  /// The latest count of general practitioners, else what the record declares of doctors without a date.
  static func practitioners(on day: CivilDate) -> SQL { "COALESCE(\(Headcount.practitioners("h.number", on: day)), s.doctors)" }

  /// A dated act is in force.
  private static func act(_ facet: Facet, on day: CivilDate) -> SQL {
    """
    EXISTS (SELECT 1 FROM structure_state y WHERE y.structure_id = s.id AND y.removed_at IS NULL AND y.state = \(facet)
      AND y.since <= \(day) AND \(day) < y.until)
    """
  }
}

extension Setting {
  static let clapYear = Setting.integer(
    "annee_regle_esp_clap", help: "Année d’entrée en vigueur de la règle de financement des ESP-CLAP", default: 2023, in: 2000...2100)
}

/// What a team's page says of the rule.
public struct ClapStanding: Sendable {
  public let rule: ClapRule
  /// The first day of running; `nil` for a team in project.
  public let start: CivilDate?
  public let practitioners: Int?
  /// When they were counted and who says so; `nil` for a number that is only declared.
  public let count: (date: CivilDate, source: String)?

  /// Columns of `structure s` in its state `p`.
  static func columns(on day: CivilDate) -> [SQL] {
    [
      ClapRule.code(on: day), ClapRule.start(on: day), ClapRule.practitioners(on: day), Headcount.practitioners("h.date", on: day),
      Headcount.practitioners("h.source", on: day),
    ]
  }

  /// `nil` when the rule does not concern the team.
  init?(_ row: Store.Row, from place: Int) throws {
    rule = try row[place]
    if rule == .none { return nil }
    (start, practitioners) = (try row[place + 1], try row[place + 2])
    let date: CivilDate? = try row[place + 3]
    count = try date.map { ($0, try row[place + 4]) }
  }

  /// The last day of a year of running, counted from one.
  public func end(ofYear year: Int) -> CivilDate? { start?.adding(months: 12 * year).previous }
}
