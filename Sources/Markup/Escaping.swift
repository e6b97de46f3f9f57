extension [UInt8] {
  /// Appends a text with the five characters that mean something in HTML replaced, in content as in a quoted attribute.
  mutating func appendEscaped(_ text: String) {
    var text = text
    text.withUTF8 { source in
      var start = 0
      for index in source.indices {
        guard let entity = Self.entity(for: source[index]) else { continue }
        append(contentsOf: source[start..<index])
        append(contentsOf: entity.utf8)
        start = index + 1
      }
      append(contentsOf: source[start...])
    }
  }

  private static func entity(for byte: UInt8) -> String? {
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
