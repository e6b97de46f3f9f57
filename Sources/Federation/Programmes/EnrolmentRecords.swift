import Records
import Store
import Tables

/// The teams of programmes in files and forms (SUP-12).
struct EnrolmentRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var programme: Identifier<SupportProgramme>?
    var structure: Identifier<Structure>?
    var entered: CivilDate?
    /// Those that the team has come to, the earliest first.
    var steps: [ProgrammeStep] = []
    /// Of a coordinator, agreed for a starting coordination (SUP-09); those used are the time of the workshops.
    var hours: Int?
    var state: EnrolmentState?
    var left: CivilDate?
    /// Why it was given up.
    var reason: String?
  }

  struct Context: StructureContext, ProgrammeContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    var programmes: ProgrammeIndex
  }

  let name = "inscriptions"
  let label = "Inscriptions à un programme"
  let table = "programme_enrolment"
  let ownedTables = [OwnedTable("programme_step", "enrolment_id")]
  let blank = Draft()
  let caption = RecordCaption(
    reference: "t.reference", label: "COALESCE((SELECT s.name FROM structure s WHERE s.id = t.structure_id), 'Inscription')",
    fold: "COALESCE((SELECT s.name_fold FROM structure s WHERE s.id = t.structure_id), '')", date: "t.entered_on")
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure)] }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .programme(\.programme), .structure(\.structure, isRequired: true),
    .date("entree_le", label: "Entrée le", \.entered, isRequired: true),
    Field(
      "etapes", label: "Étapes atteintes", input: .paragraph(limit: 5_000),
      parse: { text, draft, _ in
        let parts = text.split { "|\n".contains($0) }.map(\.withoutSpacesAround).filter { !$0.isEmpty }
        draft.steps = try Set(parts.map(ProgrammeStep.reading)).sorted()
      },
      print: { draft, _ in draft.steps.map(\.text).joined(separator: "\n") },
      merge: { new, old in if !new.steps.isEmpty { old.steps = new.steps } }, clear: { $0.steps = [] }),
    .integer("heures_accordees", label: "Heures de coordination accordées", \.hours, in: 1...10_000),
    .coded("suite", label: "Suite", \.state),
    .date("fin_le", label: "Fin le", \.left),
    .text("motif", label: "Motif de l’abandon", \.reason, limit: 1_000),
  ]

  func context(_ connection: any Connection) throws -> Context { try context(connection, StructureIndex(connection)) }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let held: SQL = "SELECT structure_id FROM programme_enrolment WHERE id = \(form.record)"
    let named = Structure.searchSource.named(form.texts("structure"), Structure.self).map { "\($0) UNION ALL \(held)" as SQL }
    return try context(connection, StructureIndex(connection, only: named))
  }

  private func context(_ connection: any Connection, _ structures: StructureIndex) throws -> Context {
    Context(lists: try ReferenceLists(connection), structures: structures, programmes: try ProgrammeIndex(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.state = draft.state ?? .underWay
    draft.reason = draft.reason.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    guard let id = draft.programme, let programme = reading.context.programmes[id], let team = draft.structure,
      let entered = draft.entered, let state = draft.state
    else { return [] }
    var faults = endingFaults(draft, reading.today) + stepFaults(&draft, programme, &reading)
    if let ends = programme.ends, entered > ends {
      faults.append(Fault("entree_le", value: entered.description, "le programme est clos depuis le \(ends.written)"))
    } else if entered < programme.begins {
      reading.warn("l’équipe entre avant le début du programme (\(programme.begins.written))", about: "entree_le")
    }
    let others = reading.context.programmes.enrolments(in: id, besides: draft.reference)
    if state == .underWay, others.contains(where: { $0.structure == team && $0.state == .underWay }) {
      let name = reading.context.structures.reference(of: team)
      faults.append(Fault("structure", value: name, "cette équipe est déjà inscrite à « \(programme.name) »"))
    }
    if let places = programme.places, state.holdsPlace, others.count(where: \.state.holdsPlace) >= places {
      faults.append(Fault("programme", value: programme.name, SupportProgramme.isFull(programme.name, places)))
    }
    if faults.isEmpty, let reference = draft.reference {
      reading.context.programmes.put(
        .init(reference: reference, structure: team, entered: entered, left: draft.left, state: state), in: id)
    }
    return faults
  }

  private func endingFaults(_ draft: Draft, _ today: CivilDate) -> [Fault] {
    guard draft.state != .underWay else {
      return draft.left == nil ? [] : [Fault("suite", "dites si l’équipe poursuit, a terminé ou a abandonné")]
    }
    guard let left = draft.left else { return [Fault("fin_le", "donnez le jour où l’équipe est sortie du programme")] }
    var faults: [Fault] = []
    if left > today {
      faults.append(Fault("fin_le", value: left.description, "ce jour est à venir"))
    } else if let entered = draft.entered, left < entered {
      faults.append(Fault("fin_le", value: left.description, "c’est avant l’entrée du \(entered.written)"))
    }
    if draft.state == .abandoned, draft.reason == nil { faults.append(Fault("motif", "dites pourquoi l’équipe a abandonné")) }
    return faults
  }

  /// A step of the programme keeps its spelling; another one is told, and kept: programmes change.
  private func stepFaults(
    _ draft: inout Draft, _ programme: ProgrammeIndex.Programme, _ reading: inout Reading<Context>
  ) -> [Fault] {
    let known = Dictionary(programme.steps.map { (Fold.key($0), $0) }, uniquingKeysWith: { first, _ in first })
    draft.steps = Set(draft.steps.map { ProgrammeStep(date: $0.date, name: known[Fold.key($0.name)] ?? $0.name) }).sorted()
    for step in draft.steps where !known.isEmpty && known[Fold.key(step.name)] == nil {
      reading.warn("« \(step.name) » n’est pas une étape de ce programme : \(programme.steps.joined(separator: ", "))", about: "etapes")
    }
    if let ahead = draft.steps.first(where: { $0.date > reading.today }) {
      return [Fault("etapes", value: ahead.text, "ce jour est à venir : \(ahead.text)")]
    }
    if let entered = draft.entered, let early = draft.steps.first(where: { $0.date < entered }) {
      return [Fault("etapes", value: early.text, "c’est avant l’entrée du \(entered.written) : \(early.text)")]
    }
    return []
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try SupportProgramme.expectPlaces(Set(drafts.compactMap(\.programme)).sorted(), connection)
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "x.removed_at IS NULL \(selection.clause(id: "x.id", key: "x.reference"))"
    var steps: [Int64: [ProgrammeStep]] = [:]
    for row in try connection.rows(
      """
      SELECT x.id, y.date, y.step FROM programme_enrolment x JOIN programme_step y ON y.enrolment_id = x.id WHERE \(only)
      """)
    { steps[try row[0], default: []].append(ProgrammeStep(date: try row[1], name: try row[2])) }
    return try connection.rows(
      """
      SELECT x.id, x.reference, x.programme_id, x.structure_id, x.entered_on, x.hours, x.state, x.left_on, x.reason
      FROM programme_enrolment x WHERE \(only) ORDER BY x.entered_on, x.id
      """
    ).map { row in
      let draft = Draft(
        reference: try row[1], programme: try row[2], structure: try row[3], entered: try row[4],
        steps: steps[try row[0], default: []].sorted(), hours: try row[5], state: try row[6], left: try row[7], reason: try row[8])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "programme_enrolment (id, reference, programme_id, structure_id, entered_on, hours, state, left_on, reason)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, programme_id = excluded.programme_id,
          structure_id = excluded.structure_id, entered_on = excluded.entered_on, hours = excluded.hours, state = excluded.state,
          left_on = excluded.left_on, reason = excluded.reason
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.programme), \(draft.structure), \(draft.entered), \(draft.hours), \(draft.state),
        \(draft.left), \(draft.reason)
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    if !changed.isEmpty { try connection.execute("DELETE FROM programme_step WHERE enrolment_id IN \(list: changed)") }
    let order = try order(of: Set(records.compactMap(\.draft.programme)).sorted(), connection)
    let steps = records.flatMap { record in record.draft.steps.map { (record: record, step: $0) } }
    try connection.insert(into: "programme_step (id, enrolment_id, position, date, step)", steps) { one in
      let position = one.record.draft.programme.flatMap { order[$0]?[Fold.key(one.step.name)] } ?? 0
      return "\(ids.next(ProgrammeStep.self)), \(one.record.id), \(position), \(one.step.date), \(one.step.name)"
    }
  }

  /// Of two steps of one day, the further one is the present one.
  private func order(
    of programmes: [Identifier<SupportProgramme>], _ connection: any Connection
  ) throws -> [Identifier<SupportProgramme>: [String: Int]] {
    guard !programmes.isEmpty else { return [:] }
    let rows = try connection.rows("SELECT id, steps FROM support_programme WHERE id IN \(list: programmes)")
    return Dictionary(
      uniqueKeysWithValues: try rows.map { row in
        let names = ProgrammeStep.list(try row[1]).enumerated().map { (Fold.key($1), $0 + 1) }
        return (try row[0], Dictionary(names, uniquingKeysWith: { first, _ in first }))
      })
  }
}
