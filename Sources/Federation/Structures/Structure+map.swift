import Records
import Store

/// A team where it stands (DIR-07), with what the map tells of it.
public struct MappedStructure: Sendable {
  public let id: Identifier<Structure>
  public let name: String
  public let type: StructureType
  public let situation: Situation?
  public let department: String
  public let commune: String?
  /// The middle of its commune, in degrees; `nil` when nobody said where it is.
  public let position: (longitude: Double, latitude: Double)?

  /// The teams behind a figure, as they are on the last day of its period, in the order of their names.
  public static func all(_ query: FigureQuery, search: String, _ connection: any Connection) throws -> [MappedStructure] {
    let day = query.period.through
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("s.id", in: Structure.searchSource))"
    return try connection.rows(
      """
      SELECT s.id, s.name, p.type, p.situation, s.department, c.name, c.longitude, c.latitude
      FROM structure s JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
      LEFT JOIN commune c ON c.code = s.commune
      WHERE \(query.includes("s.id")) \(matches) ORDER BY s.name_fold, s.id
      """
    ).map { row in
      let (longitude, latitude): (Double?, Double?) = (try row[6], try row[7])
      return MappedStructure(
        id: try row[0], name: try row[1], type: try row[2], situation: try row[3], department: try row[4], commune: try row[5],
        position: longitude.flatMap { longitude in latitude.map { (longitude, $0) } })
    }
  }
}
