import Records
import Store

/// What is left to do, soonest first.
public struct Agenda: Sendable {
  public struct Entry: Sendable {
    public let id: Identifier<ToDo>
    public let title: String
    public let nature: ToDoNature
    public let due: CivilDate
    public let time: String?
    /// The team that it names, else all those of the exchange that it follows from.
    public internal(set) var teams: [(id: Identifier<Structure>, name: String)]
    /// The name of whoever has to do it.
    public let assignee: String?
    /// `nil` as long as it is to be done.
    public let doneOn: CivilDate?
  }

  public let late: [Entry]
  public let today: [Entry]
  public let coming: [Entry]

  /// - Parameters:
  ///   - days: how far ahead `coming` looks.
  ///   - account: only what that account has to do; everybody's when there is none.
  ///   - others: those for whom it stands in.
  public init(
    of account: Identifier<Account>?, standingFor others: [Identifier<Account>] = [], today day: CivilDate, days: Int = 30,
    for reader: Account, _ connection: any Connection
  ) throws {
    let mine: SQL = account.map { "AND t.account_id IN \(list: [$0] + others)" } ?? ""
    let entries = try Entry.all(
      "t.state = \(ToDoState.open) AND t.due <= \(day.adding(days: days)) \(mine)", for: reader, connection)
    late = entries.filter { $0.due < day }
    today = entries.filter { $0.due == day }
    coming = entries.filter { $0.due > day }
  }
}

extension Agenda.Entry {
  /// Those of tasks `t` that meet a condition and that the reader may see.
  static func all(_ condition: SQL, for reader: Account, _ connection: any Connection) throws -> [Self] {
    let rows = try connection.rows(
      """
      SELECT t.id, t.title, t.nature, t.due, t.at, s.id, s.name, COALESCE(a.name, t.assignee), t.done_on
      FROM todo t LEFT JOIN account a ON a.id = t.account_id \(ToDo.teams)
      WHERE t.removed_at IS NULL AND \(ToDo.readable(by: reader)) AND \(condition)
      ORDER BY t.due, t.at NULLS FIRST, t.id, s.name, s.id
      """)
    return try rows.reduce(into: []) { entries, row in
      let (task, team, name): (Identifier<ToDo>, Identifier<Structure>?, String?) = (try row[0], try row[5], try row[6])
      let teams: [(id: Identifier<Structure>, name: String)] = team.flatMap { id in name.map { [(id: id, name: $0)] } } ?? []
      if let last = entries.indices.last, entries[last].id == task {
        entries[last].teams += teams
        return
      }
      entries.append(
        Agenda.Entry(
          id: task, title: try row[1], nature: try row[2], due: try row[3], time: try row[4], teams: teams, assignee: try row[7],
          doneOn: try row[8]))
    }
  }

  /// What is left to do with a team, as rows beside its dated states: title, due, due, time, 3, task, nature, assignee.
  static func rows(of team: Identifier<Structure>, for reader: Account) -> SQL {
    """
    SELECT t.title, t.due, t.due, t.at, 3, t.id, t.nature, COALESCE(a.name, t.assignee)
    FROM todo t LEFT JOIN account a ON a.id = t.account_id
    WHERE t.state = \(ToDoState.open) AND t.removed_at IS NULL AND \(ToDo.isOf(team)) AND \(ToDo.readable(by: reader))
    """
  }

  /// The soonest first. Their teams are left out: they are asked of one.
  static func all(in rows: [Row]) throws -> [Self] {
    let entries = try rows.map { row in
      Agenda.Entry(
        id: try row[5], title: try row[0], nature: try row[6], due: try row[1], time: try row[3], teams: [], assignee: try row[7],
        doneOn: nil)
    }
    return entries.sorted { ($0.due, $0.time ?? "", $0.id) < ($1.due, $1.time ?? "", $1.id) }
  }
}
