import Records
import Store

/// A figure of a report as the report says it: its words, its values and their labels, all as they are on the day it is made.
///
/// Published editions keep it as JSON: a property is never renamed, and one that is added is optional.
public struct ReportFigure: Sendable, Codable {
  /// The figure's identity, `contacts.count`.
  public let id: String
  public let label: String
  public let definition: String
  /// How its values are said.
  public let manner: FigureManner
  /// The record kind of the records behind it.
  public let recordKind: String
  /// Its records add what they measure, rather than one each.
  public let sumsAmounts: Bool
  public let period: Period
  /// Under which number an edition keeps what it is made of.
  public let number: Int
  public let dimensions: [ReportDimension]
  private let cells: [Cell]
  private let whole: Cell

  /// A value as it is kept: its manner is the figure's.
  private struct Cell: Codable {
    let codes: [String]
    let value: Int?
    let source: String?
    let share: FigureShare?
    /// Why the number is kept back (R22).
    let suppression: FigureValue.Suppression?

    init(_ value: FigureValue) {
      (codes, self.value, source, share, suppression) = (value.codes, value.value, value.source, value.share, value.suppression)
    }

    func value(_ manner: FigureManner) -> FigureValue {
      FigureValue(manner, codes: codes, value: value, source: source, share: share, suppression: suppression)
    }
  }

  public var values: [FigureValue] { cells.map { $0.value(manner) } }

  /// The whole figure, of which values may overlap.
  public var total: FigureValue { whole.value(manner) }

  private enum CodingKeys: String, CodingKey {
    case id, label, definition, manner, recordKind, sumsAmounts, period, number, dimensions
    case cells = "values"
    case whole = "total"
  }

  init(_ query: FigureQuery, number: Int, _ lists: ReferenceLists, _ connection: any Connection) throws {
    let total = try FigureQuery(query.figure, query.period).total(connection)
    let values = query.dimensions.isEmpty ? [] : try query.values(connection)
    try self.init(query, number: number, total: total, values: values, lists, connection)
  }

  /// Several at once, in one statement for their numbers; small numbers of people are kept back.
  static func all(
    _ queries: [FigureQuery], from number: Int, _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> [ReportFigure] {
    let totals = try queries.map { try FigureQuery($0.figure, $0.period) }
    let values = try SmallCounts.values(of: totals + queries, connection)
    return try queries.enumerated().map { index, query in
      let total = values[index].first ?? .nothing(in: query.figure.manner)
      let parts = query.dimensions.isEmpty ? [] : values[queries.count + index]
      return try ReportFigure(query, number: number + index, total: total, values: parts, lists, connection)
    }
  }

  private init(
    _ query: FigureQuery, number: Int, total: FigureValue, values: [FigureValue], _ lists: ReferenceLists, _ connection: any Connection
  ) throws {
    let figure = query.figure
    (id, label, definition, manner) = (figure.id, figure.label, query.definition(try Settings(connection)), figure.manner)
    (recordKind, sumsAmounts, period, self.number) = (figure.recordKind, figure.sumsAmounts, query.period, number)
    whole = Cell(total)
    cells = values.map(Cell.init)
    dimensions = try query.dimensions.enumerated().map { index, dimension in
      try ReportDimension(dimension, of: Set(values.map { $0.codes[index] }), lists, connection)
    }
  }

  /// Whether it says a figure of a period by these dimensions; the whole stands in every breakdown.
  public func answers(_ id: String, _ period: Period, _ dimensions: [String]) -> Bool {
    self.id == id && self.period == period && (dimensions.isEmpty || self.dimensions.map(\.code) == dimensions)
  }

  /// The value of a cell, by its codes in the order of the dimensions; what does not occur is nothing, or unknown where the whole was
  /// taken over alone or is unknown itself.
  public func value(_ codes: [String]) -> FigureValue {
    if codes.isEmpty { return total }
    // Of a crossing that is kept back whole (R22) no cell is known: that is not nothing.
    if cells.isEmpty, dimensions.count > 1, !total.isNothing, total.source == nil {
      return FigureValue(manner, codes: codes, value: nil, suppression: .complementary)
    }
    return values.first { $0.codes == codes }
      ?? (total.leavesPartsUnknown ? FigureValue(manner, codes: codes, value: nil) : .nothing(in: manner))
  }

  /// The same question put to the records as they are now; `nil` when the program no longer knows it.
  func query(_ registry: FigureRegistry) -> FigureQuery? {
    try? FigureQuery(registry.figure(id), period, by: dimensions.map(\.code))
  }

  /// The cells that filters leave, as codes of all dimensions; `nil` when a filter is none of them.
  public func cells(where filters: [Filter]) -> [[String]]? {
    let wanted = Dictionary(grouping: filters, by: \.dimension).mapValues { Set($0.map(\.value)) }
    guard wanted.keys.allSatisfy({ code in dimensions.contains { $0.code == code } }) else { return nil }
    return values.map(\.codes).filter { codes in zip(dimensions, codes).allSatisfy { wanted[$0.code]?.contains($1) ?? true } }
  }
}

/// A dimension of a figure with the values that occur in it.
public struct ReportDimension: Sendable, Codable {
  public struct Value: Sendable, Codable {
    public let code: String
    public let label: String
    /// Its place in the federation's list.
    let position: Int
  }

  public let code: String
  public let label: String
  /// In the order in which a person expects them.
  public let values: [Value]

  init(_ dimension: Dimension, of codes: Set<String>, _ lists: ReferenceLists, _ connection: any Connection) throws {
    (code, label) = (dimension.code, dimension.label)
    let known = codes.isEmpty ? [] : try dimension.values(lists, connection) + [.unknown]
    let labels = Dictionary(known.enumerated().map { ($1.code, ($1.label, $0)) }, uniquingKeysWith: { first, _ in first })
    values = codes.sorted().map { code in
      let (label, position) = labels[code] ?? (code, known.count)
      return Value(code: code, label: label, position: position)
    }.sorted { $0.position < $1.position }
  }

  private init(code: String, label: String, values: [Value]) {
    (self.code, self.label, self.values) = (code, label, values)
  }

  /// One dimension for figures of several years, with the values of all of them.
  public static func merged(_ dimensions: [ReportDimension]) -> ReportDimension? {
    guard let first = dimensions.first else { return nil }
    let values = Dictionary(dimensions.flatMap(\.values).map { ($0.code, $0) }, uniquingKeysWith: { $1 })
    let ordered = values.values.sorted { ($0.position, $0.code) < ($1.position, $1.code) }
    return ReportDimension(code: first.code, label: first.label, values: ordered)
  }

  public var codes: [String] { values.map(\.code) }

  public func label(_ code: String) -> String { values.first { $0.code == code }?.label ?? code }
}
