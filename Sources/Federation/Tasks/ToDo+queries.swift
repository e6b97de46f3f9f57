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
    public let minutes: Int?
    public let team: (id: Identifier<Structure>, name: String)?
    /// The name of whoever has to do it.
    public let assignee: String?
  }

  public let late: [Entry]
  public let today: [Entry]
  public let coming: [Entry]

  /// - Parameters:
  ///   - days: how far ahead `coming` looks.
  ///   - account: only what that account has to do; everybody's when there is none.
  public init(
    of account: Identifier<Account>?, today day: CivilDate, days: Int = 30, for reader: Account, _ connection: any Connection
  ) throws {
    let mine: SQL = account.map { "AND t.account_id = \($0)" } ?? ""
    let last = day.adding(days: days)
    let entries = try connection.rows(
      """
      SELECT t.id, t.title, t.nature, t.due, t.at, t.minutes, s.id, s.name, COALESCE(a.name, t.assignee)
      FROM todo t LEFT JOIN account a ON a.id = t.account_id
      LEFT JOIN structure s ON s.id = t.structure_id AND s.removed_at IS NULL
      WHERE t.state = 'a_faire' AND t.removed_at IS NULL AND t.due <= \(last) AND \(ToDo.readable(by: reader)) \(mine)
      ORDER BY t.due, t.at NULLS FIRST, t.id
      """
    ).map { row in
      let (id, name): (Identifier<Structure>?, String?) = (try row[6], try row[7])
      return Entry(
        id: try row[0], title: try row[1], nature: try row[2], due: try row[3], time: try row[4], minutes: try row[5],
        team: id.flatMap { id in name.map { (id, $0) } }, assignee: try row[8])
    }
    late = entries.filter { $0.due < day }
    today = entries.filter { $0.due == day }
    coming = entries.filter { $0.due > day }
  }
}
