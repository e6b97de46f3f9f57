import Records
import Store
import Tables

/// Programmes in files and forms (SUP-12).
struct ProgrammeRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var name: String?
    /// A code of `ReferenceList.programmeKind`.
    var kind: String?
    var funder: Named<Organisation>?
    var begins: CivilDate?
    /// Its last day.
    var ends: CivilDate?
    var places: Int?
    var manager: Named<Account>?
    /// Those that each team goes through, in their order.
    var steps: [String] = []
    var note: String?
  }

  struct Context: AccountContext {
    let lists: ReferenceLists
    let organisations: OrganisationIndex
    let accounts: NameIndex<Account>
    /// The teams that hold a place, by the programme’s reference.
    let taken: [String: Int]
  }

  let name = "programmes"
  let label = "Programmes d’accompagnement"
  let table = "support_programme"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  let caption = RecordCaption(reference: "t.reference", label: "t.name", fold: "t.name_fold", date: "t.begins_on")
  var searched: SearchSource? { SupportProgramme.searchSource }
  var links: [RecordLink<Draft>] {
    [
      RecordLink(to: "organisations", table: table, column: "funder_id") { draft, old, new in
        if draft.funder == .record(Identifier(rawValue: old)) { draft.funder = .record(Identifier(rawValue: new)) }
      }
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .text("nom", label: "Nom", \.name, isRequired: true),
    .listed("nature", label: "Nature", \.kind, in: .programmeKind, isRequired: true),
    .value(
      "financeur", label: "Financeur", \.funder, input: .record(of: Naming.organisations.rawValue),
      print: { named, context in
        switch named {
        case .record(let id): context.organisations.reference(of: id)
        case .name(let name): name
        }
      }
    ) { text, reading in try ProgrammeRecords.organisation(text, &reading) },
    .date("debut", label: "Début", \.begins, isRequired: true),
    .date("fin", label: "Dernier jour", \.ends),
    .integer("places", label: "Places", \.places, in: 1...10_000),
    .account("responsable", label: "Responsable", \.manager),
    Field(
      "etapes", label: "Étapes", input: .paragraph(limit: 2_000),
      parse: { text, draft, _ in
        var known: Set<String> = []
        let parts = text.split { "|\n".contains($0) }.map(\.withoutSpacesAround).filter { !$0.isEmpty }
        draft.steps = try parts.map(ProgrammeStep.name).filter { known.insert(Fold.key($0)).inserted }
        guard draft.steps.count <= 30 else { throw Refusal("\(draft.steps.count) étapes : 30 au plus") }
      },
      print: { draft, _ in draft.steps.joined(separator: "\n") },
      merge: { new, old in if !new.steps.isEmpty { old.steps = new.steps } }, clear: { $0.steps = [] }),
    .text("note", label: "Note", \.note, limit: 5_000),
  ]

  /// By reference or name; what is no record is kept as it is written.
  private static func organisation(_ text: String, _ reading: inout Reading<Context>) throws -> Named<Organisation> {
    if let id = reading.context.organisations.identifier(text) {
      reading.tell(of: text, reading.context.organisations.successorReference(text))
      return .record(id)
    }
    guard text.count <= 200 else { throw Refusal("\(text.count) caractères : 200 au plus") }
    let namesakes = reading.context.organisations.namesakes(text)
    guard !reading.isForm || namesakes.isEmpty else { throw Refusal(Naming.doubt(text, namesakes)) }
    reading.warn("« \(text) » : organisation inconnue, gardée comme un nom", about: "financeur")
    return .name(text)
  }

  func context(_ connection: any Connection) throws -> Context {
    try context(connection, OrganisationIndex(organisations: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let held: SQL = "SELECT funder_id FROM support_programme WHERE id = \(form.record) AND funder_id IS NOT NULL"
    let named = Organisation.searchSource.named(form.texts("financeur"), Organisation.self).map { "\($0) UNION ALL \(held)" as SQL }
    return try context(connection, OrganisationIndex(organisations: connection, only: named))
  }

  private func context(_ connection: any Connection, _ organisations: OrganisationIndex) throws -> Context {
    let taken = try connection.rows(
      """
      SELECT g.reference, count(*) FROM support_programme g JOIN programme_enrolment x ON x.programme_id = g.id
      WHERE g.removed_at IS NULL AND \(EnrolmentState.holdingPlace) GROUP BY g.reference
      """)
    return Context(
      lists: try ReferenceLists(connection), organisations: organisations, accounts: try NameIndex(accounts: connection),
      taken: Dictionary(uniqueKeysWithValues: try taken.map { (try $0[0] as String, try $0[1] as Int) }))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.note = draft.note.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    var faults: [Fault] = []
    if let begins = draft.begins, let ends = draft.ends, ends < begins {
      faults.append(Fault("fin", value: ends.description, "c’est avant le début du \(begins.written)"))
    }
    if let places = draft.places, let taken = draft.reference.flatMap({ reading.context.taken[$0] }), taken > places {
      faults.append(Fault("places", value: String(places), "\(taken) équipes en ont déjà une"))
    }
    return faults
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try SupportProgramme.expectPlaces(ids.map { Identifier(rawValue: $0) }, connection)
  }

  /// Its enrolments and its workshops.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let which: SQL =
      removed ? "t.removed_at IS NULL" : "t.removed_at = (SELECT g.removed_at FROM support_programme g WHERE g.id = t.programme_id)"
    func parts(_ table: SQL) throws -> [Int64] {
      try connection.rows("SELECT t.id FROM \(table) t WHERE t.programme_id IN \(list: records) AND \(which) ORDER BY t.id").map {
        try $0[0]
      }
    }
    return [(EnrolmentRecords(), try parts("programme_enrolment")), (WorkshopRecords(), try parts("workshop"))]
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT g.id, g.reference, g.name, g.kind, g.funder_id, g.funder, g.begins_on, g.ends_on, g.places, g.account_id, g.manager, g.steps,
        g.note FROM support_programme g
      WHERE g.removed_at IS NULL \(selection.clause(id: "g.id", key: "g.reference")) ORDER BY g.begins_on, g.id
      """
    ).map { row in
      var draft = Draft(reference: try row[1], name: try row[2], kind: try row[3])
      draft.funder = Named(try row[4], try row[5])
      (draft.begins, draft.ends, draft.places) = (try row[6], try row[7], try row[8])
      draft.manager = Named(try row[9], try row[10])
      (draft.steps, draft.note) = (ProgrammeStep.list(try row[11]), try row[12])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        support_programme (id, reference, name, name_fold, kind, funder_id, funder, begins_on, ends_on, places, account_id, manager, steps, note)
        """, records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, name = excluded.name, name_fold = excluded.name_fold,
          kind = excluded.kind, funder_id = excluded.funder_id, funder = excluded.funder, begins_on = excluded.begins_on,
          ends_on = excluded.ends_on, places = excluded.places, account_id = excluded.account_id, manager = excluded.manager,
          steps = excluded.steps, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      let (funder, manager) = (draft.funder?.columns, draft.manager?.columns)
      return """
        \(record.id), \(draft.reference), \(draft.name), \(Fold.key(draft.name ?? "")), \(draft.kind), \(funder?.record), \(funder?.name),
        \(draft.begins), \(draft.ends), \(draft.places), \(manager?.record), \(manager?.name),
        \(draft.steps.isEmpty ? nil : draft.steps.joined(separator: "\n")), \(draft.note)
        """
    }
  }
}
