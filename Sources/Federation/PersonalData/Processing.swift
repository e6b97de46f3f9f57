import Records
import Store

/// On what a processing stands (GDPR, article 6).
public enum LegalBasis: String, CodedValue {
  case consent = "consentement"
  case contract = "contrat"
  case obligation = "obligation_legale"
  case publicTask = "mission_interet_public"
  case interest = "interet_legitime"

  public static let list = ReferenceList("legal_basis", label: "Base légale", of: LegalBasis.self)

  public var label: String {
    switch self {
    case .consent: "Consentement"
    case .contract: "Contrat"
    case .obligation: "Obligation légale"
    case .publicTask: "Mission d’intérêt public"
    case .interest: "Intérêt légitime"
    }
  }
}

/// One sheet of the register of processing (GDPR, article 30): why data on people are kept, which, for whom and until when.
public struct Processing: Sendable {
  public let id: Identifier<Processing>
  public let code: String
  public let name: String
  public let basis: LegalBasis
  public let people: String
  public let data: String
  public let recipients: String
  /// In words.
  public let duration: String
  /// How long somebody is kept after their last sign of life, where the program looks for those whose time is over.
  public let months: Int?
  public let security: String
  public let processors: String
  public let transfers: String

  /// The register, in the order of the names.
  public static func all(_ connection: any Connection) throws -> [Processing] {
    try connection.rows(
      """
      SELECT id, code, name, basis, people, data, recipients, duration, months, security, processors, transfers
      FROM processing WHERE removed_at IS NULL ORDER BY name, id
      """
    ).map { row in
      Processing(
        id: try row[0], code: try row[1], name: try row[2], basis: try row[3], people: try row[4], data: try row[5], recipients: try row[6],
        duration: try row[7], months: try row[8], security: try row[9], processors: try row[10], transfers: try row[11])
    }
  }

  /// How long a sheet keeps somebody; `nil` when it says none, or is not there.
  static func months(of code: String, _ connection: any Connection) throws -> Int? {
    let found: Int?? = try connection.first("SELECT months FROM processing WHERE code = \(code) AND removed_at IS NULL")?[0]
    return found ?? nil
  }

  static let wordsMigration = Migration(
    "202611231200-personal-data",
    [
      // A sheet that nobody has changed since it came with the database.
      """
      UPDATE processing SET months = 12,
        duration = 'Celle de l’annuaire pour qui y a une fiche\u{202F}; les autres, douze mois après la dernière réponse.'
      WHERE code = 'premiers_contacts' AND months IS NULL AND version = 1
      """,
      """
      UPDATE processing SET data = 'Nom, prénom, profession, commune d’exercice, courriel, téléphone, RPPS, fonctions, échanges, tâches, pièces jointes, étiquettes des équipes.'
      WHERE code = 'annuaire' AND version = 1
      """,
      """
      UPDATE processing SET data = 'Nom, prénom, profession, courriel, téléphone, commune, demande, réponse, commentaires, texte accepté.'
      WHERE code = 'premiers_contacts' AND version = 1
      """,
      """
      UPDATE processing SET data = 'Nom, courriel, rôle, dates de connexion, navigateur des sessions ouvertes, clés d’accès, double authentification, choix de notification, auteur de chaque changement.'
      WHERE code = 'comptes' AND version = 1
      """,
    ])

  static let migration = Migration(
    "202611221252-personal-data",
    [
      """
      CREATE TABLE processing (
        id \(.id) PRIMARY KEY, code \(.text) NOT NULL, name \(.text) NOT NULL, basis \(.text) NOT NULL, people \(.text) NOT NULL,
        data \(.text) NOT NULL, recipients \(.text) NOT NULL, duration \(.text) NOT NULL, months \(.int) CHECK (months > 0),
        security \(.text) NOT NULL, processors \(.text) NOT NULL, transfers \(.text) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX processing_code ON processing (code) WHERE removed_at IS NULL",
    ])
}

/// The sheets of the register in forms and files.
struct ProcessingRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var code: String?
    var name: String?
    var basis: LegalBasis?
    var people: String?
    var data: String?
    var recipients: String?
    var duration: String?
    var months: Int?
    var security: String?
    var processors: String?
    var transfers: String?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
  }

  let name = "finalites"
  let label = "Registre des traitements"
  let table = "processing"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "code"
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .value("code", label: "Code", \.code, isRequired: true, input: .line(limit: 40), print: { code, _ in code }) { text, _ in
      let code = Fold.code(text)
      guard !code.isEmpty, code.count <= 40 else { throw Refusal("« \(text.prefix(60)) » : écrivez un mot court, comme « annuaire »") }
      return code
    },
    .text("nom", label: "Finalité", \.name, isRequired: true),
    .coded("base_legale", label: "Base légale", \.basis, isRequired: true),
    .text("personnes", label: "Personnes concernées", \.people, isRequired: true, limit: 2_000),
    .text("donnees", label: "Données", \.data, isRequired: true, limit: 2_000),
    .text("destinataires", label: "Destinataires", \.recipients, isRequired: true, limit: 2_000),
    .text("duree", label: "Durée de conservation", \.duration, isRequired: true, limit: 2_000),
    .integer("mois", label: "Mois avant effacement", \.months, in: 1...600),
    .text("securite", label: "Sécurité", \.security, limit: 2_000),
    .text("sous_traitants", label: "Sous-traitants", \.processors, limit: 2_000),
    .text("transferts", label: "Transferts hors de l’Union européenne", \.transfers, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context { Context(lists: try ReferenceLists(connection)) }

  func key(of draft: Draft, _ context: Context) -> String? { draft.code }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT id, code, name, basis, people, data, recipients, duration, months, security, processors, transfers
      FROM processing WHERE removed_at IS NULL \(selection.clause(id: "id", key: "code")) ORDER BY code, id
      """
    ).map { row in
      func text(_ index: Int) throws -> String? {
        let text: String = try row[index]
        return text.isEmpty ? nil : text
      }
      let draft = Draft(
        code: try row[1], name: try row[2], basis: try row[3], people: try text(4), data: try text(5), recipients: try text(6),
        duration: try text(7), months: try row[8], security: try text(9), processors: try text(10), transfers: try text(11))
      return StoredRecord(id: try row[0], key: draft.code ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "processing (\(Self.columns))", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, basis = excluded.basis, people = excluded.people,
          data = excluded.data, recipients = excluded.recipients, duration = excluded.duration, months = excluded.months,
          security = excluded.security, processors = excluded.processors, transfers = excluded.transfers
        """
    ) { Self.values($0.id, $0.draft) }
  }

  static let columns: SQL = "id, code, name, basis, people, data, recipients, duration, months, security, processors, transfers"

  static func values(_ id: Int64, _ draft: Draft) -> SQL {
    """
    \(id), \(draft.code), \(draft.name), \(draft.basis), \(draft.people ?? ""), \(draft.data ?? ""), \(draft.recipients ?? ""),
    \(draft.duration ?? ""), \(draft.months), \(draft.security ?? ""), \(draft.processors ?? ""), \(draft.transfers ?? "")
    """
  }
}
