import Records
import Store

/// What lists and pages say of a decision.
public struct DecisionSummary: Sendable {
  public let id: Identifier<DecisionSummary>
  public let body: String
  public let state: DecisionState
  public let abandonedOn: CivilDate?
  public let meeting: (id: Identifier<Meeting>, title: String, kind: MeetingKind)
  public let date: CivilDate
  public let task: Identifier<ToDo>?
  public let assignee: String?
  public let due: CivilDate?
  public let doneOn: CivilDate?
  public fileprivate(set) var teams: [(id: Identifier<Structure>, name: String)] = []

  /// Where decision `d` with its task `t` stands.
  static let stateCode: SQL = """
    CASE WHEN d.abandoned_on IS NOT NULL OR t.state = 'annulee' THEN 'abandonnee' WHEN t.state = 'faite' THEN 'faite'
      WHEN t.state = 'a_faire' THEN 'a_faire' ELSE 'notee' END
    """

  static let columns: [SQL] = [
    "d.id", "d.body", stateCode, "d.abandoned_on", "m.id", "m.title", "m.kind", "m.date", "t.id", "COALESCE(a.name, t.assignee)", "t.due",
    "t.done_on",
  ]

  static let tables: SQL = """
    FROM decision d JOIN meeting m ON m.id = d.meeting_id AND m.removed_at IS NULL
    LEFT JOIN todo t ON t.id = d.todo_id AND t.removed_at IS NULL LEFT JOIN account a ON a.id = t.account_id
    """

  init(_ row: Row) throws {
    (id, body, state, abandonedOn) = (try row[0], try row[1], try row[2], try row[3])
    meeting = (try row[4], try row[5], try row[6])
    (date, task, assignee, due, doneOn) = (try row[7], try row[8], try row[9], try row[10], try row[11])
  }

  static func withTeams(_ decisions: [DecisionSummary], _ connection: any Connection) throws -> [DecisionSummary] {
    guard !decisions.isEmpty else { return [] }
    var teams: [Identifier<DecisionSummary>: [(id: Identifier<Structure>, name: String)]] = [:]
    for row in try connection.rows(
      """
      SELECT x.decision_id, s.id, s.name FROM decision_structure x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      WHERE x.decision_id IN \(list: decisions.map(\.id)) ORDER BY s.name_fold, s.id
      """)
    { teams[try row[0], default: []].append((try row[1], try row[2])) }
    return decisions.map { decision in
      var decision = decision
      decision.teams = teams[decision.id] ?? []
      return decision
    }
  }
}

/// What narrows the list of decisions, beside its words.
public struct DecisionFilters: Sendable {
  public var states: [String] = []
  public var kinds: [String] = []
  /// Identifiers, as addresses hold them.
  public var meetings: [String] = []
  public var assignees: [String] = []
  public var teams: [String] = []

  public init() {}

  fileprivate var condition: SQL {
    var conditions: [SQL] = []
    if !states.isEmpty { conditions.append("\(DecisionSummary.stateCode) IN \(list: states)") }
    if !kinds.isEmpty { conditions.append("m.kind IN \(list: kinds)") }
    if !meetings.isEmpty { conditions.append("m.id IN \(list: meetings.compactMap { Identifier<Meeting>($0) })") }
    if !assignees.isEmpty { conditions.append("t.account_id IN \(list: assignees.compactMap { Identifier<Account>($0) })") }
    if !teams.isEmpty {
      conditions.append(
        "d.id IN (SELECT x.decision_id FROM decision_structure x WHERE x.structure_id IN \(list: teams.compactMap { Identifier<Structure>($0) }))"
      )
    }
    return conditions.isEmpty ? "1 = 1" : conditions.joined(by: " AND ")
  }
}

/// One page of decisions.
public struct DecisionListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date
    case due = "echeance"
  }

  public let rows: [DecisionSummary]
  public let total: Int

  public init(
    _ filters: DecisionFilters, for reader: Account, search: String, order: Order, descending: Bool, offset: Int, limit: Int,
    _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("d.id", in: Meeting.decisionSource))"
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      DecisionSummary.columns,
      "\(DecisionSummary.tables) WHERE d.removed_at IS NULL AND \(Meeting.readable("d.id", by: reader)) AND \(filters.condition) \(matches)",
      order: "\(order == .date ? "m.date" as SQL : "t.due") \(direction) NULLS LAST, m.date DESC, d.id", offset: offset, limit: limit,
      connection)
    total = page.total
    rows = try DecisionSummary.withTeams(page.rows.map(DecisionSummary.init), connection)
  }

  /// What the menus of the list offer, in one statement: meetings, those who have something to do, teams.
  public static func choices(
    for reader: Account, _ connection: any Connection
  ) throws -> (meetings: [ReferenceValue], assignees: [ReferenceValue], teams: [ReferenceValue]) {
    let among: SQL = "d.removed_at IS NULL AND \(Meeting.readable("d.id", by: reader))"
    var (meetings, assignees, teams): ([ReferenceValue], [ReferenceValue], [ReferenceValue]) = ([], [], [])
    for row in try connection.rows(
      """
      SELECT 0, m.id, m.title || ', ' || m.date, MAX(m.date) \(DecisionSummary.tables) WHERE \(among) GROUP BY m.id, m.title, m.date
      UNION ALL SELECT 1, a.id, a.name, a.name \(DecisionSummary.tables) WHERE \(among) AND a.id IS NOT NULL GROUP BY a.id, a.name
      UNION ALL SELECT 2, s.id, s.name, s.name_fold FROM decision_structure x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      JOIN decision d ON d.id = x.decision_id WHERE \(among) GROUP BY s.id, s.name, s.name_fold ORDER BY 1, 4, 2
      """)
    {
      let value = ReferenceValue(code: Identifier<Meeting>(rawValue: try row[1]).description, label: try row[2])
      switch try row[0] as Int {
      case 0: meetings.insert(value, at: 0)
      case 1: assignees.append(value)
      default: teams.append(value)
      }
    }
    return (meetings, assignees, teams)
  }
}

/// One page of minutes.
public struct MeetingListing: Sendable {
  public struct Row: Sendable {
    public let id: Identifier<Meeting>
    public let reference: String
    public let title: String
    public let date: CivilDate
    public let kind: MeetingKind
    public let place: String?
    public let approvedOn: CivilDate?
    /// Decisions, and those that are still to be done.
    public let decisions: (all: Int, open: Int)
  }

  public enum Order: String, CaseIterable, Sendable {
    case date
    case title = "titre"
  }

  public let rows: [Row]
  public let total: Int

  public init(
    kinds: [String], for reader: Account, search: String, order: Order, descending: Bool, offset: Int, limit: Int,
    _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("m.id", in: Meeting.searchSource))"
    let narrowed: SQL = kinds.isEmpty ? "" : "AND m.kind IN \(list: kinds)"
    let direction: SQL = descending ? "DESC" : "ASC"
    func count(_ condition: SQL) -> SQL {
      "(SELECT count(*) FROM decision d LEFT JOIN todo t ON t.id = d.todo_id AND t.removed_at IS NULL WHERE d.meeting_id = m.id AND d.removed_at IS NULL AND \(condition))"
    }
    let page = try CountedPage(
      [
        "m.id", "m.reference", "m.title", "m.date", "m.kind", "m.place", "m.approved_on", count("1 = 1"),
        count("d.abandoned_on IS NULL AND t.state = 'a_faire'"),
      ],
      "FROM meeting m WHERE m.removed_at IS NULL AND \(Meeting.readable("m.id", by: reader)) \(narrowed) \(matches)",
      order: "\(order == .date ? "m.date" as SQL : "m.title") \(direction), m.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map { row in
      Row(
        id: try row[0], reference: try row[1], title: try row[2], date: try row[3], kind: try row[4], place: try row[5],
        approvedOn: try row[6], decisions: (try row[7], try row[8]))
    }
  }
}

/// The minutes of one meeting, whole.
public struct MeetingSheet: Sendable {
  public struct Attendee: Sendable {
    public let presence: Presence
    public let name: String
    public let person: Identifier<Person>?
  }

  /// What was written once the minutes were approved.
  public struct Correction: Sendable {
    public let at: Instant
    public let account: String?
    /// Whether a decision was corrected, rather than the minutes themselves.
    public let isDecision: Bool
  }

  public let id: Identifier<Meeting>
  public let reference: String
  public let title: String
  public let date: CivilDate
  public let kind: MeetingKind
  public let place: String?
  public let agenda: String?
  public let body: String?
  public let approvedOn: CivilDate?
  public let minutes: Int?
  public let attendees: [Attendee]
  public let organisations: [(name: String, id: Identifier<Organisation>?)]
  public let decisions: [DecisionSummary]
  /// The latest first; none before the approval.
  public let corrections: [Correction]

  /// `nil` when there are no such minutes that the reader may see.
  public init?(_ id: Identifier<Meeting>, for reader: Account, _ connection: any Connection) throws {
    guard
      let row = try connection.first(
        """
        SELECT m.reference, m.title, m.date, m.kind, m.place, m.agenda, m.body, m.approved_on, m.minutes FROM meeting m
        WHERE m.id = \(id) AND m.removed_at IS NULL AND \(Meeting.readable("m.id", by: reader))
        """)
    else { return nil }
    self.id = id
    (reference, title, date, kind) = (try row[0], try row[1], try row[2], try row[3])
    (place, agenda, body, approvedOn, minutes) = (try row[4], try row[5], try row[6], try row[7], try row[8])
    let named = try connection.rows(
      """
      SELECT x.presence, x.position, COALESCE(p.first_name || ' ' || p.last_name, p.last_name, a.name, x.name),
        CASE WHEN p.removed_at IS NULL THEN p.id END
      FROM meeting_attendee x LEFT JOIN person p ON p.id = x.person_id LEFT JOIN account a ON a.id = x.account_id WHERE x.meeting_id = \(id)
      UNION ALL SELECT 'organisation', 0, COALESCE(o.name, x.name), CASE WHEN o.removed_at IS NULL THEN o.id END
      FROM meeting_organisation x LEFT JOIN organisation o ON o.id = x.organisation_id WHERE x.meeting_id = \(id) ORDER BY 1, 2, 3
      """)
    attendees = try named.compactMap { row in
      try Presence(rawValue: try row[0] as String).map { Attendee(presence: $0, name: try row[2], person: try row[3]) }
    }
    organisations = try named.filter { try $0[0] as String == "organisation" }.map { (try $0[2], try $0[3]) }
    decisions = try DecisionSummary.withTeams(
      connection.rows(
        """
        SELECT \(DecisionSummary.columns.joined(by: ", ")) \(DecisionSummary.tables)
        WHERE d.meeting_id = \(id) AND d.removed_at IS NULL ORDER BY d.id
        """
      ).map(DecisionSummary.init), connection)
    corrections = try approvedOn == nil ? [] : Self.corrections(of: id, connection)
  }

  private static func corrections(of id: Identifier<Meeting>, _ connection: any Connection) throws -> [Correction] {
    let approval: SQL = """
      (SELECT MAX(v.id) FROM event v JOIN image j ON j.event_id = v.id
        WHERE j.kind = 'comptes_rendus' AND j.record_id = \(id) AND v.operation = \(Operation.approval))
      """
    return try connection.rows(
      """
      SELECT e.at, a.name, CASE WHEN i.kind = 'decisions' THEN 1 ELSE 0 END FROM image i JOIN event e ON e.id = i.event_id
      LEFT JOIN account a ON a.id = e.account_id
      WHERE e.id > \(approval) AND ((i.kind = 'comptes_rendus' AND i.record_id = \(id))
        OR (i.kind = 'decisions' AND i.record_id IN (SELECT d.id FROM decision d WHERE d.meeting_id = \(id))))
      ORDER BY e.id DESC
      """
    ).map { Correction(at: try $0[0], account: try $0[1], isDecision: try $0[2] == 1) }
  }

  /// The minutes that hold a decision, in the bin or not.
  public static func meeting(ofDecision decision: Int64, for reader: Account, _ connection: any Connection) throws -> Identifier<Meeting>? {
    try connection.value("SELECT d.meeting_id FROM decision d WHERE d.id = \(decision) AND \(Meeting.readable("d.id", by: reader))")
  }
}

/// A decision on a team's timeline.
public struct TeamDecision: Sendable {
  public let id: Identifier<DecisionSummary>
  public let body: String
  public let date: CivilDate
  public let meeting: String
  public let state: DecisionState

  /// Rows beside a team's dated states: body, date, date, meeting, 5, decision, state, nothing.
  static func rows(of team: Identifier<Structure>, for reader: Account) -> SQL {
    """
    SELECT d.body, m.date, m.date, m.title, 5, d.id, \(DecisionSummary.stateCode), NULL \(DecisionSummary.tables)
    WHERE d.removed_at IS NULL AND \(Meeting.readable("d.id", by: reader))
      AND d.id IN (SELECT x.decision_id FROM decision_structure x WHERE x.structure_id = \(team))
    """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamDecision] {
    try rows.map { TeamDecision(id: try $0[5], body: try $0[0], date: try $0[1], meeting: try $0[3], state: try $0[6]) }
  }
}
