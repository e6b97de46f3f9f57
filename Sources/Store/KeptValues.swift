import Foundation

/// The statement from whose rows a value is worked out.
public struct KeptKey: Hashable, Sendable {
  let text: String
  let values: [SQLValue]
}

/// What one connection has worked out from the data, for as long as nobody has changed them.
struct KeptValues: Sendable {
  /// Rows of which all values are made: those of some two hundred pages of lists, more than are in use between two changes.
  static let mostRows = 10_000
  /// A longer answer is that of an export, which nobody asks for twice.
  static let longest = 1_000
  private var version = ""
  private var values: [KeptKey: any Sendable] = [:]
  private var rows = 0

  /// Forgets what was worked out from other data, and each quarter of an hour: statements may ask what day it is, and in every zone
  /// days begin with one.
  /// - Parameter now: seconds since 1970.
  mutating func follow(_ data: String, now: Double = Date().timeIntervalSince1970) {
    let version = "\(data) \(Int(now / 900))"
    guard version != self.version else { return }
    self.version = version
    forget()
  }

  func value<Value: Sendable>(_ key: KeptKey) -> Value? {
    // Unwrapped first: nothing at all casts to a value that may be missing.
    guard let value = values[key] else { return nil }
    return value as? Value
  }

  mutating func keep(_ found: Found<some Sendable>, as key: KeptKey) {
    guard found.rows <= Self.longest else { return }
    if rows + found.rows >= Self.mostRows { forget() }
    values[key] = found.value
    // An answer without a row takes room too.
    rows += found.rows + 1
  }

  private mutating func forget() {
    values.removeAll(keepingCapacity: true)
    rows = 0
  }
}

/// A value, and of how many rows it was made.
public struct Found<Value: Sendable>: Sendable {
  public let value: Value
  let rows: Int
}
