import Records
import Store

/// Introductions in files and forms (SUP-11).
struct IntroductionRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var date: CivilDate?
    var structure: Identifier<Structure>?
    /// The other team.
    var other: Identifier<Structure>?
    var person: Identifier<Person>?
    var organisation: Identifier<Organisation>?
    /// The one in which it was agreed on.
    var exchange: Identifier<Exchange>?
    var purpose: String?
    var result: IntroductionResult?
    /// What is known of what came of it.
    var note: String?
  }

  struct Context: StructureContext, PersonContext, ExchangeContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    let people: PersonIndex
    let organisations: OrganisationIndex
    /// By their references; one without is known by its identifier.
    let exchanges: NameIndex<Exchange>
  }

  let name = "mises_en_relation"
  let label = "Mises en relation"
  let table = "introduction"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  var searched: SearchSource? { Introduction.searchSource }
  let caption = RecordCaption(
    reference: "t.reference", label: "COALESCE((SELECT s.name FROM structure s WHERE s.id = t.structure_id), 'Mise en relation')",
    fold: "COALESCE((SELECT s.name_fold FROM structure s WHERE s.id = t.structure_id), '')", date: "t.date")
  var links: [RecordLink<Draft>] {
    [
      .one(to: "structures", table: table, column: "structure_id", \.structure),
      .one(to: "structures", table: table, column: "other_id", \.other),
      .one(to: "personnes", table: table, column: "person_id", \.person),
      .one(to: "organisations", table: table, column: "organisation_id", \.organisation),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .date("date", label: "Date", \.date, isRequired: true),
    .structure(\.structure, isRequired: true),
    .value(
      "autre_structure", label: "Autre équipe", \.other, input: .record(of: "structures"),
      print: { id, context in context.structures.reference(of: id) }, parse: { text, reading in try reading.structure(text) }),
    .value(
      "personne", label: "Personne", \.person, input: .record(of: "personnes"),
      print: { id, context in context.people.reference(of: id) }, parse: { text, reading in try reading.person(text) }),
    .value(
      "organisation", label: "Organisation", \.organisation, input: .record(of: "organisations"),
      print: { id, context in context.organisations.reference(of: id) }
    ) { text, reading in
      guard let organisation = reading.context.organisations.identifier(text) else {
        throw Refusal("« \(text) » : aucune organisation, ou plusieurs, de cette référence ou de ce nom")
      }
      reading.tell(of: text, reading.context.organisations.successorReference(text))
      return organisation
    },
    .exchange(\.exchange),
    .text("objet", label: "Pour quoi", \.purpose, limit: 1_000),
    .coded("suite", label: "Suite donnée", \.result),
    .text("note", label: "Ce qui en est sorti", \.note, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), structures: try StructureIndex(connection), people: try PersonIndex(people: connection),
      organisations: try OrganisationIndex(organisations: connection), exchanges: try NameIndex(exchanges: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    func held(_ column: SQL) -> SQL { "SELECT \(column) FROM introduction WHERE id = \(form.record) AND \(column) IS NOT NULL" }
    func named<Subject>(_ fields: [String], _ source: SearchSource, _ subject: Subject.Type, _ held: SQL) -> SQL? {
      source.named(fields.flatMap(form.texts), subject).map { "\($0) UNION ALL \(held)" }
    }
    return Context(
      lists: try ReferenceLists(connection),
      structures: try StructureIndex(
        connection,
        only: named(
          ["structure", "autre_structure"], Structure.searchSource, Structure.self,
          "\(held("structure_id")) UNION ALL \(held("other_id"))")),
      people: try PersonIndex(people: connection, only: named(["personne"], Person.searchSource, Person.self, held("person_id"))),
      organisations: try OrganisationIndex(
        organisations: connection,
        only: named(["organisation"], Organisation.searchSource, Organisation.self, held("organisation_id"))),
      exchanges: try NameIndex(exchanges: connection, named: form.texts("echange"), or: held("exchange_id")))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.result = draft.result ?? .open
    draft.purpose = draft.purpose.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    draft.note = draft.note.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    var faults: [Fault] = []
    if draft.other == nil, draft.person == nil, draft.organisation == nil {
      faults.append(Fault("autre_structure", "dites avec qui : une équipe, une personne ou une organisation"))
    }
    if isNew, let structure = draft.structure, structure == draft.other {
      faults.append(
        Fault(
          "autre_structure", value: reading.context.structures.reference(of: structure), "c’est la même équipe : choisissez-en une autre"))
    }
    if let date = draft.date, date > reading.today {
      faults.append(Fault("date", value: date.description, "ce jour est à venir : notez la mise en relation une fois faite"))
    }
    return faults
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT i.id, i.reference, i.date, i.structure_id, i.other_id, i.person_id, i.organisation_id, i.exchange_id, i.purpose, i.result,
        i.note
      FROM introduction i WHERE i.removed_at IS NULL \(selection.clause(id: "i.id", key: "i.reference")) ORDER BY i.date, i.id
      """
    ).map { row in
      let draft = Draft(
        reference: try row[1], date: try row[2], structure: try row[3], other: try row[4], person: try row[5], organisation: try row[6],
        exchange: try row[7], purpose: try row[8], result: try row[9], note: try row[10])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        introduction (id, reference, date, structure_id, other_id, person_id, organisation_id, exchange_id, purpose, result, note)
        """, records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, date = excluded.date, structure_id = excluded.structure_id,
          other_id = excluded.other_id, person_id = excluded.person_id, organisation_id = excluded.organisation_id,
          exchange_id = excluded.exchange_id, purpose = excluded.purpose, result = excluded.result, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.date), \(draft.structure), \(draft.other), \(draft.person), \(draft.organisation),
        \(draft.exchange), \(draft.purpose), \(draft.result ?? .open), \(draft.note)
        """
    }
  }
}
