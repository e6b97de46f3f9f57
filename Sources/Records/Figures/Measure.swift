import Store

extension Measure {
  /// The column that is added up or averaged.
  var column: SQL? {
    switch self {
    case .sum(let column), .mean(let column), .median(let column), .share(let column, _): column
    case .count, .distinct, .reported: nil
    }
  }

  /// What a share is a share of.
  var wholeColumn: SQL? {
    if case .share(_, let whole) = self { return whole }
    return nil
  }

  /// The column of a mean or a median: records that do not have it are neither counted nor listed.
  var averagedColumn: SQL? {
    switch self {
    case .mean(let column), .median(let column): column
    case .count, .sum, .distinct, .share, .reported: nil
    }
  }

  /// The figure from its records, as they are listed: what `maillage check` compares with the query's own value.
  func value(of records: [FigureRecord], scale: Int) -> Int? {
    let amounts = records.map { $0.amount ?? 0 }
    switch self {
    case .count, .sum, .distinct: return amounts.reduce(0, +)
    case .reported: return nil
    case .mean: return mean(ofSum: amounts.reduce(0, +), count: amounts.count, scale: scale)
    case .median:
      let middle = amounts.sorted().dropFirst((amounts.count - 1) / 2).prefix(2 - amounts.count % 2)
      return mean(ofSum: middle.reduce(0, +), count: middle.count, scale: scale)
    case .share: return mean(ofSum: amounts.reduce(0, +), count: records.reduce(0) { $0 + ($1.whole ?? 0) }, scale: scale)
    }
  }

  /// Half away from zero, by the program itself: the engines divide and round each in its own way. `nil` of nothing.
  func mean(ofSum sum: Int, count: Int, scale: Int) -> Int? {
    guard count > 0 else { return nil }
    let (quotient, rest) = (sum * scale).quotientAndRemainder(dividingBy: count)
    guard 2 * abs(rest) >= count else { return quotient }
    return quotient + rest.signum()
  }
}
