import Foundation

/// One value of a figure, with the code of each dimension asked for.
public struct FigureValue: Sendable, Equatable {
  public let manner: FigureManner
  public let codes: [String]
  /// In the figure's own integers: see `FigureManner.scale`. `nil` when no record gives one: the mean of nothing is not 0.
  public let value: Int?
  /// Where the value was taken from, when no record stands behind it (REP-08).
  public let source: String?
  /// What a share was worked out of; `nil` for other figures, and for what was taken over.
  public let share: FigureShare?
  /// Why the number is kept back (R22); `nil` for all that is said.
  public let suppression: Suppression?

  /// R22: few people would be recognised.
  public enum Suppression: String, Sendable, Codable {
    /// From 1 to 10 people.
    case small
    /// More of them, from which a small number beside it would be worked out.
    case complementary
  }

  public init(
    _ manner: FigureManner, codes: [String], value: Int?, source: String? = nil, share: FigureShare? = nil,
    suppression: Suppression? = nil
  ) {
    self.suppression = suppression
    self.manner = manner
    self.codes = codes
    self.value = value
    self.source = source
    self.share = share
  }

  /// What the figure says where there is no record.
  public static func nothing(in manner: FigureManner) -> FigureValue {
    FigureValue(manner, codes: [], value: manner.isRatio ? nil : 0)
  }

  /// Values of cells that share no record, together; with the sources of all. Ratios have no sum.
  public static func sum(in manner: FigureManner, _ values: some Sequence<FigureValue>) -> FigureValue {
    var sources: [String] = []
    var total = 0
    for value in values {
      total += value.value ?? 0
      if let source = value.source, !sources.contains(source) { sources.append(source) }
    }
    return FigureValue(manner, codes: [], value: total, source: sources.isEmpty ? nil : sources.joined(separator: ", "))
  }

  /// Nothing is counted, or nobody knows. A mean of 0 is something, and so is what is kept back.
  public var isNothing: Bool { suppression == nil && (value == nil || (value == 0 && !manner.isRatio)) }

  /// Of a part that it does not have, nobody knows anything: the whole was taken over alone, or is unknown itself. Else it is nothing.
  public var leavesPartsUnknown: Bool { source != nil || (value == nil && suppression == nil) }

  /// The number in plain digits, as files hold it: « 14,5 ».
  public var digits: String? {
    value.map { ($0 < 0 ? "-" : "") + Thousandths.text((abs($0) * 2_000 + manner.scale) / (2 * manner.scale)) }
  }

  /// The unit as it follows the number, if there is one: in French, zero and one are singular.
  public var unit: String? {
    value.map { abs($0) < 2 * manner.scale && !manner.isShare ? manner.singularUnit : manner.unit }
  }
}

/// How the values of a figure are said, whatever it counts.
public struct FigureManner: Sendable, Equatable, Codable {
  /// In the plural, « échanges ».
  public let unit: String
  /// How many of the integers that are its values make one of its unit.
  public let scale: Int
  /// A mean, a median or a share.
  public let isRatio: Bool
  /// From 0 to 1.
  public let isShare: Bool
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

/// The two sums of a share.
public struct FigureShare: Sendable, Equatable, Codable {
  public let numerator: Int
  public let denominator: Int

  public init(numerator: Int, denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// `nil` of nothing.
  public var ratio: Decimal? { denominator == 0 ? nil : Decimal(numerator) / Decimal(denominator) }
}

/// A record behind a figure.
public struct FigureRecord: Sendable, Equatable {
  public let id: Int64
  /// The federation's own key; `nil` when the record has none.
  public let reference: String?
  /// What it adds to the figure: 1 in a count, the measured column in a sum, a mean or a median, its part in a share.
  public let amount: Int?
  /// In a share, what it adds to the whole.
  public let whole: Int?
}
