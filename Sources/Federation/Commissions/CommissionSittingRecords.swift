import Records
import Store

/// Sittings in files and forms (SUP-10).
struct CommissionSittingRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    /// A code of `ReferenceList.commission`.
    var commission: String?
    var date: CivilDate?
    /// None for a commission of the whole region.
    var department: String?
    var filingDeadline: CivilDate?
    var place: String?
    var note: String?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
  }

  let name = "seances"
  let label = "Séances de commission"
  let table = "commission_sitting"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .listed("commission", label: "Commission", \.commission, in: .commission, isRequired: true),
    .date("date", label: "Date", \.date, isRequired: true),
    .value("departement", label: "Département", \.department, input: .record(of: Naming.departments.rawValue), print: { code, _ in code }) {
      text, reading in
      try reading.context.gazetteer.department(text)
    },
    .date("depot_avant", label: "Dépôt des dossiers avant le", \.filingDeadline),
    .text("lieu", label: "Lieu ou visio", \.place),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    guard let date = draft.date, let deadline = draft.filingDeadline, deadline > date else { return [] }
    return [Fault("depot_avant", value: deadline.description, "les dossiers se déposent avant la séance du \(date)")]
  }

  /// A sitting does not move to a day after what it has said already.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    for line in lines {
      guard let old = line.old, let before = old.date, let date = line.draft.date, date > before, let reference = old.reference else {
        continue
      }
      let given = try connection.first(
        """
        SELECT 1 FROM commission_file f JOIN commission_sitting c ON c.id = f.sitting_id
        WHERE c.reference = \(reference) AND f.removed_at IS NULL AND c.removed_at IS NULL AND f.opinion_on < \(date)
        """)
      if given != nil { reading.warn("des avis de cette séance sont datés d’avant", about: "date", line: line.line) }
    }
  }

  /// Its files.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let which: SQL =
      removed ? "f.removed_at IS NULL" : "f.removed_at = (SELECT c.removed_at FROM commission_sitting c WHERE c.id = f.sitting_id)"
    let files = try connection.rows("SELECT f.id FROM commission_file f WHERE f.sitting_id IN \(list: records) AND \(which) ORDER BY f.id")
    return [(CommissionFileRecords(), try files.map { try $0[0] })]
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT c.id, c.reference, c.commission, c.date, c.department, c.filing_deadline, c.place, c.note FROM commission_sitting c
      WHERE c.removed_at IS NULL \(selection.clause(id: "c.id", key: "c.reference")) ORDER BY c.date, c.id
      """
    ).map { row in
      let draft = Draft(
        reference: try row[1], commission: try row[2], date: try row[3], department: try row[4], filingDeadline: try row[5],
        place: try row[6], note: try row[7])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "commission_sitting (id, reference, commission, date, department, filing_deadline, place, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, commission = excluded.commission, date = excluded.date,
          department = excluded.department, filing_deadline = excluded.filing_deadline, place = excluded.place, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.commission), \(draft.date), \(draft.department), \(draft.filingDeadline), \(draft.place),
        \(draft.note)
        """
    }
  }
}
