import Store

/// Numbers 1, 2, 3… without a gap and without a double, as receipts need them (design §5, « gapless numbers »).
///
/// A database's own sequences give no such promise: they do not take a number back when a transaction is undone.
public struct NumberSeries: Sendable, Hashable {
  /// What is numbered, e.g. `recus.2026`: another name counts from 1 again.
  public let name: String

  public init(_ name: String) {
    self.name = name
  }

  /// Takes the next number, in the caller's write transaction: when that is undone, the number is free again.
  ///
  /// Whoever wants a number of the same series in the meantime waits until then, so take it last.
  public func take(_ connection: any Connection) throws -> Int {
    let number: Int? = try connection.value(
      """
      INSERT INTO number_series (name, last) VALUES (\(name), 1)
      ON CONFLICT (name) DO UPDATE SET last = number_series.last + 1 RETURNING last
      """)
    guard let number else { throw DatabaseError(kind: .unexpectedValue, detail: "no number of \(name) was given") }
    return number
  }

  /// Goes on after that number: it was given in another copy of the database.
  public func pass(_ number: Int, _ connection: any Connection) throws {
    try connection.execute(
      """
      INSERT INTO number_series (name, last) VALUES (\(name), \(number))
      ON CONFLICT (name) DO UPDATE SET last = \(number) WHERE number_series.last < \(number)
      """)
  }

  static let migration = Migration(
    "202611211310-numbering",
    [
      """
      CREATE TABLE number_series (name \(.text) PRIMARY KEY, last \(.int) NOT NULL CHECK (last > 0)) \(sqlite: "STRICT", postgres: "")
      """
    ])
}
