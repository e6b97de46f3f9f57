import Records
import Store

/// Somebody who asks the federation for the first time, often without a project yet (SUP-04): by the public form, or by telephone.
public enum FirstContact {}

/// What became of it.
public enum FirstContactState: String, CodedValue {
  case waiting = "a_traiter"
  /// Somebody has taken it.
  case underWay = "en_cours"
  case project = "projet"
  case directed = "oriente"
  case dropped = "sans_suite"

  public static let list = ReferenceList("first_contact_state", label: "Suite donnée", of: FirstContactState.self)

  public var label: String {
    switch self {
    case .waiting: "À traiter"
    case .underWay: "En cours"
    case .project: "Devenu un projet"
    case .directed: "Orienté ailleurs"
    case .dropped: "Sans suite"
    }
  }

  /// Nobody has anything to do about it any more.
  public var isOver: Bool { self != .waiting && self != .underWay }
}

extension Capability {
  static let firstContacts = Capability(
    "first-contacts", migrations: [FirstContact.migration], lists: [FirstContactState.list],
    settings: [.firstContactForm, .firstContactReply, .firstContactConsent], kinds: [FirstContactRecords()],
    figures: [FirstContact.figure], secretTables: [FormStamp.table])
}

extension Setting {
  static let firstContactForm = yesOrNo(
    "premiers_contacts_formulaire", help: "Page publique « Parler de mon projet »", default: "oui")

  static let firstContactReply = yesOrNo(
    "premiers_contacts_accuse", help: "Accusé de réception par courriel à qui remplit la page publique", default: "oui")

  /// The federation's name stands in place of `{federation}`.
  static let firstContactConsent = Setting(
    "premiers_contacts_accord", help: "Ce qu’accepte qui remplit la page publique « Parler de mon projet »",
    default: """
      J’accepte que la fédération ({federation}) garde ces informations pour me répondre et m’accompagner. Elles ne sont transmises à personne d’autre ; \
      je peux demander à les consulter, à les corriger ou à les effacer.
      """
  ) { text, _ in
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard (20...2_000).contains(words.count) else { throw Refusal("Donnez un texte de 20 à 2 000 caractères.") }
    return words
  }
}

extension Operation {
  /// Somebody who has not signed in filled the public form in.
  public static let publicForm = Operation(rawValue: "formulaire public")
  static let conversion = Operation(rawValue: "devenu une équipe")
}

extension FirstContact {
  static let migration = Migration(
    "202611221200-first-contacts",
    [
      """
      CREATE TABLE first_contact (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, received_on \(.date) NOT NULL, channel \(.text) NOT NULL,
        last_name \(.text) NOT NULL, first_name \(.text), profession \(.text), email \(.text), phone \(.text),
        commune \(.text) REFERENCES commune (code), has_project \(.bool), request \(.text),
        state \(.text) NOT NULL CHECK (state IN ('a_traiter', 'en_cours', 'projet', 'oriente', 'sans_suite')),
        account_id \(.id) REFERENCES account (id), assignee \(.text), answered_on \(.date), answer \(.text),
        structure_id \(.id) REFERENCES structure (id), person_id \(.id) REFERENCES person (id),
        consent \(.text), consented_on \(.date), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (account_id IS NULL OR assignee IS NULL), CHECK (answered_on IS NULL OR received_on <= answered_on)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX first_contact_reference ON first_contact (reference) WHERE removed_at IS NULL",
      "CREATE INDEX first_contact_received ON first_contact (received_on, id) WHERE removed_at IS NULL",
      "CREATE INDEX first_contact_waiting ON first_contact (received_on) WHERE state IN ('a_traiter', 'en_cours') AND removed_at IS NULL",
      "CREATE INDEX first_contact_structure ON first_contact (structure_id)",
      "CREATE INDEX first_contact_person ON first_contact (person_id)",
      // By its event, a conversion is taken back whole.
      """
      CREATE TABLE first_contact_conversion (
        id \(.id) PRIMARY KEY, first_contact_id \(.id) NOT NULL REFERENCES first_contact (id) ON DELETE CASCADE,
        event_id \(.id) NOT NULL, account_id \(.id), applied_at \(.instant) NOT NULL, undone_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX first_contact_conversion_of ON first_contact_conversion (first_contact_id)",
      // Signs what public forms carry; an archive leaves it out.
      "CREATE TABLE form_key (id \(.int) PRIMARY KEY, secret \(.text) NOT NULL) \(sqlite: "STRICT", postgres: "")",
      """
      INSERT INTO form_key (id, secret) VALUES (1,
        \(sqlite: "lower(hex(randomblob(32)))", postgres: "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')"))
      """,
    ])

  /// The first contacts `c` that an account may read.
  static func readable(by reader: Account) -> SQL {
    switch reader.role.scope(.read, .firstContacts) {
    case .all: "1 = 1"
    case .ownTerritory: isOf(territory: reader.territory)
    case .none, .own, .ownDepartments: "1 = 0"
    }
  }

  /// Those whose commune was in a territory on the day on which they came.
  static func isOf(territory: String?) -> SQL {
    """
    EXISTS (
      SELECT 1 FROM commune k JOIN territory_span t ON t.department = k.department AND t.since <= c.received_on AND c.received_on < t.until
      WHERE k.code = c.commune AND t.territory = \(territory))
    """
  }
}
