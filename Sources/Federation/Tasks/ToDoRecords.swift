import Records
import Store

/// Tasks and appointments in files (SUP-13).
struct ToDoRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var title: String?
    var nature: ToDoNature?
    var due: CivilDate?
    /// `HH:MM`, in the federation's time zone.
    var time: String?
    var minutes: Int?
    var structure: Identifier<Structure>?
    /// The exchange that it follows from.
    var exchange: Identifier<Exchange>?
    var assignee: Named<Account>?
    var state: ToDoState?
    var doneOn: CivilDate?
    var note: String?
    var reference: String?
  }

  struct Context: StructureContext, AccountContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    let accounts: NameIndex<Account>
  }

  let name = "taches"
  let label = "Tâches et rendez-vous"
  let table = "todo"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  var searched: SearchSource? { ToDo.searchSource }
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure)] }

  let fields: [Field<Draft, Context>] = [
    .text("titre", label: "Titre", \.title, isRequired: true),
    .date("echeance", label: "Échéance", \.due, isRequired: true),
    .value("heure", label: "Heure", \.time, print: { time, _ in time }) { text, _ in try ToDoRecords.time(text) },
    .integer("duree_minutes", label: "Durée (minutes)", \.minutes, in: 1...1_440),
    .coded("nature", label: "Nature", \.nature),
    .structure(\.structure),
    .account("affectee_a", label: "Affectée à", \.assignee),
    .coded("etat", label: "État", \.state),
    .date("faite_le", label: "Faite le", \.doneOn),
    .text("note", label: "Note", \.note, limit: 5_000),
    .text("reference", label: "Référence", \.reference, limit: 80),
  ]

  /// `14:30`, `14h30` or `14h`, kept as `14:30`.
  /// - Throws: `Refusal`.
  static func time(_ text: String) throws -> String {
    let parts = text.lowercased().split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "h" }
    let hour = parts.first.flatMap { Int($0) }
    let minute = parts.count > 1 && parts[1] != "" ? Int(parts[1]) : 0
    guard parts.count == 2, let hour, let minute, (0...23).contains(hour), (0...59).contains(minute) else {
      throw Refusal("« \(text) » n’est pas une heure (14:30 ou 14h30)")
    }
    return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
  }

  func context(_ connection: any Connection) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), structures: try StructureIndex(connection), accounts: try NameIndex(accounts: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let held: SQL = "SELECT structure_id FROM todo WHERE id = \(form.record)"
    let named = Structure.searchSource.named(form.texts("structure"), Structure.self).map { "\($0) UNION ALL \(held)" as SQL }
    return Context(
      lists: try ReferenceLists(connection), structures: try StructureIndex(connection, only: named),
      accounts: try NameIndex(accounts: connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.nature = draft.nature ?? .task
    draft.state = draft.state ?? .open
    if draft.state == .done { draft.doneOn = draft.doneOn ?? reading.today } else { draft.doneOn = nil }
    if let doneOn = draft.doneOn, doneOn > reading.today { return [Fault("faite_le", "la date est à venir")] }
    return []
  }

  /// A day of the last century is a year that was typed short.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    for line in lines {
      guard let due = line.draft.due, due != line.old?.due, due < .firstDay(of: 2_000) else { continue }
      reading.warn("la date \(due) est bien ancienne", about: "echeance", line: line.line)
    }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL
    if case .keys(let keys) = selection {
      // Without a reference of its own it is known by its identifier, as exports write it.
      let ids = keys.compactMap { Identifier<ToDo>($0) }
      only = """
        AND t.id IN (
          SELECT id FROM todo WHERE removed_at IS NULL AND reference IN \(list: keys)
          UNION ALL SELECT id FROM todo WHERE removed_at IS NULL AND reference IS NULL AND id IN \(list: ids))
        """
    } else {
      only = selection.clause(id: "t.id")
    }
    return try connection.rows(
      """
      SELECT t.id, t.title, t.nature, t.due, t.at, t.minutes, t.structure_id, t.exchange_id, t.account_id, t.assignee, t.state,
        t.done_on, t.note, t.reference
      FROM todo t WHERE t.removed_at IS NULL \(only) ORDER BY t.due, t.id
      """
    ).map { row in
      let id: Identifier<ToDo> = try row[0]
      let account: Identifier<Account>? = try row[8]
      let name: String? = try row[9]
      let draft = Draft(
        title: try row[1], nature: try row[2], due: try row[3], time: try row[4], minutes: try row[5], structure: try row[6],
        exchange: try row[7], assignee: account.map(Named.record) ?? name.map(Named.name), state: try row[10], doneOn: try row[11],
        note: try row[12], reference: try row[13] ?? id.description)
      return StoredRecord(id: id.rawValue, key: draft.reference ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        todo (id, reference, title, nature, due, at, minutes, structure_id, exchange_id, account_id, assignee, state, done_on, note)
        """, records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, nature = excluded.nature, due = excluded.due, at = excluded.at,
          minutes = excluded.minutes, structure_id = excluded.structure_id, exchange_id = excluded.exchange_id,
          account_id = excluded.account_id, assignee = excluded.assignee, state = excluded.state, done_on = excluded.done_on,
          note = excluded.note
        """
    ) { record in
      let draft = record.draft
      let ownReference = draft.reference == Identifier<ToDo>(rawValue: record.id).description ? nil : draft.reference
      let (account, name): (Identifier<Account>?, String?) =
        switch draft.assignee {
        case .record(let id): (id, nil)
        case .name(let name): (nil, name)
        case nil: (nil, nil)
        }
      return """
        \(record.id), \(ownReference), \(draft.title), \(draft.nature), \(draft.due), \(draft.time), \(draft.minutes),
        \(draft.structure), \(draft.exchange), \(account), \(name), \(draft.state), \(draft.doneOn), \(draft.note)
        """
    }
  }
}
