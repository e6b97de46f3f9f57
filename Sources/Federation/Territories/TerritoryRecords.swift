import Records
import Store

/// The composition of territories in files: one row per département and period.
struct TerritoryRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var code: String?
    var name: String?
    var department: String?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
  }

  let name = "territoires"
  let label = "Territoires"
  let table = "territory_department"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "code"
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .value("code", label: "Code", \.code, isRequired: true, print: { code, _ in code }) { text, _ in
      let code = Fold.code(text)
      guard !code.isEmpty, code.count <= 40 else { throw Refusal("« \(text) » ne peut pas servir de code") }
      return code
    },
    .text("nom", label: "Nom", \.name, isRequired: true),
    .value("departement", label: "Département", \.department, isRequired: true, print: { code, _ in code }) { text, reading in
      try reading.context.gazetteer.department(text)
    },
    .date("depuis", label: "Depuis", \.since, isRequired: true),
    .date("jusqua", label: "Jusqu’à", \.through),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), gazetteer: try Gazetteer(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let code = draft.code, let department = draft.department, let since = draft.since else { return nil }
    return "\(code)|\(department)|\(since)"
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let rows = try connection.rows(
      """
      SELECT d.id, d.territory, t.name, d.department, d.since, d.until
      FROM territory_department d JOIN territory t ON t.code = d.territory
      WHERE d.removed_at IS NULL \(selection.clause(id: "d.id"))
      ORDER BY d.territory, d.department, d.since
      """)
    return try rows.map { row in
      let until: CivilDate = try row[5]
      let draft = Draft(
        code: try row[1], name: try row[2], department: try row[3], since: try row[4], through: until == .openEnd ? nil : until.previous)
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    guard let since = draft.since, let through = draft.through, through < since else { return [] }
    return [Fault("jusqua", "finit avant d’avoir commencé")]
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    for record in records {
      let draft = record.draft
      let until = draft.through?.next ?? .openEnd
      try connection.execute(
        "INSERT INTO territory VALUES (\(draft.code), \(draft.name)) ON CONFLICT (code) DO UPDATE SET name = excluded.name")
      try connection.execute(
        """
        INSERT INTO territory_department (id, territory, department, since, until)
        VALUES (\(record.id), \(draft.code), \(draft.department), \(draft.since), \(until))
        ON CONFLICT (id) DO UPDATE SET until = excluded.until
        """)
    }
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try TerritorySpans.rebuild(connection, departments: Set(drafts.compactMap(\.department)).sorted())
  }
}
