import Foundation
import Store

/// One value of a figure as programs read it: what `maillage figures --format json` and `/chiffres.json` give.
public struct FigureRow: Encodable, Sendable {
  public struct Record: Encodable, Sendable {
    public let id: String
    public let reference: String
  }

  public let figure: String
  public let period: String
  public let dimensions: [String: String]
  public let value: FigureValue
  /// In the plural: files keep the one word whatever the value.
  public let unit: String
  /// Where the value was taken from, when there is no record; else the row has no such key.
  public let source: String?
  public let records: [Record]?

  private enum CodingKeys: String, CodingKey {
    case figure, period, dimensions, value, unit, numerator, denominator, source, suppressed, records
  }

  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: CodingKeys.self)
    try row.encode(figure, forKey: .figure)
    try row.encode(period, forKey: .period)
    try row.encode(dimensions, forKey: .dimensions)
    // In units, a share as the ratio of its two numbers; null, not 0, when nobody knows.
    try row.encode(value.share.map(\.ratio) ?? value.value.map { Decimal($0) / Decimal(value.manner.scale) }, forKey: .value)
    try row.encode(unit, forKey: .unit)
    try row.encodeIfPresent(value.share?.numerator, forKey: .numerator)
    try row.encodeIfPresent(value.share?.denominator, forKey: .denominator)
    try row.encodeIfPresent(source, forKey: .source)
    try row.encodeIfPresent(value.suppression, forKey: .suppressed)
    try row.encodeIfPresent(records, forKey: .records)
  }

  public static func rows(_ query: FigureQuery, withRecords: Bool, _ connection: any Connection) throws -> [FigureRow] {
    let records = withRecords ? try query.records(connection) : [:]
    return rows(query, try query.values(connection), records, withRecords)
  }

  /// What may be said to whoever reads figures: small numbers of people are kept back (R22), with the records behind them.
  public static func disclosed(_ query: FigureQuery, _ connection: any Connection) throws -> [FigureRow] {
    rows(query, try SmallCounts.values(of: [query], connection).first ?? [], [:], false)
  }

  private static func rows(
    _ query: FigureQuery, _ values: [FigureValue], _ records: [[String]: [FigureRecord]], _ withRecords: Bool
  ) -> [FigureRow] {
    values.map { value in
      FigureRow(
        figure: query.figure.id, period: query.period.label,
        dimensions: Dictionary(uniqueKeysWithValues: zip(query.dimensions.map(\.code), value.codes)),
        value: value, unit: query.figure.unit, source: value.source,
        records: withRecords
          ? (records[value.codes] ?? []).map { record in
            let id = Identifier<Figure>(rawValue: record.id).description
            return Record(id: id, reference: record.reference ?? id)
          } : nil)
    }
  }
}
