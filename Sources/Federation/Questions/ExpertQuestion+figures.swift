import Records
import Store

extension ExpertQuestion {
  /// What `/questions` lists.
  public static let factSetName = "expert_questions"

  private static let bridges = [
    Bridge(
      "structure",
      join: """
        LEFT JOIN structure s ON s.id = f.structure_id
        LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= f.day AND f.day < p.until
        LEFT JOIN territory_span t ON t.department = s.department AND t.since <= f.day AND f.day < t.until
        """)
  ]

  private static let facts = FactSet(
    factSetName, bridges: bridges,
    dimensions: [
      Dimension("avancement", expression: "f.state", list: QuestionState.list),
      Dimension("domaine", expression: "f.domain", list: .questionDomain),
      Dimension(
        "expert", label: "Expert", expression: "f.expert",
        stored: """
          SELECT p.reference, \(Person.fullName), p.name_fold FROM person p
          WHERE p.id IN (SELECT q.expert_id FROM expert_question q WHERE q.removed_at IS NULL)
          """),
      .department(bridge: "structure", expression: "s.department"), .territory(bridge: "structure", expression: "t.territory"),
      .constantTerritory(bridge: "structure", department: "s.department"),
      Dimension("type", bridge: "structure", expression: "p.type", list: StructureType.list),
    ]
  ) { period in
    """
    SELECT q.id, q.reference, q.structure_id, q.received_on AS day, q.state, q.domain, x.reference AS expert, q.minutes
    FROM expert_question q JOIN structure k ON k.id = q.structure_id AND k.removed_at IS NULL LEFT JOIN person x ON x.id = q.expert_id
    WHERE q.removed_at IS NULL AND q.received_on BETWEEN \(period.from) AND \(period.through)
    """
  }

  static let figures: [Figure] = [
    Figure(
      "questions.count", label: "Questions aux experts",
      definition: """
        Nombre de questions d’équipes reçues dans la période pour un expert partenaire, quel que soit leur avancement, qui est celui \
        d’aujourd’hui.
        """,
      unit: "questions", of: facts, .count, recordKind: "questions"),
    Figure(
      "questions.minutes", label: "Temps des experts",
      definition: "Somme des temps passés notés sur les questions reçues dans la période. Une réponse sans temps ne compte pour rien.",
      unit: "minutes", of: facts, .sum(column: "f.minutes"), recordKind: "questions"),
  ]
}
