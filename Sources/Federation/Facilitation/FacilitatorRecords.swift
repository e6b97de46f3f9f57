import Records
import Store
import Tables

/// The network of facilitators in files and forms (FAC-04): one profile a person.
struct FacilitatorRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var person: Identifier<Person>?
    /// Codes of `ReferenceList.expertise`.
    var expertises: [String] = []
    var department: String?
    /// INSEE code of where they leave from; without it that of their record.
    var commune: String?
    /// How far they go, in kilometres as the crow flies.
    var radius: Int?
    var absences: [Facilitator.Absence] = []
    var training: String?
    var pausedSince: CivilDate?
    var note: String?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
    let people: PersonIndex
  }

  let name = "facilitateurs"
  let label = "Facilitateurs"
  let table = "facilitator"
  let ownedTables = ["facilitator_expertise", "facilitator_absence"].map { OwnedTable($0, "facilitator_id") }
  let keyColumn = "personne"
  let blank = Draft()
  var links: [RecordLink<Draft>] { [.one(to: "personnes", table: table, column: "person_id", \.person)] }

  let fields: [Field<Draft, Context>] = [
    .value(
      "personne", label: "Personne", \.person, isRequired: true, input: .record(of: Naming.people.rawValue),
      print: { id, context in context.people.reference(of: id) }
    ) { text, reading in
      if let person = reading.context.people.identifier(text) {
        reading.tell(of: text, reading.context.people.successorReference(text))
        return person
      }
      let namesakes = reading.context.people.namesakes(text)
      throw Refusal(
        namesakes.isEmpty ? "« \(text.prefix(80)) » : aucune personne de cette référence ou de ce nom" : Naming.doubt(text, namesakes))
    },
    .several("expertises", label: "Expertises", \.expertises, input: .choices(.expertise), print: { code, _ in code }) { text, reading in
      try reading.code(of: text, in: .expertise)
    },
    .value("commune", label: "Commune de départ", \.commune, input: .record(of: Naming.communes.rawValue), print: { code, _ in code }) {
      text, reading in
      try reading.context.gazetteer.commune(text, in: nil).code
    },
    .value("departement", label: "Département", \.department, input: .record(of: Naming.departments.rawValue), print: { code, _ in code }) {
      text, reading in
      try reading.context.gazetteer.department(text)
    },
    .integer("rayon_km", label: "Se déplace jusqu’à", \.radius, in: 1...1_000),
    Field(
      "absences", label: "Absences", input: .paragraph(limit: 2_000),
      parse: { text, draft, _ in
        let parts = text.split { "|,;\n".contains($0) }.map(\.withoutSpacesAround).filter { !$0.isEmpty }
        draft.absences = try Set(parts.map(Facilitator.Absence.reading)).sorted()
      },
      print: { draft, _ in draft.absences.map(\.text).joined(separator: "\n") },
      merge: { new, old in if !new.absences.isEmpty { old.absences = new.absences } }, clear: { $0.absences = [] }),
    .text("formations", label: "Formations suivies", \.training, limit: 1_000),
    .date("en_pause_depuis", label: "En pause depuis le", \.pausedSince),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context { try context(connection, PersonIndex(people: connection)) }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let own: SQL = "SELECT person_id FROM facilitator WHERE id = \(form.record)"
    let named = Person.searchSource.named(form.texts("personne"), Person.self).map { "\($0) UNION ALL \(own)" as SQL }
    return try context(connection, PersonIndex(people: connection, only: named))
  }

  private func context(_ connection: any Connection, _ people: PersonIndex) throws -> Context {
    Context(lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection), people: people)
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.person?.description }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    // Where they leave from says in which département.
    if let place = draft.commune.flatMap({ reading.context.gazetteer.commune(code: $0) }) {
      if let department = draft.department, department != place.department, !reading.isForm {
        reading.warn("\(place.name) est dans le département \(place.department)", about: "departement")
      }
      draft.department = place.department
    }
    if let fault = zip(draft.absences, draft.absences.dropFirst()).first(where: { $0.through >= $1.since }) {
      return [Fault("absences", value: fault.1.text, "cette période en recouvre une autre : \(fault.0.text)")]
    }
    return []
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let from: SQL = "FROM facilitator w JOIN person p ON p.id = w.person_id AND p.removed_at IS NULL"
    let only: SQL = "w.removed_at IS NULL \(selection.clause(id: "w.id", first: "w.person_id", Person.self))"
    var drafts: [Int64: Draft] = [:]
    for row in try connection.rows(
      """
      SELECT w.id, x.expertise, NULL, NULL \(from) JOIN facilitator_expertise x ON x.facilitator_id = w.id WHERE \(only)
      UNION ALL SELECT w.id, NULL, y.since, y.until \(from) JOIN facilitator_absence y ON y.facilitator_id = w.id WHERE \(only)
      """)
    {
      let id: Int64 = try row[0]
      if let expertise: String = try row[1] { drafts[id, default: Draft()].expertises.append(expertise) }
      if let since: CivilDate = try row[2], let until: CivilDate = try row[3] {
        drafts[id, default: Draft()].absences.append(.init(since: since, through: until.previous))
      }
    }
    return try connection.rows(
      """
      SELECT w.id, w.person_id, w.department, w.commune, w.radius, w.training, w.paused_since, w.note \(from)
      WHERE \(only) ORDER BY p.name_fold, w.id
      """
    ).map { row in
      var draft = drafts[try row[0]] ?? Draft()
      draft.expertises.sort()
      draft.absences.sort()
      (draft.person, draft.department, draft.commune, draft.radius) = (try row[1], try row[2], try row[3], try row[4])
      (draft.training, draft.pausedSince, draft.note) = (try row[5], try row[6], try row[7])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "facilitator (id, person_id, department, commune, radius, training, paused_since, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, department = excluded.department, commune = excluded.commune,
          radius = excluded.radius, training = excluded.training, paused_since = excluded.paused_since, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.person), \(draft.department), \(draft.commune), \(draft.radius), \(draft.training), \(draft.pausedSince),
        \(draft.note)
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    for table: SQL in ["facilitator_expertise", "facilitator_absence"] where !changed.isEmpty {
      try connection.execute("DELETE FROM \(table) WHERE facilitator_id IN \(list: changed)")
    }
    let expertises = records.flatMap { record in record.draft.expertises.map { (record.id, $0) } }
    try connection.insert(into: "facilitator_expertise (facilitator_id, expertise)", expertises) { "\($0), \($1)" }
    let absences = records.flatMap { record in record.draft.absences.map { (record.id, $0) } }
    try connection.insert(into: "facilitator_absence (facilitator_id, since, until)", absences) { "\($0), \($1.since), \($1.through.next)" }
  }
}
