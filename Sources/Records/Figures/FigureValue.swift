/// One value of a figure, with the code of each dimension asked for.
public struct FigureValue: Sendable, Equatable {
  public let codes: [String]
  /// In the figure's own integers: see `Figure.scale`.
  public let value: Int
  /// Where the value was taken from, when no record stands behind it (REP-08).
  public let source: String?

  init(codes: [String], value: Int, source: String? = nil) {
    self.codes = codes
    self.value = value
    self.source = source
  }

  /// Values of cells that share no record, together; with the sources of all.
  public static func sum(_ values: some Sequence<FigureValue>) -> FigureValue {
    var sources: [String] = []
    var total = 0
    for value in values {
      total += value.value
      if let source = value.source, !sources.contains(source) { sources.append(source) }
    }
    return FigureValue(codes: [], value: total, source: sources.isEmpty ? nil : sources.joined(separator: ", "))
  }
}

/// A record behind a figure.
public struct FigureRecord: Sendable, Equatable {
  public let id: Int64
  /// The federation's own key; `nil` when the record has none.
  public let reference: String?
  /// What it adds to the figure: 1 in a count, the measured column in a sum.
  public let amount: Int?
}
