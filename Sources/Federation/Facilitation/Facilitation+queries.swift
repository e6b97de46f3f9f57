import Records
import Store

/// What lists and pages say of a facilitation.
public struct FacilitationSummary: Sendable {
  public let id: Identifier<Facilitation>
  public let reference: String
  public let requestedOn: CivilDate
  public let date: CivilDate?
  /// `HH:MM`
  public let time: String?
  public let state: FacilitationState
  public let audience: FacilitationAudience?
  public let family: FacilitationFamily?
  /// A code of `ReferenceList.facilitationType`.
  public let type: String?
  public let minutes: Int?
  public let isUrgent: Bool
  public let wantedBy: CivilDate?
  public let coordinator: String?
  public let mode: FacilitationMode?
  public let commune: String?
  public let department: String?
  public fileprivate(set) var teams: [(id: Identifier<Structure>, reference: String, name: String, department: String, phase: Phase?)] = []
  public fileprivate(set) var facilitators: [(id: Identifier<Person>?, name: String)] = []

  static let columns: [SQL] = [
    "f.id", "f.reference", "f.requested_on", "f.date", "f.at", "f.state", "f.audience", "f.family", "f.type", "f.minutes",
    "f.urgent", "f.wanted_by", "COALESCE(a.name, f.coordinator)", "f.mode", "k.name", "k.department",
  ]

  static let tables: SQL = "FROM facilitation f LEFT JOIN account a ON a.id = f.account_id LEFT JOIN commune k ON k.code = f.commune"

  init(_ row: Row) throws {
    (id, reference, requestedOn, date, time) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (state, audience, family, type, minutes) = (try row[5], try row[6], try row[7], try row[8], try row[9])
    (isUrgent, wantedBy, coordinator) = (try row[10] as Bool? ?? false, try row[11], try row[12])
    (mode, commune, department) = (try row[13], try row[14], try row[15])
  }

  /// With their teams, as these are on its day, and their facilitators.
  static func withLinks(_ summaries: [FacilitationSummary], _ connection: any Connection) throws -> [FacilitationSummary] {
    guard !summaries.isEmpty else { return [] }
    var found = Dictionary(summaries.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let shown = summaries.map(\.id)
    for row in try connection.rows(
      """
      SELECT x.facilitation_id, 0, s.id, s.name, s.department, p.phase, s.name_fold, s.reference FROM facilitation_structure x
      JOIN facilitation f ON f.id = x.facilitation_id JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= COALESCE(f.date, f.requested_on)
        AND COALESCE(f.date, f.requested_on) < p.until
      WHERE x.facilitation_id IN \(list: shown)
      UNION ALL SELECT x.facilitation_id, 1, CASE WHEN p.removed_at IS NULL THEN p.id END, COALESCE(\(Person.fullName), x.name), '', NULL,
        COALESCE(p.name_fold, x.name), '' FROM facilitation_person x LEFT JOIN person p ON p.id = x.person_id
      WHERE x.facilitation_id IN \(list: shown) ORDER BY 2, 7, 3
      """)
    {
      let id: Identifier<Facilitation> = try row[0]
      if try row[1] as Int == 0 {
        found[id]?.teams.append((try row[2], try row[7], try row[3], try row[4], try row[5]))
      } else {
        found[id]?.facilitators.append((try row[2], try row[3]))
      }
    }
    return summaries.compactMap { found[$0.id] }
  }
}

/// One page of facilitations: the records of a figure, searched, sorted and cut.
public struct FacilitationListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date
    case requested = "demande"
    case state = "etat"
    case wanted = "souhait"
  }

  public let rows: [FacilitationSummary]
  public let total: Int

  public init(
    _ query: FigureQuery, for reader: Account, search: String, order: Order, descending: Bool, offset: Int, limit: Int,
    _ connection: any Connection
  ) throws {
    let matches: SQL =
      search.isEmpty
      ? ""
      : """
      AND (\(SearchQuery(search).finds("f.id", in: Facilitation.searchSource)) OR f.id IN (
        SELECT x.facilitation_id FROM facilitation_structure x
        WHERE x.structure_id IN (\(SearchQuery(search).records(of: Structure.searchSource)))))
      """
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      FacilitationSummary.columns,
      "\(FacilitationSummary.tables) WHERE f.id IN \(query.recordIDs) AND \(Facilitation.readable(by: reader)) \(matches)",
      order: "\(Self.expression(order)) \(direction) NULLS LAST, f.requested_on DESC, f.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try FacilitationSummary.withLinks(page.rows.map(FacilitationSummary.init), connection)
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "f.date"
    case .requested: "f.requested_on"
    case .wanted: "f.wanted_by"
    case .state: "(SELECT v.position FROM reference_value v WHERE v.list = 'facilitation_state' AND v.code = f.state)"
    }
  }
}

/// One facilitation, whole.
public struct FacilitationSheet: Sendable {
  /// An exchange before or after it (FAC-08), or one that may be.
  public struct Work: Sendable {
    public let id: Identifier<Exchange>
    public let date: CivilDate
    public let channel: Channel
    public let subject: String?
    public let minutes: Int?
    public let isTied: Bool
  }

  public let summary: FacilitationSummary
  public let version: Int
  public let requester: (id: Identifier<Person>?, name: String)?
  public let need: String?
  public let format: FacilitationFormat?
  public let place: String?
  public let isOutside: Bool
  /// What somebody said of the phase.
  public let correctedPhase: Phase?
  public let reason: String?
  public let report: String?
  public let satisfaction: Int?
  public let feedback: String?
  /// Codes.
  public let themes: [String]
  /// Organisations that take part besides.
  public let partners: [(id: Identifier<Organisation>?, name: String)]
  public let tasks: [Agenda.Entry]
  /// The latest first, as far as the reader may see them.
  public let work: [Work]

  /// Those that count: of the others somebody has not said that they belong to it.
  public var tied: [Work] { work.filter(\.isTied) }

  /// `nil` when there is no such facilitation that the reader may see.
  public init?(_ id: Identifier<Facilitation>, for reader: Account, on today: CivilDate, _ connection: any Connection) throws {
    let more: [SQL] = [
      "f.version", "CASE WHEN q.removed_at IS NULL THEN q.id END",
      "COALESCE(CASE WHEN q.first_name IS NULL THEN q.last_name ELSE q.first_name || ' ' || q.last_name END, f.requester)", "f.need",
      "f.format", "f.place", "f.outside", "f.phase", "f.reason", "f.report", "f.satisfaction", "f.feedback",
    ]
    guard
      let row = try connection.first(
        """
        SELECT \((FacilitationSummary.columns + more).joined(by: ", ")) \(FacilitationSummary.tables)
        LEFT JOIN person q ON q.id = f.requester_id
        WHERE f.id = \(id) AND f.removed_at IS NULL AND \(Facilitation.readable(by: reader))
        """),
      let summary = try FacilitationSummary.withLinks([FacilitationSummary(row)], connection).first
    else { return nil }
    self.summary = summary
    let next = FacilitationSummary.columns.count
    version = try row[next]
    let (asker, name): (Identifier<Person>?, String?) = (try row[next + 1], try row[next + 2])
    requester = name.map { (asker, $0) }
    (need, format, place) = (try row[next + 3], try row[next + 4], try row[next + 5])
    isOutside = try row[next + 6] as Bool? ?? false
    (correctedPhase, reason, report) = (try row[next + 7], try row[next + 8], try row[next + 9])
    (satisfaction, feedback) = (try row[next + 10], try row[next + 11])
    tasks = try Agenda.Entry.all(
      """
      t.id IN (SELECT o.todo_id FROM facilitation_todo o WHERE o.facilitation_id = \(id)) AND t.state <> \(ToDoState.cancelled)
      """, for: reader, connection)
    let (from, through) = (summary.requestedOn.adding(days: -Self.before), (summary.date ?? today).adding(days: Self.after))
    let tied: SQL = "SELECT o.exchange_id FROM facilitation_exchange o WHERE o.facilitation_id = \(id)"
    let rows = try connection.rows(
      """
      SELECT e.id, e.date, e.channel, e.subject, e.minutes, CASE WHEN e.id IN (\(tied)) THEN 1 ELSE 0 END, NULL FROM exchange e
      WHERE e.removed_at IS NULL AND \(Exchange.readable(by: reader)) AND e.id IN (
        \(tied) UNION SELECT x.exchange_id FROM exchange_structure x JOIN facilitation_structure y ON y.structure_id = x.structure_id
        WHERE y.facilitation_id = \(id) AND x.date BETWEEN \(from) AND \(through))
      UNION ALL SELECT 0, '', NULL, NULL, NULL, 2, h.theme FROM facilitation_theme h WHERE h.facilitation_id = \(id)
      UNION ALL SELECT CASE WHEN o.removed_at IS NULL THEN o.id END, '', NULL, NULL, NULL, 3, COALESCE(o.name, x.name)
      FROM facilitation_partner x LEFT JOIN organisation o ON o.id = x.organisation_id WHERE x.facilitation_id = \(id)
      ORDER BY 2 DESC, 1 DESC
      """)
    themes = try rows.filter { try $0[5] == 2 }.map { try $0[6] as String }.sorted()
    partners = try rows.filter { try $0[5] == 3 }.map { (try $0[0], try $0[6]) }.sorted { $0.1 < $1.1 }
    work = try rows.filter { try ($0[5] as Int) < 2 }.map { row in
      Work(
        id: try row[0], date: try row[1], channel: try row[2], subject: try row[3], minutes: try row[4], isTied: try row[5] == 1)
    }
  }

  /// Days around the request and the meeting in which exchanges with its teams may be about it.
  private static let (before, after) = (30, 60)
}

/// A facilitation on a team's timeline.
public struct TeamFacilitation: Sendable {
  public let id: Identifier<Facilitation>
  /// The meeting's day, else that of the request.
  public let day: CivilDate
  public let state: FacilitationState
  public let type: String?
  public let facilitators: String?

  /// Rows beside a team's dated states: type, day, day, facilitators, 7, facilitation, state, nothing.
  static func rows(of team: Identifier<Structure>, for reader: Account) -> SQL {
    let names: SQL = """
      SELECT COALESCE(\(Person.fullName), y.name) AS name FROM facilitation_person y LEFT JOIN person p ON p.id = y.person_id
      WHERE y.facilitation_id = f.id ORDER BY 1
      """
    let joined: SQL = """
      (SELECT \(onSQLite: "group_concat(n.name, ', ')", onPostgres: "string_agg(n.name, ', ')") FROM (\(names)) n)
      """
    return """
      SELECT f.type, COALESCE(f.date, f.requested_on), COALESCE(f.date, f.requested_on), \(joined), 7, f.id, f.state, NULL FROM facilitation f
      WHERE f.removed_at IS NULL AND \(Facilitation.readable(by: reader))
        AND f.id IN (SELECT x.facilitation_id FROM facilitation_structure x WHERE x.structure_id = \(team))
      """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamFacilitation] {
    try rows.map { TeamFacilitation(id: try $0[5], day: try $0[1], state: try $0[6], type: try $0[0], facilitators: try $0[3]) }
  }
}
