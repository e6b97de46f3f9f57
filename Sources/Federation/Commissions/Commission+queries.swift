import Records
import Store

/// One page of sittings.
public struct CommissionSittingListing: Sendable {
  public struct Row: Sendable {
    public let id: Identifier<CommissionSitting>
    public let reference: String
    /// A code of `ReferenceList.commission`.
    public let commission: String
    public let date: CivilDate
    /// Its name; `nil` for the whole region.
    public let department: String?
    public let filingDeadline: CivilDate?
    public let place: String?
    /// Files, those with an opinion, and those with a favourable one.
    public let files: (all: Int, judged: Int, favourable: Int)
  }

  public let rows: [Row]
  public let total: Int

  public init(
    commissions: [String], search: String, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let narrowed: SQL = commissions.isEmpty ? "" : "AND c.commission IN \(list: commissions)"
    let matches: SQL =
      search.isEmpty
      ? ""
      : """
      AND c.id IN (SELECT f.sitting_id FROM commission_file f WHERE f.removed_at IS NULL
        AND f.structure_id IN (\(SearchQuery(search).records(of: Structure.searchSource))))
      """
    let page = try CountedPage(
      Self.columns,
      "FROM commission_sitting c LEFT JOIN department d ON d.code = c.department WHERE c.removed_at IS NULL \(narrowed) \(matches)",
      order: "c.date \(descending ? "DESC" as SQL : "ASC"), c.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(Row.init)
  }

  fileprivate static let columns: [SQL] = {
    func count(_ condition: SQL) -> SQL {
      "(SELECT count(*) FROM commission_file f WHERE f.sitting_id = c.id AND f.removed_at IS NULL AND \(condition))"
    }
    return [
      "c.id", "c.reference", "c.commission", "c.date", "d.name", "c.filing_deadline", "c.place", count("1 = 1"),
      count("f.opinion IS NOT NULL"), count("f.opinion IN \(CommissionOpinion.favourableCodes)"),
    ]
  }()

  /// Sittings and filing deadlines of the coming days, the soonest first.
  public static func coming(from day: CivilDate, days: Int, _ connection: any Connection) throws -> [Row] {
    let last = day.adding(days: days)
    return try connection.rows(
      """
      SELECT \(columns.joined(by: ", ")) FROM commission_sitting c LEFT JOIN department d ON d.code = c.department
      WHERE c.removed_at IS NULL AND c.date >= \(day) AND (c.date <= \(last) OR c.filing_deadline BETWEEN \(day) AND \(last))
      ORDER BY COALESCE(CASE WHEN c.filing_deadline >= \(day) THEN c.filing_deadline END, c.date), c.id LIMIT 6
      """
    ).map(Row.init)
  }
}

extension CommissionSittingListing.Row {
  fileprivate init(_ row: Store.Row) throws {
    (id, reference, commission, date) = (try row[0], try row[1], try row[2], try row[3])
    (department, filingDeadline, place) = (try row[4], try row[5], try row[6])
    files = (try row[7], try row[8], try row[9])
  }
}

/// What lists and pages say of a file.
public struct CommissionFileSummary: Sendable {
  public let id: Identifier<CommissionFile>
  public let reference: String
  public let sitting: Identifier<CommissionSitting>
  /// A code of `ReferenceList.commission`.
  public let commission: String
  public let date: CivilDate
  public let team: (id: Identifier<Structure>, name: String, department: String)
  public let filedOn: CivilDate?
  public let opinion: CommissionOpinion?
  public let opinionOn: CivilDate?
  public let reason: String?
  /// Whether the team was supported before the sitting (R10).
  public let isSupported: Bool

  /// The day of a favourable opinion.
  public var recognisedOn: CivilDate? { opinion?.isFavourable ?? false ? opinionOn : nil }

  static let columns: [SQL] = [
    "g.id", "g.reference", "c.id", "c.commission", "c.date", "s.id", "s.name", "s.department", "g.filed_on", "g.opinion", "g.opinion_on",
    "g.reason", "CASE WHEN \(CommissionFile.isSupported) THEN 1 ELSE 0 END",
  ]

  static let tables: SQL = """
    FROM commission_file g JOIN commission_sitting c ON c.id = g.sitting_id AND c.removed_at IS NULL
    JOIN structure s ON s.id = g.structure_id AND s.removed_at IS NULL
    """

  init(_ row: Row) throws {
    (id, reference, sitting, commission, date) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    team = (try row[5], try row[6], try row[7])
    (filedOn, opinion, opinionOn, reason) = (try row[8], try row[9], try row[10], try row[11])
    isSupported = try row[12] == 1
  }
}

/// One page of files: the records of a figure, searched, sorted and cut.
public struct CommissionFileListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date = "seance"
    case name = "nom"
  }

  public let rows: [CommissionFileSummary]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("s.id", in: Structure.searchSource))"
    let page = try CountedPage(
      CommissionFileSummary.columns, "\(CommissionFileSummary.tables) WHERE g.id IN \(query.recordIDs) \(matches)",
      order: "\(order == .date ? "c.date" as SQL : "s.name_fold") \(descending ? "DESC" as SQL : "ASC"), c.date DESC, g.id",
      offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(CommissionFileSummary.init)
  }
}

/// One sitting, whole.
public struct CommissionSheet: Sendable {
  public let sitting: CommissionSittingListing.Row
  public let note: String?
  public let files: [CommissionFileSummary]

  /// `nil` when there is no such sitting.
  public init?(_ id: Identifier<CommissionSitting>, _ connection: any Connection) throws {
    let columns = CommissionSittingListing.columns
    guard
      let row = try connection.first(
        """
        SELECT \((columns + ["c.note"]).joined(by: ", ")) FROM commission_sitting c LEFT JOIN department d ON d.code = c.department
        WHERE c.id = \(id) AND c.removed_at IS NULL
        """)
    else { return nil }
    sitting = try CommissionSittingListing.Row(row)
    note = try row[columns.count]
    files = try connection.rows(
      """
      SELECT \(CommissionFileSummary.columns.joined(by: ", ")) \(CommissionFileSummary.tables)
      WHERE g.removed_at IS NULL AND c.id = \(id) ORDER BY s.name_fold, g.id
      """
    ).map(CommissionFileSummary.init)
  }

  /// `nil` when there is no such file.
  public static func file(_ id: Identifier<CommissionFile>, _ connection: any Connection) throws -> CommissionFileSummary? {
    try connection.first(
      """
      SELECT \(CommissionFileSummary.columns.joined(by: ", ")) \(CommissionFileSummary.tables) WHERE g.removed_at IS NULL AND g.id = \(id)
      """
    ).map(CommissionFileSummary.init)
  }

  /// The sitting of a file, in the bin or not.
  public static func sitting(ofFile file: Int64, _ connection: any Connection) throws -> Identifier<CommissionSitting>? {
    try connection.value("SELECT sitting_id FROM commission_file WHERE id = \(file)")
  }
}

/// A file on its team's page.
public struct TeamCommissionFile: Sendable {
  public let sitting: Identifier<CommissionSitting>
  /// A code of `ReferenceList.commission`.
  public let commission: String
  public let date: CivilDate
  public let opinion: CommissionOpinion?
  public let reason: String?

  /// Rows beside a team's dated states: commission, date, date, reason, 9, sitting, opinion, nothing.
  static func rows(of team: Identifier<Structure>) -> SQL {
    """
    SELECT c.commission, c.date, c.date, g.reason, 9, c.id, g.opinion, NULL FROM commission_file g
    JOIN commission_sitting c ON c.id = g.sitting_id AND c.removed_at IS NULL
    WHERE g.structure_id = \(team) AND g.removed_at IS NULL
    """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamCommissionFile] {
    try rows.map {
      TeamCommissionFile(sitting: try $0[5], commission: try $0[0], date: try $0[1], opinion: try $0[6], reason: try $0[3])
    }
  }
}
