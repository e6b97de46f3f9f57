import Records
import Store

/// Organisations in files (DIR-11).
struct OrganisationRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var nature: String?
    var name: String?
    var departments: [String] = []
    var address: String?
    var postcode: String?
    var commune: String?
    var phone: String?
    var email: String?
  }

  struct Context: CommuneContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
  }

  let name = "organisations"
  let label = "Organisations"
  let table = "organisation"
  let ownedTables = [OwnedTable("organisation_department", "organisation_id")]
  let blank = Draft()
  var searched: SearchSource? { Organisation.searchSource }
  var merging: MergeRules<Draft>? { Organisation.merging }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .listed("nature", label: "Nature", \.nature, in: .organisationNature, isRequired: true),
    .text("nom", label: "Nom", \.name, isRequired: true),
    .several("departements", label: "Départements", \.departments, print: { code, _ in code }) { text, reading in
      try reading.context.gazetteer.department(text)
    },
    .text("adresse", label: "Adresse", \.address),
    .text("code_postal", label: "Code postal", \.postcode, limit: 10),
    .commune(\.commune),
    .phone(\.phone, takesShort: true),
    .value("courriel", label: "Courriel", \.email, print: { address, _ in address }) { text, _ in try EmailAddress.reading(text) },
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    guard let text = draft.commune else { return [] }
    do {
      // The commune may lie outside the départements that the organisation follows.
      let home = draft.departments.count == 1 ? draft.departments[0] : nil
      draft.commune = try reading.context.gazetteer.commune(text, in: home).code
      return []
    } catch {
      return [Fault("commune", "\(error)")]
    }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    var departments: [Int64: [String]] = [:]
    let links = try connection.rows(
      """
      SELECT organisation_id, department FROM organisation_department
      WHERE 1 = 1 \(selection.clause(id: "organisation_id")) ORDER BY department
      """)
    for row in links {
      departments[try row[0], default: []].append(try row[1])
    }
    return try connection.rows(
      """
      SELECT id, reference, nature, name, address, postcode, commune, phone, email FROM organisation
      WHERE removed_at IS NULL \(selection.clause(id: "id", key: "reference")) ORDER BY reference
      """
    ).map { row in
      let id: Int64 = try row[0]
      let draft = Draft(
        reference: try row[1], nature: try row[2], name: try row[3], departments: departments[id] ?? [], address: try row[4],
        postcode: try row[5], commune: try row[6], phone: try row[7], email: try row[8])
      return StoredRecord(id: id, key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "organisation (id, reference, nature, name, name_fold, address, postcode, commune, phone, email)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET nature = excluded.nature, name = excluded.name, name_fold = excluded.name_fold,
          address = excluded.address, postcode = excluded.postcode, commune = excluded.commune, phone = excluded.phone,
          email = excluded.email
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.nature), \(draft.name), \(Fold.key(draft.name ?? "")), \(draft.address),
        \(draft.postcode), \(draft.commune), \(draft.phone), \(draft.email)
        """
    }
    try connection.execute("DELETE FROM organisation_department WHERE organisation_id IN \(list: records.map(\.id))")
    let departments = records.flatMap { record in record.draft.departments.map { (record.id, $0) } }
    try connection.insert(into: "organisation_department", departments) { "\($0), \($1)" }
  }
}

/// Organisations ready to be found by reference, e-mail address or name.
typealias OrganisationIndex = NameIndex<Organisation>

extension NameIndex where Subject == Organisation {
  /// - Parameter only: a subquery of identifiers: no other one is spoken of.
  init(organisations connection: any Connection, only: SQL? = nil) throws {
    let among: SQL = only.map { "AND id IN (\($0))" } ?? ""
    self.init(
      try connection.rows("SELECT id, reference, email, name FROM organisation WHERE removed_at IS NULL \(among) ORDER BY id").map {
        Entry(id: try $0[0], reference: try $0[1], email: try $0[2], names: [try $0[3]])
      }, binned: try BinnedRecords("SELECT id, reference, merged_into FROM organisation WHERE removed_at IS NOT NULL \(among)", connection))
  }
}
