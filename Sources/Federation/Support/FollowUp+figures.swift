import Records
import Store

extension Structure {
  /// Teams as they are on a day, with their follow-up.
  static func followUps(on day: CivilDate) -> SQL {
    """
    SELECT s.id, s.reference, s.name, s.name_fold, p.type, s.department, p.phase, t.territory,
      \(FollowUp.due(on: day)) AS due, \(FollowUp.unmetSince(on: day)) AS unmet_since, \(ToDo.nextAppointment(from: day)) AS appointment,
      \(Follower.account(of: "s.id", on: day)) AS follower
    FROM structure s
    JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
    LEFT JOIN territory_span t ON t.department = s.department AND t.since <= \(day) AND \(day) < t.until
    WHERE p.counted AND s.removed_at IS NULL
    """
  }
}

extension FollowUp {
  private static let dimensions: [Dimension] = [
    Dimension("type", expression: "f.type", list: StructureType.list),
    Dimension("phase", expression: "f.phase", list: Phase.list),
    .department(expression: "f.department"),
    .territory(expression: "f.territory"),
    .constantTerritory(department: "f.department"),
    Follower.dimension,
  ]

  private static let overdueFacts = FactSet("overdue", dimensions: dimensions, omissions: [Omission("type", "isole")]) { period in
    "SELECT * FROM (\(Structure.followUps(on: period.through))) w WHERE w.due < \(period.through) AND w.appointment IS NULL"
  }

  private static let unmetFacts = FactSet("unmet", dimensions: dimensions, omissions: [Omission("type", "isole")]) { period in
    "SELECT * FROM (\(Structure.followUps(on: period.through))) w WHERE w.unmet_since <= \(period.through)"
  }

  static let figures: [Figure] = [
    Figure(
      "support.overdue", label: "Équipes à recontacter",
      definition: """
        Nombre d’équipes dont la date de relance est passée à la date demandée\u{A0}: le dernier échange ou la dernière facilitation tenue, plus le délai de leur phase ou \
        celui de leur fiche. Une équipe sans échange, en pause ou fermée n’a pas de relance\u{A0}; celle avec qui un rendez-vous est prévu \
        n’est pas en retard.
        """,
      unit: "structures", of: overdueFacts, .count, isState: true, moreIsBetter: false, recordKind: "structures"),
    Figure(
      "support.unmet", label: "Équipes non rencontrées",
      definition: """
        Nombre d’équipes sans réunion, visio, visite ni facilitation tenue depuis le délai de leur phase à la date demandée, celles qui n’ont jamais été \
        rencontrées comprises. Une équipe fermée ou dont la phase n’est pas connue ne compte pas.
        """,
      unit: "structures", of: unmetFacts, .count, isState: true, moreIsBetter: false, recordKind: "structures"),
  ]
}
