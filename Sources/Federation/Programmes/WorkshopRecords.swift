import Records
import Store

/// The workshops of programmes in files and forms (SUP-08, SUP-12).
struct WorkshopRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var programme: Identifier<SupportProgramme>?
    /// In the series.
    var number: Int?
    var topic: String?
    var date: CivilDate?
    /// `HH:MM`, in the federation's time zone.
    var time: String?
    var minutes: Int?
    /// A room, or the address of a video.
    var place: String?
    var leader: Named<Account>?
    /// The teams that were there.
    var structures: [Identifier<Structure>] = []
    var people: Int?
  }

  struct Context: StructureContext, ProgrammeContext, AccountContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    let programmes: ProgrammeIndex
    let accounts: NameIndex<Account>
  }

  let name = "seances_programme"
  let label = "Séances d’un programme"
  let table = "workshop"
  let ownedTables = [OwnedTable("workshop_structure", "workshop_id")]
  let blank = Draft()
  let caption = RecordCaption(
    reference: "t.reference", label: "COALESCE(t.topic, (SELECT g.name FROM support_programme g WHERE g.id = t.programme_id), 'Séance')",
    fold: "COALESCE((SELECT g.name_fold FROM support_programme g WHERE g.id = t.programme_id), '')", date: "t.date")
  var links: [RecordLink<Draft>] {
    [.several(to: "structures", table: "workshop_structure", column: "structure_id", owner: "workshop_id", \.structures)]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .programme(\.programme),
    .integer("numero", label: "Numéro dans la série", \.number, in: 1...1_000),
    .text("objet", label: "Objet", \.topic),
    .date("date", label: "Date", \.date, isRequired: true),
    .value("heure", label: "Heure", \.time, print: { time, _ in time }) { text, _ in try ToDoRecords.time(text) },
    .integer("duree_minutes", label: "Durée (minutes)", \.minutes, in: 5...6_000),
    .text("lieu", label: "Lieu ou visio", \.place),
    .account("animation", label: "Animée par", \.leader),
    .structures(\.structures),
    .integer("personnes", label: "Personnes présentes", \.people, in: 0...10_000),
  ]

  func context(_ connection: any Connection) throws -> Context { try context(connection, StructureIndex(connection)) }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let held: SQL = "SELECT structure_id FROM workshop_structure WHERE workshop_id = \(form.record)"
    let named = Structure.searchSource.named(form.texts("structures"), Structure.self).map { "\($0) UNION ALL \(held)" as SQL }
    return try context(connection, StructureIndex(connection, only: named))
  }

  private func context(_ connection: any Connection, _ structures: StructureIndex) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), structures: structures, programmes: try ProgrammeIndex(connection),
      accounts: try NameIndex(accounts: connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    guard let date = draft.date else { return [] }
    var faults: [Fault] = []
    if date > reading.today {
      let reason = "cette séance est à venir : dites qui était là une fois qu’elle s’est tenue"
      if !draft.structures.isEmpty { faults.append(Fault("structures", reason)) }
      if draft.people ?? 0 > 0 { faults.append(Fault("personnes", reason)) }
    }
    guard let id = draft.programme, let programme = reading.context.programmes[id] else { return faults }
    if date < programme.begins || programme.ends.map({ date > $0 }) ?? false {
      reading.warn("ce jour n’est pas dans les dates du programme", about: "date")
    }
    let enrolments = reading.context.programmes.enrolments(in: id, besides: nil)
    for team in draft.structures where !enrolments.contains(where: { $0.structure == team && $0.holds(on: date) }) {
      reading.warn(
        "« \(reading.context.structures.name(of: team)) » n’est pas inscrite à ce programme ce jour-là", about: "structures")
    }
    return faults
  }

  /// Two colleagues may both note one workshop.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    guard let programme = draft.programme, let date = draft.date else { return [] }
    return try connection.rows(
      "SELECT w.id, w.reference FROM workshop w WHERE w.removed_at IS NULL AND w.programme_id = \(programme) AND w.date = \(date) ORDER BY w.id"
    ).map { Warning("une séance de ce programme est déjà notée ce jour-là", similar: [SimilarRecord(try $0[0], try $0[1])]) }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "w.removed_at IS NULL \(selection.clause(id: "w.id", key: "w.reference"))"
    var teams: [Int64: [Identifier<Structure>]] = [:]
    for row in try connection.rows(
      "SELECT u.workshop_id, u.structure_id FROM workshop w JOIN workshop_structure u ON u.workshop_id = w.id WHERE \(only)")
    { teams[try row[0], default: []].append(try row[1]) }
    return try connection.rows(
      """
      SELECT w.id, w.reference, w.programme_id, w.number, w.topic, w.date, w.at, w.minutes, w.place, w.account_id, w.leader, w.people
      FROM workshop w WHERE \(only) ORDER BY w.date, w.id
      """
    ).map { row in
      var draft = Draft(reference: try row[1], programme: try row[2], number: try row[3], topic: try row[4])
      (draft.date, draft.time, draft.minutes, draft.place) = (try row[5], try row[6], try row[7], try row[8])
      draft.leader = Named(try row[9], try row[10])
      (draft.structures, draft.people) = (teams[try row[0], default: []].sorted(), try row[11])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "workshop (id, reference, programme_id, number, topic, date, at, minutes, place, account_id, leader, people)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, programme_id = excluded.programme_id, number = excluded.number,
          topic = excluded.topic, date = excluded.date, at = excluded.at, minutes = excluded.minutes, place = excluded.place,
          account_id = excluded.account_id, leader = excluded.leader, people = excluded.people
        """
    ) { record in
      let draft = record.draft
      let leader = draft.leader?.columns
      return """
        \(record.id), \(draft.reference), \(draft.programme), \(draft.number), \(draft.topic), \(draft.date), \(draft.time), \(draft.minutes),
        \(draft.place), \(leader?.record), \(leader?.name), \(draft.people)
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    if !changed.isEmpty { try connection.execute("DELETE FROM workshop_structure WHERE workshop_id IN \(list: changed)") }
    let teams = records.flatMap { record in record.draft.structures.map { (record.id, $0) } }
    try connection.insert(into: "workshop_structure (workshop_id, structure_id)", teams) { "\($0), \($1)" }
  }
}
