import Records
import Store

extension ProjectReading {
  /// What `/relectures` lists.
  public static let factSetName = "readings"

  private static let bridges = [
    Bridge(
      "structure",
      join: """
        LEFT JOIN structure s ON s.id = f.structure_id
        LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= f.day AND f.day < p.until
        LEFT JOIN territory_span t ON t.department = s.department AND t.since <= f.day AND f.day < t.until
        """)
  ]

  private static let dimensions: [Dimension] = [
    Dimension("avancement", expression: "f.state", list: ReadingState.list),
    .yesNo("a_temps", label: "Rendue à temps", expression: "f.punctual"),
    Dimension("commission", expression: "f.commission", list: .commission),
    .department(bridge: "structure", expression: "s.department"), .territory(bridge: "structure", expression: "t.territory"),
    .constantTerritory(bridge: "structure", department: "s.department"),
    Dimension("type", bridge: "structure", expression: "p.type", list: StructureType.list),
  ]

  private static func records(by day: SQL, in period: Period) -> SQL {
    """
    SELECT r.id, r.reference, r.structure_id, \(day) AS day, r.state, c.commission,
      CASE WHEN r.rendered_on IS NOT NULL THEN CASE WHEN r.rendered_on <= r.due_on THEN 'oui' ELSE 'non' END END AS punctual
    FROM project_reading r JOIN structure k ON k.id = r.structure_id AND k.removed_at IS NULL
    LEFT JOIN commission_file g ON g.id = r.file_id AND g.removed_at IS NULL LEFT JOIN commission_sitting c ON c.id = g.sitting_id
    WHERE r.removed_at IS NULL AND \(day) BETWEEN \(period.from) AND \(period.through)
    """
  }

  private static let requested = FactSet(factSetName, bridges: bridges, dimensions: dimensions) { records(by: "r.requested_on", in: $0) }

  private static let rendered = requested.narrowed(to: "readings_rendered") { records(by: "r.rendered_on", in: $0) }

  static let figures: [Figure] = [
    Figure(
      "readings.requests", label: "Relectures demandées",
      definition: """
        Nombre de relectures de projets de santé demandées dans la période, quel que soit leur avancement, qui est celui d’aujourd’hui.
        """,
      unit: "relectures", of: requested, .count, recordKind: "relectures"),
    Figure(
      "readings.count", label: "Relectures rendues",
      definition: """
        Nombre de relectures de projets de santé rendues dans la période, au jour où elles l’ont été. Rendue à temps\u{A0}: au plus tard le jour \
        qui avait été fixé.
        """,
      unit: "relectures", of: rendered, .count, recordKind: "relectures"),
  ]
}
