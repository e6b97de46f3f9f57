import Records
import Store

/// What a team left, and when (DIR-12): a stage for the next one of its own way, or an ACI that ended.
enum StateExit {
  /// The dated state by which it left, what it left, what came in its place, and the day. An ACI ends by its own mark, or on the day after
  /// its last one where no other ACI runs.
  static let rows: SQL = """
    SELECT v.state_id, v.previous AS left_code, v.target AS next_code, t.since AS day
    FROM structure_entry v JOIN structure_state t ON t.id = v.state_id WHERE v.days IS NOT NULL
    UNION ALL
    SELECT t.id, 'aci', 'aci_fin', t.since FROM structure_state t
    WHERE t.state = 'aci_fin' AND t.removed_at IS NULL AND EXISTS (
      SELECT 1 FROM structure_state a WHERE a.structure_id = t.structure_id AND a.removed_at IS NULL AND a.state = 'aci'
        AND a.since <= t.since AND t.since <= a.until)
    UNION ALL
    SELECT a.id, 'aci', 'aci_fin', a.until FROM structure_state a
    WHERE a.state = 'aci' AND a.removed_at IS NULL AND a.until < \(CivilDate.openEnd) AND NOT EXISTS (
      SELECT 1 FROM structure_state n WHERE n.structure_id = a.structure_id AND n.removed_at IS NULL AND n.id <> a.id
        AND ((n.state = 'aci_fin' AND a.since <= n.since AND n.since <= a.until)
          OR (n.state = 'aci' AND n.since <= a.until AND a.until < n.until)))
    """

  /// Dated states by which a team left something in the period: one record, under each thing that it left.
  private static let facts = FactSet(
    "exits",
    bridges: [Bridge("left", join: "JOIN (\(rows)) v ON v.state_id = f.id AND v.day BETWEEN f.first_day AND f.last_day")],
    dimensions: [
      Dimension("de", label: "Sortie de", by: "étape quittée", bridge: "left", expression: "v.left_code") { lists, _ in
        lists.values(of: Stage.list) + lists.values(of: Facet.list).filter { $0.code == Facet.aci.rawValue }
      },
      Dimension("vers", label: "Sortie vers", by: "étape suivante", bridge: "left", expression: "v.next_code") { lists, _ in
        lists.values(of: Stage.list) + lists.values(of: Facet.list).filter { $0.code == Facet.aciFin.rawValue }
      },
      Dimension("type", expression: "f.type", list: StructureType.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
    ],
    omissions: [Omission("type", "isole")]
  ) { period in
    """
    SELECT t.id, s.reference, p.type, s.department, r.territory, CAST(\(period.from) AS TEXT) AS first_day,
      CAST(\(period.through) AS TEXT) AS last_day
    FROM (SELECT e.state_id, MIN(e.day) AS day FROM (\(rows)) e WHERE e.day BETWEEN \(period.from) AND \(period.through)
      GROUP BY e.state_id) x
    JOIN structure_state t ON t.id = x.state_id
    JOIN structure s ON s.id = t.structure_id AND s.removed_at IS NULL
    JOIN structure_span p ON p.structure_id = s.id AND p.since <= x.day AND x.day < p.until
    LEFT JOIN territory_span r ON r.department = s.department AND r.since <= x.day AND x.day < r.until
    """
  }

  static let figure = Figure(
    StateEntryListing.exitFigure, label: "Sorties d’une étape",
    definition: """
      Nombre de sorties d’équipes, dans la période\u{A0}: une étape quittée pour une autre de leur parcours, la fermeture comprise, ou un \
      ACI qui prend fin, par le repère «\u{202F}fin de l’ACI\u{202F}» ou après son dernier jour quand aucun autre ne court. Une pause n’est \
      pas une sortie. L’équipe est comptée telle qu’elle est le jour de la sortie.
      """,
    unit: "sorties", of: facts, .count, recordKind: "etats")
}
