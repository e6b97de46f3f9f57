import Records
import Store

/// What somebody of the staff follows and has to do on a day (GOV-07).
public struct Portfolio: Sendable {
  public struct Team: Sendable {
    public let id: Identifier<Structure>
    public let name: String
    public let reference: String
    public let since: CivilDate
  }

  public let teams: [Team]
  /// Tasks and appointments that are open.
  public let tasks: [Agenda.Entry]
  /// Those who stand in for the account, or are to.
  public let delegations: [Delegation]
  /// What was handed over, or taken over, in the last year; the latest first.
  public let handovers: [Handover]

  public init(of account: Identifier<Account>, on day: CivilDate, for reader: Account, _ connection: any Connection) throws {
    teams = try connection.rows(
      """
      SELECT s.id, s.name, s.reference, f.since FROM team_follower f JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
      WHERE f.account_id = \(account) AND \(Follower.inForce(on: day)) ORDER BY s.name_fold, s.id
      """
    ).map { Team(id: try $0[0], name: try $0[1], reference: try $0[2], since: try $0[3]) }
    tasks = try Agenda.Entry.all("t.account_id = \(account) AND t.state = \(ToDoState.open)", for: reader, connection)
    delegations = try Delegation.all(of: account, from: day, connection)
    handovers = try Handover.all(of: account, since: day.adding(months: -12), for: reader, connection)
  }
}

extension Capability {
  static let portfolios = Capability(
    "portfolios", migrations: [Delegation.migration, Handover.migration], kinds: [DelegationRecords()])
}

extension AccountSummary {
  /// Whether the person can follow teams and have something to do.
  public var followsTeams: Bool { state != .closed && roles.contains { $0.areas.contains(.tasks) } }
}

extension Operation {
  static let absenceEnd = Operation(rawValue: "fin de remplacement")
}

/// Teams that nobody follows, and what is left with those whose account is closed: for the direction.
public struct Vacancies: Sendable {
  public struct Team: Sendable {
    public let id: Identifier<Structure>
    public let name: String
    public let reference: String
    /// `nil` when nobody ever followed it.
    public let since: CivilDate?
    /// Who followed it last.
    public let formerly: String?
    /// When the team is to be heard from (R7).
    public let due: CivilDate?
    public let tasks: Int
  }

  public struct Closed: Sendable {
    public let id: Identifier<Account>
    public let name: String
    public let closedAt: Instant
    public let teams: Int
    public let tasks: Int
  }

  /// Those left by somebody first, the longest ago at the top.
  public let teams: [Team]
  public let teamCount: Int
  public let closed: [Closed]

  public static let shown = 200

  public init(on day: CivilDate, _ connection: any Connection) throws {
    let rows = try connection.rows(
      """
      SELECT s.id, s.name, s.reference, w.since, w.total, \(FollowUp.due(on: day)),
        (SELECT a.name FROM team_follower g JOIN account a ON a.id = g.account_id
          WHERE g.structure_id = s.id AND g.since <= \(day) AND g.removed_at IS NULL ORDER BY g.since DESC LIMIT 1),
        (SELECT count(*) FROM todo t WHERE t.state = 'a_faire' AND t.removed_at IS NULL AND t.id IN (
          SELECT o.id FROM todo o WHERE o.structure_id = s.id
          UNION ALL SELECT k.id FROM exchange_structure x JOIN todo k ON k.exchange_id = x.exchange_id AND k.structure_id IS NULL
          WHERE x.structure_id = s.id))
      FROM (
        SELECT v.id, v.since, count(*) OVER () AS total FROM (
          SELECT s.id, s.name_fold, \(Follower.account(of: "s.id", on: day)) AS follower, \(Follower.since(of: "s.id", on: day)) AS since
          FROM structure s JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
          WHERE s.removed_at IS NULL AND p.counted AND p.type <> \(StructureType.isole) AND (p.stage IS NULL OR p.stage <> \(Stage.fermee))) v
        WHERE v.follower IS NULL ORDER BY v.since NULLS LAST, v.name_fold, v.id LIMIT \(Self.shown)) w
      JOIN structure s ON s.id = w.id
      JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
      ORDER BY w.since NULLS LAST, s.name_fold, s.id
      """)
    teams = try rows.map {
      Team(id: try $0[0], name: try $0[1], reference: try $0[2], since: try $0[3], formerly: try $0[6], due: try $0[5], tasks: try $0[7])
    }
    teamCount = try rows.first?[4] ?? 0
    closed = try connection.rows(
      """
      SELECT a.id, a.name, a.closed_at,
        (SELECT count(*) FROM team_follower f JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
          WHERE f.account_id = a.id AND \(Follower.inForce(on: day))),
        (SELECT count(*) FROM todo t WHERE t.account_id = a.id AND t.state = 'a_faire' AND t.removed_at IS NULL)
      FROM account a WHERE a.closed_at IS NOT NULL ORDER BY a.closed_at, a.id
      """
    ).map { Closed(id: try $0[0], name: try $0[1], closedAt: try $0[2], teams: try $0[3], tasks: try $0[4]) }
      .filter { $0.teams + $0.tasks > 0 }
  }
}
