import Records
import Store

/// What lists and pages say of a re-reading.
public struct ReadingSummary: Sendable {
  public let id: Identifier<ProjectReading>
  public let reference: String
  public let team: (id: Identifier<Structure>, name: String, reference: String)
  public let requestedOn: CivilDate
  public let due: CivilDate
  /// The sitting before which it is to be read, with a code of `ReferenceList.commission`.
  public let sitting: (id: Identifier<CommissionSitting>, commission: String, date: CivilDate)?
  public let state: ReadingState
  public let renderedOn: CivilDate?
  public let readers: String?
  public let remarks: (all: Int, open: Int)

  public func isLate(on day: CivilDate) -> Bool { state.isOpen && due < day }

  static let columns: [SQL] = [
    "r.id", "r.reference", "s.id", "s.name", "s.reference", "r.requested_on", "r.due_on", "c.id", "c.commission", "c.date", "r.state",
    "r.rendered_on",
    """
    (SELECT \(sqlite: "group_concat(z.name, ', ')", postgres: "string_agg(z.name, ', ')") FROM (
      SELECT a.name FROM reading_reader x JOIN account a ON a.id = x.account_id WHERE x.reading_id = r.id ORDER BY a.name, a.id) z)
    """,
    "(SELECT count(*) FROM reading_remark m WHERE m.reading_id = r.id AND m.removed_at IS NULL)",
    "(SELECT count(*) FROM reading_remark m WHERE m.reading_id = r.id AND m.removed_at IS NULL AND m.resolved_on IS NULL)",
  ]

  static let tables: SQL = """
    FROM project_reading r JOIN structure s ON s.id = r.structure_id AND s.removed_at IS NULL
    LEFT JOIN commission_file g ON g.id = r.file_id AND g.removed_at IS NULL
    LEFT JOIN commission_sitting c ON c.id = g.sitting_id AND c.removed_at IS NULL
    """

  init(_ row: Row) throws {
    (id, reference, team) = (try row[0], try row[1], (try row[2], try row[3], try row[4]))
    (requestedOn, due) = (try row[5], try row[6])
    let sitting: Identifier<CommissionSitting>? = try row[7]
    self.sitting = try sitting.map { ($0, try row[8], try row[9]) }
    (state, renderedOn, readers, remarks) = (try row[10], try row[11], try row[12], (try row[13], try row[14]))
  }
}

/// One page of re-readings: the records of a figure, searched, sorted and cut.
public struct ReadingListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case requested = "demande"
    case due = "echeance"
    case name = "equipe"
  }

  public let rows: [ReadingSummary]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("s.id", in: Structure.searchSource))"
    let sorted: SQL =
      switch order {
      case .requested: "r.requested_on"
      case .due: "r.due_on"
      case .name: "s.name_fold"
      }
    let page = try CountedPage(
      ReadingSummary.columns, "\(ReadingSummary.tables) WHERE r.id IN \(query.recordIDs) \(matches)",
      order: "\(sorted) \(descending ? "DESC" as SQL : "ASC"), r.requested_on DESC, r.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(ReadingSummary.init)
  }
}

/// One re-reading, whole.
public struct ReadingSheet: Sendable {
  /// One of the document's versions: they are numbered as they came, and none takes another's place.
  public struct Document: Sendable {
    public let number: Int
    public let id: Identifier<Attachment>
    public let name: String
    /// In bytes.
    public let size: Int
    public let addedAt: Instant
    public let author: String?
    public let isRemoved: Bool
  }

  public struct Remark: Sendable {
    public let id: Identifier<ReadingRemark>
    /// A code of `ReferenceList.projectSection`.
    public let section: String
    public let document: Int?
    public let author: String?
    public let body: String
    public let resolvedOn: CivilDate?
  }

  public let summary: ReadingSummary
  public let note: String?
  public let documents: [Document]
  /// Those that are open first, then in the order in which they were said.
  public let remarks: [Remark]

  /// `nil` when there is no such re-reading.
  public init?(_ id: Identifier<ProjectReading>, _ connection: any Connection) throws {
    let columns = ReadingSummary.columns
    guard
      let row = try connection.first(
        "SELECT \((columns + ["r.note"]).joined(by: ", ")) \(ReadingSummary.tables) WHERE r.id = \(id) AND r.removed_at IS NULL")
    else { return nil }
    summary = try ReadingSummary(row)
    note = try row[columns.count]
    documents = try connection.rows(
      """
      SELECT f.id, f.name, b.size, f.added_at, a.name, CASE WHEN f.removed_at IS NULL THEN 0 ELSE 1 END
      FROM attachment f JOIN file b ON b.digest = f.digest LEFT JOIN account a ON a.id = f.account_id
      WHERE f.record_id = \(id) AND f.kind = \(ReadingRecords().name) ORDER BY f.added_at, f.id
      """
    ).enumerated().map { place, row in
      Document(
        number: place + 1, id: try row[0], name: try row[1], size: try row[2], addedAt: try row[3], author: try row[4],
        isRemoved: try row[5] == 1)
    }
    remarks = try connection.rows(
      """
      SELECT m.id, m.section, m.document, a.name, m.body, m.resolved_on FROM reading_remark m LEFT JOIN account a ON a.id = m.account_id
      WHERE m.reading_id = \(id) AND m.removed_at IS NULL ORDER BY CASE WHEN m.resolved_on IS NULL THEN 0 ELSE 1 END, m.id
      """
    ).map { row in
      Remark(
        id: try row[0], section: try row[1], document: try row[2], author: try row[3], body: try row[4], resolvedOn: try row[5])
    }
  }

  /// Whose remark it is, in the bin or not.
  public static func reading(ofRemark id: Int64, _ connection: any Connection) throws -> Identifier<ProjectReading>? {
    try connection.value("SELECT reading_id FROM reading_remark WHERE id = \(id)")
  }

  /// What forms offer: the files on which no commission has said anything, the next one first.
  public static func files(
    of team: String?, or chosen: String?, _ connection: any Connection
  ) throws -> [(reference: String, team: String, commission: String, date: CivilDate)] {
    let own: SQL = team.map { "AND s.reference = \($0)" } ?? ""
    return try connection.rows(
      """
      SELECT g.reference, s.name,
        COALESCE((SELECT MIN(v.label) FROM reference_value v WHERE v.list = 'commission' AND v.code = c.commission), c.commission), c.date
      FROM commission_file g
      JOIN commission_sitting c ON c.id = g.sitting_id AND c.removed_at IS NULL
      JOIN structure s ON s.id = g.structure_id AND s.removed_at IS NULL
      WHERE g.removed_at IS NULL AND ((g.opinion IS NULL \(own)) OR g.reference = \(chosen)) ORDER BY c.date, s.name_fold, g.id LIMIT 100
      """
    ).map { (try $0[0], try $0[1], try $0[2], try $0[3]) }
  }
}

/// A re-reading on its team's page.
public struct TeamReading: Sendable {
  public let id: Identifier<ProjectReading>
  public let requestedOn: CivilDate
  public let due: CivilDate
  public let renderedOn: CivilDate?
  public let state: ReadingState

  /// The day on which it stands on the team's timeline.
  public var day: CivilDate { renderedOn ?? requestedOn }

  /// Rows beside a team's dated states: state, day of the request, deadline, nothing, 14, reading, day of rendering, nothing.
  static func rows(of team: Identifier<Structure>, for reader: Account) -> SQL {
    let isOpen: SQL = reader.role.scope(.read, .readings) == .all ? "1 = 1" : "1 = 0"
    return """
      SELECT r.state, r.requested_on, r.due_on, NULL, 14, r.id, r.rendered_on, NULL FROM project_reading r
      WHERE r.structure_id = \(team) AND r.removed_at IS NULL AND \(isOpen)
      """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamReading] {
    try rows.map {
      TeamReading(id: try $0[5], requestedOn: try $0[1], due: try $0[2], renderedOn: try $0[6], state: try $0[0])
    }
  }
}
