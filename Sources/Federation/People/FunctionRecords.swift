import Records
import Store

/// What people do in teams, with dates, in files (DIR-04).
struct FunctionRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var person: Identifier<Person>?
    var structure: Identifier<Structure>?
    var function: String?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let people: PersonIndex
    let structures: StructureIndex
  }

  let name = "fonctions"
  let label = "Fonctions"
  let table = "person_function"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "fonction"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(PersonRecords(), "person_id", \.person) }
  var links: [RecordLink<Draft>] {
    [
      .one(to: "structures", table: table, column: "structure_id", \.structure),
      .one(to: "personnes", table: table, column: "person_id", \.person),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .value("personne", label: "Personne", \.person, isRequired: true, print: { id, context in context.people.reference(of: id) }) {
      text, reading in
      guard let person = reading.context.people.identifier(text) else {
        throw Refusal("« \(text) » : aucune personne, ou plusieurs, de cette référence ou de ce nom")
      }
      return person
    },
    .structure(\.structure, isRequired: true),
    .listed("fonction", label: "Fonction", \.function, in: .function, isRequired: true),
    .date("depuis", label: "Depuis", \.since),
    .date("jusqua", label: "Jusqu’à", \.through),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), people: try PersonIndex(people: connection), structures: try StructureIndex(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let person = draft.person, let structure = draft.structure, let function = draft.function else { return nil }
    return "\(person)|\(structure)|\(function)|\(draft.since?.description ?? "")"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    Fault.ofPeriod(since: draft.since, through: draft.through)
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only = selection.clause(id: "f.id", first: "f.person_id", Person.self)
    return try connection.rows(
      """
      SELECT f.id, f.person_id, f.structure_id, f.function, f.since, f.until FROM person_function f
      JOIN person p ON p.id = f.person_id AND p.removed_at IS NULL
      JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
      WHERE f.removed_at IS NULL \(only) ORDER BY p.reference, s.reference, f.function, f.since
      """
    ).map { row in
      let (since, until): (CivilDate, CivilDate) = (try row[4], try row[5])
      let draft = Draft(
        person: try row[1], structure: try row[2], function: try row[3], since: since == .distantPast ? nil : since,
        through: until == .openEnd ? nil : until.previous)
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "person_function (id, person_id, structure_id, function, since, until)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, structure_id = excluded.structure_id, until = excluded.until
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.person), \(draft.structure), \(draft.function), \(draft.since ?? .distantPast),
        \(draft.through?.next ?? .openEnd)
        """
    }
  }
}
