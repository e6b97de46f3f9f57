import Records
import Store

/// What the CPTS cover of the region (DIR-05, R1): its communes as units, each counted once whatever the number of CPTS that claim it.
enum Coverage {
  static let factSetName = "coverage"

  /// The units of the region's départements on the last day of the period. A split city (Paris, Lyon, Marseille) stands as its municipal
  /// arrondissements, or as one unit; a claim of the whole city is one of each of them, and as one unit the city has the people of those
  /// that are claimed.
  static let facts = FactSet(
    factSetName,
    bridges: [Zoning.bridge(commune: "f.reference")],
    dimensions: [
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .yesNo("couverte", label: "Couverte par une CPTS", by: "couverture", expression: "CASE WHEN f.covered = 1 THEN 'oui' ELSE 'non' END"),
      Zoning.dimension,
    ]
  ) { period in
    let day = period.through
    let isWhole: SQL = "\(Setting.splitCities.value(on: day)) = \(SplitCities.whole.rawValue)"
    return """
      SELECT \(number("u.code")) AS id, u.code AS reference, u.department, t.territory, CAST(1 AS \(.int)) AS unit,
        CASE WHEN c.commune IS NOT NULL OR w.commune IS NOT NULL OR d.city IS NOT NULL THEN CAST(1 AS \(.int)) ELSE 0 END AS covered,
        COALESCE(u.population, 0) AS population,
        CASE WHEN c.commune IS NOT NULL OR w.commune IS NOT NULL THEN COALESCE(u.population, 0) ELSE COALESCE(d.population, 0) END
          AS covered_population, \(Zoning.day(period))
      FROM commune u
      LEFT JOIN (\(claims(on: day))) c ON c.commune = u.code
      LEFT JOIN (\(claims(on: day))) w ON w.commune = u.city
      LEFT JOIN (
        SELECT a.city, CAST(SUM(a.population) AS \(.int)) AS population FROM commune a JOIN (\(claims(on: day))) k ON k.commune = a.code
        WHERE a.city IS NOT NULL GROUP BY a.city) d ON d.city = u.code
      LEFT JOIN territory_span t ON t.department = u.department AND t.since <= \(day) AND \(day) < t.until
      WHERE ' ' || \(Setting.departments.value(on: day)) || ' ' LIKE '% ' || u.department || ' %'
        AND CASE WHEN \(isWhole) THEN u.city IS NULL ELSE u.code NOT IN (SELECT a.city FROM commune a WHERE a.city IS NOT NULL) END
      """
  }

  /// A number for a unit's code, for lists that go by number: « 2A004 » has no other.
  static func number(_ code: SQL) -> SQL { "CAST(REPLACE(REPLACE(\(code), '2A', '200'), '2B', '201') AS \(.int))" }

  /// The communes and arrondissements that some CPTS claims on a day, in a stage that counts.
  private static func claims(on day: CivilDate) -> SQL { "SELECT DISTINCT x.commune \(claimed(on: day))" }

  /// `FROM … WHERE …`: claims `x` of the CPTS `s`.
  static func claimed(on day: CivilDate) -> SQL {
    """
    FROM coverage_claim x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
    JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until AND p.counted AND p.type = 'cpts'
    WHERE x.since <= \(day) AND \(day) < x.until
      AND ' ' || \(Setting.uncoveringStages.value(on: day)) || ' ' NOT LIKE '% ' || COALESCE(p.stage, '-') || ' %'
    """
  }

  private static let words = """
    Les unités sont celles des départements de la fédération\u{A0}; revendiquée par plusieurs CPTS, une unité compte une fois. Le \
    périmètre d’une CPTS est celui du jour demandé. Populations de 2017 (Insee).
    """

  /// What the settings of the day make of a unit and of a CPTS that covers.
  fileprivate static func basis(_ settings: Settings, _ day: CivilDate) -> String {
    let unit =
      SplitCities(rawValue: settings.text(.splitCities, on: day)) == .whole
      ? "Paris, Lyon et Marseille comptent chacune pour une unité." : "Paris, Lyon et Marseille comptent par arrondissement."
    let left = settings.text(.uncoveringStages, on: day).split(separator: " ").compactMap { code in
      Stage(rawValue: String(code)).map { stage in
        Stage.list.seeds.first { $0.code == stage.rawValue }?.label.lowercased() ?? stage.rawValue
      }
    }
    let stages = left.isEmpty ? "Toutes les CPTS comptent." : "Les CPTS comptent à toute étape sauf\u{A0}: \(left.joined(separator: ", "))."
    return "\(unit) \(stages)"
  }

  private static let covered = facts.leavingOut(Omission("couverte", "non"))

  static let figures: [Figure] = [
    Figure(
      "coverage.communes", label: "Communes couvertes par une CPTS",
      definition: "Nombre d’unités qu’au moins une CPTS revendique à la date demandée. \(words)", unit: "communes", of: covered,
      .count, isState: true, recordKind: "communes", basis: basis),
    Figure(
      "coverage.population", label: "Habitants couverts par une CPTS",
      definition: "Habitants des unités qu’au moins une CPTS revendique à la date demandée. \(words)", unit: "habitants", of: covered,
      .sum(column: "f.covered_population"), isState: true, recordKind: "communes", basis: basis),
    Figure(
      "coverage.communes_share", label: "Part des communes couvertes",
      definition: "Part des unités qu’au moins une CPTS revendique à la date demandée. \(words)", unit: "des communes", scale: 1000,
      of: facts, .share(part: "f.covered", whole: "f.unit"), isState: true, recordKind: "communes", basis: basis),
    Figure(
      "coverage.population_share", label: "Part des habitants couverts",
      definition: "Part des habitants qui vivent dans une unité qu’au moins une CPTS revendique à la date demandée. \(words)",
      unit: "des habitants", scale: 1000, of: facts, .share(part: "f.covered_population", whole: "f.population"), isState: true,
      recordKind: "communes", basis: basis),
  ]
}

extension Settings {
  /// Which CPTS cover and what a unit is on a day, in words (R1): whatever shows a coverage says it.
  public func coverageBasis(on day: CivilDate) -> String { Coverage.basis(self, day) }
}

/// How Paris, Lyon and Marseille count among the communes (R1).
enum SplitCities: String, CaseIterable {
  case districts = "arrondissements"
  case whole = "commune"
}

extension Setting {
  static let splitCities = Setting(
    "couverture_villes", help: "Paris, Lyon et Marseille dans la couverture des CPTS : arrondissements, ou commune entière (commune)",
    default: SplitCities.districts.rawValue
  ) { text, _ in
    guard SplitCities(rawValue: text) != nil else {
      throw Refusal("Choisissez \(SplitCities.allCases.map(\.rawValue).joined(separator: " ou ")).")
    }
    return text
  }

  static let uncoveringStages = Setting(
    "couverture_sans_etapes", help: "Étapes dans lesquelles une CPTS ne couvre rien, séparées par des espaces",
    default: Stage.fermee.rawValue
  ) { text, _ in
    let stages = text.split(separator: " ").map(String.init)
    let known = StructureType.cpts.stages.map(\.rawValue)
    if let other = stages.first(where: { !known.contains($0) }) {
      throw Refusal("« \(other) » n’est pas une étape de CPTS ; étapes : \(known.joined(separator: ", ")).")
    }
    return stages.joined(separator: " ")
  }
}
