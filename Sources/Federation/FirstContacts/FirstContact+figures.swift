import Records
import Store

extension FirstContact {
  /// What `/premiers-contacts` lists.
  public static let factSetName = "first_contacts"

  /// First contacts that came in the period, where they came from, and what has become of them since.
  private static let facts = FactSet(
    factSetName,
    dimensions: [
      Dimension("etat", expression: "f.state", list: FirstContactState.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
      Dimension("canal", expression: "f.channel", list: Channel.list),
      Dimension("profession", expression: "f.profession", list: .profession),
      .yesNo("projet", label: "A déjà un projet", expression: "f.project"),
      Dimension("charge", label: "Pris en charge par", expression: "f.taker", stored: takers),
    ]
  ) { period in
    """
    SELECT c.id, c.reference, c.state, c.channel, c.profession, k.department, t.territory,
      CASE WHEN c.has_project THEN 'oui' WHEN NOT c.has_project THEN 'non' END AS project, COALESCE(a.email, c.assignee) AS taker
    FROM first_contact c LEFT JOIN commune k ON k.code = c.commune LEFT JOIN account a ON a.id = c.account_id
    LEFT JOIN territory_span t ON t.department = k.department AND t.since <= c.received_on AND c.received_on < t.until
    WHERE c.removed_at IS NULL AND c.received_on BETWEEN \(period.from) AND \(period.through)
    """
  }

  private static let takers: SQL = """
    SELECT DISTINCT COALESCE(a.email, c.assignee), COALESCE(a.name, c.assignee), COALESCE(a.name, c.assignee)
    FROM first_contact c LEFT JOIN account a ON a.id = c.account_id
    WHERE c.removed_at IS NULL AND COALESCE(a.email, c.assignee) IS NOT NULL
    """

  static let figure = Figure(
    "first_contacts.count", label: "Premiers contacts",
    definition: """
      Nombre de personnes qui ont demandé conseil à la fédération pour la première fois dans la période, avec ou sans projet, par le \
      formulaire public, par téléphone ou autrement. Chaque demande compte une fois, au jour où elle est arrivée\u{A0}; la suite donnée \
      est celle d’aujourd’hui. Le département est celui de la commune de la personne.
      """,
    unit: "premiers contacts", of: facts, .count, recordKind: "premiers_contacts")
}
