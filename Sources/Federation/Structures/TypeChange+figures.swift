import Records
import Store

/// A team that changed its type on a day (DIR-12, DIR-13): an ESP-CLAP that became an MSP.
enum TypeChange {
  /// The type before the change `c` of structure `s`.
  static let former: SQL = """
    COALESCE((SELECT b.type FROM structure_type b WHERE b.structure_id = c.structure_id AND b.removed_at IS NULL AND b.since < c.since
      ORDER BY b.since DESC LIMIT 1), s.original_type)
    """

  private static let facts = FactSet(
    TypeChangeListing.factSetName,
    dimensions: [
      Dimension("de", label: "Ancien type", expression: "f.former") { lists, _ in lists.values(of: StructureType.list) },
      Dimension("type", label: "Nouveau type", expression: "f.type") { lists, _ in lists.values(of: StructureType.list) },
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
    ],
    omissions: [Omission("type", "isole")]
  ) { period in
    """
    SELECT w.* FROM (
      SELECT c.id, s.reference, c.type, \(former) AS former, s.department, r.territory
      FROM structure_type c
      JOIN structure s ON s.id = c.structure_id AND s.removed_at IS NULL
      LEFT JOIN territory_span r ON r.department = s.department AND r.since <= c.since AND c.since < r.until
      WHERE c.removed_at IS NULL AND c.since BETWEEN \(period.from) AND \(period.through)) w
    WHERE w.former <> w.type
    """
  }

  static let figure = Figure(
    "structures.conversions", label: "Changements de type",
    definition: """
      Nombre d’équipes qui ont changé de type pendant la période, à la date du changement\u{A0}: une ESP-CLAP devenue MSP compte une fois. \
      Une équipe qui change deux fois compte deux fois. Une correction du type sur la fiche, sans date, n’est pas un changement.
      """,
    unit: "changements", of: facts, .count, recordKind: "types")
}
