import Records
import Store

/// Files before a sitting, in files and forms (SUP-10).
struct CommissionFileRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var sitting: Identifier<CommissionSitting>?
    var structure: Identifier<Structure>?
    var filedOn: CivilDate?
    var opinion: CommissionOpinion?
    var opinionOn: CivilDate?
    /// What is to be mended, or why it is put off.
    var reason: String?
  }

  struct Context: StructureContext {
    struct Sitting: Sendable {
      let date: CivilDate
      let deadline: CivilDate?
      /// A code of `ReferenceList.commission`.
      let commission: String
    }

    let lists: ReferenceLists
    let structures: StructureIndex
    let index: NameIndex<CommissionSitting>
    let sittings: [Identifier<CommissionSitting>: Sitting]
  }

  let name = "dossiers"
  let label = "Dossiers de commission"
  let table = "commission_file"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  let caption = RecordCaption(
    reference: "t.reference", label: "COALESCE((SELECT s.name FROM structure s WHERE s.id = t.structure_id), 'Dossier')",
    fold: "COALESCE((SELECT s.name_fold FROM structure s WHERE s.id = t.structure_id), '')",
    date: "(SELECT c.date FROM commission_sitting c WHERE c.id = t.sitting_id)")
  var links: [RecordLink<Draft>] { [.one(to: "structures", table: table, column: "structure_id", \.structure)] }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .value(
      "seance", label: "Séance", \.sitting, isRequired: true, print: { id, context in context.index.reference(of: id) }
    ) { text, reading in
      guard let sitting = reading.context.index.identifier(text) else {
        throw Refusal("« \(text) » : aucune séance de cette référence")
      }
      return sitting
    },
    .structure(\.structure, isRequired: true),
    .date("depose_le", label: "Déposé le", \.filedOn),
    .coded("avis", label: "Avis", \.opinion),
    .date("avis_le", label: "Avis du", \.opinionOn),
    .text("motif", label: "Réserves ou motif", \.reason, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context { try context(connection, StructureIndex(connection)) }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let held: SQL = "SELECT structure_id FROM commission_file WHERE id = \(form.record)"
    let named = Structure.searchSource.named(form.texts("structure"), Structure.self).map { "\($0) UNION ALL \(held)" as SQL }
    return try context(connection, StructureIndex(connection, only: named))
  }

  private func context(_ connection: any Connection, _ structures: StructureIndex) throws -> Context {
    let rows = try connection.rows(
      "SELECT id, reference, date, filing_deadline, commission FROM commission_sitting WHERE removed_at IS NULL ORDER BY id")
    var sittings: [Identifier<CommissionSitting>: Context.Sitting] = [:]
    for row in rows { sittings[try row[0]] = Context.Sitting(date: try row[2], deadline: try row[3], commission: try row[4]) }
    return Context(
      lists: try ReferenceLists(connection), structures: structures,
      index: NameIndex(try rows.map { .init(id: try $0[0], reference: try $0[1], email: nil, names: []) }), sittings: sittings)
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.reason = draft.reason.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    guard let sitting = draft.sitting.flatMap({ reading.context.sittings[$0] }) else { return [] }
    var faults: [Fault] = []
    if let filed = draft.filedOn, filed > sitting.date {
      faults.append(Fault("depose_le", value: filed.description, "c’est après la séance du \(sitting.date)"))
    } else if let filed = draft.filedOn, let deadline = sitting.deadline, filed > deadline {
      reading.warn("le dossier est déposé après la date limite du \(deadline)", about: "depose_le")
    }
    guard draft.opinion != nil else {
      if draft.opinionOn != nil { faults.append(Fault("avis", "dites quel avis a été rendu ce jour-là")) }
      return faults
    }
    let given = draft.opinionOn ?? sitting.date
    draft.opinionOn = given
    if sitting.date > reading.today {
      faults.append(Fault("avis", "la séance du \(sitting.date) n’a pas encore eu lieu"))
    } else if given < sitting.date {
      faults.append(Fault("avis_le", value: given.description, "c’est avant la séance du \(sitting.date)"))
    } else if given > reading.today {
      faults.append(Fault("avis_le", value: given.description, "ce jour est à venir"))
    }
    return faults
  }

  /// A team has one file before a sitting.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    guard let team = draft.structure, let sitting = draft.sitting else { return [] }
    return try connection.rows(
      """
      SELECT s.name, f.id, f.reference FROM commission_file f JOIN structure s ON s.id = f.structure_id
      WHERE f.removed_at IS NULL AND f.structure_id = \(team) AND f.sitting_id = \(sitting) ORDER BY f.id LIMIT 1
      """
    ).map { Warning("\(try $0[0] as String) a déjà un dossier à cette séance", similar: [SimilarRecord(try $0[1], try $0[2])]) }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT f.id, f.reference, f.sitting_id, f.structure_id, f.filed_on, f.opinion, f.opinion_on, f.reason FROM commission_file f
      JOIN commission_sitting c ON c.id = f.sitting_id
      WHERE f.removed_at IS NULL \(selection.clause(id: "f.id", key: "f.reference")) ORDER BY c.date, f.id
      """
    ).map { row in
      let draft = Draft(
        reference: try row[1], sitting: try row[2], structure: try row[3], filedOn: try row[4], opinion: try row[5], opinionOn: try row[6],
        reason: try row[7])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "commission_file (id, reference, sitting_id, structure_id, filed_on, opinion, opinion_on, reason)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, sitting_id = excluded.sitting_id,
          structure_id = excluded.structure_id, filed_on = excluded.filed_on, opinion = excluded.opinion,
          opinion_on = excluded.opinion_on, reason = excluded.reason
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.sitting), \(draft.structure), \(draft.filedOn), \(draft.opinion), \(draft.opinionOn),
        \(draft.reason)
        """
    }
  }
}
