import Records
import Store

/// What lists and pages say of a facilitator.
public struct FacilitatorSummary: Sendable {
  public let id: Identifier<Facilitator>
  public let person: Identifier<Person>
  /// The person's.
  public let reference: String
  public let name: String
  public let profession: String?
  public let email: String?
  public let phone: String?
  public let commune: String?
  public let department: String?
  public let radius: Int?
  public let pausedSince: CivilDate?
  /// Codes of `ReferenceList.expertise`.
  public let expertises: [String]
  public let held: Int
  public let lastHeld: CivilDate?
  /// Facilitations of the year, held or to come.
  public let load: Int
  /// Of those held in the year.
  public let minutes: Int
  /// `nil` for who is asked as the others are.
  public let use: FacilitatorUse?

  static let columns: [SQL] = [
    "w.id", "p.id", "p.reference", Person.fullName, "p.profession", "p.email", "p.phone", "k.name", "COALESCE(w.department, k.department)",
    "w.radius", "w.paused_since",
    """
    (SELECT \(onSQLite: "group_concat(x.expertise, '|')", onPostgres: "string_agg(x.expertise, '|')") FROM facilitator_expertise x
      WHERE x.facilitator_id = w.id)
    """,
    "COALESCE(u.held, 0)", "u.last_held", "COALESCE(u.load, 0)", "COALESCE(u.minutes, 0)", use,
  ]

  /// Beside the mean of those who are active: `m`.
  static let use: SQL = """
    CASE WHEN COALESCE(u.load, 0) = 0 THEN \(FacilitatorUse.none)
      WHEN u.load >= 2 AND u.load * m.active >= 2 * m.total THEN \(FacilitatorUse.heavy) END
    """

  /// Their facilitations are counted once for all of them: `u`.
  /// - Parameters:
  ///   - day: in the year whose load is counted.
  ///   - more: what else is counted of the facilitations `f`, each followed by its name.
  static func tables(on day: CivilDate, counting more: [SQL] = []) -> SQL {
    let year: SQL = "f.date BETWEEN \(CivilDate.firstDay(of: day.year)) AND \(CivilDate.lastDay(of: day.year))"
    let held: SQL = "f.state IN \(FacilitationState.heldCodes)"
    let counts: [SQL] =
      [
        "count(CASE WHEN \(held) THEN 1 END) AS held", "max(CASE WHEN \(held) THEN f.date END) AS last_held",
        "count(CASE WHEN \(year) OR f.date IS NULL THEN 1 END) AS load",
        "CAST(sum(CASE WHEN \(held) AND \(year) THEN f.minutes END) AS \(.int)) AS minutes",
      ] + more
    return """
      FROM facilitator w JOIN person p ON p.id = w.person_id AND p.removed_at IS NULL
      LEFT JOIN commune k ON k.code = COALESCE(w.commune, p.commune)
      LEFT JOIN (
        SELECT y.person_id, \(counts.joined(by: ", ")) FROM facilitation_person y
        JOIN facilitation f ON f.id = y.facilitation_id AND f.removed_at IS NULL AND f.state <> 'annulee'
        WHERE y.person_id IS NOT NULL GROUP BY y.person_id) u ON u.person_id = w.person_id
      CROSS JOIN (
        SELECT
          (SELECT count(*) FROM facilitator g WHERE g.removed_at IS NULL AND (g.paused_since IS NULL OR g.paused_since > \(day))) AS active,
          (SELECT count(*) FROM facilitation_person y
            JOIN facilitator g ON g.person_id = y.person_id AND g.removed_at IS NULL
              AND (g.paused_since IS NULL OR g.paused_since > \(day))
            JOIN facilitation f ON f.id = y.facilitation_id AND f.removed_at IS NULL AND f.state <> 'annulee' AND (\(year) OR f.date IS NULL)
          ) AS total) m
      """
  }

  init(_ row: Row) throws {
    (id, person, reference, name, profession) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (email, phone, commune, department) = (try row[5], try row[6], try row[7], try row[8])
    (radius, pausedSince) = (try row[9], try row[10])
    expertises = (try row[11] as String? ?? "").split(separator: "|").map(String.init).sorted()
    (held, lastHeld, load, minutes, use) = (try row[12], try row[13], try row[14], try row[15], try row[16])
  }

  public func state(on day: CivilDate) -> FacilitatorState { pausedSince.map { $0 <= day } ?? false ? .paused : .active }
}

/// What narrows the list of facilitators, beside the words.
public struct FacilitatorFilters: Sendable {
  public var expertises: [String] = []
  public var departments: [String] = []
  public var states: [String] = []
  public var uses: [String] = []

  public init() {}

  fileprivate func condition(on day: CivilDate) -> SQL {
    var conditions: [SQL] = ["w.removed_at IS NULL"]
    if !expertises.isEmpty {
      let known: SQL = "w.id IN (SELECT x.facilitator_id FROM facilitator_expertise x WHERE x.expertise IN \(list: expertises))"
      let none: SQL = "NOT EXISTS (SELECT 1 FROM facilitator_expertise x WHERE x.facilitator_id = w.id)"
      conditions.append(expertises.contains(ReferenceValue.unknown.code) ? "(\(known) OR \(none))" : known)
    }
    if !departments.isEmpty { conditions.append("COALESCE(w.department, k.department) IN \(list: departments)") }
    let asked = Set(states.compactMap(FacilitatorState.init))
    if asked == [.paused] { conditions.append("w.paused_since <= \(day)") }
    if asked == [.active] { conditions.append("(w.paused_since IS NULL OR w.paused_since > \(day))") }
    let uses = uses.compactMap(FacilitatorUse.init)
    if !uses.isEmpty { conditions.append("\(FacilitatorSummary.use) IN \(list: uses.map(\.rawValue))") }
    return conditions.joined(by: " AND ")
  }
}

/// One page of facilitators.
public struct FacilitatorListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case name = "nom"
    case last = "derniere"
    case load = "charge"
    case held = "tenues"
  }

  public let rows: [FacilitatorSummary]
  public let total: Int

  public init(
    _ filters: FacilitatorFilters, on day: CivilDate, search: String, order: Order, descending: Bool, offset: Int, limit: Int,
    _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("p.id", in: Person.searchSource))"
    let (expression, direction): (SQL, SQL) = (Self.expression(order), descending ? "DESC" : "ASC")
    let page = try CountedPage(
      FacilitatorSummary.columns, "\(FacilitatorSummary.tables(on: day)) WHERE \(filters.condition(on: day)) \(matches)",
      order: "\(expression) \(direction) NULLS LAST, p.name_fold, w.id", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(FacilitatorSummary.init)
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .name: "p.name_fold"
    case .last: "u.last_held"
    case .load: "COALESCE(u.load, 0)"
    case .held: "COALESCE(u.held, 0)"
    }
  }

  /// The départements that some of them come from.
  public static func departments(_ connection: any Connection) throws -> [ReferenceValue] {
    try connection.rows(
      """
      SELECT d.code, d.name FROM department d WHERE d.code IN (
        SELECT COALESCE(w.department, k.department) FROM facilitator w JOIN person p ON p.id = w.person_id
        LEFT JOIN commune k ON k.code = COALESCE(w.commune, p.commune) WHERE w.removed_at IS NULL) ORDER BY d.code
      """
    ).map { ReferenceValue(code: try $0[0], label: "\(try $0[1] as String) (\(try $0[0] as String))") }
  }
}

/// One facilitator, whole.
public struct FacilitatorSheet: Sendable {
  /// A facilitation that names them.
  public struct Meeting: Sendable {
    public let id: Identifier<Facilitation>
    public let day: CivilDate
    public let state: FacilitationState
    public let type: String?
    public let teams: String?
  }

  public let summary: FacilitatorSummary
  public let training: String?
  public let note: String?
  /// From today on.
  public let absences: [Facilitator.Absence]
  /// The latest first.
  public let meetings: [Meeting]

  /// `nil` when there is no such facilitator.
  public init?(_ id: Identifier<Facilitator>, for reader: Account, on today: CivilDate, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT \((FacilitatorSummary.columns + ["w.training", "w.note"]).joined(by: ", ")) \(FacilitatorSummary.tables(on: today))
      WHERE w.id = \(id) AND w.removed_at IS NULL
      """)
    guard let row = found else { return nil }
    summary = try FacilitatorSummary(row)
    let next = FacilitatorSummary.columns.count
    (training, note) = (try row[next], try row[next + 1])
    absences = try connection.rows(
      "SELECT since, until FROM facilitator_absence WHERE facilitator_id = \(id) AND until > \(today) ORDER BY since"
    ).map { Facilitator.Absence(since: try $0[0], through: (try $0[1] as CivilDate).previous) }
    meetings = try connection.rows(
      """
      SELECT f.id, COALESCE(f.date, f.requested_on), f.state, f.type, \(Facilitation.teamNames)
      FROM facilitation f WHERE f.removed_at IS NULL AND \(Facilitation.readable(by: reader))
        AND f.id IN (SELECT y.facilitation_id FROM facilitation_person y WHERE y.person_id = \(summary.person))
      ORDER BY 2 DESC, 1 DESC LIMIT 50
      """
    ).map { Meeting(id: try $0[0], day: try $0[1], state: try $0[2], type: try $0[3], teams: try $0[4]) }
  }
}
