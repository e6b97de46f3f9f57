import Records
import Store

/// First contacts in files and forms (SUP-04).
struct FirstContactRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var receivedOn: CivilDate?
    var channel: Channel?
    var lastName: String?
    var firstName: String?
    var profession: String?
    var email: String?
    var phone: String?
    /// INSEE code.
    var commune: String?
    var hasProject: Bool?
    /// In their own words.
    var request: String?
    var state: FirstContactState?
    var assignee: Named<Account>?
    var answeredOn: CivilDate?
    var answer: String?
    /// The team that it became.
    var structure: Identifier<Structure>?
    var person: Identifier<Person>?
    /// The text that was agreed to, and when.
    var consent: String?
    var consentedOn: CivilDate?
  }

  struct Context: StructureContext, AccountContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
    let structures: StructureIndex
    let people: PersonIndex
    let accounts: NameIndex<Account>
  }

  let name = "premiers_contacts"
  let label = "Premiers contacts"
  let table = "first_contact"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  // A published report names nobody who only asked.
  let caption = RecordCaption(
    reference: "t.reference",
    label: "COALESCE((SELECT 'Premier contact, ' || k.name FROM commune k WHERE k.code = t.commune), 'Premier contact')",
    fold: "COALESCE(t.commune, '')", date: "t.received_on")
  var searched: SearchSource? { FirstContact.searchSource }
  var links: [RecordLink<Draft>] {
    [
      .one(to: "structures", table: table, column: "structure_id", \.structure),
      .one(to: "personnes", table: table, column: "person_id", \.person),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .date("recu_le", label: "Reçu le", \.receivedOn, isRequired: true),
    .coded("canal", label: "Canal", \.channel, isRequired: true),
    .text("nom", label: "Nom", \.lastName, isRequired: true, limit: 100),
    .text("prenom", label: "Prénom", \.firstName, limit: 100),
    .listed("profession", label: "Profession", \.profession, in: .profession),
    .value("courriel", label: "Courriel", \.email, print: { address, _ in address }) { text, _ in try EmailAddress.reading(text) },
    .phone(\.phone),
    .value("commune", label: "Commune", \.commune, input: .record(of: "communes"), print: { code, _ in code }) { text, reading in
      try reading.context.gazetteer.commune(text, in: nil).code
    },
    .yesNo("projet", label: "A déjà un projet", \.hasProject),
    .text("demande", label: "Demande", \.request, limit: 5_000),
    .coded("etat", label: "Suite donnée", \.state),
    .account("charge", label: "Pris en charge par", \.assignee),
    .date("repondu_le", label: "Répondu le", \.answeredOn),
    .text("reponse", label: "Réponse", \.answer, limit: 5_000),
    .structure(\.structure),
    .value(
      "personne", label: "Fiche de la personne", \.person, input: .record(of: "personnes"),
      print: { id, context in context.people.reference(of: id) }
    ) { text, reading in
      guard let person = reading.context.people.identifier(text) else {
        throw Refusal("« \(text) » : aucune personne, ou plusieurs, de cette référence ou de ce nom")
      }
      return person
    },
    .text("accord", label: "Accord donné", \.consent, limit: 2_000),
    .date("accord_le", label: "Accord donné le", \.consentedOn),
  ]

  func context(_ connection: any Connection) throws -> Context {
    try context(connection, structures: StructureIndex(connection), people: PersonIndex(people: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    func named<Subject>(_ field: String, _ source: SearchSource, _ subject: Subject.Type, _ column: SQL) -> SQL? {
      source.named(form.texts(field), subject).map { "\($0) UNION ALL SELECT \(column) FROM first_contact WHERE id = \(form.record)" }
    }
    return try context(
      connection,
      structures: StructureIndex(connection, only: named("structure", Structure.searchSource, Structure.self, "structure_id")),
      people: PersonIndex(people: connection, only: named("personne", Person.searchSource, Person.self, "person_id")))
  }

  private func context(_ connection: any Connection, structures: StructureIndex, people: PersonIndex) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection), structures: structures, people: people,
      accounts: try NameIndex(accounts: connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    let state = draft.state ?? .waiting
    draft.state = state
    // What a form closes was answered today, a project only when an answer is noted; a file says when, or nobody knows.
    if state.isOver, draft.answeredOn == nil, reading.isForm, state != .project || draft.answer != nil {
      draft.answeredOn = max(reading.today, draft.receivedOn ?? reading.today)
    }
    if state == .waiting { draft.answeredOn = nil }
    if isNew, draft.email == nil, draft.phone == nil {
      reading.warn("sans courriel ni téléphone, personne ne pourra répondre", about: "courriel")
    }
    guard let received = draft.receivedOn else { return [] }
    if received > reading.today { return [Fault("recu_le", "ce jour est à venir")] }
    guard let answered = draft.answeredOn else { return [] }
    if answered > reading.today { return [Fault("repondu_le", "ce jour est à venir")] }
    return answered < received ? [Fault("repondu_le", "la réponse est d’avant la demande")] : []
  }

  /// The same person may have asked twice: by the form, then by telephone.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    var same: [SQL] = []
    if let email = draft.email { same.append("c.email = \(email)") }
    if let phone = draft.phone { same.append("c.phone = \(phone)") }
    if let last = draft.lastName { same.append("(c.last_name = \(last) AND c.first_name IS NOT DISTINCT FROM \(draft.firstName))") }
    guard !same.isEmpty else { return [] }
    return try connection.rows(
      """
      SELECT c.last_name, c.first_name, c.received_on, c.id, c.reference FROM first_contact c
      WHERE c.removed_at IS NULL AND (\(same.joined(by: " OR "))) ORDER BY c.received_on DESC, c.id DESC LIMIT 3
      """
    ).map { row in
      let (last, first, day): (String, String?, CivilDate) = (try row[0], try row[1], try row[2])
      let name = [first, last].compactMap(\.self).joined(separator: " ")
      return Warning("\(name) a déjà pris contact le \(day)", similar: [SimilarRecord(try row[3], try row[4])])
    }
  }
}
