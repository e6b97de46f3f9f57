import Records
import Store

/// How far the federation is from a target on a day: what is there, what is planned, and the records behind both.
public struct TargetProgress: Sendable {
  /// A number with the question whose records it counts.
  public struct Count: Sendable {
    public let value: FigureValue
    public let query: FigureQuery

    /// In tenths of a structure or of a percent; `nil` when nobody knows.
    fileprivate var tenths: Int? { value.value.map { value.manner.isShare ? $0 : $0 * 10 } }
  }

  public let target: Target
  /// What the measure names: structures open, open or planned, or the share that is covered.
  public let present: Count
  /// Those that are open, and those that are planned; `nil` for a share.
  public let open: Count?
  public let planned: Count?
  /// What was there on the day of the base, where nobody declared it.
  public let countedBase: Count?
  /// The situations that count as open on the day.
  public let openSituations: [String]

  /// Where one came from, in tenths, declared or counted; `nil` when nobody knows, or when no day was named.
  public var base: Int? { target.base ?? countedBase?.tenths }

  /// What is compared with the goal, in tenths; `nil` when nobody knows, as is a growth before the day that it begins on.
  public var reached: Int? {
    guard target.measure == .growth else { return present.tenths }
    if let since = target.baseDate, present.query.period.through < since { return nil }
    guard let base else { return nil }
    return present.tenths.map { $0 - base }
  }

  /// The same once what is planned is open; `nil` where plans are not counted apart.
  public var reachedWithPlans: Int? {
    guard target.measure == .open || target.measure == .growth, let reached, let more = planned?.tenths else { return nil }
    return reached + more
  }

  /// What is left to do, in tenths; 0 once the goal is reached.
  public var missing: Int? { reached.map { max(0, target.goal - $0) } }
  public var missingWithPlans: Int? { reachedWithPlans.map { max(0, target.goal - $0) } }

  /// All targets as they stand on the last day of the period, in a few statements whatever their number.
  public static func all(_ period: Period, _ registry: FigureRegistry, _ connection: any Connection) throws -> [TargetProgress] {
    let questions = try TargetQuestions(period, registry, connection)
    return try questions.progress(FigureQuery.knownValues(of: questions.queries, connection), connection)
  }
}

/// Targets with the questions that tell how far each of them is, each asked once for all of them: a page puts them with its own.
public struct TargetQuestions: Sendable {
  private struct Question: Hashable {
    let figure: String
    let period: Period
    let dimensions: [String]
  }

  private let targets: [Target]
  private let period: Period
  private let open: [String]
  private let planned: [String]
  private let registry: FigureRegistry
  private let questions: [Question]
  public let queries: [FigureQuery]

  /// - Parameter department: those of that one only.
  public init(
    _ period: Period, of department: String? = nil, _ registry: FigureRegistry, _ connection: any Connection
  ) throws {
    let condition: SQL = department.map { "g.department = \($0)" } ?? "1 = 1"
    (targets, open) = try Target.all(where: condition, on: period.through, connection)
    let open = open
    planned = Situation.allCases.map(\.rawValue).filter { $0 != Situation.clos.rawValue && !open.contains($0) }
    self.period = period
    self.registry = registry
    var questions: [Question] = []
    for target in targets {
      for period in [period, Self.baseDay(target)].compactMap(\.self) {
        for question in Self.questions(target, period) where !questions.contains(question) { questions.append(question) }
      }
    }
    self.questions = questions
    queries = try questions.map { try FigureQuery(registry.figure($0.figure), $0.period, by: $0.dimensions) }
  }

  /// The day of a base that nobody declared.
  private static func baseDay(_ target: Target) -> Period? { target.base == nil ? target.baseDate.map { Period(asOf: $0) } : nil }

  /// The one that says the target's numbers first; of structures, then those of the wholes that they are parts of.
  private static func questions(_ target: Target, _ period: Period) -> [Question] {
    let area = target.area.map { [$0.kind.rawValue] } ?? []
    var breakdowns: [[String]] = [area]
    if !target.measure.isShare {
      breakdowns = [["type", "situation"] + area, [], ["type"]]
      if !area.isEmpty { breakdowns += [area, ["type"] + area] }
    }
    return breakdowns.map { Question(figure: target.measure.figure, period: period, dimensions: $0) }
  }

  /// - Parameter values: those of the queries, in their order.
  public func progress(_ values: [[FigureValue]], _ connection: any Connection) throws -> [TargetProgress] {
    let answers = Dictionary(uniqueKeysWithValues: zip(questions, values))
    return try targets.map { target in
      let hasKinds = !target.measure.isShare
      return TargetProgress(
        target: target, present: try whole(target, period, answers),
        open: hasKinds ? try count(target, open, period, answers) : nil,
        planned: hasKinds ? try count(target, planned, period, answers) : nil,
        countedBase: try Self.baseDay(target).map { try whole(target, $0, answers) }, openSituations: open)
    }
  }

  /// What the measure names.
  private func whole(_ target: Target, _ period: Period, _ answers: [Question: [FigureValue]]) throws -> TargetProgress.Count {
    guard target.measure.isShare else {
      return try count(target, target.measure == .openAndPlanned ? open + planned : open, period, answers)
    }
    let figure = try registry.figure(target.measure.figure)
    let codes = target.area.map { [$0.code] } ?? []
    let value = Self.breakdowns(target, period, answers).first?.values.first { $0.codes == codes }
    return .init(value: value ?? .nothing(in: figure.manner), query: try FigureQuery(figure, period, where: area(target)))
  }

  private func count(
    _ target: Target, _ situations: [String], _ period: Period, _ answers: [Question: [FigureValue]]
  ) throws -> TargetProgress.Count {
    let figure = try registry.figure(target.measure.figure)
    let type = target.type.map { [Filter("type", $0.rawValue)] } ?? []
    let filters = type + situations.map { Filter("situation", $0) } + area(target)
    let breakdowns = Self.breakdowns(target, period, answers)
    let cells = FigureCells(figure.manner, breakdowns[0], partsOf: Array(breakdowns.dropFirst()))
    return .init(value: cells.sum(filters), query: try FigureQuery(figure, period, where: filters))
  }

  private static func breakdowns(
    _ target: Target, _ period: Period, _ answers: [Question: [FigureValue]]
  ) -> [FigureCells.Breakdown] {
    Self.questions(target, period).map { FigureCells.Breakdown(dimensions: $0.dimensions, values: answers[$0, default: []]) }
  }

  private func area(_ target: Target) -> [Filter] { target.area.map { [Filter($0.kind.rawValue, $0.code)] } ?? [] }
}
