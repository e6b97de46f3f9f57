import Records
import Store

/// The re-reading of a team's health project, before a commission has it (SUP-05).
public enum ProjectReading {}

/// What a reader says of a section of the project.
public enum ReadingRemark {}

public enum ReadingState: String, CodedValue {
  case requested = "demandee"
  case underWay = "en_cours"
  /// The team has what the readers say.
  case rendered = "rendue"
  case closed = "close"

  public static let list = ReferenceList("reading_state", label: "Avancement de la relecture", of: ReadingState.self)

  public var label: String {
    switch self {
    case .requested: "Demandée"
    case .underWay: "En cours"
    case .rendered: "Rendue"
    case .closed: "Close"
    }
  }

  /// Somebody still has to read.
  public var isOpen: Bool { self == .requested || self == .underWay }
  /// The same in a query.
  static let openCodes: SQL = "('demandee', 'en_cours')"
}

extension ReferenceList {
  /// What a health project is made of.
  public static let projectSection = ReferenceList(
    "project_section", label: "Partie du projet de santé",
    seeds: [
      Seed("diagnostic", "Diagnostic"), Seed("missions", "Missions"), Seed("parcours", "Parcours"), Seed("protocoles", "Protocoles"),
      Seed("coordination", "Coordination"), Seed("systeme_information", "Système d’information"),
      Seed("gouvernance", "Gouvernance et juridique"), Seed("qualite", "Qualité"), Seed("usagers", "Patients et usagers"),
      Seed("autre", "Autre"),
    ])
}

extension Capability {
  static let readings = Capability(
    "readings", migrations: [ProjectReading.migration], lists: [ReadingState.list, .projectSection],
    kinds: [ReadingRecords(), ReadingRemarkRecords()], figures: ProjectReading.figures)
}

extension ProjectReading {
  static let migration = Migration(
    "202611231502-readings",
    [
      """
      CREATE TABLE project_reading (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, structure_id \(.id) NOT NULL REFERENCES structure (id),
        requested_on \(.date) NOT NULL, due_on \(.date) NOT NULL, file_id \(.id) REFERENCES commission_file (id), state \(.text) NOT NULL,
        rendered_on \(.date), note \(.text), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (requested_on <= due_on), CHECK (state <> 'rendue' OR rendered_on IS NOT NULL),
        CHECK (state NOT IN ('demandee', 'en_cours') OR rendered_on IS NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX project_reading_reference ON project_reading (reference) WHERE removed_at IS NULL",
      "CREATE INDEX project_reading_requested ON project_reading (requested_on, id) WHERE removed_at IS NULL",
      "CREATE INDEX project_reading_structure ON project_reading (structure_id)",
      "CREATE INDEX project_reading_file ON project_reading (file_id) WHERE file_id IS NOT NULL",
      """
      CREATE TABLE reading_reader (
        reading_id \(.id) NOT NULL REFERENCES project_reading (id), account_id \(.id) NOT NULL REFERENCES account (id),
        PRIMARY KEY (reading_id, account_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX reading_reader_account ON reading_reader (account_id)",
      // What each reader was given to do, former readers included.
      """
      CREATE TABLE reading_task (
        reading_id \(.id) NOT NULL REFERENCES project_reading (id), account_id \(.id) NOT NULL REFERENCES account (id),
        todo_id \(.id) NOT NULL REFERENCES todo (id), ended \(.bool) NOT NULL, PRIMARY KEY (reading_id, account_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX reading_task_todo ON reading_task (todo_id)",
      """
      CREATE TABLE reading_remark (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, reading_id \(.id) NOT NULL REFERENCES project_reading (id),
        section \(.text) NOT NULL, document \(.int) CHECK (document > 0), account_id \(.id) REFERENCES account (id), body \(.text) NOT NULL,
        resolved_on \(.date), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX reading_remark_reference ON reading_remark (reference) WHERE removed_at IS NULL",
      "CREATE INDEX reading_remark_reading ON reading_remark (reading_id)",
    ])
}
