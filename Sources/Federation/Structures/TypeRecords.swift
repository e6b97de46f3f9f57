import Records
import Store

/// Changes of a structure's type, dated, in files (DIR-13): an ESP-CLAP that became an MSP.
struct TypeRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var structure: Identifier<Structure>?
    var type: StructureType?
    var since: CivilDate?
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let structures: StructureIndex
  }

  let name = "types"
  let label = "Types des structures"
  let table = "structure_type"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "depuis"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(StructureRecords(), "structure_id", \.structure) }
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure, isHistory: true)] }

  let fields: [Field<Draft, Context>] = [
    .structure(\.structure, isRequired: true),
    .coded("type", label: "Type", \.type, isRequired: true),
    .date("depuis", label: "Depuis", \.since, isRequired: true),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), structures: try StructureIndex(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let since = draft.since else { return nil }
    return "\(structure)|\(since)"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    // The latest change is the present type: it cannot lie ahead.
    guard let since = draft.since, since > reading.today else { return [] }
    return [Fault("depuis", "la date est à venir")]
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only = selection.clause(id: "c.id", first: "c.structure_id", Structure.self)
    return try connection.rows(
      """
      SELECT c.id, c.structure_id, c.type, c.since
      FROM structure_type c JOIN structure s ON s.id = c.structure_id AND s.removed_at IS NULL
      WHERE c.removed_at IS NULL \(only) ORDER BY s.reference, c.since
      """
    ).map { row in
      let draft = Draft(structure: try row[1], type: try row[2], since: try row[3])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "structure_type (id, structure_id, type, since)", records,
      suffix: "ON CONFLICT (id) DO UPDATE SET structure_id = excluded.structure_id, type = excluded.type"
    ) { "\($0.id), \($0.draft.structure), \($0.draft.type), \($0.draft.since)" }
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    let structures = Set(drafts.compactMap(\.structure)).sorted()
    try CurrentTypes.settle(connection, structures: structures)
    try StateTimelines.rebuild(connection, structures: structures)
  }
}
