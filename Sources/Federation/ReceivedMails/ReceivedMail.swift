import Records
import Store

/// A message in the mailbox to which the staff forward their mail, or send a blind copy of it (SUP-15): it becomes an exchange by
/// itself where everybody is recognised, and waits for somebody where not.
public enum ReceivedMail {
  /// What the audit trail calls it.
  static let auditKind = "courriels_recus"

  public enum State: String, Sendable, SQLCodable {
    case waiting = "attente"
    case filed = "classe"
    case dismissed = "ecarte"
    /// Written by a program: no exchange, unless somebody says so.
    case automatic = "automatique"
  }

  /// Why it waits for somebody.
  public enum Reason: String, Sendable, SQLCodable {
    case tooLarge = "trop_lourd"
    case forged = "expediteur_douteux"
    case unknownSender = "expediteur_inconnu"
    case nobody = "personne_reconnu"
    case noTeam = "sans_equipe"
    case severalTeams = "plusieurs_equipes"
    case severalPeople = "plusieurs_personnes"
    case refused = "refuse"
    case takenUp = "repris"

    /// What it waits for.
    public var sentence: String {
      switch self {
      case .tooLarge: "Il est trop lourd pour être lu\u{A0}: 25 Mo au plus."
      case .forged: "Le serveur de courriel doute de son expéditeur."
      case .unknownSender: "Son expéditeur n’est pas un compte ouvert qui note des échanges."
      case .nobody: "Aucune de ses adresses n’est dans l’annuaire."
      case .noTeam: "La personne reconnue n’est dans aucune équipe ce jour-là."
      case .severalTeams: "La personne reconnue est dans plusieurs équipes."
      case .severalPeople: "Plusieurs personnes de l’annuaire ont la même adresse."
      case .refused: "L’échange n’a pas pu être noté tel quel."
      case .takenUp: "Il a été remis à classer."
      }
    }
  }

  /// How long a message that waits is its author's alone, in days.
  public static let ownDays = 7
  /// The days that are left when the page begins to warn.
  public static let warningDays = 30
}

extension Setting {
  static let settledMailDays = integer(
    "courriels_recus_jours", help: "Jours pendant lesquels le texte d’un courriel reçu reste après son classement", default: 30, in: 1...365
  )
  public static let waitingMailDays = integer(
    "courriels_a_classer_jours", help: "Jours après lesquels un courriel que personne n’a classé est effacé", default: 90, in: 31...730)
}

extension Operation {
  static let mailFiled = Operation(rawValue: "courriel classé")
  static let mailDismissed = Operation(rawValue: "courriel écarté")
  static let mailTakenUp = Operation(rawValue: "courriel remis à classer")
}

extension Capability {
  static let receivedMails = Capability(
    "received-mails", migrations: [ReceivedMail.migration], settings: [.settledMailDays, .waitingMailDays],
    fileTables: ["received_mail_file"])
}

extension ReceivedMail {
  static let migration = Migration(
    "202611231000-received-mails",
    [
      // Once its time is over a row keeps its digest alone, so that the same message is not taken again.
      """
      CREATE TABLE received_mail (
        id \(.id) PRIMARY KEY, digest \(.text) NOT NULL UNIQUE, received_at \(.instant) NOT NULL, sent_on \(.date) NOT NULL,
        sender \(.text) NOT NULL, sender_name \(.text), account_id \(.id) REFERENCES account (id), subject \(.text) NOT NULL,
        body \(.text) NOT NULL, size \(.int) NOT NULL,
        state \(.text) NOT NULL CHECK (state IN ('attente', 'classe', 'ecarte', 'automatique')), reason \(.text), detail \(.text),
        event_id \(.id), exchange_id \(.id), settled_by \(.id) REFERENCES account (id), settled_at \(.instant), erased_at \(.instant),
        CHECK ((state = 'attente') = (settled_at IS NULL)), CHECK (state <> 'attente' OR reason IS NOT NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX received_mail_waiting ON received_mail (received_at) WHERE state = 'attente'",
      "CREATE INDEX received_mail_settled ON received_mail (settled_at) WHERE erased_at IS NULL",
      """
      CREATE TABLE received_mail_party (
        mail_id \(.id) NOT NULL REFERENCES received_mail (id) ON DELETE CASCADE, position \(.int) NOT NULL, address \(.text) NOT NULL,
        name \(.text), PRIMARY KEY (mail_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE received_mail_file (
        mail_id \(.id) NOT NULL REFERENCES received_mail (id) ON DELETE CASCADE, position \(.int) NOT NULL, name \(.text) NOT NULL,
        digest \(.text) NOT NULL REFERENCES file (digest), PRIMARY KEY (mail_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX received_mail_file_digest ON received_mail_file (digest)",
      // How far the mailbox was read, and why it could not be.
      """
      CREATE TABLE mailbox (
        name \(.text) PRIMARY KEY, validity \(.int) NOT NULL, last \(.int) NOT NULL, read_at \(.instant), failure \(.text),
        failed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Addresses at which a message of ours did not arrive.
      """
      CREATE TABLE unreachable_address (address \(.text) PRIMARY KEY, since \(.date) NOT NULL, reason \(.text) NOT NULL)
        \(sqlite: "STRICT", postgres: "")
      """,
    ])
}
