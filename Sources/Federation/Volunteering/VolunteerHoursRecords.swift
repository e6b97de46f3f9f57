import Records
import Store

/// Lines of volunteer time in files and forms (R19).
struct VolunteerHoursRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var person: Identifier<Person>?
    /// A code of `ReferenceList.volunteerActivity`.
    var activity: String?
    var date: CivilDate?
    /// Of presence.
    var minutes: Int?
    /// There and back.
    var travel: Int?
    var purpose: String?
    var state: VolunteerState?
    /// Why it was refused.
    var reason: String?
    /// What it comes from, and what that said last: what somebody has corrected since does not follow it.
    var facilitation: Identifier<Facilitation>?
    var meeting: Identifier<Meeting>?
    var sourceMinutes: Int?
    var sourceTravel: Int?
    /// A merge leads the line to another record of its person, be its year closed: it counts as before.
    var isLed = false

    private enum CodingKeys: String, CodingKey {
      case reference, person, activity, date, minutes, travel, purpose, state, reason, facilitation, meeting, sourceMinutes, sourceTravel
    }

    /// Two lines of one are one.
    var source: String? {
      guard let person else { return nil }
      return facilitation.map { "facilitation.\($0).\(person)" } ?? meeting.map { "reunion.\($0).\(person)" }
    }
  }

  struct Context: PersonContext {
    let lists: ReferenceLists
    let people: PersonIndex
    let closedYears: Set<Int>
    let payroll: Set<Identifier<Person>>
    /// Minutes of a day from which somebody is asked whether they mean it.
    let longDay: DatedValues<Int>
  }

  /// The only people spoken of, where these are known beforehand.
  var among: [Identifier<Person>]?

  let name = "heures"
  let label = "Heures bénévoles"
  let table = "volunteer_hours"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  let caption = RecordCaption(
    reference: "t.reference",
    label: "COALESCE((SELECT MIN(v.label) FROM reference_value v WHERE v.list = 'volunteer_activity' AND v.code = t.activity), t.activity)",
    fold: "t.activity", date: "t.date")
  var searched: SearchSource? { VolunteerHours.searchSource }
  var links: [RecordLink<Draft>] {
    [
      RecordLink(to: "personnes", table: table, column: "person_id") { draft, old, new in
        if draft.person?.rawValue == old { (draft.person, draft.isLed) = (Identifier(rawValue: new), true) }
      }
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .person(\.person),
    .listed("activite", label: "Activité", \.activity, in: .volunteerActivity, isRequired: true),
    .date("date", label: "Date", \.date, isRequired: true),
    .integer("presence_minutes", label: "Présence (minutes)", \.minutes, in: 1...1_440),
    .integer("trajet_minutes", label: "Trajet aller et retour (minutes)", \.travel, in: 0...1_440),
    .text("objet", label: "Pour quoi", \.purpose),
    .coded("etat", label: "État", \.state),
    .text("motif", label: "Motif du refus", \.reason, limit: 500),
  ]

  func context(_ connection: any Connection) throws -> Context {
    try context(connection, only: among.map { "SELECT value FROM \(list: $0) i" })
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let own: SQL = "SELECT person_id FROM volunteer_hours WHERE id = \(form.record)"
    return try context(
      connection, only: Person.searchSource.named(form.texts("personne"), Person.self).map { "\($0) UNION ALL \(own)" })
  }

  private func context(_ connection: any Connection, only: SQL?) throws -> Context {
    let among: SQL = only.map { "AND p.id IN (\($0))" } ?? ""
    let payroll = try connection.rows("SELECT p.id FROM person p WHERE p.removed_at IS NULL \(among) AND \(Person.isOnPayroll)")
    return Context(
      lists: try ReferenceLists(connection), people: try PersonIndex(people: connection, only: only),
      closedYears: try VolunteerYear.closed(connection), payroll: Set(try payroll.map { try $0[0] }),
      longDay: try Settings(connection).integers(of: .volunteerDay).map { $0 * 60 })
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    var faults: [Fault] = []
    draft.state = draft.state ?? .proposed
    if let date = draft.date {
      if date > reading.today { faults.append(Fault("date", "ce jour est à venir : les heures se notent une fois données")) }
      if reading.context.closedYears.contains(date.year), !draft.isLed { faults.append(Fault("date", VolunteerYear.isClosed(date.year))) }
      let sum = (draft.minutes ?? 0) + (draft.travel ?? 0)
      if sum > 1_440 {
        faults.append(Fault("trajet_minutes", "présence et trajet dépassent ensemble 24 heures"))
      } else if sum > reading.context.longDay[date] {
        reading.warn(
          "plus de \(reading.context.longDay[date] / 60) heures dans la même journée : vérifiez que ce sont bien des minutes",
          about: "presence_minutes")
      }
    }
    // A source may not say how long it lasted; whoever validates does.
    if draft.minutes == nil, draft.source == nil || draft.state == .validated {
      faults.append(Fault("presence_minutes", draft.state == .validated ? "dites la durée avant de valider" : "obligatoire"))
    }
    if draft.state == .refused, draft.reason == nil { faults.append(Fault("motif", "dites pourquoi la ligne est refusée")) }
    if isNew, let person = draft.person, reading.context.payroll.contains(person) {
      let name = reading.context.people.name(of: person)
      faults.append(Fault("personne", "\(name) est de l’équipe salariée : son temps n’est pas du bénévolat"))
    }
    return faults
  }

  /// The same person may have noted the same hours, or a facilitation may have given them.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    guard let person = draft.person, let date = draft.date else { return [] }
    let rows = try connection.rows(
      """
      SELECT h.id, h.activity, COALESCE(h.minutes, 0) + COALESCE(h.travel, 0) FROM volunteer_hours h
      WHERE h.removed_at IS NULL AND h.state <> \(VolunteerState.refused) AND h.person_id = \(person) AND h.date = \(date) ORDER BY h.id LIMIT 5
      """)
    guard !rows.isEmpty else { return [] }
    let lists = try ReferenceLists(connection)
    let known = try rows.map { SimilarRecord(try $0[0], lists.label(of: try $0[1], in: .volunteerActivity)) }
    let sum = try rows.reduce((draft.minutes ?? 0) + (draft.travel ?? 0)) { try $0 + $1[2] }
    let words = sum > 1_440 ? "avec celle-ci, la journée dépasserait 24 heures" : "vérifiez que ce n’est pas le même temps"
    return [Warning(column: "date", "cette personne a déjà des heures ce jour-là : \(words)", similar: known)]
  }

  /// What a file brings twice.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    guard !reading.isForm else { return }
    struct Day: Hashable {
      let person: Identifier<Person>
      let date: CivilDate
    }
    let new = lines.filter { $0.old == nil }
    let people = Set(new.compactMap(\.draft.person)).sorted()
    var known: [Day: Int] = [:]
    for row in try connection.rows(
      "SELECT person_id, date FROM volunteer_hours WHERE removed_at IS NULL AND state <> 'refusee' AND person_id IN \(list: people)")
    { known[Day(person: try row[0], date: try row[1]), default: 0] += 1 }
    for line in new {
      guard let person = line.draft.person, let date = line.draft.date else { continue }
      let day = Day(person: person, date: date)
      if known[day, default: 0] > 0 {
        reading.warn("\(reading.context.people.name(of: person)) a déjà des heures le \(date.written)", line: line.line)
      }
      known[day, default: 0] += 1
    }
  }

  // MARK: - A closed year

  /// Nothing of it goes to the bin, and nothing comes back into it.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let closed = try connection.first(
      """
      SELECT c.year FROM volunteer_hours h JOIN volunteer_year_closure c ON c.year = \(VolunteerHours.year) AND c.reopened_at IS NULL
      WHERE h.id IN \(list: records)
      """)
    if let closed { throw Refusal("Rien n’est changé : \(VolunteerYear.isClosed(try closed[0])).") }
    return []
  }

  /// Nor is it moved into another year.
  func withConsequences(
    _ writes: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context
  ) throws -> [RecordWrite<Draft>] {
    for write in writes {
      guard let year = write.old?.date?.year, context.closedYears.contains(year), !write.draft.isLed, write.old != write.draft else {
        continue
      }
      throw Refusal("Rien n’est changé : \(VolunteerYear.isClosed(year)).")
    }
    return writes
  }

  /// Nor is an import taken back that brought lines of it.
  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    let closed = try VolunteerYear.closed(connection)
    guard let year = drafts.compactMap(\.date?.year).first(where: closed.contains) else { return }
    let present: [Int64] = try connection.rows("SELECT id FROM volunteer_hours WHERE id IN \(list: ids)").map { try $0[0] }
    guard present.count == Set(ids).count else { throw Refusal("Rien n’est changé : \(VolunteerYear.isClosed(year)).") }
  }

  // MARK: - Storage

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT h.id, h.reference, h.person_id, h.activity, h.date, h.minutes, h.travel, h.purpose, h.state, h.reason, h.facilitation_id,
        h.meeting_id, h.source_minutes, h.source_travel
      FROM volunteer_hours h WHERE h.removed_at IS NULL \(selection.clause(id: "h.id", key: "h.reference")) ORDER BY h.date, h.id
      """
    ).map { row in
      var draft = Draft()
      (draft.reference, draft.person, draft.activity, draft.date) = (try row[1], try row[2], try row[3], try row[4])
      (draft.minutes, draft.travel, draft.purpose) = (try row[5], try row[6], try row[7])
      (draft.state, draft.reason, draft.facilitation, draft.meeting) = (try row[8], try row[9], try row[10], try row[11])
      (draft.sourceMinutes, draft.sourceTravel) = (try row[12], try row[13])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        volunteer_hours (id, reference, person_id, activity, date, minutes, travel, purpose, state, reason, facilitation_id, meeting_id,
          source, source_minutes, source_travel)
        """, records,
      // The source is that of the person who was there: a merge leaves it as it was.
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, person_id = excluded.person_id, activity = excluded.activity,
          date = excluded.date, minutes = excluded.minutes, travel = excluded.travel, purpose = excluded.purpose, state = excluded.state,
          reason = excluded.reason, source_minutes = excluded.source_minutes, source_travel = excluded.source_travel
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.person), \(draft.activity), \(draft.date), \(draft.minutes), \(draft.travel),
        \(draft.purpose), \(draft.state ?? .proposed), \(draft.reason), \(draft.facilitation), \(draft.meeting),
        \(record.isNew ? draft.source : nil), \(draft.sourceMinutes), \(draft.sourceTravel)
        """
    }
  }
}
