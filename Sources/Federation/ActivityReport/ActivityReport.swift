import Records
import Store

/// The yearly report: figures of one year, computed from the records when it is read.
public struct ActivityReport: Sendable {
  /// A figure of the year beside the year before.
  public struct KeyFigure: Sendable {
    public let query: FigureQuery
    public let current: FigureValue
    /// The same figure a year before, at the same date.
    public let previous: FigureValue
  }

  /// A figure broken down: the question and its answers.
  public struct Breakdown: Sendable {
    public let query: FigureQuery
    public let values: [FigureValue]
    public let total: FigureValue
  }

  public let period: Period
  public let previousPeriod: Period
  public let structures: KeyFigure
  public let professionals: KeyFigure
  public let exchanges: KeyFigure
  public let minutes: KeyFigure
  public let teams: KeyFigure
  public let newTeams: KeyFigure
  public let structuresByDepartment: Breakdown
  public let exchangesByTheme: Breakdown
  /// The exchanges by channel of up to five years, from the first that has any, oldest first.
  public let exchangesByChannel: [Breakdown]

  /// - Parameter today: a year that is not over stops there, and is compared to the same day a year before.
  public init(year: Int, today: CivilDate, _ registry: FigureRegistry, _ connection: any Connection) throws {
    let period = Self.period(year, today: today)
    let previous = year == today.year ? Period(asOf: today.adding(months: -12)) : Period(year: year - 1)
    func key(_ id: String) throws -> KeyFigure {
      let figure = try registry.figure(id)
      return KeyFigure(
        query: try FigureQuery(figure, period), current: try FigureQuery(figure, period).total(connection),
        previous: try FigureQuery(figure, previous).total(connection))
    }
    func breakdown(_ id: String, _ period: Period, by dimensions: [String]) throws -> Breakdown {
      let figure = try registry.figure(id)
      let query = try FigureQuery(figure, period, by: dimensions)
      return Breakdown(query: query, values: try query.values(connection), total: try FigureQuery(figure, period).total(connection))
    }
    self.period = period
    previousPeriod = previous
    structures = try key("structures.count")
    professionals = try key("structures.professionals")
    exchanges = try key("contacts.count")
    minutes = try key("contacts.minutes")
    teams = try key("contacts.structures")
    newTeams = try key("contacts.new_structures")
    structuresByDepartment = try breakdown("structures.count", period, by: ["departement", "situation"])
    exchangesByTheme = try breakdown("contacts.count", period, by: ["theme"])
    let years = try (year - 4...year).map { try breakdown("contacts.count", Self.period($0, today: today), by: ["canal"]) }
    exchangesByChannel = years.dropLast().drop { $0.total.isNothing } + years.suffix(1)
  }

  /// A whole year, or the current one up to today.
  public static func period(_ year: Int, today: CivilDate) -> Period {
    year == today.year ? Period(asOf: today) : Period(year: year)
  }

  /// The years that hold facts or values taken over, and the current one, oldest first.
  public static func years(today: CivilDate, _ connection: any Connection) throws -> [Int] {
    let first: CivilDate? = try connection.first(
      """
      SELECT MIN(day) FROM (
        SELECT MIN(date) AS day FROM exchange WHERE removed_at IS NULL
        UNION ALL SELECT MIN(since) AS day FROM structure_state WHERE removed_at IS NULL
        UNION ALL \(SeriesValue.firstDay)) AS days
      """
    ).flatMap { try $0[0] }
    guard let first, first.year <= today.year else { return [today.year] }
    return Array(max(first.year, today.year - 9)...today.year)
  }
}
