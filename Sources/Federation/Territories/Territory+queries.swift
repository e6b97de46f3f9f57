import Records
import Store

/// A territory on a day, as lists show it (DIR-03).
public struct TerritorySummary: Sendable {
  public let code: String
  public let name: String
  /// Names of its départements on the day, with their codes.
  public fileprivate(set) var departments: [String]
  /// Those whose account looks after it.
  public fileprivate(set) var referents: [String] = []

  /// All of them, by name.
  public static func all(on day: CivilDate, _ connection: any Connection) throws -> [TerritorySummary] {
    try summaries(where: "1 = 1", on: day, connection)
  }

  fileprivate static func summaries(where condition: SQL, on day: CivilDate, _ connection: any Connection) throws -> [TerritorySummary] {
    let rows = try connection.rows(
      """
      SELECT r.code, r.name, d.name || ' (' || d.code || ')', NULL AS referent, d.code AS place FROM territory r
      LEFT JOIN territory_span t ON t.territory = r.code AND t.since <= \(day) AND \(day) < t.until
      LEFT JOIN department d ON d.code = t.department WHERE \(condition)
      UNION ALL
      SELECT r.code, r.name, NULL, a.name, NULL FROM territory r
      JOIN account a ON a.territory = r.code AND \(Account.holds(.referent)) AND a.closed_at IS NULL WHERE \(condition)
      ORDER BY 2, 1, 5 NULLS LAST, 4
      """)
    var summaries: [TerritorySummary] = []
    for row in rows {
      let code: String = try row[0]
      if summaries.last?.code != code { summaries.append(TerritorySummary(code: code, name: try row[1], departments: [])) }
      if let department: String = try row[2] { summaries[summaries.count - 1].departments.append(department) }
      if let referent: String = try row[3] { summaries[summaries.count - 1].referents.append(referent) }
    }
    return summaries
  }
}

/// One territory, with its départements over time.
public struct TerritorySheet: Sendable {
  /// That a département belongs to it: until the day declared, or until it began to belong to another one.
  public struct Membership: Sendable {
    public let id: Identifier<Territory>
    public let department: String
    public let since: CivilDate
    /// The last day included; `nil` when it has no end.
    public let through: CivilDate?
    /// It ended because another territory has the département since.
    public let isTakenOver: Bool
  }

  public let summary: TerritorySummary
  /// The latest first.
  public let memberships: [Membership]

  /// `nil` when there is no such territory.
  public init?(_ code: String, on day: CivilDate, _ connection: any Connection) throws {
    let found = try TerritorySummary.summaries(where: "r.code = \(code)", on: day, connection)
    guard let summary = found.first else { return nil }
    self.summary = summary
    memberships = try connection.rows(
      """
      SELECT x.id, d.name || ' (' || d.code || ')', x.since, x.until,
        (SELECT MAX(t.until) FROM territory_span t
          WHERE t.territory = x.territory AND t.department = x.department AND t.since >= x.since AND t.since < x.until)
      FROM territory_department x
      JOIN department d ON d.code = x.department WHERE x.territory = \(code) AND x.removed_at IS NULL
      ORDER BY x.since DESC, d.code
      """
    ).map { row in
      let (declared, real): (CivilDate, CivilDate?) = (try row[3], try row[4])
      let until = real ?? declared
      return Membership(
        id: try row[0], department: try row[1], since: try row[2], through: until == .openEnd ? nil : until.previous,
        isTakenOver: until < declared)
    }
  }

  /// The territory of a membership, in the bin or not.
  public static func code(of membership: Identifier<Territory>, _ connection: any Connection) throws -> String? {
    try connection.value("SELECT territory FROM territory_department WHERE id = \(membership)")
  }
}
