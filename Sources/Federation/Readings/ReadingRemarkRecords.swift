import Records
import Store

/// What readers say of the sections of a project, in files and forms (SUP-05).
struct ReadingRemarkRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var reading: Identifier<ProjectReading>?
    /// A code of `ReferenceList.projectSection`.
    var section: String?
    /// Of which version of the document it is said.
    var document: Int?
    var author: Identifier<Account>?
    var body: String?
    var resolvedOn: CivilDate?
  }

  struct Context: AccountContext {
    let lists: ReferenceLists
    let accounts: NameIndex<Account>
    let readings: NameIndex<ProjectReading>
  }

  let name = "remarques_relecture"
  let label = "Remarques d’une relecture"
  let table = "reading_remark"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .value(
      "relecture", label: "Relecture", \.reading, isRequired: true, print: { id, context in context.readings.reference(of: id) }
    ) { text, reading in
      guard let found = reading.context.readings.identifier(text) else {
        throw Refusal("« \(text.prefix(80)) » : aucune relecture de cette référence")
      }
      return found
    },
    .listed("partie", label: "Partie du projet", \.section, in: .projectSection, isRequired: true),
    .integer("version_lue", label: "Version lue", \.document, in: 1...1_000),
    .value(
      "auteur", label: "Auteur", \.author, input: .record(of: Naming.accounts.rawValue),
      print: { id, context in context.accounts.reference(of: id) }
    ) { text, reading in
      guard let account = reading.context.accounts.identifier(text) else { throw Refusal("« \(text.prefix(80)) » n’a pas de compte") }
      return account
    },
    .text("texte", label: "Remarque", \.body, isRequired: true, limit: 5_000),
    .date("reglee_le", label: "Réglée le", \.resolvedOn),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(
      lists: try ReferenceLists(connection), accounts: try NameIndex(accounts: connection),
      readings: NameIndex(
        try connection.rows("SELECT id, reference FROM project_reading WHERE removed_at IS NULL ORDER BY id").map {
          .init(id: try $0[0], reference: try $0[1], email: nil, names: [])
        }))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.body = draft.body.map(PastedText.cleaned)
    guard let resolved = draft.resolvedOn, resolved > reading.today else { return [] }
    return [Fault("reglee_le", value: resolved.description, "ce jour est à venir")]
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT m.id, m.reference, m.reading_id, m.section, m.document, m.account_id, m.body, m.resolved_on FROM reading_remark m
      WHERE m.removed_at IS NULL \(selection.clause(id: "m.id", key: "m.reference")) ORDER BY m.reading_id, m.id
      """
    ).map { row in
      let draft = Draft(
        reference: try row[1], reading: try row[2], section: try row[3], document: try row[4], author: try row[5], body: try row[6],
        resolvedOn: try row[7])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "reading_remark (id, reference, reading_id, section, document, account_id, body, resolved_on)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, reading_id = excluded.reading_id, section = excluded.section,
          document = excluded.document, account_id = excluded.account_id, body = excluded.body, resolved_on = excluded.resolved_on
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.reading), \(draft.section), \(draft.document), \(draft.author), \(draft.body),
        \(draft.resolvedOn)
        """
    }
  }
}
