import Federation
import Records
import Store

/// All that a page or a file says of a figure, read in one statement.
struct FigureReading: Sendable {
  /// The figure whole.
  let query: FigureQuery
  /// What it is broken down by: none, one or two.
  let names: [DimensionNames]
  let total: FigureValue
  /// The same a year before; `nil` when no comparison is asked for.
  let former: FigureValue?
  let formerQuery: FigureQuery?
  let parts: [FigureValue]
  let formerParts: [FigureValue]
  /// Of two dimensions, the figure by each of them alone.
  let margins: [[String: FigureValue]]
  /// The last years, the oldest first.
  let years: [FigureYear]

  var figure: Figure { query.figure }

  init(
    _ query: FigureQuery, by names: [DimensionNames], isCompared: Bool, years: [Period], _ connection: any Connection
  ) throws {
    let questions = try FigureQuestions(query, by: names, isCompared: isCompared, years: years)
    self.init(questions, try SmallCounts.values(of: questions.all, connection))
  }

  /// Several figures, in one statement for their numbers.
  static func all(_ questions: [FigureQuestions], _ connection: any Connection) throws -> [FigureReading] {
    let values = try SmallCounts.values(of: questions.flatMap(\.all), connection)
    var next = 0
    return questions.map { questions in
      defer { next += questions.all.count }
      return FigureReading(questions, Array(values[next..<next + questions.all.count]))
    }
  }

  private init(_ asked: FigureQuestions, _ values: [[FigureValue]]) {
    let (query, codes) = (asked.query, asked.names.map(\.dimension.code))
    func whole(_ index: Int) -> FigureValue { values[index].first ?? .nothing(in: query.figure.manner) }
    self.query = query
    names = asked.names
    total = whole(0)
    former = asked.isCompared ? whole(1) : nil
    formerQuery = asked.isCompared ? asked.all[1] : nil
    parts = codes.isEmpty ? [] : values[asked.partsStart]
    formerParts = codes.count == 1 && asked.isCompared ? values[asked.partsStart + 1] : []
    margins = codes.count == 2 ? [1, 2].map { Self.byCode(values[asked.partsStart + $0]) } : []
    years = (0..<asked.years).map { index in
      FigureYear(
        query: asked.all[asked.yearsStart + index], total: whole(asked.yearsStart + index),
        parts: codes.isEmpty ? [:] : Self.byCode(values[asked.yearsStart + asked.years + index]))
    }
  }

  static func byCode(_ values: [FigureValue]) -> [String: FigureValue] {
    Dictionary(values.compactMap { value in value.codes.first.map { ($0, value) } }, uniquingKeysWith: { first, _ in first })
  }

  /// Parts that records count; what was taken over need not add up.
  static func overlap(_ parts: some Collection<FigureValue>, in total: FigureValue) -> Bool {
    guard !total.manner.isRatio, !parts.contains(where: { $0.source != nil }) else { return false }
    return parts.reduce(0) { $0 + ($1.value ?? 0) } > total.value ?? 0
  }

  /// A record stands in several parts.
  var partsOverlap: Bool { Self.overlap(parts, in: total) }

  /// The parts make the whole: each is a share of it.
  var addsUp: Bool {
    !figure.isRatio && !partsOverlap && total.source == nil && total.suppression == nil
      && !parts.contains { $0.source != nil || $0.suppression != nil }
  }

  /// Something is kept back (R22).
  var isSuppressed: Bool {
    // A crossing of which nothing can be said.
    if names.count == 2, parts.isEmpty, margins.contains(where: { !$0.isEmpty }) { return true }
    let cells = parts + margins.flatMap { $0.values } + years.flatMap { $0.parts.values }
    return (cells + [total] + years.map(\.total)).contains { $0.suppression != nil }
  }

  /// The codes of one of the dimensions, in the order in which a person expects them.
  func codes(_ index: Int) -> [String] { names[index].ordered(Set(parts.map { $0.codes[index] })) }
}

/// One year of a figure: whole, and by the first dimension.
struct FigureYear: Sendable {
  let query: FigureQuery
  let total: FigureValue
  let parts: [String: FigureValue]

  var hasOverlaps: Bool { FigureReading.overlap(parts.values, in: total) }
}

/// All that is asked of the database for one figure, in an order that its reading knows.
struct FigureQuestions: Sendable {
  let query: FigureQuery
  let names: [DimensionNames]
  let isCompared: Bool
  /// How many years.
  let years: Int
  let all: [FigureQuery]
  let partsStart: Int
  let yearsStart: Int

  init(_ query: FigureQuery, by names: [DimensionNames], isCompared: Bool, years: [Period]) throws {
    let codes = names.map(\.dimension.code)
    let first = Array(codes.prefix(1))
    func question(_ period: Period, by codes: [String] = []) throws -> FigureQuery {
      try FigureQuery(query.figure, period, by: codes, where: query.filters)
    }
    var questions = [query]
    if isCompared { questions.append(try question(query.period.previous)) }
    partsStart = questions.count
    if !codes.isEmpty { questions.append(try question(query.period, by: codes)) }
    if codes.count == 2 { questions += try codes.map { try question(query.period, by: [$0]) } }
    if codes.count == 1, isCompared { questions.append(try question(query.period.previous, by: codes)) }
    yearsStart = questions.count
    questions += try years.map { try question($0) }
    if !codes.isEmpty { questions += try years.map { try question($0, by: first) } }
    (self.query, self.names, self.isCompared, self.years, all) = (query, names, isCompared, years.count, questions)
  }
}
