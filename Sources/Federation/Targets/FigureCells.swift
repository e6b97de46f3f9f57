import Records
import Store

/// The cells of a figure beside the wholes that they are parts of (docs/rules.md, « Historical values »). Where a whole was taken over
/// from before the program and its cells do not make it up, nobody knows what they come to: that is not 0.
public struct FigureCells: Sendable {
  struct Breakdown: Sendable {
    let dimensions: [String]
    let values: [FigureValue]

    /// Those that are within what is wanted: the codes of a dimension, any code of the others.
    func values(in wanted: [String: Set<String>]) -> [FigureValue] {
      values.filter { value in zip(dimensions, value.codes).allSatisfy { wanted[$0]?.contains($1) ?? true } }
    }
  }

  private let manner: FigureManner
  private let cells: Breakdown
  private let wholes: [Breakdown]

  init(_ manner: FigureManner, _ cells: Breakdown, partsOf wholes: [Breakdown]) {
    (self.manner, self.cells, self.wholes) = (manner, cells, wholes)
  }

  /// What the filters leave, together; its value is `nil` when nobody knows.
  public func sum(_ filters: [Filter]) -> FigureValue {
    let wanted = Dictionary(grouping: filters, by: \.dimension).mapValues { Set($0.map(\.value)) }
    // A whole that is asked for itself says what it is.
    let own = wholes.first { Set($0.dimensions) == Set(wanted.keys) }?.values(in: wanted) ?? []
    if own.count == 1 { return own[0] }
    if !own.isEmpty { return .sum(in: manner, own) }
    let isKnown = wholes.allSatisfy { whole in whole.values(in: wanted).allSatisfy { isMadeUp($0, whole.dimensions) } }
    return isKnown ? .sum(in: manner, cells.values(in: wanted)) : FigureValue(manner, codes: [], value: nil)
  }

  /// Whether the cells of a whole come to it.
  private func isMadeUp(_ whole: FigureValue, _ dimensions: [String]) -> Bool {
    guard whole.leavesPartsUnknown else { return true }
    guard let amount = whole.value else { return false }
    let codes = Dictionary(zip(dimensions, whole.codes.map { Set([$0]) }), uniquingKeysWith: { first, _ in first })
    return cells.values(in: codes).reduce(0) { $0 + ($1.value ?? 0) } >= amount
  }
}
