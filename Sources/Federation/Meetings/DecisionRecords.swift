import Records
import Store

/// What was decided at meetings, in files and forms (GOV-08): each a task, or something told to teams.
struct DecisionRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var meeting: Identifier<Meeting>?
    var body: String?
    var structures: [Identifier<Structure>] = []
    var task: Identifier<ToDo>?
    var abandonedOn: CivilDate?
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    let meetings: NameIndex<Meeting>
    let tasks: NameIndex<ToDo>
  }

  let name = "decisions"
  let label = "Décisions"
  let table = "decision"
  let ownedTables = [OwnedTable("decision_structure", "decision_id")]
  let blank = Draft()
  var searched: SearchSource? { Meeting.decisionSource }
  var links: [RecordLink<Draft>] {
    [.several(to: "structures", table: "decision_structure", column: "structure_id", owner: "decision_id", \.structures)]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .value(
      "compte_rendu", label: "Compte rendu", \.meeting, isRequired: true, print: { id, context in context.meetings.reference(of: id) }
    ) { text, reading in
      guard let meeting = reading.context.meetings.identifier(text) else {
        throw Refusal("« \(text) » : aucun compte rendu de cette référence")
      }
      return meeting
    },
    .text("texte", label: "Décision", \.body, isRequired: true, limit: 2_000),
    .structures(\.structures),
    .value("tache", label: "Tâche", \.task, print: { id, context in context.tasks.reference(of: id) }) { text, reading in
      guard let task = reading.context.tasks.identifier(text) else { throw Refusal("« \(text) » : aucune tâche de cette référence") }
      return task
    },
    .date("abandonnee_le", label: "Abandonnée le", \.abandonedOn),
  ]

  func context(_ connection: any Connection) throws -> Context {
    try context(connection, StructureIndex(connection), tasks: "t.removed_at IS NULL")
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let held: SQL = "SELECT structure_id FROM decision_structure WHERE decision_id = \(form.record)"
    let named = Structure.searchSource.named(form.texts("structures"), Structure.self).map { "\($0) UNION ALL \(held)" as SQL }
    return try context(
      connection, StructureIndex(connection, only: named),
      tasks: "t.id IN (SELECT todo_id FROM decision WHERE id = \(form.record) AND todo_id IS NOT NULL)")
  }

  private func context(_ connection: any Connection, _ structures: StructureIndex, tasks: SQL) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), structures: structures,
      meetings: NameIndex(
        try connection.rows("SELECT id, reference, title FROM meeting WHERE removed_at IS NULL ORDER BY id").map {
          .init(id: try $0[0], reference: try $0[1], email: nil, names: [try $0[2]])
        }),
      tasks: NameIndex(
        try connection.rows("SELECT t.id, t.reference FROM todo t WHERE \(tasks) ORDER BY t.id").map { row in
          let id: Identifier<ToDo> = try row[0]
          return .init(id: id, reference: try row[1] ?? id.description, email: nil, names: [])
        }))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.body = draft.body.map(PastedText.cleaned)
    if draft.task == nil, draft.structures.isEmpty {
      return [Fault("structures", "une décision est une tâche, ou concerne une équipe : dites laquelle")]
    }
    return draft.abandonedOn.map { $0 > reading.today ? [Fault("abandonnee_le", "ce jour est à venir")] : [] } ?? []
  }

  /// What is left to do after a decision; what is done stays. Those come back that left at the same moment.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let which: SQL =
      removed
      ? "t.state = \(ToDoState.open) AND t.removed_at IS NULL" : "t.removed_at = d.removed_at"
    let tasks = try connection.rows(
      "SELECT t.id FROM decision d JOIN todo t ON t.id = d.todo_id WHERE d.id IN \(list: records) AND \(which) ORDER BY t.id")
    return [(ToDoRecords(), try tasks.map { try $0[0] })]
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "d.removed_at IS NULL \(selection.clause(id: "d.id", key: "d.reference"))"
    var teams: [Int64: [Identifier<Structure>]] = [:]
    for row in try connection.rows(
      "SELECT x.decision_id, x.structure_id FROM decision d JOIN decision_structure x ON x.decision_id = d.id WHERE \(only)")
    { teams[try row[0], default: []].append(try row[1]) }
    return try connection.rows(
      """
      SELECT d.id, d.reference, d.meeting_id, d.body, d.todo_id, d.abandoned_on FROM decision d JOIN meeting m ON m.id = d.meeting_id
      WHERE \(only) ORDER BY m.date, d.id
      """
    ).map { row in
      let draft = Draft(
        reference: try row[1], meeting: try row[2], body: try row[3], structures: (teams[try row[0]] ?? []).sorted(), task: try row[4],
        abandonedOn: try row[5])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "decision (id, reference, meeting_id, body, todo_id, abandoned_on)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, meeting_id = excluded.meeting_id, body = excluded.body,
          todo_id = excluded.todo_id, abandoned_on = excluded.abandoned_on
        """
    ) { record in
      let draft = record.draft
      return "\(record.id), \(draft.reference), \(draft.meeting), \(draft.body), \(draft.task), \(draft.abandonedOn)"
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    if !changed.isEmpty { try connection.execute("DELETE FROM decision_structure WHERE decision_id IN \(list: changed)") }
    let teams = records.flatMap { record in record.draft.structures.map { (record.id, $0) } }
    try connection.insert(into: "decision_structure (decision_id, structure_id)", teams) { "\($0), \($1)" }
  }
}
