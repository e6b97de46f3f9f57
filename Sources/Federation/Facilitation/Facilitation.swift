import Records
import Store

/// A meeting of peers with a team, from its request to its write-up (FAC-01). One meeting on one day is one (R4).
public enum Facilitation {}

/// For whom it is (R5).
public enum FacilitationAudience: String, CodedValue {
  case msp, esp, cpts, cds
  /// Students, elected people, a public meeting: no team.
  case nobody = "aucun"

  public static let list = ReferenceList("facilitation_audience", label: "Pour", of: FacilitationAudience.self)

  public var label: String {
    switch self {
    case .msp: "MSP"
    case .esp: "ESP"
    case .cpts: "CPTS"
    case .cds: "Centre de santé"
    case .nobody: "Sans équipe"
    }
  }

  /// That of a team.
  init(_ type: StructureType) {
    switch type {
    case .msp: self = .msp
    case .esp, .espClap: self = .esp
    case .cpts: self = .cpts
    case .cds: self = .cds
    default: self = .nobody
    }
  }
}

/// The first of the two levels of types (FAC-02).
public enum FacilitationFamily: String, CodedValue {
  case awareness = "sensibilisation"
  case advice = "conseils"
  case testimony = "temoignage"
  case complex = "complexe"
  case innovation
  case software = "si"
  case publicMeeting = "reunion_publique"

  public static let list = ReferenceList("facilitation_family", label: "Famille", of: FacilitationFamily.self)

  public var label: String {
    switch self {
    case .awareness: "Sensibilisation"
    case .advice: "Conseils"
    case .testimony: "Témoignage"
    case .complex: "Complexe"
    case .innovation: "Innovation"
    case .software: "Système d’information"
    case .publicMeeting: "Réunion publique"
    }
  }

  /// The types that every federation has, in each family. Of one that a federation adds, the record says the family.
  private var types: [ReferenceList.Seed] {
    ReferenceList.facilitationTypes.filter { $0.family == self }.map(\.seed)
  }

  /// That of a type which every federation has.
  static func of(_ type: String) -> FacilitationFamily? { allCases.first { $0.types.contains { $0.code == type } } }
}

extension ReferenceList {
  /// The second level: what was asked for (FAC-02).
  public static let facilitationType = ReferenceList(
    "facilitation_type", label: "Type de facilitation", seeds: facilitationTypes.map(\.seed))

  fileprivate static let facilitationTypes: [(family: FacilitationFamily, seed: Seed)] = [
    (.awareness, Seed("sensibilisation_professionnels", "Sensibilisation de professionnels")),
    (.awareness, Seed("sensibilisation_elus", "Sensibilisation d’élus")),
    (.awareness, Seed("sensibilisation_etudiants", "Sensibilisation d’étudiants")),
    (.advice, Seed("conseil_coordination", "Conseil sur la coordination")), (.advice, Seed("conseil_aci", "Conseil sur l’ACI")),
    (.advice, Seed("conseil_sisa", "Conseil sur la SISA")),
    (.advice, Seed("conseil_pluripro", "Conseil sur l’exercice pluriprofessionnel")),
    (.advice, Seed("conseil_immobilier", "Conseil sur l’immobilier")),
    (.advice, Seed("conseil_juridique", "Conseil juridique et statuts")), (.testimony, Seed("visite", "Visite d’une équipe")),
    (.complex, Seed("mediation", "Médiation entre professionnels")),
    (.complex, Seed("mediation_elus", "Médiation entre professionnels et élus")),
    (.innovation, Seed("protocoles_cooperation", "Protocoles de coopération")),
    (.innovation, Seed("demarche_qualite", "Démarche qualité")), (.innovation, Seed("peps", "PEPS")),
    (.software, Seed("si_choix", "Aide au choix du système d’information")),
    (.software, Seed("si_niveau_2", "Système d’information, niveau 2")), (.publicMeeting, Seed("reunion_publique", "Réunion publique")),
  ]
}

public enum FacilitationFormat: String, CodedValue {
  case individual = "individuelle"
  case collective

  public static let list = ReferenceList("facilitation_format", label: "Format", of: FacilitationFormat.self)

  public var label: String { self == .individual ? "Individuelle" : "Collective" }
}

public enum FacilitationMode: String, CodedValue {
  case onSite = "sur_place"
  case video = "visio"

  public static let list = ReferenceList("facilitation_mode", label: "Sur place ou visio", of: FacilitationMode.self)

  public var label: String { self == .onSite ? "Sur place" : "Visio" }
}

/// How far it has come. Up to the date it follows from what is known; the others are said by somebody.
public enum FacilitationState: String, CodedValue {
  case requested = "demandee"
  /// It is known what for, and for whom.
  case qualified = "qualifiee"
  /// Facilitators were asked.
  case proposed = "proposee"
  case assigned = "attribuee"
  case dated = "datee"
  /// Held, without a write-up.
  case held = "tenue"
  case written = "bilan"
  case postponed = "reportee"
  case cancelled = "annulee"

  public static let list = ReferenceList("facilitation_state", label: "Avancement", of: FacilitationState.self)

  public var label: String {
    switch self {
    case .requested: "Demandée"
    case .qualified: "Qualifiée"
    case .proposed: "Proposée"
    case .assigned: "Attribuée"
    case .dated: "Datée"
    case .held: "Tenue, bilan manquant"
    case .written: "Tenue, bilan fait"
    case .postponed: "Reportée"
    case .cancelled: "Annulée"
    }
  }

  /// Counted from then on, write-up or not (R4).
  public var isHeld: Bool { self == .held || self == .written }
  /// The same in a query, as the index of those held has it.
  static let heldCodes: SQL = "('tenue', 'bilan')"
  /// Whether somebody still has to make it happen.
  public var isAhead: Bool { !isHeld && self != .cancelled }
}

extension Capability {
  static let facilitation = Capability(
    "facilitation",
    migrations: [
      Facilitation.migration, Facilitator.migration, Invitation.migration, FacilitationCalendar.migration, Facilitation.partnersMigration,
    ],
    lists: [
      FacilitationAudience.list, FacilitationFamily.list, .facilitationType, FacilitationFormat.list, FacilitationMode.list,
      FacilitationState.list, .expertise, FacilitatorState.list, FacilitatorUse.list,
    ], settings: [.facilitationReport], kinds: [FacilitatorRecords(), FacilitationRecords()], figures: Facilitation.figures,
    reminders: [Invitation.reminder])
}

extension Setting {
  /// What the write-up begins as.
  public static let facilitationReport = Setting(
    "facilitation_bilan", help: "Modèle de bilan d’une facilitation (titres en Markdown : « ## Contexte »)",
    default: "## Contexte\n\n## Ce qui a été partagé\n\n## Ce que l’équipe a décidé\n\n## Points d’attention\n"
  ) { text, _ in
    let text = text.replacing("\r\n", with: "\n")
    guard text.count <= 2_000 else { throw Refusal("Donnez un modèle de 2 000 caractères au plus.") }
    return text
  }
}

extension Facilitation {
  /// Organisations that take part, records or names.
  static let partnersMigration = Migration(
    "202611231620-facilitation-partners",
    [
      """
      CREATE TABLE facilitation_partner (
        facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), number \(.id) NOT NULL,
        organisation_id \(.id) REFERENCES organisation (id), name \(.text), PRIMARY KEY (facilitation_id, number)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX facilitation_partner_organisation ON facilitation_partner (organisation_id)",
    ])

  static let migration = Migration(
    "202611231100-facilitation",
    [
      """
      CREATE TABLE facilitation (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, requested_on \(.date) NOT NULL, requester_id \(.id) REFERENCES person (id),
        requester \(.text), audience \(.text), family \(.text), type \(.text), need \(.text), format \(.text), urgent \(.bool),
        wanted_by \(.date), account_id \(.id) REFERENCES account (id), coordinator \(.text), mode \(.text), place \(.text),
        commune \(.text) REFERENCES commune (code), outside \(.bool), date \(.date), at \(.text), minutes \(.int), phase \(.text),
        state \(.text) NOT NULL, reason \(.text), report \(.text), satisfaction \(.int), feedback \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (requester_id IS NULL OR requester IS NULL), CHECK (account_id IS NULL OR coordinator IS NULL),
        CHECK (state NOT IN ('tenue', 'bilan', 'datee') OR date IS NOT NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX facilitation_reference ON facilitation (reference) WHERE removed_at IS NULL",
      "CREATE INDEX facilitation_requested ON facilitation (requested_on, id) WHERE removed_at IS NULL",
      "CREATE INDEX facilitation_held ON facilitation (date, id) WHERE removed_at IS NULL AND state IN ('tenue', 'bilan')",
      "CREATE INDEX facilitation_requester ON facilitation (requester_id) WHERE requester_id IS NOT NULL",
      """
      CREATE TABLE facilitation_structure (
        facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), structure_id \(.id) NOT NULL REFERENCES structure (id),
        PRIMARY KEY (facilitation_id, structure_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX facilitation_structure_structure ON facilitation_structure (structure_id)",
      """
      CREATE TABLE facilitation_theme (
        facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), theme \(.text) NOT NULL, PRIMARY KEY (facilitation_id, theme)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Its facilitators: people of the directory, or names that a file gives.
      """
      CREATE TABLE facilitation_person (
        id \(.id) PRIMARY KEY, facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), person_id \(.id) REFERENCES person (id),
        name \(.text), CHECK ((person_id IS NULL) <> (name IS NULL))
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX facilitation_person_facilitation ON facilitation_person (facilitation_id)",
      "CREATE INDEX facilitation_person_person ON facilitation_person (person_id)",
      // The work around it (FAC-08): exchanges before and after, and what is left to do.
      """
      CREATE TABLE facilitation_exchange (
        facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), exchange_id \(.id) NOT NULL REFERENCES exchange (id),
        PRIMARY KEY (facilitation_id, exchange_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX facilitation_exchange_exchange ON facilitation_exchange (exchange_id)",
      """
      CREATE TABLE facilitation_todo (
        facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), todo_id \(.id) NOT NULL REFERENCES todo (id),
        PRIMARY KEY (facilitation_id, todo_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX facilitation_todo_todo ON facilitation_todo (todo_id)",
    ])

  /// The facilitations `f` that an account may read: all of them, those that name its person as a facilitator, or none.
  static func readable(by reader: Account) -> SQL {
    if reader.role.scope(.read, .facilitations) == .all { return "1 = 1" }
    guard reader.role.scope(.read, .ownFacilitations) == .own else { return "1 = 0" }
    return "f.id IN (SELECT y.facilitation_id FROM facilitation_person y WHERE y.person_id = (\(Person.of(reader))))"
  }

  /// The names of the teams of `f`.
  static let teamNames: SQL = {
    let names: SQL = """
      SELECT s.name FROM facilitation_structure z JOIN structure s ON s.id = z.structure_id AND s.removed_at IS NULL
      WHERE z.facilitation_id = f.id ORDER BY s.name_fold
      """
    return "(SELECT \(onSQLite: "group_concat(n.name, ', ')", onPostgres: "string_agg(n.name, ', ')") FROM (\(names)) n)"
  }()

  static let searchSource = SearchSource(
    "facilitations", from: "facilitation f", id: "f.id", where: "f.removed_at IS NULL",
    ["f.reference": .key, "f.need": .words, "f.report": .words, "f.place": .words], leavesSmallWords: true)
}
