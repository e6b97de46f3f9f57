import Foundation
import Synchronization

/// The identity of one `Subject`: a 63-bit integer made by the program before the row exists, ordered by time.
///
/// In addresses and files it is written as 13 Crockford base-32 letters.
public struct Identifier<Subject>: Hashable, Comparable, Sendable, SQLCodable, CustomStringConvertible {
  public let rawValue: Int64

  public init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  public var sqlValue: SQLValue { .int(rawValue) }

  public init(sqlValue: SQLValue) throws {
    rawValue = try Int64(sqlValue: sqlValue)
  }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The 13 letters.
  public var description: String {
    String(unsafeUninitializedCapacity: 13) { letters in
      var rest = UInt64(bitPattern: rawValue)
      for position in (0..<13).reversed() {
        letters[position] = crockford[Int(rest & 31)]
        rest >>= 5
      }
      return 13
    }
  }

  /// Reads the 13 letters, in either case; `nil` for anything else.
  public init?(_ text: String) {
    guard text.utf8.count == 13 else { return nil }
    var value: UInt64 = 0
    for byte in text.utf8 {
      // Not `uppercased()`, which makes two letters of `ß`.
      let letter = (97...122).contains(byte) ? byte - 32 : byte
      guard let digit = crockford.firstIndex(of: letter) else { return nil }
      // 13 × 5 = 65 bits: an identifier never reaches the top two, so a text that does is not one.
      guard value >> 58 == 0 else { return nil }
      value = value << 5 | UInt64(digit)
    }
    rawValue = Int64(value)
  }
}

private let crockford = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

/// Makes identifiers: 41 bits of milliseconds since 2020, 22 random bits, strictly increasing within the process.
public final class IdentifierSource: Sendable {
  private let last = Mutex<Int64>(0)
  private let now: @Sendable () -> Date
  private let randomBits: @Sendable () -> UInt64

  /// Clock and randomness are given, so that demonstration data is the same each time.
  public init(
    now: @escaping @Sendable () -> Date = { Date() },
    randomBits: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
  ) {
    self.now = now
    self.randomBits = randomBits
  }

  public func next<Subject>(_ subject: Subject.Type = Subject.self) -> Identifier<Subject> {
    let milliseconds = Int64((now().timeIntervalSince1970 - 1_577_836_800) * 1000)
    let candidate = max(0, milliseconds) << 22 | Int64(randomBits() & 0x3F_FFFF)
    let value = last.withLock { last in
      // Same millisecond, or a clock set back: go on from the last one.
      last = candidate >> 22 > last >> 22 ? candidate : last + 1
      return last
    }
    return Identifier(rawValue: value)
  }
}

extension Identifier: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let identifier = Identifier(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not an identifier"))
    }
    self = identifier
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
