import Records
import Store

/// A value of a report that is no longer the same.
public struct ReportValueChange: Sendable {
  public let figure: ReportFigure
  /// The labels of the cell that it stands in; none for the whole figure.
  public let parts: [String]
  public let before: FigureValue?
  public let after: FigureValue?

  /// Where two reports of a year say something else, each value once.
  public static func between(_ old: [ReportFigure], _ new: [ReportFigure]) -> [ReportValueChange] {
    var totals: Set<String> = []
    return old.flatMap { old -> [ReportValueChange] in
      guard let new = new.first(where: { $0.asksTheSame(as: old) }) else { return [] }
      // The whole of a figure that is broken down in two ways is one value.
      let isFirst = totals.insert("\(old.id) \(old.period.label)").inserted
      let whole =
        isFirst && differ(old.total, new.total) ? [ReportValueChange(figure: old, parts: [], before: old.total, after: new.total)] : []
      return whole + cells(old, new)
    }
  }

  /// How a unit is called today does not count.
  private static func differ(_ before: FigureValue?, _ after: FigureValue?) -> Bool {
    before?.value != after?.value || before?.source != after?.source
  }

  private static func cells(_ old: ReportFigure, _ new: ReportFigure) -> [ReportValueChange] {
    let (before, after) = (old.valuesByCodes, new.valuesByCodes)
    let changed = Set(before.keys).union(after.keys).filter { differ(before[$0], after[$0]) }
    return changed.sorted { $0.lexicographicallyPrecedes($1) }.map { codes in
      let parts = codes.indices.map { index in
        guard codes[index] != ReferenceValue.unknown.code else { return "Sans \(old.dimensions[index].label.lowercased())" }
        return (old.dimensions[index].values + new.dimensions[index].values).first { $0.code == codes[index] }?.label ?? codes[index]
      }
      return ReportValueChange(figure: old, parts: parts, before: before[codes], after: after[codes])
    }
  }
}

extension ReportFigure {
  fileprivate func asksTheSame(as other: ReportFigure) -> Bool {
    id == other.id && period == other.period && dimensions.map(\.code) == other.dimensions.map(\.code)
  }

  fileprivate var valuesByCodes: [[String]: FigureValue] {
    Dictionary(values.map { ($0.codes, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
