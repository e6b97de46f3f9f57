import Records
import Store

/// A text written to people of the directory: those behind a list, or one record's (COM-05). Each gets a message of their own.
public enum Letter {
  /// What the audit trail calls it.
  static let auditKind = "courriels"

  /// How long it can be called back once somebody has said to send it, in seconds.
  public static let hold = 120
  /// Of all its files, in bytes: each recipient's mailbox has a limit of its own.
  public static let sizeLimit = 10_000_000
  public static let mostFiles = 10
  /// More than one person writes to by hand; beyond it a letter of information is meant.
  public static let mostRecipients = 2_000

  /// Whom it is written to the people of.
  public enum Audience: String, Sendable, SQLCodable, CaseIterable {
    case structures, people = "personnes", organisations = "organisations"
  }

  /// Where it was begun.
  public enum Origin: String, Sendable, SQLCodable {
    /// From a list: it is no exchange, and who does not want such letters gets none.
    case list = "liste"
    /// From one record: a message as any other, which is noted in the log.
    case record = "fiche"
  }

  public enum State: String, Sendable, SQLCodable {
    case draft = "brouillon"
    /// Said to be sent, and still to be called back.
    case held = "tenu"
    case sent = "envoye"
    case recalled = "rappele"
    /// Held when an archive was made, and perhaps gone since: it does not leave by itself.
    case uncertain = "incertain"
  }

  /// Why somebody gets none.
  public enum Exclusion: String, Sendable, SQLCodable {
    case noAddress = "sans_adresse"
    case badAddress = "adresse_invalide"
    case opposed = "opposition"
    /// A message came back from there.
    case unreachable = "non_distribue"
    case double = "double"
    case binned = "corbeille"
    case erased = "anonymisee"
    /// A team or an organisation where nobody has one of the functions.
    case nobody = "personne"

    public var label: String {
      switch self {
      case .noAddress: "Pas d’adresse"
      case .badAddress: "Adresse qui n’en est pas une"
      case .opposed: "Ne souhaite plus recevoir ces courriels"
      case .unreachable: "Un courriel est revenu de cette adresse"
      case .double: "Même adresse qu’un autre destinataire"
      case .binned: "Fiche à la corbeille"
      case .erased: "Personne anonymisée"
      case .nobody: "Personne n’y a cette fonction"
      }
    }
  }

  /// What stands for the own address of a team or organisation, where functions are chosen: no code has a hyphen.
  public static let ownAddress = "adresse-propre"
}

extension Operation {
  static let sending = Operation(rawValue: "envoi")
  static let recall = Operation(rawValue: "rappel")
  static let unsubscription = Operation(rawValue: "désinscription")
}

extension Letter {
  static let migration = Migration(
    "202611221401-letters",
    [
      """
      CREATE TABLE letter (
        id \(.id) PRIMARY KEY, account_id \(.id) NOT NULL REFERENCES account (id),
        audience \(.text) NOT NULL CHECK (audience IN ('structures', 'personnes', 'organisations')),
        origin \(.text) NOT NULL CHECK (origin IN ('liste', 'fiche')), choice \(.text) NOT NULL,
        subject \(.text) NOT NULL, body \(.text) NOT NULL,
        state \(.text) NOT NULL CHECK (state IN ('brouillon', 'tenu', 'envoye', 'rappele', 'incertain')), saved_at \(.instant) NOT NULL,
        held_until \(.instant), sent_on \(.date), notes \(.bool) NOT NULL, exchange_id \(.id),
        CHECK ((state = 'brouillon') = (held_until IS NULL)), CHECK ((state = 'envoye') = (sent_on IS NOT NULL))
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX letter_saved ON letter (saved_at)",
      // The records that were chosen, as they were then: what is merged or thrown away since is told in the preview.
      """
      CREATE TABLE letter_record (
        letter_id \(.id) NOT NULL REFERENCES letter (id) ON DELETE CASCADE, record_id \(.id) NOT NULL, PRIMARY KEY (letter_id, record_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE letter_file (
        letter_id \(.id) NOT NULL REFERENCES letter (id) ON DELETE CASCADE, position \(.int) NOT NULL, name \(.text) NOT NULL,
        digest \(.text) NOT NULL REFERENCES file (digest), PRIMARY KEY (letter_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX letter_file_digest ON letter_file (digest)",
      // Who got it and who did not, as it was when it was said to be sent.
      """
      CREATE TABLE letter_recipient (
        id \(.id) PRIMARY KEY, letter_id \(.id) NOT NULL REFERENCES letter (id) ON DELETE CASCADE, position \(.int) NOT NULL,
        name \(.text) NOT NULL, first_name \(.text), last_name \(.text), teams \(.text) NOT NULL, address \(.text),
        person_id \(.id), structure_id \(.id), organisation_id \(.id), exclusion \(.text), mail_id \(.id) REFERENCES outbox (id),
        digest \(.text) UNIQUE, UNIQUE (letter_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX letter_recipient_person ON letter_recipient (person_id) WHERE person_id IS NOT NULL",
      "CREATE INDEX letter_recipient_mail ON letter_recipient (mail_id) WHERE mail_id IS NOT NULL",
      // The teams that it was sent to, for their pages.
      """
      CREATE TABLE letter_team (
        letter_id \(.id) NOT NULL REFERENCES letter (id) ON DELETE CASCADE, structure_id \(.id) NOT NULL,
        PRIMARY KEY (structure_id, letter_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Addresses of teams and organisations that want no such letters; a person's wish is among their consents.
      "CREATE TABLE letter_opposition (address \(.text) PRIMARY KEY, opposed_on \(.date) NOT NULL) \(sqlite: "STRICT", postgres: "")",
      """
      CREATE TABLE letter_template (
        id \(.id) PRIMARY KEY, name \(.text) NOT NULL, name_fold \(.text) NOT NULL, subject \(.text) NOT NULL, body \(.text) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX letter_template_name ON letter_template (name_fold) WHERE removed_at IS NULL",
    ])
}

extension Capability {
  static let letters = Capability(
    "letters", migrations: [Letter.migration], kinds: [LetterTemplateRecords()],
    doubts: [
      { connection in
        try connection.execute("UPDATE letter SET state = \(Letter.State.uncertain) WHERE state = \(Letter.State.held)")
      }
    ], fileTables: ["letter_file"])
}
