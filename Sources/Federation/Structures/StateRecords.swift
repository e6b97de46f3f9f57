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

  struct Context: RecordContext {
    let lists: ReferenceLists
    let structures: StructureIndex
  }

  let name = "etats"
  let label = "États des structures"
  let table = "structure_state"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "etat"
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .value("structure", label: "Structure", \.structure, isRequired: true, print: { id, context in context.structures.reference(of: id) }) {
      text, reading in try reading.context.structures.identifier(text)
    },
    .value("etat", label: "État", \.state, isRequired: true, print: { state, _ in state.code }) { text, reading in
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
    let codes = (Stage.allCases.map(\.rawValue) + Facet.allCases.map(\.rawValue)).joined(separator: ", ")
    throw Refusal("« \(text) » n’est ni une étape ni un repère ; valeurs possibles : \(codes)")
  }

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), structures: try StructureIndex(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let state = draft.state, let since = draft.since else { return nil }
    return "\(structure)|\(state.code)|\(since)"
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL
    if case .keys(let keys) = selection {
      only = "AND t.structure_id IN \(list: Set(keys.compactMap { Identifier<Structure>(String($0.prefix { $0 != "|" })) }).sorted())"
    } else {
      only = selection.clause(id: "t.id")
    }
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
    var faults: [Fault] = []
    if let since = draft.since, let through = draft.through, through < since {
      faults.append(Fault("jusqua", "finit avant d’avoir commencé"))
    }
    guard let type = draft.structure.flatMap({ reading.context.structures.type(of: $0) }), let state = draft.state else { return faults }
    if let stage = state.resultingStage, !type.stages.contains(stage) {
      faults.append(Fault("etat", "l’étape « \(stage.rawValue) » n’existe pas pour le type « \(type.rawValue) »"))
    } else if state == .facet(.aci), !type.signsACI {
      reading.warn("un ACI pour le type « \(type.rawValue) » est inattendu")
    }
    return faults
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "structure_state (id, structure_id, state, since, until, note)", records,
      suffix: "ON CONFLICT (id) DO UPDATE SET until = excluded.until, note = excluded.note"
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.structure), \(draft.state?.code), \(draft.since), \(draft.through?.next ?? .openEnd), \(draft.note)
        """
    }
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    let structures = Set(drafts.compactMap(\.structure)).sorted()
    // A child's change is a change of its root.
    try connection.execute("UPDATE structure SET version = version + 1 WHERE id IN \(list: structures)")
    try StructureSpans.rebuild(connection, structures: structures)
  }
}

/// Structures ready to be found by the reference that a file gives.
struct StructureIndex: Sendable {
  private struct Entry: Sendable {
    let reference: String
    let type: StructureType
    let firstStage: CivilDate?
  }

  private var entries: [Identifier<Structure>: Entry] = [:]
  private var identifiers: [String: Identifier<Structure>] = [:]
  private var folded: [String: [Identifier<Structure>]] = [:]

  init(_ connection: any Connection) throws {
    let rows = try connection.rows(
      """
      SELECT s.id, s.reference, s.type, MIN(p.since)
      FROM structure s LEFT JOIN structure_span p ON p.structure_id = s.id AND p.counted
      WHERE s.removed_at IS NULL
      GROUP BY s.id, s.reference, s.type
      """)
    for row in rows {
      let entry = Entry(reference: try row[1], type: try row[2], firstStage: try row[3])
      entries[try row[0]] = entry
      identifiers[entry.reference] = try row[0]
      folded[Fold.key(entry.reference), default: []].append(try row[0])
    }
  }

  /// - Throws: `Refusal` when no structure has this reference.
  func identifier(_ reference: String) throws -> Identifier<Structure> {
    if let exact = identifiers[reference] { return exact }
    // Spreadsheets change the case of references more often than federations tell two of them apart by it.
    let near = folded[Fold.key(reference)] ?? []
    guard near.count <= 1 else { throw Refusal("plusieurs structures ont une référence proche de « \(reference) »") }
    guard let only = near.first else {
      throw Refusal("la structure « \(reference) » est inconnue : importez d’abord les structures")
    }
    return only
  }

  func reference(of id: Identifier<Structure>) -> String { entries[id]?.reference ?? id.description }

  func type(of id: Identifier<Structure>) -> StructureType? { entries[id]?.type }

  /// The first day on which the structure counts; `nil` when it counts at every date.
  func beginning(of id: Identifier<Structure>) -> CivilDate? {
    entries[id]?.firstStage.flatMap { $0 == .distantPast ? nil : $0 }
  }
}
