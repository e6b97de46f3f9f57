import Records
import Store

/// One page of entries: the records of a figure, searched, sorted and cut.
public struct StateEntryListing: Sendable {
  public struct Row: Sendable {
    public let structure: Identifier<Structure>
    public let name: String
    public let type: StructureType
    public let commune: String?
    public let department: String
    public let date: CivilDate
    /// What the team entered that day by this state.
    public let targets: [StateCode]
    /// The stage before and the days since the team entered it, when it entered a stage that day from another one.
    public let step: (from: Stage, days: Int)?
    public let note: String?
    /// What the team left by this state in the period of the list, of exits; on another day than the state's where an ACI had a last one.
    public var left: [(state: StateCode, day: CivilDate)] = []
  }

  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "nom"
    case department = "departement"
    case days = "duree"
  }

  /// What `/etats` lists.
  public static let factSetName = "transitions"
  /// The figure worked out of `Row.step`.
  public static let stepFigure = "structures.stage_days"
  /// The one whose records are told with `Row.left`.
  public static let exitFigure = "structures.exits"

  public let rows: [Row]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("s.id", in: Structure.searchSource))"
    let from: SQL = """
      FROM structure_state t JOIN structure s ON s.id = t.structure_id
      JOIN structure_span p ON p.structure_id = s.id AND p.since <= t.since AND t.since < p.until
      LEFT JOIN commune c ON c.code = s.commune
      WHERE t.id IN \(query.recordIDs) \(matches)
      """
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      ["t.id", "s.id", "s.name", "p.type", "c.name", "s.department", "t.since", "t.note"],
      from, order: "\(Self.expression(order)) \(direction) NULLS LAST, s.name_fold, t.id", offset: offset, limit: limit, connection)
    total = page.total
    let states: [Identifier<DatedState>] = try page.rows.map { try $0[0] }
    var targets: [Identifier<DatedState>: [StateCode]] = [:]
    var steps: [Identifier<DatedState>: (from: Stage, days: Int)] = [:]
    let entries = try connection.rows(
      "SELECT state_id, target, previous, days FROM structure_entry WHERE state_id IN \(list: states) ORDER BY target")
    for row in entries {
      let state: Identifier<DatedState> = try row[0]
      if let target = StateCode(try row[1]) { targets[state, default: []].append(target) }
      if let previous: Stage = try row[2] { steps[state] = (previous, try row[3]) }
    }
    let left = try query.figure.id == Self.exitFigure ? Self.left(by: states, in: query.period, connection) : [:]
    rows = try page.rows.map { row in
      Row(
        structure: try row[1], name: try row[2], type: try row[3], commune: try row[4], department: try row[5], date: try row[6],
        targets: targets[try row[0]] ?? [], step: steps[try row[0]], note: try row[7], left: left[try row[0]] ?? [])
    }
  }

  private static func left(
    by states: [Identifier<DatedState>], in period: Period, _ connection: any Connection
  ) throws -> [Identifier<DatedState>: [(state: StateCode, day: CivilDate)]] {
    let rows = try connection.rows(
      """
      SELECT e.state_id, e.left_code, e.day FROM (\(StateExit.rows)) e
      WHERE e.state_id IN \(list: states) AND e.day BETWEEN \(period.from) AND \(period.through) ORDER BY e.day, e.left_code
      """)
    return try rows.reduce(into: [:]) { left, row in
      let id: Identifier<DatedState> = try row[0]
      if let state = StateCode(try row[1]) { left[id, default: []].append((state, try row[2])) }
    }
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "t.since"
    case .name: "s.name_fold"
    case .department: "s.department"
    case .days: "(SELECT v.days FROM structure_entry v WHERE v.state_id = t.id AND v.days IS NOT NULL)"
    }
  }
}
