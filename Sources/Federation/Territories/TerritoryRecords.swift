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
    /// The territories' present names by their codes.
    let names: [String: String]
    /// The names that the lines of a file give to the territories that have another one, or none yet.
    var given: [String: String] = [:]
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
    Context(lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection), names: try names(connection))
  }

  private func names(_ connection: any Connection) throws -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: try connection.rows("SELECT code, name FROM territory").map { (try $0[0] as String, try $0[1] as String) })
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
    Fault.ofPeriod(since: draft.since, through: draft.through) + checkName(draft, &reading)
  }

  /// A name belongs to the whole territory, of which each line is one département and period.
  private func checkName(_ draft: Draft, _ reading: inout Reading<Context>) -> [Fault] {
    guard let code = draft.code, let name = draft.name, name != reading.context.names[code] else { return [] }
    if let other = reading.context.given[code] {
      return other == name ? [] : [Fault("nom", value: name, "une autre ligne appelle « \(other) » le territoire « \(code) »")]
    }
    reading.context.given[code] = name
    if let present = reading.context.names[code] { reading.warn("le territoire « \(present) » s’appelle maintenant « \(name) » partout") }
    return []
  }

  /// A département is in one territory at a time: where it begins, another one ends, which whoever enters it should know.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    let new = lines.filter { line in
      line.old.map { $0.place != line.draft.place || $0.through != line.draft.through } ?? true
    }
    let departments = Set(new.compactMap(\.draft.department)).sorted()
    let rows = try connection.rows(
      """
      SELECT x.department, x.territory, t.name, x.since, x.until FROM territory_span x JOIN territory t ON t.code = x.territory
      WHERE x.department IN \(list: departments) ORDER BY x.since
      """)
    // A file may end one line and begin the other.
    let ends = Dictionary(lines.map { ($0.draft.place, $0.draft.through?.next ?? .openEnd) }) { _, last in last }
    for line in new {
      guard let department = line.draft.department, let since = line.draft.since else { continue }
      for row in rows where try row[0] == department && row[1] as String != line.draft.code {
        let (name, begun): (String, CivilDate) = (try row[2], try row[3])
        let place = Draft(code: try row[1], department: department, since: begun).place
        let ended: CivilDate = try ends[place] ?? row[4]
        if begun < since, since < ended {
          reading.warn(
            "le département \(department) est dans « \(name) » : il en sort le \(since.previous)", about: "depuis", line: line.line)
        } else if begun >= since, begun < line.draft.through?.next ?? .openEnd {
          reading.warn("le département \(department) est dans « \(name) » à partir du \(begun)", about: "depuis", line: line.line)
        }
      }
    }
  }

  /// What one line changes of the name it changes in all the territory's rows, so that each can be taken back.
  func withConsequences(
    _ writes: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context
  ) throws -> [RecordWrite<Draft>] {
    let present = try names(connection)
    var given: [String: String] = [:]
    for draft in writes.map(\.draft) {
      if let code = draft.code, let name = draft.name, let old = present[code], name != old { given[code] = name }
    }
    func named(_ draft: Draft) -> Draft {
      var draft = draft
      draft.name = draft.code.flatMap { given[$0] } ?? draft.name
      return draft
    }
    guard !given.isEmpty else { return writes }
    let written = Set(writes.map(\.id))
    let others = try stored(connection, .all, context).filter { record in
      !written.contains(record.id) && record.draft.code.map { given[$0] != nil } ?? false
    }
    return writes.map { RecordWrite(id: $0.id, isNew: $0.isNew, old: $0.old, draft: named($0.draft)) }
      + others.map { RecordWrite(id: $0.id, isNew: false, old: $0.draft, draft: named($0.draft)) }
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
        ON CONFLICT (id) DO UPDATE SET territory = excluded.territory, department = excluded.department, since = excluded.since,
          until = excluded.until
        """)
    }
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try TerritorySpans.rebuild(connection, departments: Set(drafts.compactMap(\.department)).sorted())
    try forgetUnused(Set(drafts.compactMap(\.code)).sorted(), connection)
  }

  /// A territory without a row, as an undone import leaves it, is no choice of a filter any more.
  private func forgetUnused(_ codes: [String], _ connection: any Connection) throws {
    let unused = try connection.references(to: "territory").map { reference -> SQL in
      let (table, column) = (SQL(unsafeText: reference.table), SQL(unsafeText: reference.column))
      return "NOT EXISTS (SELECT 1 FROM \(table) x WHERE x.\(column) = territory.code)"
    }
    guard !unused.isEmpty else { return }
    try connection.execute("DELETE FROM territory WHERE code IN \(list: codes) AND \(unused.joined(by: " AND "))")
  }
}

extension TerritoryRecords.Draft {
  /// Which row it is.
  fileprivate var place: [String?] { [code, department, since?.description] }
}
