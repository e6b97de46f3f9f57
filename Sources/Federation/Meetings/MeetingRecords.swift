import Records
import Store

/// Minutes in files and forms (GOV-08).
struct MeetingRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var title: String?
    var date: CivilDate?
    /// How long it lasted.
    var minutes: Int?
    var kind: MeetingKind?
    /// A room, a town, or the address of a video.
    var place: String?
    /// In the order in which they were named.
    var present: [Attendee] = []
    var excused: [Attendee] = []
    var invited: [Attendee] = []
    var organisations: [Named<Organisation>] = []
    var agenda: String?
    /// Markdown.
    var body: String?
    var approvedOn: CivilDate?
  }

  struct Context: AccountContext {
    let lists: ReferenceLists
    let people: PersonIndex
    let organisations: OrganisationIndex
    let accounts: NameIndex<Account>
  }

  let name = "comptes_rendus"
  let label = "Comptes rendus de réunion"
  let table = "meeting"
  let ownedTables = ["meeting_attendee", "meeting_organisation"].map { OwnedTable($0, "meeting_id") }
  let blank = Draft()
  var searched: SearchSource? { Meeting.searchSource }
  var links: [RecordLink<Draft>] {
    [
      RecordLink(to: "personnes", table: "meeting_attendee", column: "person_id", owner: "meeting_id") { draft, old, new in
        func led(_ attendees: [Attendee]) -> [Attendee] {
          attendees.map { $0 == .person(Identifier(rawValue: old)) ? .person(Identifier(rawValue: new)) : $0 }.reduce(into: []) {
            kept, one in
            if !kept.contains(one) { kept.append(one) }
          }
        }
        (draft.present, draft.excused, draft.invited) = (led(draft.present), led(draft.excused), led(draft.invited))
      },
      .named(to: "organisations", table: "meeting_organisation", column: "organisation_id", owner: "meeting_id", \.organisations),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .text("titre", label: "Titre", \.title, isRequired: true),
    .date("date", label: "Date", \.date, isRequired: true),
    .coded("nature", label: "Réunion", \.kind, isRequired: true),
    .text("lieu", label: "Lieu ou visio", \.place),
    .attendees("presents", label: "Présents", \.present),
    .attendees("excuses", label: "Excusés", \.excused),
    .attendees("invites", label: "Invités", \.invited),
    .named(
      "organisations", label: "Organisations", \.organisations, in: \.organisations, unknown: "organisation inconnue, gardée comme un nom"),
    .text("ordre_du_jour", label: "Ordre du jour", \.agenda, limit: 5_000),
    .text("texte", label: "Compte rendu", \.body, limit: 50_000),
    .date("approuve_le", label: "Approuvé le", \.approvedOn),
    .integer("duree_minutes", label: "Durée (minutes)", \.minutes, in: 5...1_440),
  ]

  func context(_ connection: any Connection) throws -> Context {
    try context(connection, people: PersonIndex(people: connection), organisations: OrganisationIndex(organisations: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let attended: SQL = "SELECT person_id FROM meeting_attendee WHERE meeting_id = \(form.record) AND person_id IS NOT NULL"
    let came: SQL = "SELECT organisation_id FROM meeting_organisation WHERE meeting_id = \(form.record) AND organisation_id IS NOT NULL"
    let names = ["presents", "excuses", "invites"].flatMap { form.texts($0) }
    return try context(
      connection,
      people: PersonIndex(
        people: connection, only: Person.searchSource.named(names, Person.self).map { "\($0) UNION ALL \(attended)" }),
      organisations: OrganisationIndex(
        organisations: connection,
        only: Organisation.searchSource.named(form.texts("organisations"), Organisation.self).map { "\($0) UNION ALL \(came)" }))
  }

  private func context(
    _ connection: any Connection, people: PersonIndex, organisations: OrganisationIndex
  ) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), people: people, organisations: organisations, accounts: try NameIndex(accounts: connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.agenda = draft.agenda.map(PastedText.cleaned)
    draft.body = draft.body.map(PastedText.cleaned)
    // Whoever came is not excused.
    draft.excused.removeAll(where: draft.present.contains)
    draft.invited.removeAll { draft.present.contains($0) || draft.excused.contains($0) }
    draft.organisations = Set(draft.organisations).sorted()
    guard let date = draft.date, let approved = draft.approvedOn else { return [] }
    if approved > reading.today { return [Fault("approuve_le", "ce jour est à venir")] }
    return approved < date ? [Fault("approuve_le", "c’est avant la réunion")] : []
  }

  /// Its decisions, and what is left to do after them.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let which: SQL =
      removed ? "d.removed_at IS NULL" : "d.removed_at = (SELECT m.removed_at FROM meeting m WHERE m.id = d.meeting_id)"
    let decisions: [Int64] = try connection.rows(
      "SELECT d.id FROM decision d WHERE d.meeting_id IN \(list: records) AND \(which) ORDER BY d.id"
    ).map { try $0[0] }
    return [(DecisionRecords(), decisions), try HoursOfSources.followers(ofMeetings: records, removed: removed, connection)]
      + (try DecisionRecords().followers(of: decisions, removed: removed, connection))
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "m.removed_at IS NULL \(selection.clause(id: "m.id", key: "m.reference"))"
    var drafts: [Int64: Draft] = [:]
    for row in try connection.rows(
      """
      SELECT x.meeting_id, x.presence, x.person_id, x.account_id, x.name FROM meeting m JOIN meeting_attendee x ON x.meeting_id = m.id
      WHERE \(only) ORDER BY x.meeting_id, x.presence, x.position
      """)
    {
      let attendee = Attendee(try row[2], try row[3], try row[4])
      switch try row[1] as Presence {
      case .present: drafts[try row[0], default: Draft()].present.append(attendee)
      case .excused: drafts[try row[0], default: Draft()].excused.append(attendee)
      case .invited: drafts[try row[0], default: Draft()].invited.append(attendee)
      }
    }
    for row in try connection.rows(
      "SELECT x.meeting_id, x.organisation_id, x.name FROM meeting m JOIN meeting_organisation x ON x.meeting_id = m.id WHERE \(only)")
    {
      let record: Identifier<Organisation>? = try row[1]
      drafts[try row[0], default: Draft()].organisations.append(try record.map(Named.record) ?? .name(row[2]))
    }
    return try connection.rows(
      """
      SELECT m.id, m.reference, m.title, m.date, m.kind, m.place, m.agenda, m.body, m.approved_on, m.minutes FROM meeting m
      WHERE \(only) ORDER BY m.date, m.id
      """
    ).map { row in
      var draft = drafts[try row[0]] ?? Draft()
      draft.organisations.sort()
      (draft.reference, draft.title, draft.date, draft.kind) = (try row[1], try row[2], try row[3], try row[4])
      (draft.place, draft.agenda, draft.body, draft.approvedOn, draft.minutes) = (
        try row[5], try row[6], try row[7], try row[8], try row[9]
      )
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "meeting (id, reference, title, date, kind, place, agenda, body, approved_on, minutes)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, title = excluded.title, date = excluded.date, kind = excluded.kind,
          place = excluded.place, agenda = excluded.agenda, body = excluded.body, approved_on = excluded.approved_on, minutes = excluded.minutes
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.title), \(draft.date), \(draft.kind), \(draft.place), \(draft.agenda), \(draft.body),
        \(draft.approvedOn), \(draft.minutes)
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    for table: SQL in ["meeting_attendee", "meeting_organisation"] where !changed.isEmpty {
      try connection.execute("DELETE FROM \(table) WHERE meeting_id IN \(list: changed)")
    }
    let attendees = records.flatMap { record in
      [(Presence.present, record.draft.present), (.excused, record.draft.excused), (.invited, record.draft.invited)].flatMap {
        presence, all in
        all.enumerated().map { (meeting: record.id, presence: presence, position: $0.offset, columns: $0.element.columns) }
      }
    }
    try connection.insert(into: "meeting_attendee (id, meeting_id, presence, position, person_id, account_id, name)", attendees) { one in
      """
      \(ids.next(Attendee.self)), \(one.meeting), \(one.presence), \(one.position), \(one.columns.person), \(one.columns.account),
      \(one.columns.name)
      """
    }
    try ExchangeRecords.insert(
      records.flatMap { record in record.draft.organisations.map { (record.id, $0) } }, "meeting_organisation", "organisation_id",
      owner: "meeting_id", connection)
  }
}
