extension [UInt8] {
  /// Appends a text with the five characters that mean something in HTML replaced, in content as in a quoted attribute.
  mutating func appendEscaped(_ text: String) {
    var text = text
    text.withUTF8 { appendEscaped($0) }
  }

  private mutating func appendEscaped(_ source: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in source.indices {
      // The five characters come early in ASCII: letters leave by this one comparison.
      let byte = source[index]
      guard byte <= UInt8(ascii: ">"), let entity = Self.entity(for: byte) else { continue }
      append(contentsOf: source[start..<index])
      entity.withUTF8Buffer { append(contentsOf: $0) }
      start = index + 1
    }
    append(contentsOf: source[start...])
  }

  @inline(__always)
  private static func entity(for byte: UInt8) -> StaticString? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }
}
