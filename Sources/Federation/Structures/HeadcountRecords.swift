import Records
import Store

/// Dated counts of professionals in files (DIR-10): of all professions, or of one.
struct HeadcountRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var structure: Identifier<Structure>?
    var date: CivilDate?
    var number: Int?
    /// `nil` for all of them.
    var profession: String?
    var source: String?
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let structures: StructureIndex
  }

  let name = "effectifs"
  let label = "Effectifs des structures"
  let table = "headcount"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "date"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(StructureRecords(), "structure_id", \.structure) }
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure)] }

  let fields: [Field<Draft, Context>] = [
    .structure(\.structure, isRequired: true),
    .date("date", label: "Date", \.date, isRequired: true),
    .integer("nombre", label: "Nombre", \.number, in: 0...100_000, isRequired: true),
    .listed("profession", label: "Profession", \.profession, in: .profession),
    .text("source", label: "Source", \.source, isRequired: true),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), structures: try StructureIndex(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let date = draft.date else { return nil }
    return "\(structure)|\(date)|\(draft.profession ?? "")"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    if isNew, let date = draft.date, date > reading.today { reading.warn("la date \(date) est à venir", about: "date") }
    return []
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only = selection.clause(id: "h.id", first: "h.structure_id", Structure.self)
    return try connection.rows(
      """
      SELECT h.id, h.structure_id, h.date, h.number, h.profession, h.source
      FROM headcount h JOIN structure s ON s.id = h.structure_id AND s.removed_at IS NULL
      WHERE h.removed_at IS NULL \(only) ORDER BY s.reference, h.date, COALESCE(h.profession, '')
      """
    ).map { row in
      let draft = Draft(
        structure: try row[1], date: try row[2], number: try row[3], profession: try row[4], source: try row[5])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "headcount (id, structure_id, date, number, profession, source)", records,
      suffix: "ON CONFLICT (id) DO UPDATE SET structure_id = excluded.structure_id, number = excluded.number, source = excluded.source"
    ) { record in
      let draft = record.draft
      return "\(record.id), \(draft.structure), \(draft.date), \(draft.number), \(draft.profession), \(draft.source)"
    }
  }
}
