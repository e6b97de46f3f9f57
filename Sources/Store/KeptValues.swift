/// The statement from whose rows a value is worked out.
public struct KeptKey: Hashable, Sendable {
  let text: String
  let values: [SQLValue]
}

/// What one connection has worked out from the data, for as long as nobody has changed them.
struct KeptValues: Sendable {
  /// More than the pages in use ask for between two changes.
  static let limit = 64
  private var version = ""
  private var values: [KeptKey: any Sendable] = [:]

  /// Forgets what was worked out from other data.
  mutating func follow(_ version: String) {
    guard version != self.version else { return }
    self.version = version
    values.removeAll(keepingCapacity: true)
  }

  func value<Value: Sendable>(_ key: KeptKey) -> Value? {
    // Unwrapped first: nothing at all casts to a value that may be missing.
    guard let value = values[key] else { return nil }
    return value as? Value
  }

  mutating func keep(_ value: some Sendable, as key: KeptKey) {
    if values.count >= Self.limit { values.removeAll(keepingCapacity: true) }
    values[key] = value
  }
}
