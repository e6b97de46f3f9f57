import Records
import Store

/// One page of communes: the records of a figure on coverage (DIR-05, R1), searched, sorted and cut.
public struct CommuneListing: Sendable {
  public struct Row: Sendable {
    public let id: Int64
    /// Of a commune, a municipal arrondissement, or a split city that counts as one.
    public let code: String
    public let name: String
    public let department: String
    public let population: Int
    /// Those of its people who live where a CPTS claims it.
    public let coveredPopulation: Int
    /// The CPTS that claim it, or a part of it, by their names.
    public let claimants: [(id: Identifier<Structure>, name: String)]
    /// The lists that name it that day.
    public let zonings: [String]
  }

  public enum Order: String, CaseIterable, Sendable {
    case name = "nom"
    case department = "departement"
    case population = "habitants"
    case coveredPopulation = "couverts"
  }

  public static let factSetName = Coverage.factSetName

  public let rows: [Row]
  public let total: Int

  /// Claims are those of the last day of the query's period.
  /// - Throws: `Refusal` for a figure that does not count communes one by one.
  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    // On several lists, a commune is one row all the same: it is chosen among all of them.
    let isZoned = query.filters.contains { $0.dimension == Zoning.dimension.code }
    let whole =
      isZoned ? try FigureQuery(query.figure, query.period, where: query.filters.filter { $0.dimension != Zoning.dimension.code }) : query
    guard let facts = whole.rows else { throw Refusal("Ce chiffre ne compte pas des communes une à une.") }
    let zoned: SQL = isZoned ? "AND k.id IN \(query.recordIDs)" : ""
    let from: SQL = """
      FROM (SELECT f.id, f.reference, f.population, f.covered_population \(facts)) k JOIN commune u ON u.code = k.reference
      WHERE \(Self.matches(search)) \(zoned)
      """
    let direction: SQL = descending ? "DESC" : "ASC"
    let found = try connection.rows(
      """
      SELECT k.id, u.code, u.name, u.department, k.population, k.covered_population, u.city,
        \(Self.zonings(on: query.period.through))
      \(from) ORDER BY \(Self.expression(order)) \(direction), u.name_fold, u.code LIMIT \(limit) OFFSET \(offset)
      """)
    total = try ListCount.of(from, upTo: nil, connection)
    let codes: [String] = try found.flatMap { row in
      let city: String? = try row[6]
      return [try row[1]] + [city].compactMap(\.self)
    }
    let claims = try Self.claims(of: codes, on: query.period.through, connection)
    let byCommune = Dictionary(grouping: claims, by: \.commune)
    let byCity = Dictionary(grouping: claims) { $0.city ?? "" }
    rows = try found.map { row in
      let (code, city): (String, String?) = (try row[1], try row[6])
      var seen: Set<Identifier<Structure>> = []
      let own = (byCommune[code] ?? []) + (city.flatMap { byCommune[$0] } ?? []) + (byCity[code] ?? [])
      return Row(
        id: try row[0], code: code, name: try row[2], department: try row[3], population: try row[4], coveredPopulation: try row[5],
        claimants: own.filter { seen.insert($0.id).inserted }.map { ($0.id, $0.name) },
        zonings: (try row[7] as String? ?? "").split(separator: "|").map(String.init))
    }
  }

  private static func zonings(on day: CivilDate) -> SQL {
    """
    (SELECT \(onSQLite: "group_concat(y.zoning, '|')", onPostgres: "string_agg(y.zoning, '|' ORDER BY y.zoning)") FROM commune_zoning y
      WHERE y.commune = u.code AND y.removed_at IS NULL AND y.since <= \(day) AND \(day) < y.until)
    """
  }

  private typealias Claim = (commune: String, city: String?, id: Identifier<Structure>, name: String)

  /// Of the communes, and of the arrondissements of those that are split.
  private static func claims(of codes: [String], on day: CivilDate, _ connection: any Connection) throws -> [Claim] {
    try connection.rows(
      """
      SELECT c.commune, a.city, c.id, c.name FROM (SELECT x.commune, s.id, s.name, s.name_fold \(Coverage.claimed(on: day))) c
      JOIN commune a ON a.code = c.commune WHERE c.commune IN \(list: codes) OR a.city IN \(list: codes) ORDER BY c.name_fold, c.id
      """
    ).map { (try $0[0], try $0[1], try $0[2], try $0[3]) }
  }

  /// By its code, or by each of the words.
  private static func matches(_ search: String) -> SQL {
    let words = Fold.words(search)
    guard !words.isEmpty else { return search.isEmpty ? "1 = 1" : "1 = 0" }
    let held = words.map { "u.name_fold LIKE \("%" + $0 + "%")" as SQL }
    return "(u.code = \(search.uppercased()) OR (\(held.joined(by: " AND "))))"
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .name: "u.name_fold"
    case .department: "u.department"
    case .population: "k.population"
    case .coveredPopulation: "k.covered_population"
    }
  }
}
