/// Percent-encoding of addresses, over bytes.
enum PercentEncoding {
  static func encoding(_ text: String) -> String {
    encoding(text, keeping: isUnreserved)
  }

  static func encodingNonASCII(_ text: String) -> String {
    encoding(text) { $0 < 128 }
  }

  /// Reads a query name or value, where a form writes a space as `+`.
  static func decoding(_ text: Substring.UTF8View) -> String {
    let source = Array(text)
    guard source.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
      return String(decoding: source, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "%"), let byte = byte(source, at: index + 1) {
        bytes.append(byte)
        index += 3
      } else {
        bytes.append(source[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : source[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func encoding(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
    if text.utf8.allSatisfy(isKept) { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isKept(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func byte(_ source: [UInt8], at index: Int) -> UInt8? {
    guard index + 1 < source.count, let high = value(of: source[index]), let low = value(of: source[index + 1]) else {
      return nil
    }
    return high << 4 | low
  }

  private static func value(of digit: UInt8) -> UInt8? {
    Character(UnicodeScalar(digit)).hexDigitValue.map(UInt8.init)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static let digits = Array("0123456789ABCDEF".utf8)
}
