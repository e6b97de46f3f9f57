import Records
import Store

/// A call, a message, a meeting with teams: one line of the contact log (SUP-01).
public enum Exchange {}

/// How an exchange took place.
public enum Channel: String, CodedValue {
  case telephone, courriel, reunion, visio, visite, formulaire, message

  public static let list = ReferenceList("channel", label: "Canal", of: Channel.self)

  public var label: String {
    switch self {
    case .telephone: "Téléphone"
    case .courriel: "Courriel"
    case .reunion: "Réunion"
    case .visio: "Visio"
    case .visite: "Visite"
    case .formulaire: "Formulaire"
    case .message: "Message"
    }
  }
}

/// Who reads what was noted (SUP-14).
public enum Visibility: String, CodedValue {
  /// Whoever reads the log.
  case team = "equipe"
  /// Its author, whoever follows one of its teams, and the direction.
  case confidential = "confidentielle"

  public static let list = ReferenceList("visibility", label: "Visibilité", of: Visibility.self)

  public var label: String {
    switch self {
    case .team: "Visible par l’équipe salariée"
    case .confidential: "Confidentielle"
    }
  }
}

extension ReferenceList {
  /// What exchanges are about (SUP-02); several per exchange.
  public static let theme = ReferenceList(
    "theme", label: "Thème",
    seeds: [
      Seed("montage_msp", "Montage MSP"),
      Seed("cpts", "CPTS"),
      Seed("travail_equipe", "Travail en équipe pluriprofessionnelle"),
      Seed("juridique_comptable", "Questions juridiques et comptables"),
      Seed("formation_pacte", "Formation PACTE"),
      Seed("sante_publique", "Santé publique"),
      Seed("facilitation", "Facilitation"),
      Seed("protocoles", "Protocoles"),
      Seed("demarche_qualite", "Démarche qualité"),
      Seed("systeme_information", "Système d’information"),
      Seed("covid", "COVID"),
      Seed("autres", "Autres"),
    ])

  /// What was done in it (SUP-11); several per exchange.
  public static let nature = ReferenceList(
    "nature", label: "Nature",
    seeds: [
      Seed("definir_etapes", "Définir les étapes"),
      Seed("exercice_pluriprofessionnel", "Définir l’exercice pluriprofessionnel"),
      Seed("conseil_coordination", "Conseil sur la coordination"),
      Seed("systeme_information_partage", "Système d’information partagé"),
      Seed("gestion", "Gestion"),
      Seed("juridique", "Juridique"),
      Seed("immobilier", "Immobilier"),
      Seed("lien_institutions", "Lien avec les institutions"),
      Seed("mise_en_relation", "Mise en relation avec d’autres équipes"),
      Seed("organiser_facilitation", "Organiser une facilitation"),
      Seed("relecture_projet", "Relecture du projet de santé"),
    ])
}

extension Capability {
  static let support = Capability(
    "support",
    migrations: [
      Exchange.migration, Exchange.authorMigration, Exchange.orderMigration, Exchange.visibilityMigration, Exchange.naturesMigration,
    ],
    lists: [Channel.list, .theme, .nature, Visibility.list],
    settings: FollowUp.rhythm.settings + FollowUp.meetings.settings,
    kinds: [ExchangeRecords()],
    figures: Exchange.figures + FollowUp.figures,
    derived: [DerivedData("exchange_fold", version: 3, rebuild: ExchangeFolds.rebuild, faults: ExchangeFolds.faults)])
}

extension Exchange {
  static let migration = Migration(
    "202611211030-support",
    [
      """
      CREATE TABLE exchange (
        id \(.id) PRIMARY KEY, reference \(.text), date \(.date) NOT NULL, channel \(.text) NOT NULL, nature \(.text),
        subject \(.text), subject_fold \(.text), minutes \(.int) CHECK (minutes >= 0), author \(.text), author_code \(.text),
        declared_new \(.bool), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX exchange_reference ON exchange (reference) WHERE removed_at IS NULL",
      "CREATE INDEX exchange_date ON exchange (date)",
      // Bridges carry the exchange's date, so that « first » and « last » are found in the index alone.
      """
      CREATE TABLE exchange_structure (
        exchange_id \(.id) NOT NULL REFERENCES exchange (id), structure_id \(.id) NOT NULL REFERENCES structure (id),
        date \(.date) NOT NULL,
        PRIMARY KEY (exchange_id, structure_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX exchange_structure_date ON exchange_structure (structure_id, date, exchange_id)",
      """
      CREATE TABLE exchange_theme (
        exchange_id \(.id) NOT NULL REFERENCES exchange (id), theme \(.text) NOT NULL,
        PRIMARY KEY (exchange_id, theme)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Who took part: a record, or a name as it was written. `number` is the same for the same one in a count.
      """
      CREATE TABLE exchange_person (
        exchange_id \(.id) NOT NULL REFERENCES exchange (id), number \(.int) NOT NULL, person_id \(.id) REFERENCES person (id),
        name \(.text), PRIMARY KEY (exchange_id, number)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX exchange_person_person ON exchange_person (person_id)",
      """
      CREATE TABLE exchange_organisation (
        exchange_id \(.id) NOT NULL REFERENCES exchange (id), number \(.int) NOT NULL,
        organisation_id \(.id) REFERENCES organisation (id), name \(.text), PRIMARY KEY (exchange_id, number)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX exchange_organisation_organisation ON exchange_organisation (organisation_id)",
    ])
}

extension Exchange {
  static let authorMigration = Migration(
    "202611211812-support",
    ["CREATE INDEX exchange_author ON exchange (author_code, author) WHERE removed_at IS NULL"])
}

extension Exchange {
  /// The order of the contact log, of what is not in the bin: a page begins at a row of it.
  static let orderMigration = Migration(
    "202611212011-support",
    ["DROP INDEX exchange_date", "CREATE INDEX exchange_date ON exchange (date, id) WHERE removed_at IS NULL"])
}

extension Exchange {
  /// SUP-14. The author as an account, for a name alone opens nothing to somebody who comes to bear it.
  static let visibilityMigration = Migration(
    "202611221000-support",
    [
      """
      ALTER TABLE exchange ADD COLUMN visibility \(.text) NOT NULL DEFAULT 'equipe' CHECK (visibility IN ('equipe', 'confidentielle'))
      """,
      "ALTER TABLE exchange ADD COLUMN author_id \(.id) REFERENCES account (id)",
      "CREATE INDEX exchange_confidential ON exchange (author_id, id) WHERE visibility = 'confidentielle'",
    ])
}

extension Exchange {
  /// An exchange had one nature (SUP-11).
  static let naturesMigration = Migration(
    "202611231500-support",
    [
      """
      CREATE TABLE exchange_nature (
        exchange_id \(.id) NOT NULL REFERENCES exchange (id), nature \(.text) NOT NULL,
        PRIMARY KEY (exchange_id, nature)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "INSERT INTO exchange_nature (exchange_id, nature) SELECT id, nature FROM exchange WHERE nature IS NOT NULL",
      "ALTER TABLE exchange DROP COLUMN nature",
    ])
}
