import Records
import Store

extension SupportProgramme {
  /// What `/programmes` lists.
  public static let factSetName = "programmes"

  /// By teams as they were on the day of the fact.
  private static func bridge(_ teams: SQL) -> Bridge {
    Bridge(
      "structure",
      join: """
        \(teams) LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= f.day AND f.day < p.until
        LEFT JOIN territory_span t ON t.department = s.department AND t.since <= f.day AND f.day < t.until
        """)
  }

  private static let dimensions: [Dimension] = [
    Dimension("nature_programme", expression: "f.kind", list: .programmeKind),
    .department(bridge: "structure", expression: "s.department"), .territory(bridge: "structure", expression: "t.territory"),
    .constantTerritory(bridge: "structure", department: "s.department"),
    Dimension("type", bridge: "structure", expression: "p.type", list: StructureType.list),
    Dimension(
      "programme", label: "Programme", expression: "f.programme",
      stored: "SELECT g.reference, g.name, g.name_fold FROM support_programme g WHERE g.removed_at IS NULL"),
  ]

  private static let ofTeams = bridge(
    """
    LEFT JOIN programme_enrolment x ON x.programme_id = f.id AND x.removed_at IS NULL
    LEFT JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
    """)

  private static func programmes(_ condition: SQL) -> SQL {
    """
    SELECT e.id, e.reference, e.begins_on AS day, e.kind, e.reference AS programme FROM support_programme e
    WHERE e.removed_at IS NULL AND \(condition)
    """
  }

  private static let running = FactSet(factSetName, bridges: [ofTeams], dimensions: dimensions) { period in
    programmes("e.begins_on <= \(period.through) AND (e.ends_on IS NULL OR e.ends_on >= \(period.from))")
  }

  private static let closed = running.narrowed(to: "programmes_closed") { period in
    programmes("e.ends_on BETWEEN \(period.from) AND \(period.through)")
  }

  private static let enrolments = FactSet(
    "programme_enrolments", bridges: [bridge("JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL")],
    dimensions: dimensions + [Dimension("suite", expression: "f.state", list: EnrolmentState.list)]
  ) { period in
    """
    SELECT e.id, e.reference, e.entered_on AS day, e.structure_id, e.state, g.kind, g.reference AS programme FROM programme_enrolment e
    JOIN support_programme g ON g.id = e.programme_id AND g.removed_at IS NULL
    WHERE e.removed_at IS NULL AND e.entered_on <= \(period.through) AND (e.left_on IS NULL OR e.left_on >= \(period.from))
    """
  }

  private static let workshops = FactSet(
    Workshop.factSetName,
    bridges: [
      bridge(
        """
        LEFT JOIN workshop_structure x ON x.workshop_id = f.id LEFT JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
        """)
    ], dimensions: dimensions
  ) { period in
    """
    SELECT w.id, w.reference, w.date AS day, w.minutes, w.people, g.kind, g.reference AS programme FROM workshop w
    JOIN support_programme g ON g.id = w.programme_id AND g.removed_at IS NULL
    WHERE \(Workshop.isHeld) AND w.date BETWEEN \(period.from) AND \(period.through)
    """
  }

  private static let structure = Measure.Subject(bridge: "structure", id: "s.id", reference: "s.reference")

  private static let held = """
    Une séance est tenue quand des équipes, ou un nombre de personnes, y sont notées présentes. Avec des équipes de deux départements, elle \
    compte une fois dans le total et une fois dans chacun\u{A0}: la somme des parts peut dépasser le total.
    """

  static let figures: [Figure] = [
    Figure(
      "programmes.running", label: "Programmes en cours",
      definition: """
        Nombre de programmes d’accompagnement qui ont eu lieu au moins un jour de la période, y compris ceux qui s’y terminent. Un programme \
        suivi par des équipes de deux départements compte une fois dans le total et une fois dans chacun.
        """,
      unit: "programmes", of: running, .count, recordKind: "programmes"),
    Figure(
      "programmes.closed", label: "Programmes clos",
      definition: "Nombre de programmes d’accompagnement dont le dernier jour est dans la période.", unit: "programmes", of: closed, .count,
      recordKind: "programmes"),
    Figure(
      "programmes.structures", label: "Équipes inscrites à un programme",
      definition: """
        Nombre d’équipes distinctes inscrites à un programme d’accompagnement au moins un jour de la période, quelle que soit la suite. \
        La suite est celle d’aujourd’hui.
        """,
      unit: "structures", of: enrolments, .distinct(structure), recordKind: "structures"),
    Figure(
      "programmes.workshops", label: "Séances de programme", definition: "Nombre de séances tenues dans la période. \(held)",
      unit: "séances",
      of: workshops, .count, recordKind: "seances_programme"),
    Figure(
      "programmes.minutes", label: "Temps des séances de programme",
      definition: """
        Somme des durées notées des séances tenues dans la période, heures de coordination prêtées comprises. Une séance sans durée ne compte \
        pour rien. \(held)
        """,
      unit: "minutes", of: workshops, .sum(column: "f.minutes"), recordKind: "seances_programme"),
    Figure(
      "programmes.participations", label: "Participations aux séances de programme",
      definition: """
        Somme des personnes présentes aux séances tenues dans la période\u{A0}: qui vient à trois séances compte trois fois. \(held)
        """,
      unit: "participations", of: workshops, .sum(column: "f.people"), recordKind: "seances_programme"),
  ]

  /// R3: that a team was at a workshop, or came to a step, before a day.
  static func supports(_ team: SQL, before day: SQL) -> SQL {
    """
    (EXISTS (SELECT 1 FROM workshop_structure u JOIN workshop w ON w.id = u.workshop_id AND w.removed_at IS NULL
        WHERE u.structure_id = \(team) AND w.date < \(day))
      OR EXISTS (SELECT 1 FROM programme_enrolment u JOIN programme_step w ON w.enrolment_id = u.id
        WHERE u.structure_id = \(team) AND u.removed_at IS NULL AND w.date < \(day)))
    """
  }
}

extension Workshop {
  /// What `/seances-programme` lists.
  public static let factSetName = "workshops"
}
