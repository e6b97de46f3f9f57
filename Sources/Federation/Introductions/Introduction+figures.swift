import Records
import Store

extension Introduction {
  /// What `/mises-en-relation` lists.
  public static let factSetName = "introductions"

  /// By both teams, as they were on the day.
  private static let bridges = [
    Bridge(
      "structure",
      join: """
        LEFT JOIN structure s ON s.id IN (f.structure_id, f.other_id) AND s.removed_at IS NULL
        LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= f.day AND f.day < p.until
        LEFT JOIN territory_span t ON t.department = s.department AND t.since <= f.day AND f.day < t.until
        """)
  ]

  private static let facts = FactSet(
    factSetName, bridges: bridges,
    dimensions: [
      Dimension("suite", expression: "f.result", list: IntroductionResult.list),
      .yesNo("autre_equipe", label: "Avec une autre équipe", expression: "f.joint"),
      .department(bridge: "structure", expression: "s.department"), .territory(bridge: "structure", expression: "t.territory"),
      .constantTerritory(bridge: "structure", department: "s.department"),
      Dimension("type", bridge: "structure", expression: "p.type", list: StructureType.list),
      Dimension("phase", bridge: "structure", expression: "p.phase", list: Phase.list),
    ]
  ) { period in
    """
    SELECT i.id, i.reference, i.date AS day, i.structure_id, i.other_id, i.result,
      CASE WHEN i.other_id IS NULL THEN 'non' ELSE 'oui' END AS joint
    FROM introduction i WHERE i.removed_at IS NULL AND i.date BETWEEN \(period.from) AND \(period.through)
    """
  }

  static let figures: [Figure] = [
    Figure(
      "introductions.count", label: "Mises en relation",
      definition: """
        Nombre de mises en relation de la période\u{A0}: une équipe à qui la fédération a fait rencontrer une autre équipe, une personne ou une \
        organisation. Entre deux équipes de deux départements, une mise en relation compte une fois dans le total et une fois dans chacun. \
        La suite est celle d’aujourd’hui.
        """,
      unit: "mises en relation", of: facts, .count, recordKind: "mises_en_relation")
  ]
}
