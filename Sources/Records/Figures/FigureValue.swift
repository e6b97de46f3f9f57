/// One value of a figure, with the code of each dimension asked for.
///
/// Published reports keep it as JSON: a property is never renamed, and one that is added is optional.
public struct FigureValue: Sendable, Equatable, Codable {
  public let manner: FigureManner
  public let codes: [String]
  /// In the figure's own integers: see `FigureManner.scale`. `nil` when no record gives one: the mean of nothing is not 0.
  public let value: Int?
  /// Where the value was taken from, when no record stands behind it (REP-08).
  public let source: String?

  init(_ manner: FigureManner, codes: [String], value: Int?, source: String? = nil) {
    self.manner = manner
    self.codes = codes
    self.value = value
    self.source = source
  }

  /// What the figure says where there is no record.
  public static func nothing(in manner: FigureManner) -> FigureValue {
    FigureValue(manner, codes: [], value: manner.isAverage ? nil : 0)
  }

  /// Values of cells that share no record, together; with the sources of all. Averages have no sum.
  public static func sum(in manner: FigureManner, _ values: some Sequence<FigureValue>) -> FigureValue {
    var sources: [String] = []
    var total = 0
    for value in values {
      total += value.value ?? 0
      if let source = value.source, !sources.contains(source) { sources.append(source) }
    }
    return FigureValue(manner, codes: [], value: total, source: sources.isEmpty ? nil : sources.joined(separator: ", "))
  }

  /// Nothing is counted, or nobody knows. A mean of 0 is something.
  public var isNothing: Bool { value == nil || (value == 0 && !manner.isAverage) }

  /// The number in plain digits, as files hold it: « 14,5 ».
  public var digits: String? {
    value.map { ($0 < 0 ? "-" : "") + Thousandths.text(abs($0) * 1000 / manner.scale) }
  }

  /// The unit as it follows the number, if there is one: in French, zero and one are singular.
  public var unit: String? {
    value.map { abs($0) < 2 * manner.scale ? manner.singularUnit : manner.unit }
  }
}

/// How the values of a figure are said, whatever it counts.
public struct FigureManner: Sendable, Equatable, Codable {
  /// In the plural, « échanges ».
  public let unit: String
  /// How many of the integers that are its values make one of its unit.
  public let scale: Int
  /// A mean or a median.
  public let isAverage: Bool
  /// Whether a rise is good news.
  public let moreIsBetter: Bool
  /// A state on a day rather than facts during a period.
  public let isState: Bool

  /// The unit as it follows a number below two: in French, zero and one are singular.
  var singularUnit: String {
    unit.split(separator: " ").map {
      $0.hasSuffix("s") && !Self.invariable.contains(String($0)) ? String($0.dropLast()) : String($0)
    }
    .joined(separator: " ")
  }

  private static let invariable: Set = ["mois", "fois", "temps", "accès", "dans", "sans"]
}

/// A record behind a figure.
public struct FigureRecord: Sendable, Equatable {
  public let id: Int64
  /// The federation's own key; `nil` when the record has none.
  public let reference: String?
  /// What it adds to the figure: 1 in a count, the measured column in a sum, a mean or a median.
  public let amount: Int?
}
