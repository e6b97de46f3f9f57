import Records
import Store

extension Structure {
  /// What follows from `structure_state`: which dated states made their structure enter something, and what.
  static let entryMigration = Migration(
    "202611211345-structures",
    [
      """
      CREATE TABLE structure_entry (
        structure_id \(.id) NOT NULL REFERENCES structure (id), state_id \(.id) NOT NULL, target \(.text) NOT NULL,
        PRIMARY KEY (state_id, target)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX structure_entry_structure ON structure_entry (structure_id)",
      "CREATE INDEX structure_state_since ON structure_state (since)",
    ])

  /// For an entry into a stage, the stage before and the days since the team entered it.
  static let entryStepMigration = Migration(
    "202611211741-structures",
    [
      "ALTER TABLE structure_entry ADD COLUMN previous \(.text)",
      "ALTER TABLE structure_entry ADD COLUMN days \(.int) CHECK (days >= 0)",
    ])
}

/// The stored entries into stages and facets, rebuilt in the transaction of every change.
enum StateEntries {
  private struct Row: Hashable {
    let structure: Identifier<Structure>
    let state: Identifier<DatedState>
    let target: String
    let previous: Stage?
    let days: Int?
  }

  static func rebuild(_ connection: any Connection) throws {
    try store(StateTimelines(connection, structures: nil), nil, connection)
  }

  /// - Parameter structures: those whose rows are replaced; all when `nil`.
  static func store(_ declared: StateTimelines, _ structures: [Identifier<Structure>]?, _ connection: any Connection) throws {
    let only: SQL = structures.map { "WHERE structure_id IN \(list: $0)" } ?? ""
    try connection.execute("DELETE FROM structure_entry \(only)")
    try connection.insert(into: "structure_entry (structure_id, state_id, target, previous, days)", rows(declared)) {
      "\($0.structure), \($0.state), \($0.target), \($0.previous), \($0.days)"
    }
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    let stored = try connection.rows("SELECT structure_id, state_id, target, previous, days FROM structure_entry").map {
      Row(structure: try $0[0], state: try $0[1], target: try $0[2], previous: try $0[3], days: try $0[4])
    }
    let computed = rows(try StateTimelines(connection, structures: nil))
    return Set(stored) == Set(computed) ? [] : ["Les entrées dans les étapes ne sont plus à jour."]
  }

  private static func rows(_ declared: StateTimelines) -> [Row] {
    declared.timelines.flatMap { structure, timeline in
      timeline.entries().compactMap { entry in
        declared.identifiers[structure]?[entry.state].map { state in
          Row(structure: structure, state: state, target: entry.target.code, previous: entry.step?.from, days: entry.step?.days)
        }
      }
    }
  }
}

extension StateEntry {
  /// Dated states of the period that made their structure enter a stage or a facet. A signed ACI may also open the team: it is
  /// one record, under both.
  private static let facts = FactSet(
    StateEntryListing.factSetName,
    bridges: [Bridge("target", join: "JOIN structure_entry v ON v.state_id = f.id")],
    dimensions: [
      Dimension("vers", label: "Entrée dans", by: "étape ou repère", bridge: "target", expression: "v.target") { lists, _ in
        lists.values(of: Stage.list) + lists.values(of: Facet.list)
      },
      Dimension("type", expression: "f.type", list: StructureType.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
    ],
    omissions: [Omission("type", "isole")]
  ) { period in
    "SELECT t.id, \(columns) \(states(in: period)) AND t.id IN (SELECT state_id FROM structure_entry)"
  }

  /// Entries into a stage that the team reached from another one.
  private static let steps = FactSet(
    "stage_steps",
    dimensions: [
      Dimension("vers", label: "Entrée dans", expression: "f.target") { lists, _ in lists.values(of: Stage.list) },
      Dimension("de", label: "Étape précédente", expression: "f.previous") { lists, _ in lists.values(of: Stage.list) },
      Dimension("type", expression: "f.type", list: StructureType.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
      .constantTerritory(department: "f.department"),
    ],
    omissions: [Omission("type", "isole")]
  ) { period in
    """
    SELECT w.*, v.target, v.previous, v.days FROM (SELECT t.id, \(columns) \(states(in: period))) w
    JOIN structure_entry v ON v.state_id = w.id AND v.days IS NOT NULL
    """
  }

  /// Those by which a project was validated.
  private static let validations = FactSet(
    "validations",
    dimensions: [
      Dimension("type", expression: "f.type", list: StructureType.list),
      .department(expression: "f.department"),
      .territory(expression: "f.territory"),
    ],
    omissions: [Omission("type", "isole")]
  ) { period in
    """
    SELECT t.id, \(columns) \(states(in: period))
      AND t.id IN (SELECT v.state_id FROM structure_entry v WHERE v.target = \(Stage.valide))
    """
  }

  private static let columns: SQL = "s.reference, p.type, s.department, r.territory"

  /// The dated states of the period, with the team as it was on the day.
  private static func states(in period: Period) -> SQL {
    """
    FROM structure_state t
    JOIN structure s ON s.id = t.structure_id AND s.removed_at IS NULL
    JOIN structure_span p ON p.structure_id = s.id AND p.since <= t.since AND t.since < p.until
    LEFT JOIN territory_span r ON r.department = s.department AND r.since <= t.since AND t.since < r.until
    WHERE t.removed_at IS NULL AND t.since BETWEEN \(period.from) AND \(period.through)
    """
  }

  static let figures = [
    Figure(
      "structures.transitions", label: "Entrées dans une étape",
      definition: """
        Nombre d’entrées d’équipes, dans la période, dans une étape ou un repère daté (ACI, SISA, locaux…), la première étape comprise. \
        La reprise après une pause n’est pas une entrée, ni une étape ou un repère où l’équipe se trouvait déjà la veille. Un ACI qui \
        ouvre l’équipe compte une fois dans le total, une fois sous l’ACI et une fois sous l’ouverture.
        """,
      unit: "entrées", of: facts, .count, recordKind: "etats"),
    Figure(
      "structures.validations", label: "Projets de santé validés",
      definition: """
        Nombre d’équipes entrées dans l’étape «\u{202F}validé\u{202F}» pendant la période, par leur type de ce jour-là\u{A0}: celles que \
        la commission a reconnues. Une équipe ouverte sans étape «\u{202F}validé\u{202F}» datée n’y figure pas.
        """,
      unit: "équipes", of: validations, .count, recordKind: "etats"),
    Figure(
      StateEntryListing.stepFigure, label: "Durée entre deux étapes (médiane)",
      definition: """
        Pour les entrées d’équipes dans une étape pendant la période, nombre de jours depuis leur entrée dans l’étape précédente de leur \
        propre parcours\u{A0}: la moitié des durées sont plus courtes, la moitié plus longues. Une pause n’est pas une étape du parcours, \
        ses jours comptent. Une première étape, qui n’en a pas avant elle, est laissée de côté.
        """,
      unit: "jours", scale: 10, of: steps, .median(column: "f.days"), moreIsBetter: false, recordKind: "etats"),
  ]
}
