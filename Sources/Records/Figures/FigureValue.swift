/// One value of a figure, with the code of each dimension asked for.
public struct FigureValue: Sendable {
  public let figure: Figure
  public let codes: [String]
  /// In the figure's own integers: see `Figure.scale`. `nil` when no record gives one: the mean of nothing is not 0.
  public let value: Int?
  /// Where the value was taken from, when no record stands behind it (REP-08).
  public let source: String?

  init(_ figure: Figure, codes: [String], value: Int?, source: String? = nil) {
    self.figure = figure
    self.codes = codes
    self.value = value
    self.source = source
  }

  /// What the figure says where there is no record.
  public static func nothing(of figure: Figure) -> FigureValue {
    FigureValue(figure, codes: [], value: figure.isAverage ? nil : 0)
  }

  /// Values of cells that share no record, together; with the sources of all. Averages have no sum.
  public static func sum(of figure: Figure, _ values: some Sequence<FigureValue>) -> FigureValue {
    var sources: [String] = []
    var total = 0
    for value in values {
      total += value.value ?? 0
      if let source = value.source, !sources.contains(source) { sources.append(source) }
    }
    return FigureValue(figure, codes: [], value: total, source: sources.isEmpty ? nil : sources.joined(separator: ", "))
  }

  /// Nothing is counted, or nobody knows. A mean of 0 is something.
  public var isNothing: Bool { value == nil || (value == 0 && !figure.isAverage) }

  /// The number in plain digits, as files hold it: « 14,5 ».
  public var digits: String? {
    value.map { ($0 < 0 ? "-" : "") + Thousandths.text(abs($0) * 1000 / figure.scale) }
  }

  /// The unit as it follows the number, if there is one: in French, zero and one are singular.
  public var unit: String? {
    value.map { abs($0) < 2 * figure.scale ? figure.singularUnit : figure.unit }
  }
}

/// A record behind a figure.
public struct FigureRecord: Sendable, Equatable {
  public let id: Int64
  /// The federation's own key; `nil` when the record has none.
  public let reference: String?
  /// What it adds to the figure: 1 in a count, the measured column in a sum, a mean or a median.
  public let amount: Int?
}
