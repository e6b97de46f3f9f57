import Records
import Store

/// Facilitations in files and forms (FAC-01).
struct FacilitationRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var requestedOn: CivilDate?
    var requester: Named<Person>?
    var structures: [Identifier<Structure>] = []
    var audience: FacilitationAudience?
    var family: FacilitationFamily?
    /// A code of `ReferenceList.facilitationType`.
    var type: String?
    var themes: [String] = []
    var need: String?
    var format: FacilitationFormat?
    var isUrgent: Bool?
    var wantedBy: CivilDate?
    var coordinator: Named<Account>?
    var facilitators: [Named<Person>] = []
    /// Those who take part besides: the town, the ARS…
    var partners: [Named<Organisation>] = []
    var mode: FacilitationMode?
    /// A room, or the address of a video.
    var place: String?
    /// INSEE code.
    var commune: String?
    /// Held outside the federation's région.
    var isOutside: Bool?
    /// When it is to be held, then when it was.
    var date: CivilDate?
    /// `HH:MM`, in the federation's time zone.
    var time: String?
    var minutes: Int?
    /// The phase of its teams, where somebody knows better than their states (R6).
    var phase: Phase?
    var state: FacilitationState?
    /// Why it was postponed or cancelled.
    var reason: String?
    /// Markdown.
    var report: String?
    /// What the team says of it, from 1 to 5.
    var satisfaction: Int?
    var feedback: String?
  }

  struct Context: StructureContext, AccountContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
    let structures: StructureIndex
    let people: PersonIndex
    let organisations: OrganisationIndex
    let accounts: NameIndex<Account>
    /// The people who have a profile of facilitator.
    let network: Set<Identifier<Person>>
    /// The federation's own.
    let departments: [String]
  }

  let name = "facilitations"
  let label = "Facilitations"
  let table = "facilitation"
  let ownedTables = [
    "facilitation_structure", "facilitation_theme", "facilitation_person", "facilitation_partner", "facilitation_exchange",
    "facilitation_todo",
  ].map { OwnedTable($0, "facilitation_id") }
  let blank = Draft()
  let caption = RecordCaption(
    reference: "t.reference",
    label: "COALESCE((SELECT MIN(v.label) FROM reference_value v WHERE v.list = 'facilitation_type' AND v.code = t.type), 'Facilitation')",
    fold: "COALESCE(t.type, '')", date: "COALESCE(t.date, t.requested_on)")
  var searched: SearchSource? { Facilitation.searchSource }
  var links: [RecordLink<Draft>] {
    [
      .several(to: "structures", table: "facilitation_structure", column: "structure_id", owner: "facilitation_id", \.structures),
      .named(to: "organisations", table: "facilitation_partner", column: "organisation_id", owner: "facilitation_id", \.partners),
      .named(to: "personnes", table: "facilitation_person", column: "person_id", owner: "facilitation_id", \.facilitators),
      RecordLink(to: "personnes", table: table, column: "requester_id") { draft, old, new in
        if draft.requester == .record(Identifier(rawValue: old)) { draft.requester = .record(Identifier(rawValue: new)) }
      },
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .date("demandee_le", label: "Demandée le", \.requestedOn),
    .value(
      "demandeur", label: "Demandée par", \.requester, input: .record(of: Naming.people.rawValue),
      print: { named, context in
        switch named {
        case .record(let id): context.people.reference(of: id)
        case .name(let name): name
        }
      }, parse: { text, reading in try FacilitationRecords.person(text, &reading) }),
    .structures(\.structures),
    .coded("pour", label: "Pour", \.audience),
    .listed("type_facilitation", label: "Type de facilitation", \.type, in: .facilitationType),
    .coded("famille", label: "Famille", \.family),
    .several("themes", label: "Thèmes", \.themes, input: .choices(.theme), print: { code, _ in code }) { text, reading in
      try reading.code(of: text, in: .theme)
    },
    .text("besoin", label: "Besoin", \.need, limit: 5_000),
    .coded("format", label: "Format", \.format),
    .yesNo("urgente", label: "Urgente", \.isUrgent),
    .date("souhaitee_avant", label: "Souhaitée avant le", \.wantedBy),
    .account("coordination", label: "Coordination", \.coordinator),
    .several(
      "facilitateurs", label: "Facilitateurs", \.facilitators, input: .records(of: Naming.facilitators.rawValue),
      print: { named, context in
        switch named {
        case .record(let id): context.people.reference(of: id)
        case .name(let name): name
        }
      }, parse: { text, reading in try FacilitationRecords.person(text, &reading) }),
    .named(
      "partenaires", label: "Partenaires présents", \.partners, in: \.organisations, unknown: "organisation inconnue, gardée comme un nom"),
    .coded("modalite", label: "Sur place ou visio", \.mode),
    .text("lieu", label: "Lieu ou lien de visio", \.place),
    .value("commune", label: "Commune du lieu", \.commune, input: .record(of: "communes"), print: { code, _ in code }) { text, reading in
      try reading.context.gazetteer.commune(text, in: nil).code
    },
    .yesNo("hors_region", label: "Hors de la région", \.isOutside),
    .date("date", label: "Date de la rencontre", \.date),
    .value("heure", label: "Heure", \.time, print: { time, _ in time }) { text, _ in try ToDoRecords.time(text) },
    .integer("duree_minutes", label: "Durée (minutes)", \.minutes, in: 5...1_440),
    .coded("phase", label: "Phase corrigée", \.phase),
    .coded("etat", label: "Avancement", \.state),
    .text("motif", label: "Motif du report ou de l’annulation", \.reason, limit: 1_000),
    .text("bilan", label: "Bilan", \.report, limit: 20_000),
    .integer("satisfaction", label: "Satisfaction de l’équipe (1 à 5)", \.satisfaction, in: 1...5),
    .text("avis", label: "Avis de l’équipe", \.feedback, limit: 2_000),
  ]

  /// Somebody of the directory, by reference, address or name; else the name as it is written.
  private static func person(_ text: String, _ reading: inout Reading<Context>) throws -> Named<Person> {
    if let id = reading.context.people.identifier(text) {
      reading.tell(of: text, reading.context.people.successorReference(text))
      return .record(id)
    }
    guard text.count <= 200 else { throw Refusal("\(text.count) caractères : 200 au plus") }
    let namesakes = reading.context.people.namesakes(text)
    guard !reading.isForm || namesakes.isEmpty else { throw Refusal(Naming.doubt(text, namesakes)) }
    reading.warn("« \(text) » : personne inconnue, gardée comme un nom")
    return .name(text)
  }

  func context(_ connection: any Connection) throws -> Context {
    try context(
      connection, structures: StructureIndex(connection), people: PersonIndex(people: connection),
      organisations: OrganisationIndex(organisations: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let teams: SQL = "SELECT structure_id FROM facilitation_structure WHERE facilitation_id = \(form.record)"
    let people: SQL = """
      SELECT person_id FROM facilitation_person WHERE facilitation_id = \(form.record) AND person_id IS NOT NULL
      UNION ALL SELECT requester_id FROM facilitation WHERE id = \(form.record) AND requester_id IS NOT NULL
      """
    let partners: SQL = """
      SELECT organisation_id FROM facilitation_partner WHERE facilitation_id = \(form.record) AND organisation_id IS NOT NULL
      """
    return try context(
      connection,
      structures: StructureIndex(
        connection, only: Structure.searchSource.named(form.texts("structures"), Structure.self).map { "\($0) UNION ALL \(teams)" }),
      people: PersonIndex(
        people: connection,
        only: Person.searchSource.named(form.texts("demandeur") + form.texts("facilitateurs"), Person.self).map {
          "\($0) UNION ALL \(people)"
        }),
      organisations: OrganisationIndex(
        organisations: connection,
        only: Organisation.searchSource.named(form.texts("partenaires"), Organisation.self).map { "\($0) UNION ALL \(partners)" }))
  }

  private func context(
    _ connection: any Connection, structures: StructureIndex, people: PersonIndex, organisations: OrganisationIndex
  ) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection), structures: structures, people: people,
      organisations: organisations, accounts: try NameIndex(accounts: connection),
      network: try Set(connection.rows("SELECT person_id FROM facilitator WHERE removed_at IS NULL").map { try $0[0] }),
      departments: try Settings(connection).departments(on: .openEnd.previous))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.need = draft.need.map(PastedText.cleaned)
    draft.report = draft.report.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    draft.facilitators = Set(draft.facilitators).sorted()
    draft.partners = Set(draft.partners).sorted()
    for case .record(let person) in draft.facilitators where !reading.context.network.contains(person) {
      reading.warn(
        "\(reading.context.people.name(of: person)) n’a pas encore de fiche de facilitateur", about: "facilitateurs")
    }
    draft.requestedOn = draft.requestedOn ?? min(draft.date ?? reading.today, reading.today)
    qualify(&draft, isNew: isNew, &reading)
    var faults = advance(&draft, &reading)
    if draft.type != nil, draft.family == nil { faults.append(Fault("famille", "dites de quelle famille est ce type")) }
    if let day = draft.requestedOn, day > reading.today { faults.append(Fault("demandee_le", "ce jour est à venir")) }
    if draft.time != nil, draft.date == nil { faults.append(Fault("date", "donnez le jour de cette heure")) }
    return faults
  }

  /// For whom and of which family it is, where that follows from the rest.
  private func qualify(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) {
    let structures = reading.context.structures
    if draft.audience == nil {
      let day = draft.date ?? draft.requestedOn
      let audiences = Set(draft.structures.compactMap { structures.type(of: $0, on: day) }.map { FacilitationAudience($0) })
      // Of a mixed meeting, that of the teams: MSP and ESP are whatever is no CPTS (R5). One without a team may be of a team that is not in
      // the directory yet: only what has a day is for nobody.
      draft.audience = [.msp, .esp, .cds, .cpts, .nobody].first(where: audiences.contains) ?? (draft.date == nil ? nil : .nobody)
    }
    if let family = draft.type.flatMap(FacilitationFamily.of), family != draft.family {
      if draft.family != nil, !reading.isForm {
        reading.warn("ce type est de la famille « \(family.label) »", about: "famille")
      }
      draft.family = family
    }
    if isNew, reading.isForm, draft.family == .publicMeeting, draft.audience == .msp || draft.audience == .esp {
      reading.warn("une réunion publique est d’ordinaire celle d’une CPTS", about: "type_facilitation")
    }
    if draft.isOutside == nil, !reading.context.departments.isEmpty, let commune = draft.commune,
      let place = reading.context.gazetteer.commune(code: commune)
    {
      draft.isOutside = !reading.context.departments.contains(place.department)
    }
  }

  /// How far it has come, by what is known of it.
  private func advance(_ draft: inout Draft, _ reading: inout Reading<Context>) -> [Fault] {
    let stated = draft.state ?? .requested
    switch stated {
    case .cancelled:
      draft.state = stated
      return draft.reason == nil ? [Fault("motif", "dites pourquoi elle est annulée")] : reportFaults(draft)
    case .held, .written:
      draft.state = draft.report == nil ? .held : .written
      guard let date = draft.date else { return [Fault("date", "donnez le jour où elle s’est tenue")] }
      return date > reading.today ? [Fault("date", "ce jour est à venir : elle ne s’est pas encore tenue")] : []
    case .postponed where draft.date == nil:
      draft.state = stated
      return draft.reason == nil ? [Fault("motif", "dites pourquoi elle est reportée")] : reportFaults(draft)
    default:
      let isQualified = draft.audience != nil && draft.type != nil
      let state: FacilitationState =
        draft.date != nil
        ? .dated
        : !draft.facilitators.isEmpty ? .assigned : stated == .proposed ? .proposed : isQualified ? .qualified : .requested
      if draft.state != nil, state != stated, !reading.isForm {
        reading.warn("d’après le reste de la ligne, elle est « \(state.label) »", about: "etat")
      }
      draft.state = state
      return reportFaults(draft)
    }
  }

  private func reportFaults(_ draft: Draft) -> [Fault] {
    draft.report == nil ? [] : [Fault("bilan", "le bilan s’écrit une fois la rencontre tenue")]
  }

  /// What was left to do after it; what is done stays. Those come back that left at the same moment.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let which: SQL =
      removed
      ? "t.state = \(ToDoState.open) AND t.removed_at IS NULL" : "t.removed_at = f.removed_at"
    let tasks = try connection.rows(
      """
      SELECT t.id FROM facilitation_todo x JOIN facilitation f ON f.id = x.facilitation_id JOIN todo t ON t.id = x.todo_id
      WHERE f.id IN \(list: records) AND \(which) ORDER BY t.id
      """)
    return [
      (ToDoRecords(), try tasks.map { try $0[0] }), try HoursOfSources.followers(ofFacilitations: records, removed: removed, connection),
    ]
  }

  /// Nobody is at two meetings of a day.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    let dated = lines.filter { line in
      line.draft.date != nil && line.draft.state != .cancelled
        && (line.old?.date != line.draft.date || line.old?.facilitators != line.draft.facilitators)
    }
    let people = Set(dated.flatMap { Self.records($0.draft) }).sorted()
    guard !people.isEmpty else { return }
    let rows = try connection.rows(
      """
      SELECT y.person_id, f.date, f.at, f.reference FROM facilitation f
      JOIN facilitation_person y ON y.facilitation_id = f.id AND y.person_id IN \(list: people)
      WHERE f.removed_at IS NULL AND f.state <> \(FacilitationState.cancelled)
        AND f.date IN \(list: Set(dated.compactMap { $0.draft.date?.description }).sorted())
      ORDER BY f.at, f.id
      """
    ).map { row in
      let meeting: (person: Identifier<Person>, date: CivilDate, time: String?, reference: String) = (
        try row[0], try row[1], try row[2], try row[3]
      )
      return meeting
    }
    for line in dated {
      for person in Self.records(line.draft) {
        let other = rows.first { $0.person == person && $0.date == line.draft.date && $0.reference != line.draft.reference }
        guard let other else { continue }
        let time = other.time.map { " à \($0)" } ?? ""
        let sentence = "\(reading.context.people.name(of: person)) a déjà une facilitation ce jour-là\(time)"
        if reading.isForm { reading.warn(sentence, about: "date") } else { reading.warn(sentence, line: line.line) }
      }
    }
  }

  private static func records(_ draft: Draft) -> [Identifier<Person>] {
    draft.facilitators.compactMap { named in
      guard case .record(let id) = named else { return nil }
      return id
    }
  }

  /// The same team may have asked twice: on the telephone, then by mail.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    guard !draft.structures.isEmpty, draft.state?.isAhead ?? true else { return [] }
    return try connection.rows(
      """
      SELECT DISTINCT s.name, f.requested_on, f.id, f.reference FROM facilitation f
      JOIN facilitation_structure x ON x.facilitation_id = f.id AND x.structure_id IN \(list: draft.structures)
      JOIN structure s ON s.id = x.structure_id
      WHERE f.removed_at IS NULL AND f.state NOT IN ('tenue', 'bilan', 'annulee') AND f.type IS NOT DISTINCT FROM \(draft.type)
      ORDER BY f.requested_on DESC, f.id LIMIT 3
      """
    ).map { row in
      let day: CivilDate = try row[1]
      return Warning(
        "une demande de \(try row[0] as String) est déjà en cours, du \(day)", similar: [SimilarRecord(try row[2], try row[3])])
    }
  }
}
