import Records
import Store

/// What is missing from a team's record (DIR-15): a rule each, and the filter of the same name.
public enum StructureQuality: String, CodedValue {
  case uncoordinated = "sans_coordination"
  case noCommune = "sans_commune"
  case noEmail = "sans_courriel"
  case noFINESS = "sans_finess"
  case stalled = "etape_inchangee"
  case short = "composition"
  case complete = "rien"

  public static let list = ReferenceList("structure_quality", label: "À compléter", of: StructureQuality.self)

  public var label: String {
    switch self {
    case .uncoordinated: "Coordination inconnue"
    case .noCommune: "Commune non renseignée"
    case .noEmail: "Courriel non renseigné"
    case .noFINESS: "FINESS manquant"
    case .stalled: "Étape inchangée"
    case .short: "Sous la composition minimale"
    case .complete: "Rien à compléter"
    }
  }

  /// What the page says of the rule.
  public func sentence(_ settings: Settings, on day: CivilDate) -> String {
    switch self {
    case .uncoordinated: "Personne n’y tient la coordination à ce jour."
    case .noCommune: "Sans commune, une équipe n’est pas sur la carte."
    case .noEmail: "Aucun courriel pour joindre l’équipe."
    case .noFINESS: "MSP, CPTS ou centre de santé ouverts, sans numéro FINESS."
    case .stalled: "En projet, dans la même étape depuis \(settings.integer(.unchangedStage, on: day)) mois ou plus."
    case .short: "Moins de professionnels comptés que le minimum demandé à son type d’équipe."
    case .complete: "Aucune de ces règles ne s’applique."
    }
  }

  /// What a record must be for the rule, over the facts `f`.
  var condition: SQL? {
    switch self {
    case .uncoordinated: "f.is_coordinated = 0"
    case .noCommune: "f.commune IS NULL"
    case .noEmail: "f.email IS NULL"
    case .noFINESS: "f.type IN ('msp', 'cpts', 'cds') AND f.stage = 'ouverte' AND f.finess IS NULL"
    case .stalled: "f.is_stalled = 1"
    case .short: "f.composition = \(Composition.short)"
    case .complete: nil
    }
  }

  /// A team may have several things to complete.
  static let bridge: Bridge = {
    let rules = allCases.compactMap { rule in rule.condition.map { (rule, $0) } }
    let names = rules.map { "SELECT \($0.0) AS rule" as SQL }.joined(by: " UNION ALL ")
    let cases = rules.map { "WHEN \($0.0) THEN \($0.1)" as SQL }.joined(by: " ")
    return Bridge("quality", join: "LEFT JOIN (\(names)) q ON CASE q.rule \(cases) END")
  }()

  static let dimension = Dimension(
    "qualite", bridge: "quality", expression: "COALESCE(q.rule, \(StructureQuality.complete))", list: list)

  /// The columns of `structure s` in its state `p` that the rules read, as of a day.
  static func columns(on day: CivilDate) -> SQL {
    let stages = Stage.allCases.map(\.rawValue)
    let latest: SQL = """
      (SELECT MAX(z.since) FROM structure_state z
        WHERE z.structure_id = s.id AND z.removed_at IS NULL AND z.since <= \(day) AND z.state IN \(list: stages))
      """
    return """
      s.commune, s.email, s.finess,
      CASE WHEN EXISTS (SELECT 1 FROM person_function g JOIN person h ON h.id = g.person_id AND h.removed_at IS NULL
        WHERE g.structure_id = s.id AND g.removed_at IS NULL AND g.function = 'coordinateur' AND g.since <= \(day) AND \(day) < g.until)
        THEN 1 ELSE 0 END AS is_coordinated,
      CASE WHEN p.situation = \(Situation.projet)
        AND \(SQL.adding(months: Setting.unchangedStage.integerValue(on: day), to: latest)) <= \(day) THEN 1 ELSE 0 END AS is_stalled
      """
  }
}

extension Setting {
  static let unchangedStage = Setting.integer(
    "etape_inchangee", help: "Mois dans une même étape, pour une équipe en projet, à partir desquels sa fiche est à revoir", default: 18,
    in: 1...120)
}

/// What is missing from a person's record.
public enum PersonQuality: String, CodedValue {
  case noEmail = "sans_courriel"
  case noProfession = "sans_profession"

  public static let list = ReferenceList("person_quality", label: "À compléter", of: PersonQuality.self)

  public var label: String {
    switch self {
    case .noEmail: "Courriel non renseigné"
    case .noProfession: "Profession non renseignée"
    }
  }

  public var sentence: String {
    switch self {
    case .noEmail: "Sans courriel, une personne ne reçoit rien."
    case .noProfession: "Une personne sans profession manque aux listes par profession."
    }
  }

  /// Over `person p`.
  var condition: SQL {
    switch self {
    case .noEmail: "p.email IS NULL"
    case .noProfession: "p.profession IS NULL"
    }
  }

  /// How many people each rule is about.
  public static func counts(_ connection: any Connection) throws -> [(rule: PersonQuality, count: Int)] {
    let sums = allCases.map { "COALESCE(SUM(CASE WHEN \($0.condition) THEN 1 ELSE 0 END), 0)" as SQL }.joined(by: ", ")
    let row = try connection.first("SELECT \(sums) FROM person p WHERE p.removed_at IS NULL")
    return try allCases.enumerated().map { place, rule in (rule, try row?[place] ?? 0) }
  }
}
