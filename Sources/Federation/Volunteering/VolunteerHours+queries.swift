import Records
import Store

/// What lists and pages say of a line of volunteer time.
public struct VolunteerLine: Sendable {
  public let id: Identifier<VolunteerHours>
  public let reference: String
  public let person: Identifier<Person>
  /// The person's.
  public let personReference: String
  public let name: String
  public let date: CivilDate
  /// A code of `ReferenceList.volunteerActivity`.
  public let activity: String
  public let minutes: Int?
  public let travel: Int?
  /// What counts of the two.
  public let counted: Int
  public let purpose: String?
  public let state: VolunteerState
  public let reason: String?
  public let source: Source?

  /// Where it comes from, and what that says now.
  public enum Source: Sendable {
    /// With a code of `ReferenceList.facilitationType`.
    case facilitation(Identifier<Facilitation>, type: String?, minutes: Int?, date: CivilDate?)
    /// Its title is for those who read the minutes.
    case meeting(Identifier<Meeting>, minutes: Int?, date: CivilDate)
    /// It is not there any more, or was not held.
    case gone
  }

  /// What the source says otherwise since; `nil` where there is nothing to say.
  public var difference: Difference? {
    switch source {
    case nil: nil
    case .gone: .gone
    case .facilitation(_, _, let minutes, let date): Difference(minutes, date, of: self)
    case .meeting(_, let minutes, let date): Difference(minutes, date, of: self)
    }
  }

  public enum Difference: Sendable, Equatable {
    case gone
    case minutes(Int)
    case date(CivilDate)

    fileprivate init?(_ minutes: Int?, _ date: CivilDate?, of line: VolunteerLine) {
      if let date, date != line.date {
        self = .date(date)
      } else if let minutes, minutes != line.minutes {
        self = .minutes(minutes)
      } else {
        return nil
      }
    }
  }

  static let columns: [SQL] = [
    "h.id", "h.reference", "p.id", "p.reference", Person.fullName, "h.date", "h.activity", "h.minutes", "h.travel", VolunteerHours.counted,
    "h.purpose", "h.state", "h.reason", "h.facilitation_id", "h.meeting_id", "f.id", "f.type", "f.minutes", "f.date", "m.id",
    "m.minutes", "m.date",
  ]

  static let tables: SQL = """
    FROM volunteer_hours h JOIN person p ON p.id = h.person_id
    LEFT JOIN facilitation f ON f.id = h.facilitation_id AND f.removed_at IS NULL AND f.state IN \(FacilitationState.heldCodes)
    LEFT JOIN meeting m ON m.id = h.meeting_id AND m.removed_at IS NULL
    """

  init(_ row: Row) throws {
    (id, reference, person, personReference, name) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (date, activity, minutes, travel, counted) = (try row[5], try row[6], try row[7], try row[8], try row[9])
    (purpose, state, reason) = (try row[10], try row[11], try row[12])
    let origins: (Int64?, Int64?) = (try row[13], try row[14])
    if let facilitation: Identifier<Facilitation> = try row[15] {
      source = .facilitation(facilitation, type: try row[16], minutes: try row[17], date: try row[18])
    } else if let meeting: Identifier<Meeting> = try row[19] {
      source = .meeting(meeting, minutes: try row[20], date: try row[21])
    } else {
      source = origins.0 ?? origins.1 == nil ? nil : .gone
    }
  }
}

extension VolunteerLine {
  /// One of the account's own that nobody has validated or refused; `nil` when it is not there.
  public init?(_ id: Identifier<VolunteerHours>, of account: Account, _ connection: any Connection) throws {
    let row = try connection.first(
      """
      SELECT \(Self.columns.joined(by: ", ")) \(Self.tables) WHERE h.id = \(id) AND h.removed_at IS NULL
        AND h.state = \(VolunteerState.proposed) AND h.person_id = (\(Person.of(account)))
      """)
    guard let row else { return nil }
    try self.init(row)
  }
}

/// One page of lines: the records of a figure, searched, sorted and cut.
public struct VolunteerListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "nom"
    case minutes = "compte"
    case state = "etat"
  }

  public let rows: [VolunteerLine]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let words = SearchQuery(search)
    let matches: SQL =
      search.isEmpty
      ? ""
      : "AND (\(words.finds("h.id", in: VolunteerHours.searchSource)) OR h.person_id IN (\(words.records(of: Person.searchSource))))"
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      VolunteerLine.columns, "\(VolunteerLine.tables) WHERE h.id IN \(query.recordIDs) \(matches)",
      order: "\(Self.expression(order)) \(direction) NULLS LAST, h.date DESC, h.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(VolunteerLine.init)
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "h.date"
    case .name: "p.name_fold"
    case .minutes: VolunteerHours.counted
    case .state: "(SELECT v.position FROM reference_value v WHERE v.list = 'volunteer_state' AND v.code = h.state)"
    }
  }
}

/// What somebody gave in a year.
public struct VolunteerSheet: Sendable {
  public let id: Identifier<Person>
  public let reference: String
  public let name: String
  public let isInBin: Bool
  public let year: Int
  /// The years in which they gave some, the latest first.
  public let years: [Int]
  /// The latest first.
  public let lines: [VolunteerLine]

  public var validated: [VolunteerLine] { lines.filter { $0.state == .validated } }

  /// Validated minutes by activity, the most first.
  public var activities: [(activity: String, minutes: Int)] {
    Dictionary(grouping: validated, by: \.activity).map { ($0.key, $0.value.reduce(0) { $0 + $1.counted }) }
      .sorted { ($1.minutes, $0.activity) < ($0.minutes, $1.activity) }
  }

  /// `nil` when there is no such person.
  public init?(_ id: Identifier<Person>, in year: Int, _ connection: any Connection) throws {
    let found = try connection.first(
      "SELECT p.reference, \(Person.fullName), p.removed_at FROM person p WHERE p.id = \(id) AND p.merged_into IS NULL")
    guard let row = found else { return nil }
    (self.id, self.year, reference, name) = (id, year, try row[0], try row[1])
    isInBin = (try row[2] as String?) != nil
    years = try connection.rows(
      "SELECT DISTINCT \(VolunteerHours.year) FROM volunteer_hours h WHERE h.removed_at IS NULL AND h.person_id = \(id) ORDER BY 1 DESC"
    ).map { try $0[0] }
    lines = try Self.lines(of: id, in: year, connection)
  }

  /// What the person of an account gave; `nil` when the account is nobody's.
  public init?(of account: Account, in year: Int, _ connection: any Connection) throws {
    guard let person = try account.person(connection) else { return nil }
    try self.init(person, in: year, connection)
  }

  /// The latest first.
  static func lines(of person: Identifier<Person>, in year: Int, _ connection: any Connection) throws -> [VolunteerLine] {
    try connection.rows(
      """
      SELECT \(VolunteerLine.columns.joined(by: ", ")) \(VolunteerLine.tables) WHERE h.removed_at IS NULL AND h.person_id = \(person)
        AND h.date BETWEEN \(CivilDate.firstDay(of: year)) AND \(CivilDate.lastDay(of: year)) ORDER BY h.date DESC, h.id DESC
      """
    ).map(VolunteerLine.init)
  }
}

/// The volunteer time of a year as the accounts show it: what was given (class 86) and that it was given (class 87), the same amount.
public struct VolunteerAccounts: Sendable {
  public struct Part: Sendable {
    /// A code of `ReferenceList.volunteerActivity`.
    public let activity: String
    public let minutes: Int
    /// In cents, rounded once; `nil` without a rate.
    public let value: Int?
  }

  /// A closing of the year that is in force, or was once.
  public struct Closure: Sendable {
    public let id: Int64
    public let at: Instant
    public let by: String
    public let reopenedAt: Instant?
    public let reopenedBy: String?
  }

  public let year: Int
  /// The most minutes first.
  public let parts: [Part]
  public let people: [(id: Identifier<Person>, name: String, minutes: Int)]
  /// Lines that nobody has decided on yet.
  public let waiting: Int
  /// Cents an hour, in force on the last day of the year or when it was closed.
  public let rate: Int?
  public let countsTravel: Bool
  /// The latest first.
  public let closures: [Closure]

  public var isClosed: Bool { closures.contains { $0.reopenedAt == nil } }
  public var minutes: Int { parts.reduce(0) { $0 + $1.minutes } }
  /// Of the parts as they are shown, so that both sides are those of the table.
  public var value: Int? { rate == nil ? nil : parts.reduce(0) { $0 + ($1.value ?? 0) } }

  public init(_ year: Int, _ settings: Settings, _ connection: any Connection) throws {
    self.year = year
    let last = CivilDate.lastDay(of: year)
    var (rate, travel) = (settings.cents(.volunteerRate, on: last), settings.text(.volunteerTravel, on: last) == "oui")
    closures = try connection.rows(
      """
      SELECT c.id, c.closed_at, a.name, c.reopened_at, b.name, c.rate, c.travel FROM volunteer_year_closure c
      JOIN account a ON a.id = c.closed_by LEFT JOIN account b ON b.id = c.reopened_by WHERE c.year = \(year) ORDER BY c.closed_at DESC, c.id DESC
      """
    ).map { row in
      let closure = Closure(id: try row[0], at: try row[1], by: try row[2], reopenedAt: try row[3], reopenedBy: try row[4])
      if closure.reopenedAt == nil { (rate, travel) = (try row[5], try row[6]) }
      return closure
    }
    let among: SQL = """
      FROM volunteer_hours h JOIN person p ON p.id = h.person_id
      WHERE h.removed_at IS NULL AND h.date BETWEEN \(CivilDate.firstDay(of: year)) AND \(last)
      """
    var (parts, people, waiting): ([Part], [(id: Identifier<Person>, name: String, minutes: Int)], Int) = ([], [], 0)
    let sum: SQL = "CAST(SUM(\(VolunteerHours.counted)) AS \(.int))"
    for row in try connection.rows(
      """
      SELECT 0, h.activity, 0, \(sum) AS minutes \(among) AND h.state = 'validee' GROUP BY h.activity
      UNION ALL SELECT 1, \(Person.fullName), p.id, \(sum) \(among) AND h.state = 'validee' GROUP BY p.id, p.first_name, p.last_name
      UNION ALL SELECT 2, '', 0, count(*) \(among) AND h.state = 'proposee' ORDER BY 1, 4 DESC, 2, 3
      """)
    {
      let minutes: Int = try row[3]
      switch try row[0] as Int {
      case 0: parts.append(Part(activity: try row[1], minutes: minutes, value: rate.map { (minutes * $0 * 2 + 60) / 120 }))
      case 1: people.append((try row[2], try row[1], minutes))
      default: waiting = minutes
      }
    }
    (self.parts, self.people, self.waiting, self.rate, countsTravel) = (parts, people, waiting, rate, travel)
  }

  /// The years that hold lines, with the current one, the latest first.
  public static func years(_ today: CivilDate, _ connection: any Connection) throws -> [Int] {
    let years = try connection.rows("SELECT DISTINCT \(VolunteerHours.year) FROM volunteer_hours h WHERE h.removed_at IS NULL").map {
      try $0[0] as Int
    }
    return Set(years + [today.year]).sorted(by: >)
  }
}
