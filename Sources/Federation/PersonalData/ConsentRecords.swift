import Records
import Store

/// Consents in forms and files.
struct ConsentRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var person: Identifier<Person>?
    var purpose: String?
    var givenOn: CivilDate?
    var method: String?
    var wording: String?
    var fields: [String] = []
    var withdrawnOn: CivilDate?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
    let people: PersonIndex
  }

  /// The purpose that is agreed to field by field.
  static let publication = "publication"

  let name = "consentements"
  let label = "Consentements"
  let table = "consent"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "donne_le"
  let blank = Draft()
  var links: [RecordLink<Draft>] { [.one(to: "personnes", table: table, column: "person_id", \.person)] }

  let fields: [Field<Draft, Context>] = [
    .value(
      "personne", label: "Personne", \.person, isRequired: true, input: .record(of: "personnes"),
      print: { id, context in context.people.reference(of: id) }
    ) { text, reading in
      guard let person = reading.context.people.identifier(text) else {
        throw Refusal("« \(text) » : aucune personne, ou plusieurs, de cette référence ou de ce nom")
      }
      return person
    },
    .listed("finalite", label: "Finalité", \.purpose, in: .consentPurpose, isRequired: true),
    .date("donne_le", label: "Donné le", \.givenOn, isRequired: true),
    .listed("recueil", label: "Recueilli par", \.method, in: .consentMethod, isRequired: true),
    .text("texte", label: "Texte présenté", \.wording, isRequired: true, limit: 4_000),
    .several("champs", label: "Ce qui peut être publié", \.fields, input: .choices(.publishedField), print: { code, _ in code }) {
      text, reading in
      try reading.code(of: text, in: .publishedField)
    },
    .date("retire_le", label: "Retiré le", \.withdrawnOn),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), people: try PersonIndex(people: connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let person = draft.person, let purpose = draft.purpose, let day = draft.givenOn else { return nil }
    return "\(person)|\(purpose)|\(day)"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    var faults: [Fault] = []
    if let given = draft.givenOn, given > reading.today {
      faults.append(Fault("donne_le", value: given.description, "ce jour est à venir : notez le consentement quand il est donné"))
    }
    if let given = draft.givenOn, let withdrawn = draft.withdrawnOn, withdrawn < given {
      faults.append(Fault("retire_le", value: withdrawn.description, "le retrait vient après le consentement"))
    }
    if draft.purpose == Self.publication, draft.fields.isEmpty {
      faults.append(Fault("champs", "cochez ce que la personne accepte de voir publié : rien ne l’est sans cela"))
    }
    if let purpose = draft.purpose, purpose != Self.publication, !draft.fields.isEmpty {
      faults.append(Fault("champs", "ce qui se publie ne se coche que pour une publication"))
    }
    return faults
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT c.id, c.person_id, c.purpose, c.given_on, c.method, c.wording, c.fields, c.withdrawn_on FROM consent c
      JOIN person p ON p.id = c.person_id AND p.removed_at IS NULL
      WHERE c.removed_at IS NULL \(selection.clause(id: "c.id", first: "c.person_id", Person.self))
      ORDER BY p.reference, c.given_on, c.purpose, c.id
      """
    ).map { row in
      let draft = Draft(
        person: try row[1], purpose: try row[2], givenOn: try row[3], method: try row[4], wording: try row[5],
        fields: (try row[6] as String).split(separator: "|").map(String.init), withdrawnOn: try row[7])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "consent (id, person_id, purpose, given_on, method, wording, fields, withdrawn_on)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, purpose = excluded.purpose, given_on = excluded.given_on,
          method = excluded.method, wording = excluded.wording, fields = excluded.fields, withdrawn_on = excluded.withdrawn_on
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.person), \(draft.purpose), \(draft.givenOn), \(draft.method), \(draft.wording),
        \(draft.fields.joined(separator: "|")), \(draft.withdrawnOn)
        """
    }
  }
}
