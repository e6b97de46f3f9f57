import Records
import Store

extension StructureSite {
  /// Sites that opened in the period, with their team as it was that day.
  private static let facts = FactSet(
    SiteListing.factSetName,
    dimensions: [
      Dimension("type", expression: "f.type", list: StructureType.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
      .yesNo("principal", label: "Site principal", expression: "f.main"),
    ],
    omissions: [Omission("type", "isole")]
  ) { period in
    """
    SELECT x.id, s.reference, p.type, s.department, r.territory, CASE WHEN x.main THEN 'oui' ELSE 'non' END AS main
    FROM site x
    JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
    JOIN structure_span p ON p.structure_id = s.id AND p.since <= x.since AND x.since < p.until
    LEFT JOIN territory_span r ON r.department = s.department AND r.since <= x.since AND x.since < r.until
    WHERE x.removed_at IS NULL AND x.since BETWEEN \(period.from) AND \(period.through)
    """
  }

  static let figure = Figure(
    "structures.sites_opened", label: "Sites ouverts",
    definition: """
      Nombre de sites d’équipes dont la date d’ouverture est dans la période, le site principal compris. Un site sans date d’ouverture, ou \
      seulement nommé sur la fiche, n’y figure pas. Le département est celui de l’équipe.
      """,
    unit: "sites", of: facts, .count, recordKind: "sites")
}
