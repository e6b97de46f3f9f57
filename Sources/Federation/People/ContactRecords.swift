import Records
import Store

/// What people do in organisations, with dates and the départements that they follow, in files (DIR-11).
struct ContactRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var organisation: Identifier<Organisation>?
    var person: Identifier<Person>?
    var function: String?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
    var departments: [String] = []
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
    let organisations: OrganisationIndex
    let people: PersonIndex
    let gazetteer: Gazetteer
  }

  let name = "contacts"
  let label = "Contacts des organisations"
  let table = "organisation_contact"
  let ownedTables = [OwnedTable("organisation_contact_department", "contact_id")]
  let keyColumn = "fonction"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(OrganisationRecords(), "organisation_id", \.organisation) }
  var links: [RecordLink<Draft>] {
    [
      .one(to: "organisations", table: table, column: "organisation_id", \.organisation),
      .one(to: "personnes", table: table, column: "person_id", \.person),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .value(
      "organisation", label: "Organisation", \.organisation, isRequired: true, input: .record(of: "organisations"),
      print: { id, context in context.organisations.reference(of: id) }
    ) { text, reading in
      guard let organisation = reading.context.organisations.identifier(text) else {
        throw Refusal("« \(text) » : aucune organisation, ou plusieurs, de cette référence ou de ce nom")
      }
      return organisation
    },
    .value(
      "personne", label: "Personne", \.person, isRequired: true, input: .record(of: "personnes"),
      print: { id, context in context.people.reference(of: id) }
    ) { text, reading in
      guard let person = reading.context.people.identifier(text) else {
        throw Refusal("« \(text) » : aucune personne, ou plusieurs, de cette référence ou de ce nom")
      }
      return person
    },
    .listed("fonction", label: "Fonction", \.function, in: .organisationFunction, isRequired: true),
    .date("depuis", label: "Depuis", \.since),
    .date("jusqua", label: "Jusqu’à", \.through),
    .several("departements", label: "Départements", \.departments, print: { code, _ in code }) { text, reading in
      try reading.context.gazetteer.department(text)
    },
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), organisations: try OrganisationIndex(organisations: connection),
      people: try PersonIndex(people: connection), gazetteer: try Gazetteer.of(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let organisation = draft.organisation, let person = draft.person, let function = draft.function else { return nil }
    return "\(organisation)|\(person)|\(function)|\(draft.since?.description ?? "")"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    Fault.ofPeriod(since: draft.since, through: draft.through)
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only = selection.clause(id: "k.id", first: "k.organisation_id", Organisation.self)
    var departments: [Int64: [String]] = [:]
    for row in try connection.rows("SELECT contact_id, department FROM organisation_contact_department ORDER BY department") {
      departments[try row[0], default: []].append(try row[1])
    }
    return try connection.rows(
      """
      SELECT k.id, k.organisation_id, k.person_id, k.function, k.since, k.until FROM organisation_contact k
      JOIN organisation o ON o.id = k.organisation_id AND o.removed_at IS NULL
      JOIN person p ON p.id = k.person_id AND p.removed_at IS NULL
      WHERE k.removed_at IS NULL \(only) ORDER BY o.reference, p.reference, k.function, k.since
      """
    ).map { row in
      let id: Int64 = try row[0]
      let (since, until): (CivilDate, CivilDate) = (try row[4], try row[5])
      let draft = Draft(
        organisation: try row[1], person: try row[2], function: try row[3], since: since == .distantPast ? nil : since,
        through: until == .openEnd ? nil : until.previous, departments: departments[id] ?? [])
      return StoredRecord(id: id, key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "organisation_contact (id, organisation_id, person_id, function, since, until)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET organisation_id = excluded.organisation_id, person_id = excluded.person_id,
          function = excluded.function, since = excluded.since, until = excluded.until
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.organisation), \(draft.person), \(draft.function), \(draft.since ?? .distantPast),
        \(draft.through?.next ?? .openEnd)
        """
    }
    try connection.execute("DELETE FROM organisation_contact_department WHERE contact_id IN \(list: records.map(\.id))")
    let departments = records.flatMap { record in record.draft.departments.map { (record.id, $0) } }
    try connection.insert(into: "organisation_contact_department", departments) { "\($0), \($1)" }
  }
}
