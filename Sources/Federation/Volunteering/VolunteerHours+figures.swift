import Records
import Store

extension VolunteerHours {
  /// What `/heures` lists: lines, whatever became of them.
  public static let factSetName = "volunteer_lines"

  private static let dimensions: [Dimension] = [
    Dimension("activite", expression: "f.activity", list: .volunteerActivity),
    .department(expression: "f.department"), .territory(expression: "f.territory"), .constantTerritory(department: "f.department"),
  ]

  private static let bridges = [Bridge("person", join: "LEFT JOIN person n ON n.id = f.person_id")]

  private static func records(in period: Period, _ condition: SQL) -> SQL {
    """
    SELECT h.id, h.reference, h.date AS day, h.activity, h.state, h.person_id, k.department, t.territory, \(counted) AS minutes,
      CASE WHEN h.facilitation_id IS NULL AND h.meeting_id IS NULL THEN 'non' ELSE 'oui' END AS computed
    FROM volunteer_hours h JOIN person p ON p.id = h.person_id LEFT JOIN commune k ON k.code = p.commune
    LEFT JOIN territory_span t ON t.department = k.department AND t.since <= h.date AND h.date < t.until
    WHERE h.removed_at IS NULL AND h.date BETWEEN \(period.from) AND \(period.through) AND \(condition)
    """
  }

  private static let lines = FactSet(
    factSetName,
    dimensions: [Dimension("etat", expression: "f.state", list: VolunteerState.list)] + dimensions + [
      .yesNo("relevee", label: "Relevée d’une rencontre", expression: "f.computed")
    ]
  ) { records(in: $0, "1 = 1") }

  private static let validated = FactSet("volunteer_hours", bridges: bridges, dimensions: dimensions) {
    records(in: $0, "h.state = 'validee'")
  }

  private static let person = Measure.Subject(bridge: "person", id: "n.id", reference: "n.reference", isPerson: true)

  static let figures: [Figure] = [
    Figure(
      "volunteers.hours", label: "Heures bénévoles",
      definition: """
        Somme des heures données dans la période par des personnes qui ne sont pas salariées, à leur jour, parmi les lignes validées\u{A0}: la \
        présence, et le trajet aller et retour selon le réglage de ce jour-là. Une ligne proposée ou refusée ne compte pas. Le département est \
        celui de la personne.
        """,
      unit: "heures", scale: 60, of: validated, .sum(column: "f.minutes"), recordKind: "heures"),
    Figure(
      "volunteers.people", label: "Bénévoles",
      definition: "Nombre de personnes distinctes qui ont au moins une ligne d’heures bénévoles validée dans la période.",
      unit: "bénévoles", of: validated, .distinct(person), recordKind: "personnes"),
    Figure(
      "volunteers.lines", label: "Lignes d’heures bénévoles",
      definition: "Nombre de lignes du registre des heures bénévoles dans la période, qu’elles soient proposées, validées ou refusées.",
      unit: "lignes", of: lines, .count, recordKind: "heures"),
  ]
}
