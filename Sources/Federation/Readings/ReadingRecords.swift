import Records
import Store

/// Re-readings of health projects in files and forms (SUP-05).
struct ReadingRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var structure: Identifier<Structure>?
    var requestedOn: CivilDate?
    /// The day by which the team has what the readers say.
    var due: CivilDate?
    /// That of the sitting before which the project is to be read.
    var file: Identifier<CommissionFile>?
    var readers: [Identifier<Account>] = []
    var state: ReadingState?
    var renderedOn: CivilDate?
    var note: String?
  }

  struct Context: StructureContext, AccountContext {
    struct File: Sendable {
      let structure: Identifier<Structure>
      let sitting: CivilDate
    }

    let lists: ReferenceLists
    let structures: StructureIndex
    let accounts: NameIndex<Account>
    let index: NameIndex<CommissionFile>
    let files: [Identifier<CommissionFile>: File]
  }

  let name = "relectures"
  let label = "Relectures de projets de santé"
  let table = "project_reading"
  let ownedTables = ["reading_reader", "reading_task"].map { OwnedTable($0, "reading_id") }
  let blank = Draft()
  let caption = RecordCaption(
    reference: "t.reference", label: "COALESCE((SELECT s.name FROM structure s WHERE s.id = t.structure_id), 'Relecture')",
    fold: "COALESCE((SELECT s.name_fold FROM structure s WHERE s.id = t.structure_id), '')", date: "t.requested_on")
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure)] }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .structure(\.structure, isRequired: true),
    .date("demandee_le", label: "Demandée le", \.requestedOn, isRequired: true),
    .date("a_rendre_le", label: "À rendre avant le", \.due, isRequired: true),
    .value("dossier", label: "Dossier de commission", \.file, print: { id, context in context.index.reference(of: id) }) { text, reading in
      guard let file = reading.context.index.identifier(text) else {
        throw Refusal("« \(text.prefix(80)) » : aucun dossier de commission de cette référence")
      }
      return file
    },
    .several(
      "relecteurs", label: "Relecteurs", \.readers, input: .records(of: Naming.accounts.rawValue),
      print: { id, context in context.accounts.reference(of: id) }
    ) { text, reading in
      guard let account = reading.context.accounts.identifier(text) else { throw Refusal("« \(text.prefix(80)) » n’a pas de compte") }
      return account
    },
    .coded("etat", label: "Avancement", \.state),
    .date("rendue_le", label: "Rendue le", \.renderedOn),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context { try context(connection, StructureIndex(connection)) }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let held: SQL = "SELECT structure_id FROM project_reading WHERE id = \(form.record)"
    let named = Structure.searchSource.named(form.texts("structure"), Structure.self).map { "\($0) UNION ALL \(held)" as SQL }
    return try context(connection, StructureIndex(connection, only: named))
  }

  private func context(_ connection: any Connection, _ structures: StructureIndex) throws -> Context {
    let rows = try connection.rows(
      """
      SELECT g.id, g.reference, g.structure_id, c.date FROM commission_file g JOIN commission_sitting c ON c.id = g.sitting_id ORDER BY g.id
      """)
    var files: [Identifier<CommissionFile>: Context.File] = [:]
    for row in rows { files[try row[0]] = Context.File(structure: try row[2], sitting: try row[3]) }
    return Context(
      lists: try ReferenceLists(connection), structures: structures, accounts: try NameIndex(accounts: connection),
      index: NameIndex(try rows.map { .init(id: try $0[0], reference: try $0[1], email: nil, names: []) }), files: files)
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    let state = draft.state ?? (draft.renderedOn == nil ? .requested : .rendered)
    draft.state = state
    draft.note = draft.note.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    if state == .rendered, draft.renderedOn == nil { draft.renderedOn = reading.today }
    var faults: [Fault] = []
    if let rendered = draft.renderedOn {
      if state.isOpen {
        faults.append(Fault("etat", "elle a été rendue ce jour-là : dites « Rendue », ou effacez le jour"))
      } else if rendered > reading.today {
        faults.append(Fault("rendue_le", value: rendered.description, "ce jour est à venir"))
      } else if let requested = draft.requestedOn, rendered < requested {
        faults.append(Fault("rendue_le", value: rendered.description, "c’est avant la demande du \(requested.written)"))
      }
    }
    if let requested = draft.requestedOn, requested > reading.today {
      faults.append(Fault("demandee_le", value: requested.description, "ce jour est à venir"))
    }
    if let requested = draft.requestedOn, let due = draft.due, due < requested {
      faults.append(Fault("a_rendre_le", value: due.description, "c’est avant la demande du \(requested.written)"))
    }
    if let file = draft.file.flatMap({ reading.context.files[$0] }) {
      if let due = draft.due, due > file.sitting {
        faults.append(Fault("a_rendre_le", value: due.description, "c’est après la séance du \(file.sitting.written)"))
      }
      if let team = draft.structure, isNew, file.structure != team {
        faults.append(Fault("dossier", "ce dossier est celui d’une autre équipe"))
      }
    }
    if state.isOpen, draft.readers.isEmpty {
      reading.warn("personne n’est chargé de cette relecture : elle n’apparaîtra sur la page du jour de personne", about: "relecteurs")
    }
    return faults
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "r.removed_at IS NULL \(selection.clause(id: "r.id", key: "r.reference"))"
    var readers: [Int64: [Identifier<Account>]] = [:]
    for row in try connection.rows(
      "SELECT x.reading_id, x.account_id FROM project_reading r JOIN reading_reader x ON x.reading_id = r.id WHERE \(only)")
    { readers[try row[0], default: []].append(try row[1]) }
    return try connection.rows(
      """
      SELECT r.id, r.reference, r.structure_id, r.requested_on, r.due_on, r.file_id, r.state, r.rendered_on, r.note
      FROM project_reading r WHERE \(only) ORDER BY r.requested_on, r.id
      """
    ).map { row in
      let draft = Draft(
        reference: try row[1], structure: try row[2], requestedOn: try row[3], due: try row[4], file: try row[5],
        readers: readers[try row[0], default: []].sorted(), state: try row[6], renderedOn: try row[7], note: try row[8])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "project_reading (id, reference, structure_id, requested_on, due_on, file_id, state, rendered_on, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, structure_id = excluded.structure_id,
          requested_on = excluded.requested_on, due_on = excluded.due_on, file_id = excluded.file_id, state = excluded.state,
          rendered_on = excluded.rendered_on, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.structure), \(draft.requestedOn), \(draft.due), \(draft.file), \(draft.state),
        \(draft.renderedOn), \(draft.note)
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    if !changed.isEmpty { try connection.execute("DELETE FROM reading_reader WHERE reading_id IN \(list: changed)") }
    let readers = records.flatMap { record in record.draft.readers.map { (record.id, $0) } }
    try connection.insert(into: "reading_reader (reading_id, account_id)", readers) { "\($0), \($1)" }
  }

  func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws {
    for write in writes { try ReadingTasks(reading: write.id, write.draft, writing, connection).follow() }
  }

  /// Its remarks, and what its readers have to do; what is done stays. Those come back that left at the same moment.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    func found(_ source: SQL, _ isOpen: SQL) throws -> [Int64] {
      let which: SQL = removed ? "t.removed_at IS NULL AND \(isOpen)" : "t.removed_at = r.removed_at"
      return try connection.rows("SELECT t.id FROM project_reading r \(source) WHERE r.id IN \(list: records) AND \(which) ORDER BY t.id")
        .map {
          try $0[0]
        }
    }
    return [
      (ReadingRemarkRecords(), try found("JOIN reading_remark t ON t.reading_id = r.id", "1 = 1")),
      (
        ToDoRecords(),
        try found("JOIN reading_task x ON x.reading_id = r.id JOIN todo t ON t.id = x.todo_id", "t.state = \(ToDoState.open)")
      ),
    ]
  }
}
