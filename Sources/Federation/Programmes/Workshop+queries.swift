import Records
import Store

extension Workshop {
  /// That a workshop `w` was held: somebody was there. One of a day that is over and of which nobody has said so is none.
  static let isHeld: SQL = """
    (w.removed_at IS NULL AND (COALESCE(w.people, 0) > 0 OR EXISTS (SELECT 1 FROM workshop_structure z WHERE z.workshop_id = w.id)))
    """
}

/// What lists and pages say of a workshop.
public struct WorkshopSummary: Sendable {
  public let id: Identifier<Workshop>
  public let reference: String
  public let programme: (id: Identifier<SupportProgramme>, name: String)
  public let number: Int?
  public let topic: String?
  public let date: CivilDate
  /// `HH:MM`
  public let time: String?
  public let minutes: Int?
  public let place: String?
  public let leader: String?
  public let people: Int?
  /// Somebody was there.
  public let isHeld: Bool
  /// By their names.
  public let teams: [String]

  static let columns: [SQL] = [
    "w.id", "w.reference", "g.id", "g.name", "w.number", "w.topic", "w.date", "w.at", "w.minutes", "w.place", "COALESCE(a.name, w.leader)",
    "w.people", "CASE WHEN \(Workshop.isHeld) THEN 1 ELSE 0 END",
    """
    (SELECT \(onSQLite: "group_concat(n.name, '|')", onPostgres: "string_agg(n.name, '|')") FROM (
      SELECT s.name AS name FROM workshop_structure u JOIN structure s ON s.id = u.structure_id AND s.removed_at IS NULL
      WHERE u.workshop_id = w.id ORDER BY s.name_fold) n)
    """,
  ]

  static let tables: SQL = """
    FROM workshop w JOIN support_programme g ON g.id = w.programme_id AND g.removed_at IS NULL LEFT JOIN account a ON a.id = w.account_id
    """

  init(_ row: Row) throws {
    (id, reference, programme) = (try row[0], try row[1], (try row[2], try row[3]))
    (number, topic, date, time, minutes) = (try row[4], try row[5], try row[6], try row[7], try row[8])
    (place, leader, people, isHeld) = (try row[9], try row[10], try row[11], try row[12] == 1)
    teams = (try row[13] as String?).map { $0.split(separator: "|").map(String.init) } ?? []
  }

  static func all(_ condition: SQL, order: SQL, limit: SQL = "", _ connection: any Connection) throws -> [WorkshopSummary] {
    try connection.rows(
      "SELECT \(columns.joined(by: ", ")) \(tables) WHERE w.removed_at IS NULL AND \(condition) ORDER BY \(order) \(limit)"
    ).map(WorkshopSummary.init)
  }

  /// Those of the coming days, and those of the last month of which nobody has said who was there.
  public static func coming(from day: CivilDate, days: Int, _ connection: any Connection) throws -> [WorkshopSummary] {
    try all(
      "w.date BETWEEN \(day.adding(days: -30)) AND \(day.adding(days: days)) AND NOT \(Workshop.isHeld)", order: "w.date, w.at, w.id",
      limit: "LIMIT 6", connection)
  }
}

/// One page of workshops: the records of a figure, searched, sorted and cut.
public struct WorkshopListing: Sendable {
  public let rows: [WorkshopSummary]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let matches: SQL =
      search.isEmpty
      ? ""
      : """
      AND (\(SearchQuery(search).finds("g.id", in: SupportProgramme.searchSource)) OR w.id IN (
        SELECT u.workshop_id FROM workshop_structure u WHERE u.structure_id IN (\(SearchQuery(search).records(of: Structure.searchSource)))))
      """
    let page = try CountedPage(
      WorkshopSummary.columns, "\(WorkshopSummary.tables) WHERE w.id IN \(query.recordIDs) \(matches)",
      order: "w.date \(descending ? "DESC" as SQL : "ASC"), w.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(WorkshopSummary.init)
  }
}
