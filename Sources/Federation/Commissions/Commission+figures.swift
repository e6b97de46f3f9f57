import Records
import Store

extension CommissionFile {
  /// What `/dossiers` lists.
  public static let factSetName = "commission_files"

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
    Dimension("avis", expression: "f.opinion", list: CommissionOpinion.list),
    Dimension("commission", expression: "f.commission", list: .commission),
    .department(bridge: "structure", expression: "s.department"), .territory(bridge: "structure", expression: "t.territory"),
    .constantTerritory(bridge: "structure", department: "s.department"),
    Dimension("type", bridge: "structure", expression: "p.type", list: StructureType.list),
    .yesNo("accompagnee", label: "Accompagnée avant la séance", expression: "f.supported"),
  ]

  /// That the team of file `g` was supported before its sitting `c` (R3): an exchange, a facilitation held, a workshop or a step of a programme.
  static let isSupported: SQL = """
    (EXISTS (SELECT 1 FROM exchange_structure x JOIN exchange e ON e.id = x.exchange_id AND e.removed_at IS NULL
        WHERE x.structure_id = g.structure_id AND x.date < c.date)
      OR EXISTS (SELECT 1 FROM facilitation_structure y JOIN facilitation v ON v.id = y.facilitation_id AND v.removed_at IS NULL
        WHERE y.structure_id = g.structure_id AND v.state IN \(FacilitationState.heldCodes) AND v.date < c.date)
      OR \(SupportProgramme.supports("g.structure_id", before: "c.date")))
    """

  private static func records(in period: Period, _ condition: SQL) -> SQL {
    """
    SELECT g.id, g.reference, g.structure_id, c.date AS day, c.commission, g.opinion,
      CASE WHEN \(isSupported) THEN 'oui' ELSE 'non' END AS supported,
      CASE WHEN g.opinion IN \(CommissionOpinion.favourableCodes) THEN 1 ELSE 0 END AS favourable, 1 AS presented
    FROM commission_file g JOIN commission_sitting c ON c.id = g.sitting_id AND c.removed_at IS NULL
    JOIN structure k ON k.id = g.structure_id AND k.removed_at IS NULL
    WHERE g.removed_at IS NULL AND c.date BETWEEN \(period.from) AND \(period.through) AND \(condition)
    """
  }

  private static let all = FactSet(factSetName, bridges: bridges, dimensions: dimensions) { records(in: $0, "1 = 1") }

  /// R10: once a team and year, by the last opinion of it.
  private static let judged = all.narrowed(to: "commission_judged") { period in
    records(
      in: period,
      """
      g.opinion IS NOT NULL AND \(isSupported) AND NOT EXISTS (
        SELECT 1 FROM commission_file h JOIN commission_sitting n ON n.id = h.sitting_id AND n.removed_at IS NULL
        WHERE h.structure_id = g.structure_id AND h.removed_at IS NULL AND h.opinion IS NOT NULL AND n.date <= \(period.through)
          AND substr(n.date, 1, 4) = substr(c.date, 1, 4) AND (n.date > c.date OR (n.date = c.date AND h.id > g.id)))
      """)
  }

  private static let once = """
    Parmi les équipes accompagnées avant la séance (au moins un échange, une facilitation tenue, une séance ou une étape d’un programme). Un dossier ajourné puis présenté à nouveau \
    compte une fois, par son dernier avis de l’année. Les dossiers sans avis n’y sont pas.
    """

  static let figures: [Figure] = [
    Figure(
      "commissions.files", label: "Dossiers de commission",
      definition: "Nombre de dossiers inscrits aux séances de la période, quel que soit l’avis.", unit: "dossiers", of: all, .count,
      recordKind: "dossiers"),
    Figure(
      "commissions.presented", label: "Dossiers jugés en commission",
      definition: "Nombre de dossiers qui ont reçu un avis aux séances de la période. \(once)", unit: "dossiers", of: judged, .count,
      recordKind: "dossiers"),
    Figure(
      "commissions.recognition", label: "Taux de reconnaissance",
      definition: "Part des dossiers jugés dont l’avis est favorable, avec ou sans réserves. \(once)", unit: "des dossiers", scale: 1000,
      of: judged, .share(part: "f.favourable", whole: "f.presented"), recordKind: "dossiers"),
  ]
}
