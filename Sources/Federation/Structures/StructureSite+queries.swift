import Records
import Store

/// One page of sites that opened: the records of a figure, searched, sorted and cut.
public struct SiteListing: Sendable {
  public struct Row: Sendable {
    public let structure: Identifier<Structure>
    public let name: String
    /// On the day of the opening.
    public let type: StructureType
    /// Of the team.
    public let commune: String?
    public let department: String
    public let date: CivilDate
    public let site: String
    public let siteCommune: String
    public let isMain: Bool
    /// The last day included; `nil` when it has no end.
    public let through: CivilDate?
  }

  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "nom"
    case department = "departement"
    case site
  }

  /// What `/sites` lists.
  public static let factSetName = "sites_opened"

  public let rows: [Row]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("s.id", in: Structure.searchSource))"
    let from: SQL = """
      FROM site x JOIN structure s ON s.id = x.structure_id JOIN commune c ON c.code = x.commune
      JOIN structure_span p ON p.structure_id = s.id AND p.since <= x.since AND x.since < p.until
      LEFT JOIN commune m ON m.code = s.commune
      WHERE x.id IN \(query.recordIDs) \(matches)
      """
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      ["s.id", "s.name", "p.type", "m.name", "s.department", "x.since", "COALESCE(x.name, c.name)", "c.name", "x.main", "x.until"],
      from, order: "\(Self.expression(order)) \(direction), s.name_fold, x.id", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map { row in
      let until: CivilDate = try row[9]
      return Row(
        structure: try row[0], name: try row[1], type: try row[2], commune: try row[3], department: try row[4], date: try row[5],
        site: try row[6], siteCommune: try row[7], isMain: try row[8], through: until == .openEnd ? nil : until.previous)
    }
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "x.since"
    case .name: "s.name_fold"
    case .department: "s.department"
    case .site: "COALESCE(x.name, c.name)"
    }
  }
}
