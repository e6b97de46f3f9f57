import Records
import Store

/// A programme of support in which teams enrol (SUP-12): workshops in series, a starting coordination, SECPA, PAQ…
public enum SupportProgramme {}

/// That a team takes part in a programme.
public enum ProgrammeEnrolment {}

/// A meeting of a programme, held or ahead.
public enum Workshop {}

/// Where a team’s part in a programme stands.
public enum EnrolmentState: String, CodedValue {
  case underWay = "en_cours"
  /// It went to the end, and goes on by itself.
  case continued = "poursuite"
  case ended = "terminee"
  case abandoned = "abandon"

  public static let list = ReferenceList("enrolment_state", label: "Suite de l’inscription", of: EnrolmentState.self)

  public var label: String {
    switch self {
    case .underWay: "En cours"
    case .continued: "Terminée, l’équipe poursuit"
    case .ended: "Terminée"
    case .abandoned: "Abandonnée"
    }
  }

  /// A team that gave up leaves its place to another one.
  public var holdsPlace: Bool { self != .abandoned }
  /// The same in a query, of an enrolment `x`.
  static let holdingPlace: SQL = "x.removed_at IS NULL AND x.state <> 'abandon'"
}

/// Where a programme stands on a day.
public enum ProgrammeState: Sendable {
  case ahead, underWay, over

  init(_ begins: CivilDate, _ ends: CivilDate?, on day: CivilDate) {
    self = begins > day ? .ahead : ends.map { $0 < day } ?? false ? .over : .underWay
  }
}

extension ReferenceList {
  public static let programmeKind = ReferenceList(
    "programme_kind", label: "Nature du programme",
    seeds: [
      Seed("ecriture", "Ateliers d’écriture du projet de santé"), Seed("protocoles", "Protocoles"), Seed("prevention", "Prévention"),
      Seed("evolution", "Faire évoluer le projet de santé"), Seed("coordination", "Démarrage de coordination"), Seed("secpa", "SECPA"),
      Seed("paq", "PAQ"), Seed("clap_msp", "ESP-CLAP vers MSP"), Seed("autre", "Autre"),
    ])
}

extension Capability {
  static let programmes = Capability(
    "programmes", migrations: [SupportProgramme.migration], lists: [.programmeKind, EnrolmentState.list],
    kinds: [ProgrammeRecords(), EnrolmentRecords(), WorkshopRecords()], figures: SupportProgramme.figures)
}

extension SupportProgramme {
  static let migration = Migration(
    "202611231300-programmes",
    [
      """
      CREATE TABLE support_programme (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, name \(.text) NOT NULL, name_fold \(.text) NOT NULL, kind \(.text) NOT NULL,
        funder_id \(.id) REFERENCES organisation (id), funder \(.text), begins_on \(.date) NOT NULL, ends_on \(.date),
        places \(.int) CHECK (places > 0), account_id \(.id) REFERENCES account (id), manager \(.text), steps \(.text), note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (ends_on IS NULL OR begins_on <= ends_on),
        CHECK (funder_id IS NULL OR funder IS NULL), CHECK (account_id IS NULL OR manager IS NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX support_programme_reference ON support_programme (reference) WHERE removed_at IS NULL",
      "CREATE INDEX support_programme_funder ON support_programme (funder_id) WHERE funder_id IS NOT NULL",
      """
      CREATE TABLE programme_enrolment (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, programme_id \(.id) NOT NULL REFERENCES support_programme (id),
        structure_id \(.id) NOT NULL REFERENCES structure (id), entered_on \(.date) NOT NULL, hours \(.int) CHECK (hours > 0),
        state \(.text) NOT NULL, left_on \(.date), reason \(.text), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK ((state = 'en_cours') = (left_on IS NULL)), CHECK (left_on IS NULL OR entered_on <= left_on)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX programme_enrolment_reference ON programme_enrolment (reference) WHERE removed_at IS NULL",
      "CREATE INDEX programme_enrolment_programme ON programme_enrolment (programme_id)",
      "CREATE INDEX programme_enrolment_structure ON programme_enrolment (structure_id)",
      // The steps that a team has come to, each on its day.
      """
      CREATE TABLE programme_step (
        id \(.id) PRIMARY KEY, enrolment_id \(.id) NOT NULL REFERENCES programme_enrolment (id), position \(.int) NOT NULL,
        date \(.date) NOT NULL, step \(.text) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX programme_step_enrolment ON programme_step (enrolment_id)",
      "CREATE INDEX programme_step_date ON programme_step (date)",
      """
      CREATE TABLE workshop (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, programme_id \(.id) NOT NULL REFERENCES support_programme (id),
        number \(.int), topic \(.text), date \(.date) NOT NULL, at \(.text), minutes \(.int), place \(.text),
        account_id \(.id) REFERENCES account (id), leader \(.text), people \(.int), version \(.int) NOT NULL DEFAULT 1,
        removed_at \(.instant), CHECK (account_id IS NULL OR leader IS NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX workshop_reference ON workshop (reference) WHERE removed_at IS NULL",
      "CREATE INDEX workshop_programme ON workshop (programme_id)",
      "CREATE INDEX workshop_date ON workshop (date, id) WHERE removed_at IS NULL",
      """
      CREATE TABLE workshop_structure (
        workshop_id \(.id) NOT NULL REFERENCES workshop (id), structure_id \(.id) NOT NULL REFERENCES structure (id),
        PRIMARY KEY (workshop_id, structure_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX workshop_structure_structure ON workshop_structure (structure_id)",
    ])

  static let searchSource = SearchSource(
    "programmes", from: "support_programme g", id: "g.id", where: "g.removed_at IS NULL", ["g.name": .words, "g.reference": .key])

  /// No programme among these has more teams than places, and none has a team twice while it is enrolled: asked of what was just
  /// written, in its transaction, wherever it comes from.
  /// - Throws: `Refusal`.
  static func expectPlaces(_ programmes: [Identifier<SupportProgramme>], _ connection: any Connection) throws {
    guard !programmes.isEmpty else { return }
    if let full = try connection.first(
      """
      SELECT g.name, g.places FROM support_programme g JOIN programme_enrolment x ON x.programme_id = g.id
      WHERE g.id IN \(list: programmes) AND g.removed_at IS NULL AND \(EnrolmentState.holdingPlace)
      GROUP BY g.id, g.name, g.places HAVING count(*) > g.places
      """)
    {
      throw Refusal(isFull(try full[0], try full[1]) + ".")
    }
    if let twice = try connection.first(
      """
      SELECT s.name, g.name FROM programme_enrolment x JOIN structure s ON s.id = x.structure_id JOIN support_programme g ON g.id = x.programme_id
      WHERE g.id IN \(list: programmes) AND x.removed_at IS NULL AND x.state = \(EnrolmentState.underWay)
      GROUP BY g.id, g.name, s.id, s.name HAVING count(*) > 1
      """)
    {
      throw Refusal(isEnrolled(try twice[0], try twice[1]) + ".")
    }
  }

  static func isFull(_ name: String, _ places: Int) -> String {
    "« \(name) » est complet : \(places == 1 ? "sa place est prise" : "ses \(places) places sont prises")"
  }

  static func isEnrolled(_ team: String, _ name: String) -> String { "« \(team) » est déjà inscrite à « \(name) »" }
}
