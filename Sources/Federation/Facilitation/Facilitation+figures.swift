import Records
import Store

extension Facilitation {
  /// What `/facilitations` lists: requests, whatever became of them.
  public static let factSetName = "facilitation_requests"

  /// By teams as they were on the day; without a team, by the place (R4).
  private static let bridges = [
    Bridge(
      "structure",
      join: """
        LEFT JOIN facilitation_structure x ON x.facilitation_id = f.id
        LEFT JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
        LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= f.day AND f.day < p.until
        LEFT JOIN territory_span t ON t.department = COALESCE(s.department, f.department) AND t.since <= f.day AND f.day < t.until
        """),
    Bridge("theme", join: "LEFT JOIN facilitation_theme h ON h.facilitation_id = f.id"),
  ]

  private static let dimensions: [Dimension] = [
    Dimension("pour", expression: "f.audience", list: FacilitationAudience.list),
    Dimension("famille", expression: "f.family", list: FacilitationFamily.list),
    Dimension("type_facilitation", expression: "f.type", list: .facilitationType),
    .department(bridge: "structure", expression: "COALESCE(s.department, f.department)"),
    .territory(bridge: "structure", expression: "t.territory"),
    .constantTerritory(bridge: "structure", department: "COALESCE(s.department, f.department)"),
    // R6: what somebody says of it goes before what the team's states say.
    Dimension("phase", bridge: "structure", expression: "COALESCE(f.phase, p.phase)", list: Phase.list),
    Dimension("type", bridge: "structure", expression: "p.type", list: StructureType.list),
    Dimension("theme", bridge: "theme", expression: "h.theme", list: .theme),
    Dimension("format", expression: "f.format", list: FacilitationFormat.list),
    Dimension("modalite", expression: "f.mode", list: FacilitationMode.list),
    .yesNo("hors_region", label: "Hors de la région", expression: "f.outside"),
  ]

  private static func records(_ day: SQL, in period: Period, _ condition: SQL) -> SQL {
    """
    SELECT e.id, e.reference, \(day) AS day, e.state, e.audience, e.family, e.type, e.phase, e.format, e.mode, e.minutes,
      CASE WHEN e.outside THEN 'oui' ELSE 'non' END AS outside, CASE WHEN e.urgent THEN 'oui' ELSE 'non' END AS urgent,
      CASE WHEN NOT EXISTS (SELECT 1 FROM facilitation_structure y WHERE y.facilitation_id = e.id) THEN k.department END AS department,
      COALESCE(a.email, e.coordinator) AS coordinator
    FROM facilitation e LEFT JOIN commune k ON k.code = e.commune LEFT JOIN account a ON a.id = e.account_id
    WHERE e.removed_at IS NULL AND \(day) BETWEEN \(period.from) AND \(period.through) AND \(condition)
    """
  }

  private static let requests = FactSet(
    factSetName, bridges: bridges,
    dimensions: [Dimension("etat", expression: "f.state", list: FacilitationState.list)] + dimensions + [
      .yesNo("urgente", label: "Urgente", expression: "f.urgent"),
      Dimension("coordination", label: "Coordination", expression: "f.coordinator", stored: coordinators),
    ]
  ) { records("e.requested_on", in: $0, "1 = 1") }

  private static let held = FactSet("facilitations", bridges: bridges, dimensions: dimensions) {
    records("e.date", in: $0, "e.state IN \(FacilitationState.heldCodes)")
  }

  private static let coordinators: SQL = """
    SELECT DISTINCT COALESCE(a.email, c.coordinator), COALESCE(a.name, c.coordinator), COALESCE(a.name, c.coordinator)
    FROM facilitation c LEFT JOIN account a ON a.id = c.account_id
    WHERE c.removed_at IS NULL AND COALESCE(a.email, c.coordinator) IS NOT NULL
    """

  private static let structure = Measure.Subject(bridge: "structure", id: "s.id", reference: "s.reference")

  static let figures: [Figure] = [
    Figure(
      "facilitations.count", label: "Facilitations",
      definition: """
        Nombre de facilitations tenues dans la période\u{A0}: une rencontre, un jour donné, compte une fois, bilan fait ou non. Avec plusieurs équipes, \
        elle compte une fois dans le total et une fois dans chaque département, territoire, type et phase de celles-ci\u{A0}: la somme des parts peut \
        dépasser le total. Sans équipe, le département est celui du lieu. La phase est celle de l’équipe ce jour-là, ou celle qu’une personne a corrigée.
        """,
      unit: "facilitations", of: held, .count, recordKind: "facilitations"),
    Figure(
      "facilitations.structures", label: "Équipes facilitées",
      definition: """
        Nombre d’équipes distinctes pour lesquelles au moins une facilitation s’est tenue dans la période, y compris des équipes fermées depuis.
        """,
      unit: "structures", of: held, .distinct(structure), recordKind: "structures"),
    Figure(
      "facilitations.requests", label: "Demandes de facilitation",
      definition: """
        Nombre de facilitations demandées dans la période, au jour de la demande, quelle que soit la suite\u{A0}: tenue, en cours, reportée ou annulée. \
        La suite est celle d’aujourd’hui.
        """,
      unit: "demandes", of: requests, .count, recordKind: "facilitations"),
  ]
}
