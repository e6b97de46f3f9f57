import Records
import Store

extension Exchange {
  /// What `/echanges` lists.
  public static let factSetName = "exchanges"

  /// Exchanges during the period, with the teams they touch as these were on the day.
  static let facts = FactSet(
    factSetName,
    bridges: [
      Bridge(
        "structure",
        join: """
          LEFT JOIN exchange_structure x ON x.exchange_id = f.id
          LEFT JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
          LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= x.date AND x.date < p.until
          LEFT JOIN territory_span t ON t.department = COALESCE(s.department, f.person_department) AND t.since <= f.date AND f.date < t.until
          """),
      Bridge("person", join: "LEFT JOIN exchange_person n ON n.exchange_id = f.id"),
      Bridge("theme", join: "LEFT JOIN exchange_theme h ON h.exchange_id = f.id"), natures,
    ],
    dimensions: [
      Dimension("canal", expression: "f.channel", list: Channel.list),
      Dimension("theme", bridge: "theme", expression: "h.theme", list: .theme),
      Dimension("nature", bridge: "nature", expression: "m.nature", list: .nature),
      // R14: without a team, that of the person's commune.
      .department(bridge: "structure", expression: "COALESCE(s.department, f.person_department)"),
      .territory(bridge: "structure", expression: "t.territory"),
      .constantTerritory(bridge: "structure", department: "COALESCE(s.department, f.person_department)"),
      Dimension("type", bridge: "structure", expression: "p.type", list: StructureType.list),
      Dimension("phase", bridge: "structure", expression: "p.phase", list: Phase.list),
      Dimension("auteur", label: "Auteur", expression: "f.author_code", stored: authors),
    ]
  ) { records(in: $0) }

  private static let natures = Bridge("nature", join: "LEFT JOIN exchange_nature m ON m.exchange_id = f.id")

  private static func records(in period: Period) -> SQL {
    """
    SELECT e.id, e.reference, e.date, e.channel, e.minutes, e.author_code, e.declared_new,
      CASE WHEN NOT EXISTS (SELECT 1 FROM exchange_structure y WHERE y.exchange_id = e.id) THEN (
        SELECT MIN(c.department) FROM exchange_person n JOIN person q ON q.id = n.person_id JOIN commune c ON c.code = q.commune
        WHERE n.exchange_id = e.id) END AS person_department
    FROM exchange e WHERE e.removed_at IS NULL AND e.date BETWEEN \(period.from) AND \(period.through)
    """
  }

  /// Meetings with organisations that are not teams (DIR-11): held in a room, by video or at their place, and no mere call or letter.
  private static let partnerMeetings = facts.narrowed(to: "partner_meetings") { period in
    """
    SELECT w.* FROM (\(records(in: period))) w WHERE w.channel IN ('reunion', 'visio', 'visite')
      AND EXISTS (SELECT 1 FROM exchange_organisation o WHERE o.exchange_id = w.id)
    """
  }

  /// R3: exchanges, facilitations that were held, workshops of programmes and the steps that teams came to. Of the name of exchanges, by which the changes of an edition are told.
  private static let supportFacts = FactSet(
    factSetName,
    bridges: [
      Bridge(
        "structure",
        join: """
          LEFT JOIN exchange_structure x ON x.exchange_id = f.id LEFT JOIN facilitation_structure y ON y.facilitation_id = f.id
          LEFT JOIN workshop_structure u ON u.workshop_id = f.id LEFT JOIN programme_step z ON z.id = f.id
          LEFT JOIN programme_enrolment w ON w.id = z.enrolment_id
          LEFT JOIN structure s ON s.id = COALESCE(x.structure_id, y.structure_id, u.structure_id, w.structure_id) AND s.removed_at IS NULL
          LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= f.date AND f.date < p.until
          LEFT JOIN territory_span t ON t.department = COALESCE(s.department, f.person_department) AND t.since <= f.date AND f.date < t.until
          """),
      Bridge(
        "theme",
        join: "LEFT JOIN exchange_theme h ON h.exchange_id = f.id LEFT JOIN facilitation_theme g ON g.facilitation_id = f.id"), natures,
    ],
    dimensions: facts.dimensions.map { dimension in
      dimension.code == "theme" ? Dimension("theme", bridge: "theme", expression: "COALESCE(h.theme, g.theme)", list: .theme) : dimension
    }
  ) { period in
    """
    \(records(in: period)) UNION ALL
    SELECT w.id, w.reference, w.date, NULL, w.minutes, NULL, NULL, NULL FROM facilitation w
    WHERE w.removed_at IS NULL AND w.state IN \(FacilitationState.heldCodes) AND w.date BETWEEN \(period.from) AND \(period.through)
    UNION ALL SELECT w.id, w.reference, w.date, NULL, w.minutes, NULL, NULL, NULL FROM workshop w
    WHERE w.removed_at IS NULL AND w.date BETWEEN \(period.from) AND \(period.through)
    UNION ALL SELECT y.id, x.reference, y.date, NULL, NULL, NULL, NULL, NULL FROM programme_step y
    JOIN programme_enrolment x ON x.id = y.enrolment_id AND x.removed_at IS NULL
    WHERE y.date BETWEEN \(period.from) AND \(period.through)
    """
  }

  /// For figures that count teams, of which a lone professional is none (R2).
  private static let supportedTeams = supportFacts.leavingOut(Omission("type", StructureType.isole.rawValue))

  private static let teamFacts = facts.leavingOut(Omission("type", StructureType.isole.rawValue))

  /// Who noted an exchange that is still there. Walks from one author to the next in the index: every page of the log has them all in
  /// a menu, and there are few of them beside the exchanges.
  private static let authors: SQL = """
    WITH RECURSIVE writer (code) AS (
      SELECT MIN(author_code) FROM exchange WHERE removed_at IS NULL
      UNION ALL
      SELECT (SELECT MIN(e.author_code) FROM exchange e WHERE e.removed_at IS NULL AND e.author_code > w.code)
      FROM writer w WHERE w.code IS NOT NULL
    )
    SELECT w.code, (SELECT MIN(e.author) FROM exchange e WHERE e.removed_at IS NULL AND e.author_code = w.code), w.code
    FROM writer w WHERE w.code IS NOT NULL
    """

  private static let structure = Measure.Subject(bridge: "structure", id: "s.id", reference: "s.reference")

  private static let person = Measure.Subject(
    bridge: "person", id: "n.number", reference: "(SELECT q.reference FROM person q WHERE q.id = n.person_id)", isPerson: true)

  /// R9: the team's first stored exchange, and what the file says of it, else the phase it was in that day.
  private static let newStructure = Measure.Subject(
    bridge: "structure", id: "s.id", reference: "s.reference",
    condition: """
      x.exchange_id = (
        SELECT y.exchange_id FROM exchange_structure y JOIN exchange z ON z.id = y.exchange_id AND z.removed_at IS NULL
        WHERE y.structure_id = x.structure_id ORDER BY y.date, y.exchange_id LIMIT 1)
      AND COALESCE(f.declared_new, p.phase IN ('emergence', 'ecriture'))
      """)

  static let figures: [Figure] = [
    Figure(
      "contacts.count", label: "Échanges",
      definition: """
        Nombre d’échanges notés dans la période, quel que soit le nombre d’équipes ou de personnes. Un échange qui touche deux \
        départements, porte deux thèmes ou plusieurs natures compte une fois dans le total et une fois dans chacun\u{A0}: la somme des \
        parts peut dépasser le total.
        """,
      unit: "échanges", of: facts, .count, recordKind: "echanges"),
    Figure(
      "contacts.partner_meetings", label: "Rencontres partenariales",
      definition: """
        Nombre d’échanges de la période par réunion, visio ou visite avec au moins une organisation partenaire (ARS, CPAM, URPS…), \
        avec ou sans équipe. Les appels, les courriels et les messages ne comptent pas.
        """,
      unit: "rencontres", of: partnerMeetings, .count, recordKind: "echanges"),
    Figure(
      "contacts.minutes", label: "Temps d’échange",
      definition: "Somme des durées notées des échanges de la période. Un échange sans durée ne compte pour rien.",
      unit: "minutes", of: facts, .sum(column: "f.minutes"), moreIsBetter: false, recordKind: "echanges"),
    Figure(
      "contacts.structures", label: "Équipes contactées",
      definition: """
        Nombre d’équipes distinctes avec lesquelles au moins un échange a eu lieu dans la période, y compris des professionnels isolés \
        et des équipes fermées depuis, que le nombre de structures laisse de côté.
        """,
      unit: "structures", of: facts, .distinct(structure), recordKind: "structures"),
    Figure(
      "contacts.people", label: "Personnes contactées",
      definition: """
        Nombre de personnes distinctes nommées dans les échanges de la période. Un nom qui n’a pas de fiche compte une fois, \
        d’où qu’il vienne.
        """,
      unit: "personnes", of: facts, .distinct(person), recordKind: "personnes"),
    Figure(
      "support.structures", label: "Équipes accompagnées",
      definition: """
        Nombre d’équipes distinctes accompagnées dans la période\u{A0}: au moins un échange avec elles, une facilitation tenue, \
        une séance d’un programme où elles étaient, ou une étape atteinte dans un programme. Les courriels \
        automatiques, les lettres et les professionnels isolés ne comptent pas.
        """,
      unit: "structures", of: supportedTeams, .distinct(structure), recordKind: "structures"),
    Figure(
      "contacts.new_structures", label: "Nouvelles équipes",
      definition: """
        Nombre d’équipes dont le premier échange jamais noté tombe dans la période, alors qu’elles étaient en émergence ou en \
        écriture ce jour-là. Une indication «\u{202F}nouvelle équipe\u{202F}» reprise d’un fichier l’emporte. Un professionnel isolé \
        n’est pas une équipe.
        """,
      unit: "structures", of: teamFacts, .distinct(newStructure), recordKind: "structures"),
  ]
}
