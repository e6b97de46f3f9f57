import Records
import Store

/// A département and its year, for those who look after it and for partners (REP-05, REP-10): how many teams, what became of them, who
/// is covered, what was done with them, and what is aimed at. Figures are those of the whole federation.
public struct DepartmentSheet: Sendable {
  /// A figure of the département, beside the same a year before.
  public struct Reading: Sendable {
    /// Narrowed to the département.
    public let query: FigureQuery
    public let value: FigureValue
    public let former: FigureValue
    /// By the dimensions that it is read by; none for a number alone.
    public let parts: [FigureValue]
    public let formerParts: [FigureValue]
  }

  public let code: String
  public let name: String
  public let period: Period
  public let structures: Reading
  /// The same by type and situation, and a year before.
  public let kinds: FigureCells
  public let formerKinds: FigureCells
  public let professionals: Reading
  public let population: Reading
  public let communes: Reading
  /// By what was entered.
  public let transitions: Reading
  /// The median of the time between two stages (DIR-12).
  public let stageDays: Reading
  public let supported: Reading
  /// By theme.
  public let exchanges: Reading
  public let minutes: Reading
  public let newTeams: Reading
  /// The number of teams by type, year by year, the oldest first.
  public let years: [(query: FigureQuery, values: [FigureValue], whole: FigureValue)]
  public let targets: [TargetProgress]
  /// As they are on the last day of the period, closed ones left out.
  public let teams: [MappedStructure]
  /// Where the communes are that some CPTS claims, in degrees.
  public let covered: [(longitude: Double, latitude: Double)]

  private static let asked: [(figure: String, dimensions: [String])] = [
    ("structures.count", ["type", "situation"]), ("structures.professionals", []), ("coverage.population_share", []),
    ("coverage.communes_share", []), ("structures.transitions", ["vers"]), ("structures.stage_days", []), ("support.structures", []),
    ("contacts.count", ["theme"]), ("contacts.minutes", []), ("contacts.new_structures", []),
  ]

  /// `nil` when there is no such département.
  /// - Parameters:
  ///   - name: where it is known already.
  ///   - years: as the last ones are asked for, the oldest first.
  public init?(
    _ code: String, name known: String?, _ period: Period, years: [Period], _ registry: FigureRegistry, _ connection: any Connection
  ) throws {
    guard let name = try known ?? connection.value("SELECT name FROM department WHERE code = \(code)", as: String.self) else { return nil }
    let here = [Filter("departement", code)]
    func question(_ figure: String, _ period: Period, by dimensions: [String] = []) throws -> FigureQuery {
      try FigureQuery(registry.figure(figure), period, by: dimensions, where: here)
    }
    let wholes = try Self.asked.map { try question($0.figure, period) }
    var queries = try wholes + Self.asked.map { try question($0.figure, period.previous) }
    queries += try Self.asked.map { try question($0.figure, period, by: $0.dimensions) }
    queries += try Self.asked.map { try question($0.figure, period.previous, by: $0.dimensions) }
    queries += try [period, period.previous].map { try question("structures.count", $0, by: ["type"]) }
    let yearly = try years.map { try question("structures.count", $0, by: ["type"]) }
    let yearlyWholes = try years.map { try question("structures.count", $0) }
    let questions = try TargetQuestions(period, of: code, registry, connection)
    let found = try FigureQuery.knownValues(of: queries + yearly + yearlyWholes + questions.queries, connection)
    let count = Self.asked.count
    func reading(_ index: Int) -> Reading {
      let none = FigureValue.nothing(in: wholes[index].figure.manner)
      let hasParts = !Self.asked[index].dimensions.isEmpty
      return Reading(
        query: wholes[index], value: found[index].first ?? none, former: found[count + index].first ?? none,
        parts: hasParts ? found[2 * count + index] : [], formerParts: hasParts ? found[3 * count + index] : [])
    }
    func cells(_ whole: FigureValue, _ parts: [FigureValue], _ types: [FigureValue]) -> FigureCells {
      FigureCells(
        whole.manner, .init(dimensions: ["type", "situation"], values: parts),
        partsOf: [.init(dimensions: [], values: [whole]), .init(dimensions: ["type"], values: types)])
    }
    (self.code, self.name, self.period) = (code, name, period)
    (structures, professionals, population, communes) = (reading(0), reading(1), reading(2), reading(3))
    (transitions, stageDays, supported) = (reading(4), reading(5), reading(6))
    (exchanges, minutes, newTeams) = (reading(7), reading(8), reading(9))
    kinds = cells(structures.value, structures.parts, found[4 * count])
    formerKinds = cells(structures.former, structures.formerParts, found[4 * count + 1])
    let firstYear = 4 * count + 2
    self.years = yearly.enumerated().map { index, query in
      let none = FigureValue.nothing(in: query.figure.manner)
      return (query: query, values: found[firstYear + index], whole: found[firstYear + yearly.count + index].first ?? none)
    }
    targets = try questions.progress(Array(found[(firstYear + 2 * yearly.count)...]), connection)
    teams = try MappedStructure.all(wholes[0], search: "", connection)
    let claimed = try question("coverage.communes", period)
    covered = try connection.rows(
      """
      SELECT c.longitude, c.latitude FROM commune c
      WHERE c.department = \(code) AND c.longitude IS NOT NULL AND c.latitude IS NOT NULL
        AND \(Coverage.number("c.code")) IN \(claimed.recordIDs) ORDER BY c.code
      """
    ).map { (longitude: try $0[0], latitude: try $0[1]) }
  }

  /// The départements of the federation with their names, or those that have teams while it has not said which.
  public static func all(_ codes: [String], _ connection: any Connection) throws -> [(code: String, name: String)] {
    let condition: SQL =
      codes.isEmpty ? "code IN (SELECT department FROM structure WHERE removed_at IS NULL)" : "code IN \(list: codes)"
    return try connection.rows("SELECT code, name FROM department WHERE \(condition) ORDER BY code").map {
      (code: try $0[0], name: try $0[1])
    }
  }
}
