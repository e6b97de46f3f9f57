import Store

/// Small numbers of people are kept back (R22): from 1 to 10, and with them as many others as it takes that no difference gives them.
///
/// Teams, exchanges and hours are never kept back. Whoever holds the database reads it: the command line says all.
public enum SmallCounts {
  /// The largest number of people that is small.
  public static let limit = 10

  /// What may be said of several questions, each as ``FigureQuery/values(_:)`` gives it.
  public static func values(of queries: [FigureQuery], _ connection: any Connection) throws -> [[FigureValue]] {
    // What is said of a crossing or of a narrowed question depends on others, whether they are asked for or not.
    let others = queries.map { $0.figure.countsPeople ? $0.judges : [] }
    let read = try FigureQuery.knownValues(of: queries + others.flatMap(\.self), connection)
    var rest = read.dropFirst(queries.count)
    return zip(zip(queries, others), read).map { question, values in
      let (query, judges) = question
      defer { rest = rest.dropFirst(judges.count) }
      guard query.figure.countsPeople else { return values }
      guard !query.filters.isEmpty else { return published(values, of: query, beside: Array(rest.prefix(judges.count))) }
      guard let whole = judges.first, let cells = rest.first else { return values.map(\.keptBackUnlessNothing) }
      let own = rest.prefix(judges.count).dropFirst()
      let beside = Array(own.prefix(whole.judges.count))
      return narrowed(values, of: query, to: whole, published(cells, of: whole, beside: beside), among: Array(own.dropFirst(beside.count)))
    }
  }

  /// What is said of a question without filters.
  private static func published(_ values: [FigureValue], of query: FigureQuery, beside judges: [[FigureValue]]) -> [FigureValue] {
    guard judges.count == 2 else { return line(values) }
    if query.dimensions.count == 1 { return gathering(values, parts: judges[0], of: line(judges[1])) }
    return crossing(values, rows: line(judges[0]), columns: line(judges[1]))
  }

  /// A narrowed number is said where each part of it is, without the filters. Of several parts put together, those whom they leave out
  /// must not be few either: where parts overlap, no part says how many these are.
  /// - Parameter wider: the same without the filters, and without those of each dimension of which several parts are put together.
  private static func narrowed(
    _ values: [FigureValue], of query: FigureQuery, to whole: FigureQuery, _ cells: [FigureValue], among wider: [[FigureValue]]
  ) -> [FigureValue] {
    // A crossing of which nothing is said at all.
    guard !cells.isEmpty else { return values.map(\.keptBackUnlessNothing) }
    let secret = cells.filter { $0.suppression != nil }.filter { cell in
      zip(whole.dimensions, cell.codes).allSatisfy { dimension, code in
        let asked = query.filters.filter { $0.dimension == dimension.code }
        return asked.isEmpty || asked.contains { $0.value == code }
      }
    }
    return values.map { value in
      let isOpen = secret.contains { cell in
        zip(query.dimensions, value.codes).allSatisfy { dimension, code in
          whole.dimensions.firstIndex { $0.code == dimension.code }.map { cell.codes[$0] } == code
        }
      }
      let own = value.withoutSmallNumber
      let leavesFew =
        !query.joined.isEmpty
        && wider.contains { all in
          guard let number = value.value, let whole = all.first(where: { $0.codes == value.codes })?.value else { return false }
          return (1...limit).contains(whole - number)
        }
      return isOpen || leavesFew ? own.keptBackUnlessNothing : own
    }
  }

  /// Parts of one whole, which is said beside them.
  static func line(_ parts: [FigureValue]) -> [FigureValue] {
    var parts = parts.map { $0.withoutSmallNumber }
    // Alone, it is the whole less the others.
    let kept = parts.indices.filter { parts[$0].suppression != nil }
    if parts.count > 1, kept.count == 1, let other = smallest(of: parts.indices, in: parts) { parts[other] = parts[other].keptBack }
    return parts
  }

  /// Values that each gather several of a finer dimension: one of which a single part is kept back would give it, less the others.
  /// - Parameters:
  ///   - parts: by both dimensions.
  ///   - finer: what is said by the finer one.
  static func gathering(_ values: [FigureValue], parts: [FigureValue], of finer: [FigureValue]) -> [FigureValue] {
    let secret = Set(finer.filter { $0.suppression != nil }.flatMap(\.codes))
    let secrets = values.map { value in
      parts.filter { $0.codes[0] == value.codes[0] && !$0.isNothing && secret.contains($0.codes[1]) }.count
    }
    var said = zip(values, secrets).map { value, count in
      count == 1 ? value.withoutSmallNumber.keptBackUnlessNothing : value.withoutSmallNumber
    }
    // Alone, it is the whole less the others; of those, one whose parts are all said would be added up again.
    let kept = said.indices.filter { said[$0].suppression != nil }
    let holders = said.indices.filter { secrets[$0] > 0 }
    if kept.count == 1, let other = smallest(of: holders, in: said) ?? smallest(of: said.indices, in: said) {
      said[other] = said[other].keptBack
    }
    return said
  }

  /// The cells of two dimensions under margins that may be kept back themselves: until no line has a single unknown.
  static func crossing(_ cells: [FigureValue], rows: [FigureValue], columns: [FigureValue]) -> [FigureValue] {
    var cells = cells.map { $0.withoutSmallNumber }
    let lines: [(cells: [Int], isMarginKept: Bool)] = [rows, columns].enumerated().flatMap { axis, margins in
      margins.map { margin in (cells.indices.filter { cells[$0].codes[axis] == margin.codes[0] }, margin.suppression != nil) }
    }
    func isOpen(_ line: (cells: [Int], isMarginKept: Bool)) -> Bool {
      line.cells.filter { cells[$0].suppression != nil }.count + (line.isMarginKept ? 1 : 0) == 1
    }
    while let line = lines.first(where: { isOpen($0) && (!$0.isMarginKept || smallest(of: $0.cells, in: cells) != nil) }) {
      guard let other = smallest(of: line.cells, in: cells) else {
        // The margin itself would have to be kept back, which is said where it is asked for alone: nothing of the crossing is said.
        return []
      }
      cells[other] = cells[other].keptBack
    }
    return cells
  }

  /// The one of which least is lost. Nothing is no secret.
  private static func smallest(of indices: some Sequence<Int>, in values: [FigureValue]) -> Int? {
    indices.filter { values[$0].suppression == nil && !values[$0].isNothing }.min {
      (values[$0].value ?? 0, $0) < (values[$1].value ?? 0, $1)
    }
  }
}

extension FigureQuery {
  /// The questions by which one learns what may be said of this one: without its filters, by each dimension that it names, and the
  /// margins of that, and it without them, or without some. None for a filtered question about more than two dimensions, of which nothing is said.
  fileprivate var judges: [FigureQuery] {
    guard !filters.isEmpty else { return margins + finer }
    let narrowing = Set(filters.map(\.dimension)).subtracting(dimensions.map(\.code)).sorted()
    let axes = dimensions + narrowing.compactMap { figure.factSet.dimension($0) }
    guard axes.count <= 2 else { return [] }
    let whole = FigureQuery(figure, period, dimensions: axes, filters: [])
    let kept = [[]] + (Set(filters.map(\.dimension)).count > 1 ? joined.map { code in filters.filter { $0.dimension != code } } : [])
    return [whole] + whole.judges + kept.map { FigureQuery(figure, period, dimensions: dimensions, filters: $0) }
  }

  /// The dimensions of which its filters put several values together; those of one that it is broken down by only choose among the numbers.
  fileprivate var joined: [String] {
    let own = Set(dimensions.map(\.code))
    return Dictionary(grouping: filters) { $0.dimension }.filter { !own.contains($0.key) && $0.value.count > 1 }.keys.sorted()
  }

  /// By its only dimension and the one that this gathers, and by that one.
  private var finer: [FigureQuery] {
    guard dimensions.count == 1, let finer = dimensions[0].gathers.flatMap({ figure.factSet.dimension($0) }) else { return [] }
    return [dimensions + [finer], [finer]].map { FigureQuery(figure, period, dimensions: $0, filters: []) }
  }

  /// The same by each of its two dimensions alone.
  private var margins: [FigureQuery] {
    guard dimensions.count == 2 else { return [] }
    return dimensions.map { FigureQuery(figure, period, dimensions: [$0], filters: filters) }
  }
}

extension FigureValue {
  /// Without a number from 1 to 10; what was taken over was published already.
  fileprivate var withoutSmallNumber: FigureValue {
    guard let value, (1...SmallCounts.limit).contains(value), source == nil else { return self }
    return FigureValue(manner, codes: codes, value: nil, suppression: .small)
  }

  /// 0 is no secret, and what was taken over was published already.
  fileprivate var keptBackUnlessNothing: FigureValue { isNothing || source != nil ? self : keptBack }

  fileprivate var keptBack: FigureValue {
    suppression == nil ? FigureValue(manner, codes: codes, value: nil, suppression: .complementary) : self
  }
}
