import Records
import Store

/// One page of changes of type: the records of a figure, searched, sorted and cut.
public struct TypeChangeListing: Sendable {
  public struct Row: Sendable {
    public let structure: Identifier<Structure>
    public let name: String
    /// That which it took on the day.
    public let type: StructureType
    public let former: StructureType?
    public let commune: String?
    public let department: String
    public let date: CivilDate
  }

  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "nom"
    case department = "departement"
  }

  /// What `/conversions` lists.
  public static let factSetName = "conversions"

  public let rows: [Row]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("s.id", in: Structure.searchSource))"
    let from: SQL = """
      FROM structure_type c JOIN structure s ON s.id = c.structure_id LEFT JOIN commune m ON m.code = s.commune
      WHERE c.id IN \(query.recordIDs) \(matches)
      """
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      ["s.id", "s.name", "c.type", "\(TypeChange.former)", "m.name", "s.department", "c.since"],
      from, order: "\(Self.expression(order)) \(direction), s.name_fold, c.id", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map { row in
      Row(
        structure: try row[0], name: try row[1], type: try row[2], former: try row[3], commune: try row[4], department: try row[5],
        date: try row[6])
    }
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "c.since"
    case .name: "s.name_fold"
    case .department: "s.department"
    }
  }
}
