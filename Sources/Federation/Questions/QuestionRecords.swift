import Records
import Store

/// Questions of teams to experts, in files and forms (SUP-06).
struct QuestionRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var structure: Identifier<Structure>?
    var exchange: Identifier<Exchange>?
    /// A code of `ReferenceList.questionDomain`.
    var domain: String?
    var receivedOn: CivilDate?
    var body: String?
    var expert: Identifier<Person>?
    var organisation: Identifier<Organisation>?
    var manner: QuestionManner?
    var sentOn: CivilDate?
    var answer: String?
    var answeredOn: CivilDate?
    /// That the expert took.
    var minutes: Int?
    /// Whether the team was a member then: it says the price.
    var isMember: Bool?
    /// The question and its answer, as all teams may read them.
    var shared: String?
    var sharedOn: CivilDate?
    var state: QuestionState?
  }

  struct Context: StructureContext, PersonContext, ExchangeContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    let people: PersonIndex
    let organisations: OrganisationIndex
    let exchanges: NameIndex<Exchange>
  }

  let name = "questions"
  let label = "Questions aux experts"
  let table = "expert_question"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  var searched: SearchSource? { ExpertQuestion.searchSource }
  let caption = RecordCaption(
    reference: "t.reference", label: "COALESCE((SELECT s.name FROM structure s WHERE s.id = t.structure_id), 'Question')",
    fold: "COALESCE((SELECT s.name_fold FROM structure s WHERE s.id = t.structure_id), '')", date: "t.received_on")
  var links: [RecordLink<Draft>] {
    [
      .one(to: "structures", table: table, column: "structure_id", \.structure),
      .one(to: "personnes", table: table, column: "expert_id", \.expert),
      .one(to: "organisations", table: table, column: "organisation_id", \.organisation),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .structure(\.structure, isRequired: true),
    .date("recue_le", label: "Reçue le", \.receivedOn, isRequired: true),
    .listed("domaine", label: "Domaine", \.domain, in: .questionDomain, isRequired: true),
    .text("question", label: "Question", \.body, isRequired: true, limit: 5_000),
    .exchange(\.exchange),
    .value(
      "expert", label: "Expert", \.expert, input: .record(of: "personnes"),
      print: { id, context in context.people.reference(of: id) }, parse: { text, reading in try reading.person(text) }),
    .value(
      "organisation", label: "Organisation de l’expert", \.organisation, input: .record(of: "organisations"),
      print: { id, context in context.organisations.reference(of: id) }
    ) { text, reading in
      guard let organisation = reading.context.organisations.identifier(text) else {
        throw Refusal("« \(text) » : aucune organisation, ou plusieurs, de cette référence ou de ce nom")
      }
      reading.tell(of: text, reading.context.organisations.successorReference(text))
      return organisation
    },
    .coded("envoi", label: "Envoi", \.manner),
    .date("transmise_le", label: "Transmise le", \.sentOn),
    .text("reponse", label: "Réponse", \.answer, limit: 10_000),
    .date("repondue_le", label: "Répondue le", \.answeredOn),
    .integer("duree_minutes", label: "Temps passé (minutes)", \.minutes, in: 0...6_000),
    .yesNo("adherente", label: "Équipe adhérente ce jour-là", \.isMember),
    .text("partage", label: "Texte partagé, sans nom", \.shared, limit: 10_000),
    .date("partagee_le", label: "Partagée le", \.sharedOn),
    .coded("etat", label: "Avancement", \.state),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), structures: try StructureIndex(connection), people: try PersonIndex(people: connection),
      organisations: try OrganisationIndex(organisations: connection), exchanges: try NameIndex(exchanges: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    func held(_ column: SQL) -> SQL { "SELECT \(column) FROM expert_question WHERE id = \(form.record) AND \(column) IS NOT NULL" }
    func named<Subject>(_ field: String, _ source: SearchSource, _ subject: Subject.Type, _ column: SQL) -> SQL? {
      source.named(form.texts(field), subject).map { "\($0) UNION ALL \(held(column))" }
    }
    return Context(
      lists: try ReferenceLists(connection),
      structures: try StructureIndex(connection, only: named("structure", Structure.searchSource, Structure.self, "structure_id")),
      people: try PersonIndex(people: connection, only: named("expert", Person.searchSource, Person.self, "expert_id")),
      organisations: try OrganisationIndex(
        organisations: connection, only: named("organisation", Organisation.searchSource, Organisation.self, "organisation_id")),
      exchanges: try NameIndex(exchanges: connection, named: form.texts("echange"), or: held("exchange_id")))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    func cleaned(_ text: String?) -> String? { text.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 } }
    (draft.body, draft.answer, draft.shared) = (cleaned(draft.body), cleaned(draft.answer), cleaned(draft.shared))
    if draft.answer != nil { draft.answeredOn = draft.answeredOn ?? reading.today }
    var faults = dayFaults(draft, reading.today)
    if draft.sentOn != nil {
      draft.manner = draft.manner ?? .byHand
      if draft.expert == nil, draft.organisation == nil { faults.append(Fault("expert", "dites à qui elle a été transmise")) }
    } else if draft.manner != nil {
      faults.append(Fault("transmise_le", "donnez le jour où elle a été transmise"))
    }
    if draft.answer == nil, draft.answeredOn != nil { faults.append(Fault("reponse", "écrivez la réponse donnée ce jour-là")) }
    if draft.sharedOn != nil, draft.shared == nil {
      faults.append(Fault("partage", "écrivez le texte partagé ce jour-là, sans nom d’équipe ni de personne"))
    }
    if draft.state != .dropped {
      draft.state =
        draft.sharedOn != nil ? .shared : draft.answeredOn != nil ? .answered : draft.sentOn != nil ? .sent : .received
    }
    return faults
  }

  private func dayFaults(_ draft: Draft, _ today: CivilDate) -> [Fault] {
    let days = [
      ("recue_le", draft.receivedOn), ("transmise_le", draft.sentOn), ("repondue_le", draft.answeredOn), ("partagee_le", draft.sharedOn),
    ]
    return days.compactMap { column, day in
      guard let day else { return nil }
      if day > today { return Fault(column, value: day.description, "ce jour est à venir") }
      guard let received = draft.receivedOn, day < received else { return nil }
      return Fault(column, value: day.description, "c’est avant que la question soit reçue (\(received.written))")
    }
  }

  /// What is shared names no team, nor where it is, nor who is in it.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    for line in lines {
      guard let shared = line.draft.shared, shared != line.old?.shared, let team = line.draft.structure else { continue }
      let names = try TeamNames(team, connection).found(in: shared)
      if !names.isEmpty {
        reading.warn(
          "ce texte sera lu de toutes les équipes, et il nomme : \(names.joined(separator: ", "))", about: "partage", line: line.line)
      }
    }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT q.id, q.reference, q.structure_id, q.exchange_id, q.domain, q.received_on, q.body, q.expert_id, q.organisation_id, q.manner,
        q.sent_on, q.answer, q.answered_on, q.minutes, q.member, q.shared, q.shared_on, q.state
      FROM expert_question q WHERE q.removed_at IS NULL \(selection.clause(id: "q.id", key: "q.reference")) ORDER BY q.received_on, q.id
      """
    ).map { row in
      var draft = Draft(
        reference: try row[1], structure: try row[2], exchange: try row[3], domain: try row[4], receivedOn: try row[5], body: try row[6],
        expert: try row[7], organisation: try row[8], manner: try row[9], sentOn: try row[10])
      (draft.answer, draft.answeredOn, draft.minutes, draft.isMember) = (try row[11], try row[12], try row[13], try row[14])
      (draft.shared, draft.sharedOn, draft.state) = (try row[15], try row[16], try row[17])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        expert_question (id, reference, structure_id, exchange_id, domain, received_on, body, expert_id, organisation_id, manner, sent_on,
          answer, answered_on, minutes, member, shared, shared_on, state)
        """, records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, structure_id = excluded.structure_id,
          exchange_id = excluded.exchange_id, domain = excluded.domain, received_on = excluded.received_on, body = excluded.body,
          expert_id = excluded.expert_id, organisation_id = excluded.organisation_id, manner = excluded.manner, sent_on = excluded.sent_on,
          answer = excluded.answer, answered_on = excluded.answered_on, minutes = excluded.minutes, member = excluded.member,
          shared = excluded.shared, shared_on = excluded.shared_on, state = excluded.state
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.structure), \(draft.exchange), \(draft.domain), \(draft.receivedOn), \(draft.body),
        \(draft.expert), \(draft.organisation), \(draft.manner), \(draft.sentOn), \(draft.answer), \(draft.answeredOn), \(draft.minutes),
        \(draft.isMember), \(draft.shared), \(draft.sharedOn), \(draft.state)
        """
    }
  }
}

/// By what a text tells which team it is about.
struct TeamNames {
  private let places: [String]
  private let people: [(first: String?, last: String)]

  init(_ team: Identifier<Structure>, _ connection: any Connection) throws {
    let rows = try connection.rows(
      """
      SELECT s.name, NULL, 0 FROM structure s WHERE s.id = \(team)
      UNION ALL SELECT c.name, NULL, 0 FROM structure s JOIN commune c ON c.code = s.commune WHERE s.id = \(team)
      UNION ALL SELECT p.last_name, p.first_name, 1 FROM person_function f JOIN person p ON p.id = f.person_id AND p.removed_at IS NULL
      WHERE f.structure_id = \(team) AND f.removed_at IS NULL
      """)
    places = try rows.filter { try $0[2] == 0 }.map { try $0[0] }
    people = try rows.filter { try $0[2] == 1 }.map { (first: try $0[1], last: try $0[0]) }
  }

  /// Each once, as the directory writes it.
  func found(in text: String) -> [String] {
    let words = " \(Fold.words(text).joined(separator: " ")) "
    let placed = places.filter { place in
      let name = Fold.words(place).joined(separator: " ")
      return !name.isEmpty && words.contains(" \(name) ")
    }
    let named = people.filter { !NamedPerson(ids: [], names: [$0]).mentions(in: text).isEmpty }.map { person in
      [person.first, person.last].compactMap(\.self).joined(separator: " ")
    }
    var known: Set<String> = []
    return (placed + named).filter { known.insert($0).inserted }
  }
}
