import Records
import Store

extension Headcount {
  /// What `/effectifs` lists.
  public static let factSetName = "headcounts"

  /// For each team and profession, the latest count on or before the last day of the period, with the team as it is that day.
  private static let facts = FactSet(
    factSetName,
    dimensions: [
      Dimension("profession", expression: "f.profession", list: .profession),
      Dimension("type", expression: "f.type", list: StructureType.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
    ],
    omissions: [Omission("type", "isole")]
  ) { period in
    let day = period.through
    return """
      SELECT h.id, s.reference, h.profession, h.number, p.type, s.department, t.territory
      FROM headcount h
      JOIN structure s ON s.id = h.structure_id AND s.removed_at IS NULL
      JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
      LEFT JOIN territory_span t ON t.department = s.department AND t.since <= \(day) AND \(day) < t.until
      WHERE h.profession IS NOT NULL AND h.removed_at IS NULL AND h.date <= \(day) AND p.counted
        AND COALESCE(p.stage, '') <> 'fermee'
        AND NOT EXISTS (
          SELECT 1 FROM headcount n WHERE n.structure_id = h.structure_id AND n.profession = h.profession AND n.removed_at IS NULL
            AND n.date > h.date AND n.date <= \(day))
      """
  }

  static let figure = Figure(
    "professionals.by_profession", label: "Professionnels comptés par profession",
    definition: """
      Somme des professionnels des structures ouvertes ou en projet à la date demandée, par profession\u{A0}: pour chaque structure et \
      chaque profession le dernier effectif daté, avec sa source. Une structure dont seul l’effectif toutes professions est connu n’y \
      figure pas\u{A0}: ce n’est pas le nombre de tous les professionnels.
      """,
    unit: "professionnels", of: facts, .sum(column: "f.number"), isState: true, recordKind: "effectifs")
}
