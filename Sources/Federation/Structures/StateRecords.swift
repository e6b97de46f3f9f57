import Records
import Store

/// Dated stages and facets of structures in files (DIR-02).
struct StateRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var structure: Identifier<Structure>?
    var state: StateCode?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
    var note: String?
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let structures: StructureIndex
  }

  let name = "etats"
  let label = "États des structures"
  let table = "structure_state"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "etat"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(StructureRecords(), "structure_id", \.structure) }
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure, isHistory: true)] }

  let fields: [Field<Draft, Context>] = [
    .structure(\.structure, isRequired: true),
    .value(
      "etat", label: "Étape ou repère", \.state, isRequired: true, input: .choice(Stage.list, or: Facet.list),
      print: { state, _ in state.code }
    ) { text, reading in
      try StateRecords.state(text, &reading)
    },
    .date("depuis", label: "Depuis", \.since, isRequired: true),
    .date("jusqua", label: "Jusqu’à", \.through),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  /// A stage or a facet, by its code or label.
  /// - Throws: `Refusal`.
  static func state(_ text: String, _ reading: inout Reading<some RecordContext>) throws -> StateCode {
    for list in [Stage.list, Facet.list] {
      if let code = reading.context.lists.code(of: text, in: list), let state = StateCode(code) { return state }
    }
    // A form has a menu; what it offers is what it tells.
    guard !reading.isForm else { throw Refusal("« \(text) » n’est ni une étape ni un repère : choisissez dans la liste") }
    let labels = [Stage.list, Facet.list].flatMap { reading.context.lists.values(of: $0) }.map(\.label).joined(separator: ", ")
    throw Refusal("« \(text) » n’est ni une étape ni un repère ; valeurs possibles : \(labels)")
  }

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), structures: try StructureIndex(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let state = draft.state, let since = draft.since else { return nil }
    return "\(structure)|\(state.code)|\(since)"
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only = selection.clause(id: "t.id", first: "t.structure_id", Structure.self)
    return try connection.rows(
      """
      SELECT t.id, t.structure_id, t.state, t.since, t.until, t.note
      FROM structure_state t JOIN structure s ON s.id = t.structure_id
      WHERE t.removed_at IS NULL AND s.removed_at IS NULL \(only) ORDER BY s.reference, t.since, t.state
      """
    ).map { row in
      let until: CivilDate = try row[4]
      let draft = Draft(
        structure: try row[1], state: StateCode(try row[2]), since: try row[3], through: until == .openEnd ? nil : until.previous,
        note: try row[5])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    var faults = Fault.ofPeriod(since: draft.since, through: draft.through)
    guard let type = draft.structure.flatMap({ reading.context.structures.type(of: $0, on: draft.since) }), let state = draft.state else {
      return faults
    }
    // A state that is stored stays, whatever came to be known of the type since.
    if isNew, let stage = state.resultingStage, !type.stages.contains(stage) {
      faults.append(Fault("etat", "l’étape « \(stage.rawValue) » n’existe pas pour le type « \(type.rawValue) »"))
    } else if state == .facet(.aci), !type.signsACI {
      reading.warn("un ACI pour le type « \(type.rawValue) » est inattendu")
    }
    return faults
  }

  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    let declared = lines.compactMap { line in
      line.draft.structure.flatMap { structure in line.draft.datedState.map { (line: line.line, structure: structure, state: $0) } }
    }
    var timelines = try StateTimelines(connection, structures: Set(declared.map(\.structure)).sorted()).timelines
    for line in lines where line.old.map({ $0.state != line.draft.state || $0.since != line.draft.since }) ?? false {
      guard let stage = line.draft.state?.resultingStage,
        let type = line.draft.structure.flatMap({ reading.context.structures.type(of: $0, on: line.draft.since) }),
        !type.stages.contains(stage)
      else { continue }
      reading.warn("l’étape « \(reading.context.lists.label(stage)) » n’existe pas pour ce type d’équipe", about: "etat", line: line.line)
    }
    for (_, structure, state) in declared {
      timelines[structure]?.states.removeAll { $0.code == state.code && $0.span.since == state.span.since }
      timelines[structure]?.states.append(state)
    }
    for (line, structure, state) in declared {
      if let sentence = timelines[structure]?.contradiction(of: state) { reading.warn(sentence, line: line) }
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "structure_state (id, structure_id, state, since, until, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET structure_id = excluded.structure_id, state = excluded.state, since = excluded.since,
          until = excluded.until, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.structure), \(draft.state?.code), \(draft.since), \(draft.through?.next ?? .openEnd), \(draft.note)
        """
    }
  }

  func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws {
    let entries = writes.compactMap { write -> (structure: Int64, state: String, since: CivilDate)? in
      guard write.isNew, let team = write.draft.structure, let state = write.draft.datedState else { return nil }
      return (team.rawValue, state.code.code, state.span.since)
    }
    try NoticeEvent.stages(entries, writing, connection)
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try StateTimelines.rebuild(connection, structures: Set(drafts.compactMap(\.structure)).sorted())
  }
}

extension StateRecords.Draft {
  fileprivate var datedState: DatedState? {
    guard let state, let since else { return nil }
    return DatedState(code: state, span: Span(since: since, until: through?.next ?? .openEnd))
  }
}
