import Records
import Store

/// A team as a map of the report shows it, on the last day that the report is about: part of what a publication freezes.
///
/// Published editions keep it as JSON: a property is never renamed, and one that is added is optional.
public struct ReportTeam: Sendable, Codable, Hashable {
  public let structure: Int64
  public let name: String
  public let type: StructureType
  public let situation: Situation?
  /// What is said of it: « MSP, sous ACI, Grenoble ».
  public let words: String
  public let department: String
  /// Of the middle of its commune; `nil` when nobody said where it is.
  public let longitude: Double?
  public let latitude: Double?

  /// What counts the teams of a map, beside it in a table.
  public static let figure = "structures.count"
  public static let dimensions = ["departement", "type"]

  static var breakdowns: [[String]] { dimensions.map { [$0] } + [dimensions] }

  /// Those that the figure counts, by name.
  static func all(
    _ period: Period, _ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> [ReportTeam] {
    let query = try FigureQuery(registry.figure(figure), period)
    return try MappedStructure.all(query, search: "", connection).map { team in
      let words = [lists.label(team.type), team.situation.map { lists.label($0) }, team.commune].compactMap(\.self)
      return ReportTeam(
        structure: team.id.rawValue, name: team.name, type: team.type, situation: team.situation, words: words.joined(separator: ", "),
        department: team.department, longitude: team.position?.longitude, latitude: team.position?.latitude)
    }
  }
}
