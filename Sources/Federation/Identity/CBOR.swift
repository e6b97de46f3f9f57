/// The part of CBOR (RFC 8949) that authenticators write: definite lengths, neither tags nor floating point.
indirect enum CBOR: Hashable, Sendable {
  case integer(Int)
  case bytes([UInt8])
  case text(String)
  case array([CBOR])
  case map([CBOR: CBOR])
  /// `false`, `true`, `null` and their like, by their number.
  case simple(UInt8)

  /// What is no such CBOR, or goes on after its end.
  struct Malformed: Error {}

  /// - Throws: `Malformed`, also when something follows.
  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    self = try Self.next(of: &rest)
    guard rest.isEmpty else { throw Malformed() }
  }

  /// Reads one item, and leaves what follows it.
  static func next(of rest: inout ArraySlice<UInt8>) throws -> CBOR { try item(&rest, depth: 0) }

  subscript(_ key: CBOR) -> CBOR? {
    if case .map(let entries) = self { entries[key] } else { nil }
  }

  var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }

  private static func item(_ rest: inout ArraySlice<UInt8>, depth: Int) throws -> CBOR {
    // What authenticators write is four deep at most.
    guard depth < 8, let head = try take(1, of: &rest).first else { throw Malformed() }
    let (kind, information) = (head >> 5, head & 31)
    if kind == 7 {
      guard information < 24 else { throw Malformed() }
      return .simple(information)
    }
    let count = try argument(information, &rest)
    switch kind {
    case 0: return .integer(count)
    case 1: return .integer(-1 - count)
    case 2: return .bytes(Array(try take(count, of: &rest)))
    case 3:
      guard let text = String(validating: try take(count, of: &rest), as: UTF8.self) else { throw Malformed() }
      return .text(text)
    case 4:
      // Each item takes a byte at least: no count makes a loop longer than what was sent.
      guard count <= rest.count else { throw Malformed() }
      return .array(try (0..<count).map { _ in try item(&rest, depth: depth + 1) })
    case 5:
      guard count <= rest.count else { throw Malformed() }
      var entries: [CBOR: CBOR] = [:]
      for _ in 0..<count {
        let key = try item(&rest, depth: depth + 1)
        guard entries.updateValue(try item(&rest, depth: depth + 1), forKey: key) == nil else { throw Malformed() }
      }
      return .map(entries)
    default: throw Malformed()
    }
  }

  private static func argument(_ information: UInt8, _ rest: inout ArraySlice<UInt8>) throws -> Int {
    guard information >= 24 else { return Int(information) }
    guard information <= 27 else { throw Malformed() }
    let value = try take(1 << (information - 24), of: &rest).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard value <= UInt64(Int32.max) else { throw Malformed() }
    return Int(value)
  }

  private static func take(_ count: Int, of rest: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw Malformed() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
