import Crypto
import Foundation

/// Six digits that change every half minute, as telephones work them out from a secret that both sides know (RFC 6238, over
/// RFC 4226 with SHA-1, which is what the applications of telephones do).
struct TimedCode: Sendable {
  /// 160 bits, as RFC 4226 recommends.
  let key: [UInt8]

  static let step: TimeInterval = 30

  init(key: [UInt8]) {
    self.key = key
  }

  static func random() -> TimedCode { TimedCode(key: SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { Array($0) }) }

  static func step(at now: Date) -> Int { Int((now.timeIntervalSince1970 / step).rounded(.down)) }

  /// The digits of a step.
  func digits(_ step: Int, count: Int = 6) -> String {
    let counter = withUnsafeBytes(of: UInt64(max(step, 0)).bigEndian) { Data($0) }
    let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: key)))
    let start = Int(mac[mac.count - 1] & 0x0F)
    let number = mac[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
    return String(String(number + 10_000_000_000).suffix(count))
  }

  /// The step whose digits these are: the present one, or a neighbour for a clock that is a little off.
  func step(of typed: String, at now: Date) -> Int? {
    let typed = typed.filter { !$0.isWhitespace }
    let present = Self.step(at: now)
    // All three are worked out and compared in full, so that the time of the answer says nothing.
    return [present, present - 1, present + 1].filter { Self.areEqual(digits($0), typed) }.first
  }

  private static func areEqual(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// Bytes in letters that are easily typed (RFC 4648), as telephones take a secret.
enum Base32 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var (buffer, bits) = (0, 0)
    var text: [UInt8] = []
    for byte in bytes {
      buffer = buffer << 8 | Int(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(letters[buffer >> bits & 31])
      }
      buffer &= (1 << bits) - 1
    }
    if bits > 0 { text.append(letters[buffer << (5 - bits) & 31]) }
    return String(decoding: text, as: UTF8.self)
  }
}
