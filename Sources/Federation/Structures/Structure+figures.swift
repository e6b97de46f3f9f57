import Records
import Store

extension Structure {
  /// What `/structures` lists.
  public static let factSetName = "structures"

  /// Structures as they are on the last day of the period.
  static let facts = FactSet(
    factSetName,
    bridges: [StructureQuality.bridge, StructureTag.bridge, Zoning.bridge(commune: "f.commune")],
    dimensions: [
      Dimension("type", expression: "f.type", list: StructureType.list),
      Dimension("etape", expression: "f.stage", list: Stage.list),
      Dimension("situation", expression: "f.situation", list: Situation.list),
      Dimension("phase", expression: "f.phase", list: Phase.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
      .yesNo("multi_sites", label: "Plusieurs sites", by: "nombre de sites", expression: "f.multi_sites"),
      Follower.dimension,
      StructureQuality.dimension,
      ClapRule.dimension,
      Composition.dimension,
      SheetConfirmation.dimension,
      Zoning.dimension,
      Software.dimension,
      Software.levelDimension,
      StructureTag.dimension,
    ],
    omissions: [
      Omission("etape", "fermee", unless: [Filter("situation", "clos"), Filter("phase", "clos")]),
      Omission("type", "isole"),
    ]
  ) { period in
    """
    SELECT s.id, s.reference, p.type, s.department, p.stage, p.situation, p.phase,
      (SELECT t.territory FROM territory_span t
        WHERE t.department = s.department AND t.since <= \(period.through) AND \(period.through) < t.until) AS territory,
      CASE WHEN \(StructureSite.count(on: period.through)) > 1 THEN 'oui' ELSE 'non' END AS multi_sites,
      \(Headcount.number(on: period.through)) AS professionals,
      \(Follower.account(of: "s.id", on: period.through)) AS follower,
      \(StructureQuality.columns(on: period.through)),
      \(ClapRule.code(on: period.through)) AS clap_rule, \(Composition.code(on: period.through)) AS composition,
      \(Software.columns(on: period.through)), \(SheetConfirmation.column(on: period.through)),
      \(Zoning.day(period))
    FROM structure s
    JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(period.through) AND \(period.through) < p.until
    WHERE p.counted AND s.removed_at IS NULL
    """
  }

  static let figures: [Figure] = [
    Figure(
      "structures.count", label: "Structures",
      definition: """
        Nombre d’équipes coordonnées à la date demandée, à partir de leur première étape datée. Une équipe dont aucune étape n’est \
        connue compte à toute date. Les structures fermées et les professionnels isolés ne comptent pas.
        """,
      unit: "structures", of: facts, .count, isState: true, recordKind: "structures"),
    Figure(
      "structures.professionals", label: "Professionnels des structures",
      definition: """
        Somme des professionnels des structures comptées à la date demandée\u{A0}: pour chacune son dernier effectif daté, avec sa \
        source (toutes professions, sinon la somme des professions du dernier comptage), à défaut le nombre déclaré sur sa fiche.
        """,
      unit: "professionnels", of: facts, .sum(column: "f.professionals"), isState: true, recordKind: "structures"),
    Figure(
      "structures.professionals_mean", label: "Professionnels par structure (moyenne)",
      definition: """
        Moyenne des professionnels des structures comptées à la date demandée, sur celles dont le nombre est connu à cette date\u{A0}: \
        leur dernier effectif daté, à défaut le nombre déclaré sur leur fiche.
        """,
      unit: "professionnels par structure", scale: 10, of: facts, .mean(column: "f.professionals"), isState: true,
      recordKind: "structures"),
  ]
}

extension Dimension {
  /// The département of a structure is that of its main site.
  static func department(bridge: String? = nil, expression: SQL) -> Dimension {
    Dimension(
      "departement", label: "Département", bridge: bridge, expression: expression,
      stored: "SELECT code, name || ' (' || code || ')', code FROM department")
  }

  /// By the composition of territories on the date of each record (R21).
  static func territory(bridge: String? = nil, expression: SQL) -> Dimension {
    var dimension = Dimension("territoire", label: "Territoire", bridge: bridge, expression: expression, stored: territories)
    dimension.gathers = "departement"
    return dimension
  }

  /// By the composition of today, whatever the date of each record (R21, « périmètre constant »): years compare like with like.
  static func constantTerritory(bridge: String? = nil, department: SQL) -> Dimension {
    var dimension = Dimension(
      "territoire_constant", label: "Territoire, périmètre constant", bridge: bridge,
      expression: """
        (SELECT k.territory FROM territory_span k
          WHERE k.department = \(department) AND k.since <= \(SQL.parisDay()) AND \(SQL.parisDay()) < k.until)
        """,
      stored: territories)
    dimension.comparesYears = true
    dimension.gathers = "departement"
    return dimension
  }

  private static let territories: SQL = "SELECT code, name, name FROM territory"
}
