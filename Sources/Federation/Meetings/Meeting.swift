import Records
import Store

/// A meeting with its minutes (GOV-08): of the board, of the staff, with partners.
public enum Meeting {}

/// Who met. Who reads the minutes follows from it.
public enum MeetingKind: String, CodedValue {
  case board = "ca"
  case bureau
  case assembly = "ag"
  case staff = "equipe"
  case commission
  case group = "groupe"
  case partners = "partenaires"
  case other = "autre"

  public static let list = ReferenceList("meeting_kind", label: "Réunion", of: MeetingKind.self)

  public var label: String {
    switch self {
    case .board: "Conseil d’administration"
    case .bureau: "Bureau"
    case .assembly: "Assemblée générale"
    case .staff: "Réunion d’équipe"
    case .commission: "Commission"
    case .group: "Groupe de travail"
    case .partners: "Rencontre avec des partenaires"
    case .other: "Autre réunion"
    }
  }

  /// Those whose minutes a role does not read, though it reads others.
  public static func closed(to role: Role) -> [MeetingKind] {
    switch role {
    case .direction, .assistance: []
    case .chargeMission: [.board, .bureau]
    case .ca: [.staff]
    default: [.board, .bureau, .staff]
    }
  }
}

/// Where a decision stands: by its task, when it has one.
public enum DecisionState: String, CodedValue {
  case open = "a_faire"
  case done = "faite"
  /// Told to the team that it is about: nobody has anything to do.
  case noted = "notee"
  case abandoned = "abandonnee"

  public static let list = ReferenceList("decision_state", label: "Suite", of: DecisionState.self)

  public var label: String {
    switch self {
    case .open: "À faire"
    case .done: "Faite"
    case .noted: "Notée"
    case .abandoned: "Abandonnée"
    }
  }
}

/// Whether somebody was there.
public enum Presence: String, CaseIterable, Sendable, Codable, SQLCodable {
  case present
  case excused = "excuse"
  case invited = "invite"
}

extension Capability {
  static let meetings = Capability(
    "meetings", migrations: [Meeting.migration, Meeting.durationMigration], lists: [MeetingKind.list, DecisionState.list],
    kinds: [MeetingRecords(), DecisionRecords()])
}

extension Meeting {
  static let migration = Migration(
    "202611221501-meetings",
    [
      """
      CREATE TABLE meeting (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, title \(.text) NOT NULL, date \(.date) NOT NULL, kind \(.text) NOT NULL,
        place \(.text), agenda \(.text), body \(.text), approved_on \(.date),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX meeting_reference ON meeting (reference) WHERE removed_at IS NULL",
      "CREATE INDEX meeting_date ON meeting (date, id) WHERE removed_at IS NULL",
      // A person of the directory, an account, or a name that is neither.
      """
      CREATE TABLE meeting_attendee (
        id \(.id) PRIMARY KEY, meeting_id \(.id) NOT NULL REFERENCES meeting (id), presence \(.text) NOT NULL, position \(.int) NOT NULL,
        person_id \(.id) REFERENCES person (id), account_id \(.id) REFERENCES account (id), name \(.text),
        CHECK (presence IN ('present', 'excuse', 'invite'))
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX meeting_attendee_meeting ON meeting_attendee (meeting_id)",
      "CREATE INDEX meeting_attendee_person ON meeting_attendee (person_id)",
      """
      CREATE TABLE meeting_organisation (
        meeting_id \(.id) NOT NULL REFERENCES meeting (id), number \(.id) NOT NULL, organisation_id \(.id) REFERENCES organisation (id),
        name \(.text), PRIMARY KEY (meeting_id, number)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX meeting_organisation_organisation ON meeting_organisation (organisation_id)",
      """
      CREATE TABLE decision (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, meeting_id \(.id) NOT NULL REFERENCES meeting (id), body \(.text) NOT NULL,
        todo_id \(.id) REFERENCES todo (id), abandoned_on \(.date), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX decision_reference ON decision (reference) WHERE removed_at IS NULL",
      "CREATE INDEX decision_meeting ON decision (meeting_id)",
      "CREATE INDEX decision_todo ON decision (todo_id) WHERE todo_id IS NOT NULL",
      """
      CREATE TABLE decision_structure (
        decision_id \(.id) NOT NULL REFERENCES decision (id), structure_id \(.id) NOT NULL REFERENCES structure (id),
        PRIMARY KEY (decision_id, structure_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX decision_structure_structure ON decision_structure (structure_id)",
    ])

  static let durationMigration = Migration(
    "202611231342-meetings", ["ALTER TABLE meeting ADD COLUMN minutes \(.int) CHECK (minutes BETWEEN 5 AND 1440)"])

  /// The minutes and decisions that are kept from a role which reads others; `nil` when none is.
  static func hidden(from role: Role) -> SQL? {
    let closed = MeetingKind.closed(to: role).map(\.rawValue)
    guard !closed.isEmpty else { return nil }
    let meetings: SQL = "SELECT h.id FROM meeting h WHERE h.kind IN \(list: closed)"
    return "\(meetings) UNION ALL SELECT g.id FROM decision g WHERE g.meeting_id IN (\(meetings))"
  }

  /// The minutes, or decisions, that an account may read.
  static func readable(_ id: SQL, by reader: Account) -> SQL {
    guard reader.role.scope(.read, .meetings) == .all else { return "1 = 0" }
    return hidden(from: reader.role).map { "\(id) NOT IN (\($0))" } ?? "1 = 1"
  }
}

extension ToDo {
  /// Tasks of decisions that are kept from an account, unless they are its own to do.
  static func hiddenDecisions(from reader: Account) -> SQL? {
    let kinds = reader.role.scope(.read, .meetings) == .all ? MeetingKind.closed(to: reader.role) : MeetingKind.allCases
    guard !kinds.isEmpty else { return nil }
    return """
      SELECT w.id FROM decision d JOIN meeting m ON m.id = d.meeting_id JOIN todo w ON w.id = d.todo_id
      WHERE m.kind IN \(list: kinds.map(\.rawValue)) AND (w.account_id IS NULL OR w.account_id NOT IN \(list: [reader.id] + reader.standsFor))
      """
  }
}
