import Records
import Store

/// Texts of letters that are used again, in forms and files.
struct LetterTemplateRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var name: String?
    var subject: String?
    var body: String?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
  }

  let name = "modeles_courriel"
  let label = "Modèles de courriel"
  let table = "letter_template"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "nom"
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .text("nom", label: "Nom du modèle", \.name, isRequired: true, limit: 100),
    .text("objet", label: "Objet", \.subject, isRequired: true, limit: 200),
    .text("message", label: "Texte", \.body, isRequired: true, limit: LetterText.limit),
  ]

  func context(_ connection: any Connection) throws -> Context { Context(lists: try ReferenceLists(connection)) }

  func key(of draft: Draft, _ context: Context) -> String? { draft.name.map(Fold.key) }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    [("objet", draft.subject), ("message", draft.body)].compactMap { column, text in
      text.flatMap(MergeField.fault).map { Fault(column, $0) }
    }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT id, name, subject, body, name_fold FROM letter_template
      WHERE removed_at IS NULL \(selection.clause(id: "id", key: "name_fold")) ORDER BY name_fold, id
      """
    ).map { StoredRecord(id: try $0[0], key: try $0[4], draft: Draft(name: try $0[1], subject: try $0[2], body: try $0[3])) }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "letter_template (id, name, name_fold, subject, body)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_fold = excluded.name_fold, subject = excluded.subject,
          body = excluded.body
        """
    ) { record in
      let draft = record.draft
      return "\(record.id), \(draft.name), \(Fold.key(draft.name ?? "")), \(draft.subject), \(draft.body)"
    }
  }
}

/// A template as pages show it.
public struct LetterTemplate: Sendable {
  public let id: Identifier<LetterTemplate>
  public let name: String
  public let subject: String
  public let body: String

  /// In the order of their names.
  public static func all(_ connection: any Connection) throws -> [LetterTemplate] {
    try connection.rows("SELECT id, name, subject, body FROM letter_template WHERE removed_at IS NULL ORDER BY name_fold, id").map {
      LetterTemplate(id: try $0[0], name: try $0[1], subject: try $0[2], body: try $0[3])
    }
  }
}
