import Records
import Store

/// Phases that a person corrects, in files (R6): from a day on, and to a last day when it is known.
struct PhaseRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var structure: Identifier<Structure>?
    var phase: Phase?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
    /// Why the phase that follows from the states is not the right one.
    var note: String?
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    /// The last days of the corrections of each structure, by the day from which they hold; those that a file brings too.
    var corrections: [Identifier<Structure>: [CivilDate: CivilDate?]] = [:]
  }

  let name = "phases"
  let label = "Phases corrigées"
  let table = "phase_correction"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "phase"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(StructureRecords(), "structure_id", \.structure) }
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure, isHistory: true)] }

  let fields: [Field<Draft, Context>] = [
    .structure(\.structure, isRequired: true),
    .coded("phase", label: "Phase", \.phase, isRequired: true),
    .date("depuis", label: "Depuis", \.since, isRequired: true),
    .date("jusqua", label: "Jusqu’à", \.through),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  static let migration = Migration(
    "202611211330-structures",
    [
      """
      CREATE TABLE phase_correction (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id), phase \(.text) NOT NULL,
        since \(.date) NOT NULL, until \(.date) NOT NULL, note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX phase_correction_key ON phase_correction (structure_id, since) WHERE removed_at IS NULL",
    ])

  func context(_ connection: any Connection) throws -> Context {
    var context = Context(lists: try ReferenceLists(connection), structures: try StructureIndex(connection))
    for row in try connection.rows("SELECT structure_id, since, until FROM phase_correction WHERE removed_at IS NULL") {
      let until: CivilDate = try row[2]
      context.corrections[try row[0], default: [:]][try row[1]] = .some(until == .openEnd ? nil : until.previous)
    }
    return context
  }

  /// One correction a day: another phase from the same day replaces it.
  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let since = draft.since else { return nil }
    return "\(structure)|\(since)"
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT c.id, c.structure_id, c.phase, c.since, c.until, c.note
      FROM phase_correction c JOIN structure s ON s.id = c.structure_id
      WHERE c.removed_at IS NULL AND s.removed_at IS NULL \(selection.clause(id: "c.id", first: "c.structure_id", Structure.self)) ORDER BY s.reference, c.since
      """
    ).map { row in
      let until: CivilDate = try row[4]
      let draft = Draft(
        structure: try row[1], phase: try row[2], since: try row[3], through: until == .openEnd ? nil : until.previous, note: try row[5])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    let faults = Fault.ofPeriod(since: draft.since, through: draft.through)
    guard faults.isEmpty, let structure = draft.structure, let since = draft.since else { return faults }
    let others = reading.context.corrections[structure, default: [:]]
    // What is stored stays as it is.
    if let stored = others[since], stored == draft.through { return [] }
    let overlaps = overlaps(since, draft.through, others)
    if overlaps.isEmpty { reading.context.corrections[structure, default: [:]][since] = .some(draft.through) }
    return overlaps
  }

  /// Two corrections that both say when they end cannot hold on one day. One without an end lasts until the next one begins.
  private func overlaps(_ since: CivilDate, _ through: CivilDate?, _ others: [CivilDate: CivilDate?]) -> [Fault] {
    for (start, end) in others.sorted(by: { $0.key < $1.key }) where start != since {
      if start < since, let end, end >= since {
        return [Fault("depuis", "la phase est déjà corrigée du \(start) au \(end) : commencez le \(end.next) au plus tôt")]
      }
      if start > since, let through, through >= start {
        return [Fault("jusqua", "la phase est déjà corrigée à partir du \(start) : finissez le \(start.previous) au plus tard")]
      }
    }
    return []
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "phase_correction (id, structure_id, phase, since, until, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET structure_id = excluded.structure_id, phase = excluded.phase, until = excluded.until,
          note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.structure), \(draft.phase), \(draft.since), \(draft.through?.next ?? .openEnd), \(draft.note)
        """
    }
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try StateTimelines.rebuild(connection, structures: Set(drafts.compactMap(\.structure)).sorted())
  }
}
