import Foundation
import Records
import Store

/// « Confirmez votre fiche » (DIR-15): a team's contact reads what the directory says of the team, by a link without an account, and says
/// that it is right or what is not.
public enum SheetConfirmation {
  /// What the page shows and may be corrected field by field, with the columns of `structure s`: facts of the directory, and nothing of
  /// what is noted about the team.
  static let columns: [(field: String, column: SQL)] = [
    ("nom", "s.name"), ("adresse", "s.address"), ("code_postal", "s.postcode"), ("telephone", "s.phone"), ("courriel", "s.email"),
    ("site_web", "s.website"), ("nb_professionnels", "s.professionals || ''"), ("nb_medecins", "s.doctors || ''"),
    ("logiciel", "s.software"), ("niveau_logiciel", "s.software_level"),
  ]
  public static let fields = columns.map(\.field)
  /// Who coordinates, in words: no field of the record, somebody reads it and does it.
  public static let coordination = "coordination"

  static let validity = 30
  /// Days without an answer after which the contact is reminded, once.
  static let patience = 10
}

/// A link that was sent.
public enum SheetRequest {}

/// What came back by it.
public enum SheetAnswer {}

/// What became of a correction that a team proposed.
public enum ProposalState: String, CaseIterable, Sendable, SQLCodable {
  case waiting = "attente"
  case accepted = "acceptee"
  case dismissed = "ecartee"
}

extension Capability {
  static let sheetConfirmations = Capability(
    "sheet-confirmations", migrations: [SheetConfirmation.migration], settings: [.confirmedMonths, .confirmationReminder],
    reminders: [SheetConfirmation.reminder])
}

extension Setting {
  public static let confirmedMonths = Setting.integer(
    "fiche_confirmee_mois", help: "Mois après lesquels une équipe est à nouveau invitée à confirmer sa fiche", default: 12, in: 1...120)
  static let confirmationReminder = yesOrNo(
    "rappel_fiche", help: "Un rappel, un seul, à qui n’a pas répondu à « confirmez votre fiche »", default: "oui")
}

extension SheetConfirmation {
  static let migration = Migration(
    "202611221502-sheet-confirmations",
    [
      """
      CREATE TABLE sheet_request (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id), email \(.text) NOT NULL, name \(.text),
        account_id \(.id) REFERENCES account (id), sent_at \(.instant) NOT NULL, sent_on \(.date) NOT NULL, through \(.date) NOT NULL,
        answered_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX sheet_request_structure ON sheet_request (structure_id)",
      """
      CREATE TABLE sheet_answer (
        id \(.id) PRIMARY KEY, request_id \(.id) NOT NULL UNIQUE REFERENCES sheet_request (id),
        structure_id \(.id) NOT NULL REFERENCES structure (id), answered_on \(.date) NOT NULL, answered_by \(.text) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX sheet_answer_structure ON sheet_answer (structure_id, answered_on)",
      """
      CREATE TABLE sheet_proposal (
        id \(.id) PRIMARY KEY, answer_id \(.id) NOT NULL REFERENCES sheet_answer (id), field \(.text) NOT NULL, before \(.text) NOT NULL,
        proposed \(.text) NOT NULL, state \(.text) NOT NULL CHECK (state IN ('attente', 'acceptee', 'ecartee')), event_id \(.id),
        account_id \(.id) REFERENCES account (id), settled_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX sheet_proposal_answer ON sheet_proposal (answer_id)",
    ])

  /// The day on which `structure s` was last confirmed: by an answer of which nothing is left to be read again.
  static func latest(_ column: SQL, by day: CivilDate) -> SQL {
    """
    (SELECT \(column) FROM sheet_answer w
      WHERE w.structure_id = s.id AND w.answered_on <= \(day)
        AND NOT EXISTS (SELECT 1 FROM sheet_proposal v WHERE v.answer_id = w.id AND v.state = 'attente')
      ORDER BY w.answered_on DESC, w.id DESC LIMIT 1)
    """
  }

  static let dimension = Dimension.yesNo(
    "fiche_confirmee", label: "Fiche confirmée", by: "confirmation de la fiche", expression: "f.is_confirmed")

  /// Whether that is not too long ago.
  static func column(on day: CivilDate) -> SQL {
    let end = SQL.adding(months: Setting.confirmedMonths.integerValue(on: day), to: latest("w.answered_on", by: day))
    return "CASE WHEN \(end) > \(day) THEN 'oui' ELSE 'non' END AS is_confirmed"
  }
}
