import Records
import Store

/// A portfolio, or a part of it, given to somebody else or to nobody yet, in one operation (GOV-07).
public struct Handover: Sendable {
  /// What is to change hands.
  public struct Order: Sendable {
    /// `nil` for teams that nobody follows.
    public let from: Identifier<Account>?
    /// `nil` leaves teams and tasks to nobody.
    public let to: Identifier<Account>?
    /// The day from which the teams are followed by the other one; tasks go at once.
    public let since: CivilDate
    public let teams: [Identifier<Structure>]
    public let tasks: [Identifier<ToDo>]

    public init(
      from: Identifier<Account>?, to: Identifier<Account>?, since: CivilDate, teams: [Identifier<Structure>], tasks: [Identifier<ToDo>]
    ) {
      self.from = from
      self.to = to
      self.since = since
      self.teams = teams
      self.tasks = tasks
    }
  }

  public let id: Identifier<Handover>
  public let from: Identifier<Account>?
  public let fromName: String?
  public let toName: String?
  public let since: CivilDate
  public let teams: Int
  public let tasks: Int
  public let at: Instant
  /// Who did it.
  public let actor: String?
  public let undoneAt: Instant?

  /// What the audit trail calls it.
  static let kind = "passations"

  static let migration = Migration(
    "202611221012-portfolios",
    [
      """
      CREATE TABLE handover (
        id \(.id) PRIMARY KEY, from_id \(.id) REFERENCES account (id), to_id \(.id) REFERENCES account (id), since \(.date) NOT NULL,
        teams \(.int) NOT NULL, tasks \(.int) NOT NULL, applied_at \(.instant) NOT NULL, account_id \(.id) REFERENCES account (id),
        event_id \(.id) NOT NULL REFERENCES event (id), undone_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """
    ])
}

extension Handover {
  /// `nil` when there is none that concerns the reader.
  public init?(_ id: Identifier<Handover>, for reader: Account, _ connection: any Connection) throws {
    guard let found = try Self.rows("h.id = \(id)", for: reader, connection).first else { return nil }
    self = found
  }

  /// What somebody handed or took over since a day, the latest first.
  static func all(
    of account: Identifier<Account>, since day: CivilDate, for reader: Account, _ connection: any Connection
  ) throws -> [Handover] {
    try rows("\(account) IN (h.from_id, h.to_id) AND h.applied_at >= \(day.description)", for: reader, connection)
  }

  /// Those that concern the reader: both people, whoever did it, and the direction.
  private static func rows(_ condition: SQL, for reader: Account, _ connection: any Connection) throws -> [Handover] {
    let concerned: SQL =
      reader.role.scope(.read, .portfolios) == .all ? "1 = 1" : "\(reader.id) IN (h.from_id, h.to_id, h.account_id)"
    return try connection.rows(
      """
      SELECT h.id, h.from_id, a.name, b.name, h.since, h.teams, h.tasks, h.applied_at, c.name, h.undone_at FROM handover h
      LEFT JOIN account a ON a.id = h.from_id LEFT JOIN account b ON b.id = h.to_id LEFT JOIN account c ON c.id = h.account_id
      WHERE \(condition) AND \(concerned) ORDER BY h.applied_at DESC, h.id DESC
      """
    ).map { row in
      Handover(
        id: try row[0], from: try row[1], fromName: try row[2], toName: try row[3], since: try row[4], teams: try row[5],
        tasks: try row[6], at: try row[7], actor: try row[8], undoneAt: try row[9])
    }
  }
}

/// What the page of the day tells somebody of hand-overs and stand-ins.
public struct PortfolioNotice: Sendable {
  public enum Matter: Sendable {
    /// The reader is away, or is to be.
    case absent
    /// The reader stands in, or is to.
    case deputy
    case handed(Identifier<Handover>, teams: Int, tasks: Int)
    case received(Identifier<Handover>, teams: Int, tasks: Int)
  }

  public let matter: Matter
  /// The other one; `nil` for nobody.
  public let other: String?
  public let since: CivilDate
  /// The last day of a stand-in.
  public let through: CivilDate?
  /// When a hand-over was done.
  public let at: Instant?

  /// How long a hand-over is told.
  private static let days = 14

  public static func all(for reader: Account, on day: CivilDate, _ connection: any Connection) throws -> [PortfolioNotice] {
    try connection.rows(
      """
      SELECT 0, d.id, b.name, d.since, d.until, 0, 0, NULL FROM delegation d JOIN account b ON b.id = d.deputy_id
      WHERE d.account_id = \(reader.id) AND d.removed_at IS NULL AND d.until > \(day)
      UNION ALL SELECT 1, d.id, a.name, d.since, d.until, 0, 0, NULL FROM delegation d JOIN account a ON a.id = d.account_id
      WHERE d.deputy_id = \(reader.id) AND d.removed_at IS NULL AND d.until > \(day)
      UNION ALL SELECT 2, h.id, b.name, h.since, NULL, h.teams, h.tasks, h.applied_at FROM handover h LEFT JOIN account b ON b.id = h.to_id
      WHERE h.from_id = \(reader.id) AND h.undone_at IS NULL AND h.applied_at >= \(day.adding(days: -days).description)
      UNION ALL SELECT 3, h.id, a.name, h.since, NULL, h.teams, h.tasks, h.applied_at FROM handover h LEFT JOIN account a ON a.id = h.from_id
      WHERE h.to_id = \(reader.id) AND h.undone_at IS NULL AND h.applied_at >= \(day.adding(days: -days).description)
      ORDER BY 1, 4, 2
      """
    ).map { row in
      let (teams, tasks, until): (Int, Int, CivilDate?) = (try row[5], try row[6], try row[4])
      let matter: Matter =
        switch try row[0] as Int {
        case 0: .absent
        case 1: .deputy
        case 2: .handed(try row[1], teams: teams, tasks: tasks)
        default: .received(try row[1], teams: teams, tasks: tasks)
        }
      return PortfolioNotice(matter: matter, other: try row[2], since: try row[3], through: until?.previous, at: try row[7])
    }
  }
}
