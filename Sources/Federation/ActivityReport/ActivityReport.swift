import Records
import Store

extension Capability {
  /// - Parameter figures: those that a report may show.
  static func activityReport(_ figures: [Figure]) -> Capability {
    Capability(
      "activity_report",
      migrations: [ReportEdition.migration, ReportBlock.migration, EditionErasure.migration, ReportBlock.partsMigration],
      lists: [BlockNature.list, BlockState.list, ChartForm.list], kinds: [ReportBlockRecords(FigureRegistry(figures))],
      checks: [ReportEdition.faults])
  }
}

extension Operation {
  static let publication = Operation(rawValue: "publication")
}

/// The yearly report as values: computed from the records when it is read, or as an edition keeps it.
public struct ActivityReport: Sendable, Codable {
  /// A figure of the year beside the year before.
  public struct KeyFigure: Sendable, Codable {
    public let current: ReportFigure
    /// The same figure a year before, at the same date.
    public let previous: ReportFigure
  }

  public let period: Period
  public let previousPeriod: Period
  public let structures: KeyFigure
  public let professionals: KeyFigure
  public let exchanges: KeyFigure
  public let minutes: KeyFigure
  public let teams: KeyFigure
  public let newTeams: KeyFigure
  public let structuresByDepartment: ReportFigure
  public let exchangesByTheme: ReportFigure
  /// The exchanges of five years by channel, oldest first.
  public let exchangesByChannel: [ReportFigure]
  /// What was written of the year; `nil` while nobody drafts its report, and in editions of before.
  public private(set) var document: WrittenReport?

  /// - Parameter today: a year that is not over stops there, and is compared to the same day a year before.
  public init(
    year: Int, today: CivilDate, _ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection
  ) throws {
    let period = Self.period(year, today: today)
    let previous = period.previous
    var made: [ReportFigure] = []
    func figure(_ id: String, _ period: Period, by dimensions: [String] = []) throws -> ReportFigure {
      // The whole of a figure that is already there broken down is not asked again.
      if let known = made.first(where: { $0.answers(id, period, dimensions) }) { return known }
      let query = try FigureQuery(registry.figure(id), period, by: dimensions)
      made.append(try ReportFigure(query, number: made.count + 1, lists, connection))
      return made[made.count - 1]
    }
    func key(_ id: String) throws -> KeyFigure {
      KeyFigure(current: try figure(id, period), previous: try figure(id, previous))
    }
    self.period = period
    previousPeriod = previous
    structuresByDepartment = try figure("structures.count", period, by: ["departement", "situation"])
    exchangesByTheme = try figure("contacts.count", period, by: ["theme"])
    exchangesByChannel = try (year - 4...year).map { try figure("contacts.count", Self.period($0, today: today), by: ["canal"]) }
    structures = try key("structures.count")
    professionals = try key("structures.professionals")
    exchanges = try key("contacts.count")
    minutes = try key("contacts.minutes")
    teams = try key("contacts.structures")
    newTeams = try key("contacts.new_structures")
    let years = (year - 4...year).map { Self.period($0, today: today) }
    document = try WrittenReport(period, years: years, made: made, registry, lists, connection)
  }

  /// As an edition keeps it: without the blocks that nobody has written.
  var printed: ActivityReport {
    var copy = self
    copy.document = document?.printed
    return copy
  }

  /// The blocks that had it.
  mutating func withdraw(_ subject: EditionErasure.Subject) -> [Int64] { document?.withdraw(subject) ?? [] }

  /// Every figure that the report prints, once each, by number.
  public var figures: [ReportFigure] {
    let keys = [structures, professionals, exchanges, minutes, teams, newTeams].flatMap { [$0.current, $0.previous] }
    let all = [structuresByDepartment, exchangesByTheme] + exchangesByChannel + keys + (document?.figures ?? [])
    return Dictionary(all.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first }).values.sorted { $0.number < $1.number }
  }

  /// A whole year, or the current one up to today.
  public static func period(_ year: Int, today: CivilDate) -> Period {
    year == today.year ? Period(asOf: today) : Period(year: year)
  }

  /// The years that hold facts or values taken over, and the current one, oldest first.
  public static func years(today: CivilDate, _ connection: any Connection) throws -> [Int] {
    guard let first = try firstDay(connection), first.year <= today.year else { return [today.year] }
    return Array(max(first.year, today.year - 9)...today.year)
  }

  /// The day of the earliest record that a report may count; `nil` while there is none.
  static func firstDay(_ connection: any Connection) throws -> CivilDate? {
    try connection.kept(
      """
      SELECT MIN(day) FROM (
        SELECT MIN(date) AS day FROM exchange WHERE removed_at IS NULL
        UNION ALL SELECT MIN(since) AS day FROM structure_state WHERE removed_at IS NULL
        UNION ALL \(SeriesValue.firstDay)) AS days
      """
    ) { try $0.first?[0] }
  }
}
