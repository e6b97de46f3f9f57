import Records
import Store

extension Exchange {
  /// Exchanges during the period, with the teams they touch as these were on the day.
  static let facts = FactSet(
    "exchanges",
    bridges: [
      Bridge(
        "structure",
        join: """
          LEFT JOIN exchange_structure x ON x.exchange_id = f.id
          LEFT JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
          LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= x.date AND x.date < p.until
          LEFT JOIN territory_span t ON t.department = s.department AND t.since <= x.date AND x.date < t.until
          """),
      Bridge("theme", join: "LEFT JOIN exchange_theme h ON h.exchange_id = f.id"),
    ],
    dimensions: [
      Dimension("canal", expression: "f.channel", list: Channel.list),
      Dimension("theme", bridge: "theme", expression: "h.theme", list: .theme),
      Dimension("nature", expression: "f.nature", list: .nature),
      .department(bridge: "structure", expression: "s.department"),
      .territory(bridge: "structure", expression: "t.territory"),
      Dimension("type", bridge: "structure", expression: "s.type", list: StructureType.list),
      Dimension("phase", bridge: "structure", expression: "p.phase", list: Phase.list),
      Dimension("auteur", label: "Auteur", expression: "f.author_code") { _, connection in
        try connection.rows(
          "SELECT author_code, MIN(author) FROM exchange WHERE author_code IS NOT NULL GROUP BY author_code ORDER BY author_code"
        ).map { ReferenceValue(code: try $0[0], label: try $0[1]) }
      },
    ]
  ) { period in
    """
    SELECT e.id, e.reference, e.channel, e.nature, e.minutes, e.author_code, e.declared_new
    FROM exchange e WHERE e.removed_at IS NULL AND e.date BETWEEN \(period.from) AND \(period.through)
    """
  }

  private static let structure = Measure.Subject(bridge: "structure", id: "s.id", reference: "s.reference")

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
        départements ou porte deux thèmes compte une fois dans le total et une fois dans chacun : la somme des parts peut dépasser \
        le total.
        """,
      unit: "échanges", of: facts, .count, recordKind: "echanges"),
    Figure(
      "contacts.minutes", label: "Temps d’échange",
      definition: "Somme des durées notées des échanges de la période. Un échange sans durée ne compte pour rien.",
      unit: "minutes", of: facts, .sum(column: "f.minutes"), recordKind: "echanges"),
    Figure(
      "contacts.structures", label: "Équipes contactées",
      definition: "Nombre d’équipes distinctes avec lesquelles au moins un échange a eu lieu dans la période.",
      unit: "structures", of: facts, .distinct(structure), recordKind: "structures"),
    Figure(
      "contacts.new_structures", label: "Nouvelles équipes",
      definition: """
        Nombre d’équipes dont le premier échange jamais noté tombe dans la période, alors qu’elles étaient en émergence ou en \
        écriture ce jour-là. Une indication « nouvelle équipe » reprise d’un fichier l’emporte.
        """,
      unit: "structures", of: facts, .distinct(newStructure), recordKind: "structures"),
  ]
}
