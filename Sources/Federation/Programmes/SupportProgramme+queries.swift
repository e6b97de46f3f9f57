import Records
import Store

/// What lists and pages say of a programme.
public struct ProgrammeSummary: Sendable {
  public let id: Identifier<SupportProgramme>
  public let reference: String
  public let name: String
  /// A code of `ReferenceList.programmeKind`.
  public let kind: String
  public let funder: String?
  public let begins: CivilDate
  /// Its last day.
  public let ends: CivilDate?
  public let places: Int?
  public let manager: String?
  /// Teams that hold a place, and those of them that are still in it.
  public let teams: (holding: Int, underWay: Int)
  /// Workshops that were held, and their time.
  public let held: (workshops: Int, minutes: Int)

  /// How many more teams may enrol; `nil` without a limit.
  public var placesLeft: Int? { places.map { max(0, $0 - teams.holding) } }

  public func state(on day: CivilDate) -> ProgrammeState { ProgrammeState(begins, ends, on: day) }

  static let columns: [SQL] = {
    func teams(_ condition: SQL) -> SQL {
      "(SELECT count(*) FROM programme_enrolment x WHERE x.programme_id = g.id AND \(condition))"
    }
    func workshops(_ measure: SQL) -> SQL {
      "(SELECT CAST(COALESCE(\(measure), 0) AS \(.int)) FROM workshop w WHERE w.programme_id = g.id AND \(Workshop.isHeld))"
    }
    return [
      "g.id", "g.reference", "g.name", "g.kind", "COALESCE(o.name, g.funder)", "g.begins_on", "g.ends_on", "g.places",
      "COALESCE(a.name, g.manager)", teams(EnrolmentState.holdingPlace),
      teams("x.removed_at IS NULL AND x.state = \(EnrolmentState.underWay)"), workshops("count(*)"), workshops("sum(w.minutes)"),
    ]
  }()

  static let tables: SQL = """
    FROM support_programme g LEFT JOIN organisation o ON o.id = g.funder_id LEFT JOIN account a ON a.id = g.account_id
    """

  init(_ row: Row) throws {
    (id, reference, name, kind, funder) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (begins, ends, places, manager) = (try row[5], try row[6], try row[7], try row[8])
    (teams, held) = ((try row[9], try row[10]), (try row[11], try row[12]))
  }

  /// What forms offer, the latest first.
  public static func offered(_ connection: any Connection) throws -> [(reference: String, name: String)] {
    try connection.rows(
      "SELECT g.reference, g.name FROM support_programme g WHERE g.removed_at IS NULL ORDER BY g.begins_on DESC, g.name_fold, g.id"
    ).map { (try $0[0], try $0[1]) }
  }
}

/// One page of programmes: the records of a figure, searched, sorted and cut.
public struct ProgrammeListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case begins = "debut"
    case name = "nom"
    case ends = "fin"
  }

  public let rows: [ProgrammeSummary]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let matches: SQL =
      search.isEmpty
      ? ""
      : """
      AND (\(SearchQuery(search).finds("g.id", in: SupportProgramme.searchSource)) OR g.id IN (
        SELECT x.programme_id FROM programme_enrolment x
        WHERE x.removed_at IS NULL AND x.structure_id IN (\(SearchQuery(search).records(of: Structure.searchSource)))))
      """
    let page = try CountedPage(
      ProgrammeSummary.columns, "\(ProgrammeSummary.tables) WHERE g.id IN \(query.recordIDs) \(matches)",
      order: "\(Self.expression(order)) \(descending ? "DESC" as SQL : "ASC") NULLS LAST, g.name_fold, g.id", offset: offset, limit: limit,
      connection)
    total = page.total
    rows = try page.rows.map(ProgrammeSummary.init)
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .begins: "g.begins_on"
    case .name: "g.name_fold"
    case .ends: "g.ends_on"
    }
  }
}

/// One programme, whole.
public struct ProgrammeSheet: Sendable {
  /// A team that takes part, or did.
  public struct Enrolment: Sendable {
    public let id: Identifier<ProgrammeEnrolment>
    public let team: (id: Identifier<Structure>, reference: String, name: String, department: String)
    public let entered: CivilDate
    public let left: CivilDate?
    public let state: EnrolmentState
    public let reason: String?
    /// Agreed for a starting coordination.
    public let hours: Int?
    /// The time of the workshops at which it was.
    public let minutes: Int
    /// The last one that it came to.
    public let step: (name: String, date: CivilDate)?
  }

  public let summary: ProgrammeSummary
  public let note: String?
  public let steps: [String]
  /// Those that are in it first, by their names.
  public let enrolments: [Enrolment]
  /// The latest first.
  public let workshops: [WorkshopSummary]

  /// `nil` when there is no such programme.
  public init?(_ id: Identifier<SupportProgramme>, _ connection: any Connection) throws {
    let columns = ProgrammeSummary.columns
    guard
      let row = try connection.first(
        """
        SELECT \((columns + ["g.note", "g.steps"]).joined(by: ", ")) \(ProgrammeSummary.tables) WHERE g.id = \(id) AND g.removed_at IS NULL
        """)
    else { return nil }
    summary = try ProgrammeSummary(row)
    (note, steps) = (try row[columns.count], ProgrammeStep.list(try row[columns.count + 1]))
    enrolments = try Enrolment.all("x.programme_id = \(id)", connection)
    workshops = try WorkshopSummary.all("w.programme_id = \(id)", order: "w.date DESC, w.id DESC", connection)
  }

  /// `nil` when there is no such enrolment.
  public static func enrolment(
    _ id: Identifier<ProgrammeEnrolment>, _ connection: any Connection
  ) throws -> (enrolment: Enrolment, sheet: ProgrammeSheet)? {
    guard let programme = try programme(ofEnrolment: id.rawValue, connection), let sheet = try ProgrammeSheet(programme, connection),
      let enrolment = sheet.enrolments.first(where: { $0.id == id })
    else { return nil }
    return (enrolment, sheet)
  }

  /// The programme of an enrolment, in the bin or not.
  public static func programme(ofEnrolment id: Int64, _ connection: any Connection) throws -> Identifier<SupportProgramme>? {
    try connection.value("SELECT programme_id FROM programme_enrolment WHERE id = \(id)")
  }

  /// The same of a workshop.
  public static func programme(ofWorkshop id: Int64, _ connection: any Connection) throws -> Identifier<SupportProgramme>? {
    try connection.value("SELECT programme_id FROM workshop WHERE id = \(id)")
  }

  /// The teams that the form of a workshop offers: those that are enrolled on the day, or were meant already.
  /// - Parameter day: today’s enrolments without one.
  public static func teams(
    of programme: String, on day: CivilDate?, or chosen: [String], _ connection: any Connection
  ) throws -> [(reference: String, name: String)] {
    let present: SQL =
      day.map { "(x.entered_on <= \($0) AND (x.left_on IS NULL OR x.left_on >= \($0)))" } ?? "x.left_on IS NULL"
    return try connection.rows(
      """
      SELECT DISTINCT s.reference, s.name, s.name_fold FROM programme_enrolment x
      JOIN support_programme g ON g.id = x.programme_id AND g.removed_at IS NULL
      JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      WHERE g.reference = \(programme) AND x.removed_at IS NULL AND (\(present) OR s.reference IN \(list: chosen)) ORDER BY s.name_fold, s.reference
      """
    ).map { (try $0[0], try $0[1]) }
  }
}

extension ProgrammeSheet.Enrolment {
  fileprivate static func all(_ condition: SQL, _ connection: any Connection) throws -> [ProgrammeSheet.Enrolment] {
    try connection.rows(
      """
      SELECT x.id, s.id, s.reference, s.name, s.department, x.entered_on, x.left_on, x.state, x.reason, x.hours,
        (SELECT CAST(COALESCE(sum(w.minutes), 0) AS \(.int)) FROM workshop_structure u JOIN workshop w ON w.id = u.workshop_id AND w.removed_at IS NULL
          WHERE u.structure_id = x.structure_id AND w.programme_id = x.programme_id AND w.date >= x.entered_on
            AND (x.left_on IS NULL OR w.date <= x.left_on)), \(SupportProgramme.present("y.step")), \(SupportProgramme.present("y.date"))
      FROM programme_enrolment x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      WHERE x.removed_at IS NULL AND \(condition)
      ORDER BY CASE WHEN x.state = \(EnrolmentState.underWay) THEN 0 ELSE 1 END, s.name_fold, x.entered_on, x.id
      """
    ).map { row in
      let (step, day): (String?, CivilDate?) = (try row[11], try row[12])
      return ProgrammeSheet.Enrolment(
        id: try row[0], team: (try row[1], try row[2], try row[3], try row[4]), entered: try row[5], left: try row[6], state: try row[7],
        reason: try row[8], hours: try row[9], minutes: try row[10], step: step.flatMap { name in day.map { (name, $0) } })
    }
  }
}

extension SupportProgramme {
  /// Of the last step that the team of an enrolment `x` came to.
  static func present(_ column: SQL) -> SQL {
    "(SELECT \(column) FROM programme_step y WHERE y.enrolment_id = x.id ORDER BY y.date DESC, y.position DESC, y.id DESC LIMIT 1)"
  }
}

/// A team’s part in a programme on its own page: that it entered it, came to a step, was at a workshop.
public struct TeamProgramme: Sendable {
  public enum Moment: String, Sendable { case enrolment = "10", workshop = "11", step = "12" }

  public let moment: Moment
  public let programme: Identifier<SupportProgramme>
  public let name: String
  public let date: CivilDate
  /// The last day of an enrolment that is over.
  public let left: CivilDate?
  /// The present step of an enrolment, the step that was come to, the topic of a workshop.
  public let words: String?
  public let state: EnrolmentState?

  /// Rows beside a team's dated states: name, day, end, words, 10 to 12, programme, state, nothing.
  static func rows(of team: Identifier<Structure>) -> SQL {
    """
    SELECT g.name, x.entered_on, COALESCE(x.left_on, \(CivilDate.openEnd)), \(SupportProgramme.present("y.step")), 10, g.id, x.state, NULL
    FROM programme_enrolment x JOIN support_programme g ON g.id = x.programme_id AND g.removed_at IS NULL
    WHERE x.structure_id = \(team) AND x.removed_at IS NULL
    UNION ALL SELECT g.name, w.date, w.date, w.topic, 11, g.id, NULL, NULL FROM workshop_structure u
    JOIN workshop w ON w.id = u.workshop_id AND w.removed_at IS NULL
    JOIN support_programme g ON g.id = w.programme_id AND g.removed_at IS NULL WHERE u.structure_id = \(team)
    UNION ALL SELECT g.name, y.date, y.date, y.step, 12, g.id, NULL, NULL FROM programme_step y
    JOIN programme_enrolment x ON x.id = y.enrolment_id AND x.removed_at IS NULL
    JOIN support_programme g ON g.id = x.programme_id AND g.removed_at IS NULL WHERE x.structure_id = \(team)
    """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamProgramme] {
    try rows.compactMap { row in
      guard let moment = Moment(rawValue: String(try row[4] as Int)) else { return nil }
      let last: CivilDate = try row[2]
      return TeamProgramme(
        moment: moment, programme: try row[5], name: try row[0], date: try row[1],
        left: moment == .enrolment && last != .openEnd ? last : nil, words: try row[3], state: try row[6])
    }
  }
}
