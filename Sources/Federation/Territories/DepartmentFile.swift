import Records
import Store

/// What a meeting of a département's partners needs to know of each of its projects (INS-03): where it stands and since when, who carries it,
/// what was done with it and what is left to do. Nothing confidential is ever in it, whoever asks.
public struct DepartmentFile: Sendable {
  public struct Team: Sendable {
    public let id: Identifier<Structure>
    public let name: String
    public let type: StructureType
    public let commune: String?
    public let stage: Stage?
    public let situation: Situation?
    /// Since when it has been in its stage; `nil` when nobody knows.
    public let since: CivilDate?
    /// Who of the staff follows it.
    public let follower: String?
    /// Whoever has a function in it beside membership: name, code of the function.
    public fileprivate(set) var people: [(name: String, function: String)] = []
    /// The latest first, at most three.
    public fileprivate(set) var exchanges: [(date: CivilDate, channel: Channel, subject: String?)] = []
    /// Codes of the themes since the first day, the most frequent first.
    public fileprivate(set) var needs: [(theme: String, count: Int)] = []
    /// Held since the first day, or ahead.
    public fileprivate(set) var facilitations: [(day: CivilDate, type: String?, state: FacilitationState)] = []
    public fileprivate(set) var tasks: [(due: CivilDate, title: String, assignee: String?)] = []
    /// Since the first day.
    public fileprivate(set) var decisions: [(date: CivilDate, body: String, state: DecisionState)] = []
    /// What it entered since the first day.
    public fileprivate(set) var entries: [(date: CivilDate, state: StateCode)] = []

    public var isProject: Bool { stage != .ouverte }

    /// Whether there is something to say of it.
    fileprivate var isSpokenOf: Bool {
      !(needs.isEmpty && facilitations.isEmpty && tasks.isEmpty && decisions.isEmpty && entries.isEmpty)
    }
  }

  public let code: String
  public let name: String
  public let since: CivilDate
  public let day: CivilDate
  /// Those that are not open yet, or that are paused.
  public let projects: [Team]
  /// The others of which there is something to say since the first day.
  public let others: [Team]

  /// Themes of all its teams, the most frequent first.
  public var needs: [(theme: String, count: Int)] { Self.sorted((projects + others).flatMap(\.needs)) }

  /// `nil` when there is no such département for the reader: one who reads the log of a territory has the files of that territory alone.
  /// - Parameter months: how far back it looks.
  public init?(_ code: String, months: Int, for reader: Account, on day: CivilDate, _ connection: any Connection) throws {
    guard try Self.isOpen(code, to: reader, on: day, connection),
      let name = try connection.value("SELECT name FROM department WHERE code = \(code)", as: String.self)
    else { return nil }
    (self.code, self.name, self.day) = (code, name, day)
    since = day.adding(months: -months)
    let teams = try Self.teams(of: code, on: day, connection)
    let told = try Self.told(teams, since: since, on: day, for: reader, connection)
    projects = told.filter(\.isProject)
    others = told.filter { !$0.isProject && $0.isSpokenOf }
  }

  /// Whether there may be a file of the département for the reader.
  public static func isOpen(_ code: String, to reader: Account, on day: CivilDate, _ connection: any Connection) throws -> Bool {
    switch reader.role.scope(.read, .exchanges) {
    case .all: true
    case .none, .own, .ownDepartments: false
    case .ownTerritory:
      try connection.first(
        """
        SELECT 1 FROM territory_span WHERE department = \(code) AND territory = \(reader.territory) AND since <= \(day) AND \(day) < until
        """) != nil
    }
  }

  private static func sorted(_ needs: [(theme: String, count: Int)]) -> [(theme: String, count: Int)] {
    let counts = needs.reduce(into: [String: Int]()) { $0[$1.theme, default: 0] += $1.count }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (theme: $0.key, count: $0.value) }
  }

  private static func teams(of code: String, on day: CivilDate, _ connection: any Connection) throws -> [Team] {
    let began: SQL = """
      (SELECT MIN(q.since) FROM structure_span q WHERE q.structure_id = s.id AND q.stage = p.stage AND q.since <= p.since
        AND NOT EXISTS (SELECT 1 FROM structure_span r WHERE r.structure_id = s.id AND r.since > q.since AND r.since < p.since
          AND r.stage IS DISTINCT FROM p.stage))
      """
    return try connection.rows(
      """
      SELECT s.id, s.name, p.type, c.name, p.stage, p.situation, \(began),
        (SELECT a.name FROM account a WHERE a.id = \(Follower.account(of: "s.id", on: day)))
      FROM structure s JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
      LEFT JOIN commune c ON c.code = s.commune
      WHERE s.removed_at IS NULL AND s.department = \(code) AND p.counted AND p.type <> \(StructureType.isole) AND p.situation IS DISTINCT FROM \(Situation.clos)
      ORDER BY (SELECT v.position FROM reference_value v WHERE v.list = 'structure_type' AND v.code = p.type), s.name_fold, s.id
      """
    ).map { row in
      let since: CivilDate? = try row[6]
      return Team(
        id: try row[0], name: try row[1], type: try row[2], commune: try row[3], stage: try row[4], situation: try row[5],
        since: since == .distantPast ? nil : since, follower: try row[7])
    }
  }

  // MARK: - What is told of each

  private static func told(
    _ teams: [Team], since: CivilDate, on day: CivilDate, for reader: Account, _ connection: any Connection
  ) throws -> [Team] {
    guard !teams.isEmpty else { return [] }
    let ids = teams.map(\.id)
    var found = Dictionary(teams.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let parts = [
      people(ids, on: day), exchanges(ids, on: day, for: reader), needs(ids, since: since, on: day, for: reader),
      facilitations(ids, since: since, for: reader), tasks(ids, for: reader), decisions(ids, since: since, on: day, for: reader),
      entries(ids, since: since, on: day),
    ]
    // What it is, team, day, two texts, a number.
    for row in try connection.rows("\(parts.joined(by: " UNION ALL ")) ORDER BY 1, 2, 3 DESC, 6 DESC, 4") {
      let id: Identifier<Structure> = try row[1]
      switch try row[0] as Int {
      case 0: found[id]?.people.append((name: try row[4], function: try row[3]))
      case 1: found[id]?.exchanges.append((date: try row[2], channel: try row[3], subject: try row[4]))
      case 2: found[id]?.needs.append((theme: try row[3], count: try row[5]))
      case 3: found[id]?.facilitations.append((day: try row[2], type: try row[4], state: try row[3]))
      case 4: found[id]?.tasks.insert((due: try row[2], title: try row[3], assignee: try row[4]), at: 0)
      case 5: found[id]?.decisions.append((date: try row[2], body: try row[4], state: try row[3]))
      default:
        if let state = StateCode(try row[3]) { found[id]?.entries.append((date: try row[2], state: state)) }
      }
    }
    return teams.compactMap { found[$0.id] }
  }

  private static func people(_ ids: [Identifier<Structure>], on day: CivilDate) -> SQL {
    """
    SELECT 0, f.structure_id, '', f.function, \(Person.fullName), 0 FROM person_function f
    JOIN person p ON p.id = f.person_id AND p.removed_at IS NULL
    WHERE f.structure_id IN \(list: ids) AND f.removed_at IS NULL AND f.since <= \(day) AND \(day) < f.until
      AND f.function <> \(PersonRecords.membership)
    """
  }

  /// Of the exchanges `e` that the reader may see, those that may be told before others.
  private static func tellable(for reader: Account) -> SQL {
    "e.removed_at IS NULL AND e.visibility <> \(Visibility.confidential) AND \(Exchange.readable(by: reader))"
  }

  private static func exchanges(_ ids: [Identifier<Structure>], on day: CivilDate, for reader: Account) -> SQL {
    """
    SELECT 1, q.team, q.date, q.channel, q.subject, 0 FROM (
      SELECT x.structure_id AS team, e.date, e.channel, e.subject,
        row_number() OVER (PARTITION BY x.structure_id ORDER BY e.date DESC, e.id DESC) AS place
      FROM exchange_structure x JOIN exchange e ON e.id = x.exchange_id
      WHERE x.structure_id IN \(list: ids) AND x.date <= \(day) AND \(tellable(for: reader))) q
    WHERE q.place <= 3
    """
  }

  private static func needs(_ ids: [Identifier<Structure>], since: CivilDate, on day: CivilDate, for reader: Account) -> SQL {
    """
    SELECT 2, x.structure_id, '', h.theme, '', count(*) FROM exchange_structure x JOIN exchange e ON e.id = x.exchange_id
    JOIN exchange_theme h ON h.exchange_id = e.id
    WHERE x.structure_id IN \(list: ids) AND x.date BETWEEN \(since) AND \(day) AND \(tellable(for: reader))
    GROUP BY x.structure_id, h.theme
    """
  }

  /// But those about what goes wrong within a team, which are between it and the peers who help.
  private static func facilitations(_ ids: [Identifier<Structure>], since: CivilDate, for reader: Account) -> SQL {
    """
    SELECT 3, x.structure_id, COALESCE(f.date, f.requested_on), f.state, f.type, 0 FROM facilitation_structure x
    JOIN facilitation f ON f.id = x.facilitation_id
    WHERE x.structure_id IN \(list: ids) AND f.removed_at IS NULL AND \(Facilitation.readable(by: reader))
      AND f.family IS DISTINCT FROM \(FacilitationFamily.complex)
      AND (f.state IN ('demandee', 'qualifiee', 'proposee', 'attribuee', 'datee', 'reportee')
        OR (f.state IN \(FacilitationState.heldCodes) AND f.date >= \(since)))
    """
  }

  private static func tasks(_ ids: [Identifier<Structure>], for reader: Account) -> SQL {
    """
    SELECT 4, s.id, t.due, t.title, COALESCE(a.name, t.assignee), 0 FROM todo t LEFT JOIN account a ON a.id = t.account_id \(ToDo.teams)
    WHERE s.id IN \(list: ids) AND t.state = 'a_faire' AND t.removed_at IS NULL AND \(ToDo.readable(by: reader))
      AND (t.exchange_id IS NULL OR t.exchange_id NOT IN (SELECT h.id FROM exchange h WHERE h.visibility = 'confidentielle'))
      AND t.id NOT IN (SELECT w.todo_id FROM facilitation_todo w JOIN facilitation g ON g.id = w.facilitation_id
        WHERE g.family = \(FacilitationFamily.complex))
      AND t.id NOT IN (SELECT d.todo_id FROM decision d JOIN meeting m ON m.id = d.meeting_id
        WHERE d.todo_id IS NOT NULL AND m.kind IN \(list: inward))
    """
  }

  private static func decisions(_ ids: [Identifier<Structure>], since: CivilDate, on day: CivilDate, for reader: Account) -> SQL {
    """
    SELECT 5, x.structure_id, m.date, \(DecisionSummary.stateCode), d.body, 0 \(DecisionSummary.tables)
    JOIN decision_structure x ON x.decision_id = d.id
    WHERE x.structure_id IN \(list: ids) AND d.removed_at IS NULL AND m.date BETWEEN \(since) AND \(day)
      AND m.kind NOT IN \(list: inward) AND \(Meeting.readable("d.id", by: reader))
    """
  }

  private static func entries(_ ids: [Identifier<Structure>], since: CivilDate, on day: CivilDate) -> SQL {
    """
    SELECT 6, n.structure_id, t.since, n.target, '', 0 FROM structure_entry n JOIN structure_state t ON t.id = n.state_id
    WHERE n.structure_id IN \(list: ids) AND t.since BETWEEN \(since) AND \(day)
    """
  }

  /// Meetings of the federation with itself: what they decide is not read before its partners.
  private static let inward = [MeetingKind.board, .bureau, .staff].map(\.rawValue)
}
