import Records
import Store

/// One page of counts of professionals: the records of a figure, searched, sorted and cut.
public struct HeadcountListing: Sendable {
  public struct Row: Sendable {
    public let structure: Identifier<Structure>
    public let name: String
    public let type: StructureType
    public let commune: String?
    public let department: String
    public let date: CivilDate
    /// Code of a profession.
    public let profession: String
    public let number: Int
    public let source: String
  }

  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "nom"
    case department = "departement"
    case profession
    case number = "nombre"
  }

  public let rows: [Row]
  public let total: Int

  /// Teams are as they are on the last day of the query's period.
  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let day = query.period.through
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("s.id", in: Structure.searchSource))"
    let from: SQL = """
      FROM headcount h JOIN structure s ON s.id = h.structure_id
      JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
      LEFT JOIN commune c ON c.code = s.commune
      WHERE h.id IN \(query.recordIDs) \(matches)
      """
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      ["s.id", "s.name", "p.type", "c.name", "s.department", "h.date", "h.profession", "h.number", "h.source"],
      from, order: "\(Self.expression(order)) \(direction) NULLS LAST, s.name_fold, h.id", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map { row in
      Row(
        structure: try row[0], name: try row[1], type: try row[2], commune: try row[3], department: try row[4], date: try row[5],
        profession: try row[6], number: try row[7], source: try row[8])
    }
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "h.date"
    case .name: "s.name_fold"
    case .department: "s.department"
    // In the order in which the federation lists them.
    case .profession: "(SELECT v.position FROM reference_value v WHERE v.list = 'profession' AND v.code = h.profession)"
    case .number: "h.number"
    }
  }
}
