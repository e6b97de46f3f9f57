import Records
import Store

/// A task or an appointment (SUP-13): something that somebody has to do by a day.
public enum ToDo {}

/// What is to be done, or when one meets.
public enum ToDoNature: String, CodedValue {
  case task = "tache"
  case appointment = "rendez_vous"

  public static let list = ReferenceList("todo_nature", label: "Nature", of: ToDoNature.self)

  public var label: String {
    switch self {
    case .task: "Tâche"
    case .appointment: "Rendez-vous"
    }
  }
}

public enum ToDoState: String, CodedValue {
  case open = "a_faire"
  case done = "faite"
  case cancelled = "annulee"

  public static let list = ReferenceList("todo_state", label: "État", of: ToDoState.self)

  public var label: String {
    switch self {
    case .open: "À faire"
    case .done: "Faite"
    case .cancelled: "Annulée"
    }
  }
}

extension Capability {
  static let tasks = Capability(
    "tasks", migrations: [ToDo.migration, ToDo.exchangeMigration], lists: [ToDoNature.list, ToDoState.list], settings: [.taskReminder],
    kinds: [ToDoRecords()],
    reminders: [ToDo.morningReminder])
}

extension Setting {
  static let taskReminder = yesOrNo("rappel_taches", help: "Courriel du matin à qui a une tâche ce jour-là", default: "oui")
}

extension ToDo {
  static let migration = Migration(
    "202611211350-tasks",
    [
      """
      CREATE TABLE todo (
        id \(.id) PRIMARY KEY, reference \(.text), title \(.text) NOT NULL, nature \(.text) NOT NULL,
        due \(.date) NOT NULL, at \(.text), minutes \(.int),
        structure_id \(.id) REFERENCES structure (id), exchange_id \(.id) REFERENCES exchange (id),
        account_id \(.id) REFERENCES account (id), assignee \(.text), state \(.text) NOT NULL, done_on \(.date), note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK ((state = 'faite') = (done_on IS NOT NULL)),
        CHECK (account_id IS NULL OR assignee IS NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX todo_reference ON todo (reference) WHERE removed_at IS NULL",
      "CREATE INDEX todo_account ON todo (account_id, due) WHERE state = 'a_faire' AND removed_at IS NULL",
      "CREATE INDEX todo_structure ON todo (structure_id, due)",
    ])

  /// A page of an exchange, and those of its teams, show what is left to do after it.
  static let exchangeMigration = Migration(
    "202611220110-tasks", ["CREATE INDEX todo_exchange ON todo (exchange_id) WHERE exchange_id IS NOT NULL"])

  /// Joins the teams `s` to tasks `t`, a row each: the one that the task names, else all those of the exchange that it follows from.
  static let teams: SQL = """
    LEFT JOIN exchange_structure x ON x.exchange_id = t.exchange_id AND t.structure_id IS NULL
    LEFT JOIN structure s ON s.id = COALESCE(t.structure_id, x.structure_id) AND s.removed_at IS NULL
    """

  /// That a task `t` is one of a team's, as `teams` says.
  static func isOf(_ team: Identifier<Structure>) -> SQL {
    """
    t.id IN (
      SELECT o.id FROM todo o WHERE o.structure_id = \(team)
      UNION ALL SELECT f.id FROM exchange_structure x JOIN todo f ON f.exchange_id = x.exchange_id AND f.structure_id IS NULL
      WHERE x.structure_id = \(team))
    """
  }

  /// The first day, from `day` on, of an appointment with `structure s`, by itself or by its exchange, that was not over on that day: nobody is late who has one (R7).
  static func nextAppointment(from day: CivilDate) -> SQL {
    // The state as an index of tasks words it: compared with a bound value, SQLite (3.40, 2026-11) compiles the statement every time.
    """
    (SELECT MIN(t.due) FROM todo t
      WHERE t.due >= \(day) AND t.removed_at IS NULL
      AND (t.structure_id = s.id OR (t.structure_id IS NULL
        AND EXISTS (SELECT 1 FROM exchange_structure x WHERE x.exchange_id = t.exchange_id AND x.structure_id = s.id)))
      AND t.nature = \(ToDoNature.appointment) AND (t.state = 'a_faire' OR t.done_on > \(day)))
    """
  }

  /// One message a person, on the mornings of days on which something is due; what is late is recalled in it.
  static let morningReminder = Reminder("taches.du_jour") { day, connection in
    guard day.settings.text(.taskReminder, on: day.today) == "oui" else { return [] }
    let rows = try connection.rows(
      """
      SELECT a.id, a.email, a.name, t.title, t.due, t.at, s.name, t.id
      FROM todo t JOIN account a ON a.id = t.account_id \(ToDo.teams)
      WHERE t.state = 'a_faire' AND t.removed_at IS NULL AND t.due <= \(day.today) AND a.closed_at IS NULL
        AND EXISTS (
          SELECT 1 FROM todo u WHERE u.account_id = a.id AND u.state = 'a_faire' AND u.removed_at IS NULL AND u.due = \(day.today))
      ORDER BY a.id, t.due DESC, t.at NULLS FIRST, t.id, s.name
      """)
    let byTask = try Dictionary(grouping: rows) { try $0[7] as Identifier<ToDo> }
    let teamNames = try byTask.mapValues { rows in try rows.compactMap { try $0[6] as String? } }
    var lines: [Identifier<Account>: (to: OutgoingMail.Recipient, today: [String], late: [String])] = [:]
    var told: Set<Identifier<ToDo>> = []
    for row in rows where told.insert(try row[7]).inserted {
      let due: CivilDate = try row[4]
      let (title, time): (String, String?) = (try row[3], try row[5])
      let names = teamNames[try row[7]] ?? []
      let place = names.isEmpty ? nil : "(\(names.joined(separator: ", ")))"
      let line = "- " + [time, title, place].compactMap(\.self).joined(separator: " ")
      let recipient = OutgoingMail.Recipient(try row[1], name: try row[2])
      var entry = lines[try row[0]] ?? (recipient, [], [])
      if due == day.today { entry.today.append(line) } else { entry.late.append(line) }
      lines[try row[0]] = entry
    }
    return lines.sorted { $0.key < $1.key }.map { account, entry in
      var text = "Bonjour,\n\nÀ faire aujourd’hui\u{A0}:\n\(entry.today.joined(separator: "\n"))\n"
      if !entry.late.isEmpty { text += "\nEn retard\u{A0}:\n\(entry.late.joined(separator: "\n"))\n" }
      if let site = day.siteURL { text += "\n\(site)\n" }
      let count = entry.today.count
      let subject = count == 1 ? "Une tâche pour aujourd’hui" : "\(count) tâches pour aujourd’hui"
      return .init(about: account, due: day.today, OutgoingMail(to: [entry.to], subject: subject, text: text))
    }
  }
}
