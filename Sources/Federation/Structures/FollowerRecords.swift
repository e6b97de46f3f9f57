import Records
import Store

/// Who follows which team, dated, in files.
struct FollowerRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var structure: Identifier<Structure>?
    var since: CivilDate?
    /// Nobody: the team waits for somebody.
    var account: Named<Account>?
    var note: String?
  }

  struct Context: StructureContext, AccountContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    let accounts: NameIndex<Account>
  }

  let name = "suivis"
  let label = "Suivi des structures"
  let table = "team_follower"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "depuis"
  let blank = Draft()
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure)] }

  let fields: [Field<Draft, Context>] = [
    .structure(\.structure, isRequired: true),
    .date("depuis", label: "Depuis", \.since, isRequired: true),
    .account("compte", label: "Suivie par", \.account),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), structures: try StructureIndex(connection), accounts: try NameIndex(accounts: connection))
  }

  /// One a day: another one from the same day replaces it.
  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let since = draft.since else { return nil }
    return "\(structure)|\(since)"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    guard case .name(let name) = draft.account else { return [] }
    return [Fault("compte", value: name, "n’a pas de compte : qui suit une équipe en a un")]
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT f.id, f.structure_id, f.since, f.account_id, f.note
      FROM team_follower f JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
      WHERE f.removed_at IS NULL \(selection.clause(id: "f.id", first: "f.structure_id", Structure.self)) ORDER BY s.reference, f.since
      """
    ).map { row in
      let draft = Draft(structure: try row[1], since: try row[2], account: Named(try row[3], nil), note: try row[4])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "team_follower (id, structure_id, since, account_id, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET structure_id = excluded.structure_id, since = excluded.since, account_id = excluded.account_id,
          note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return "\(record.id), \(draft.structure), \(draft.since), \(draft.account?.columns.record), \(draft.note)"
    }
  }
}
