/// The words of a text in HTML that came from elsewhere: a mail, a note of another program. Nothing of it is ever shown as a page.
public enum HTMLReading {
  public static func text(_ html: String) -> String {
    // By bytes, each of which is looked at once or twice: what is sent to us may be made to take long.
    let bytes = Array(html.utf8.prefix(1_000_000))
    var (result, start) = ("", 0)
    while let tag = bytes[start...].firstIndex(of: UInt8(ascii: "<")) {
      result += words(bytes[start..<tag])
      if bytes[tag...].starts(with: "<!--".utf8) {
        start = end(of: "-->", in: bytes, from: tag + 4)
        continue
      }
      guard let close = bytes[tag...].firstIndex(of: UInt8(ascii: ">")) else { return tidy(result) }
      let isEnd = bytes[tag + 1] == UInt8(ascii: "/")
      let name = String(
        decoding: bytes[(tag + (isEnd ? 2 : 1))..<max(close, tag + (isEnd ? 2 : 1))].prefix(20).prefix(while: isLetter), as: UTF8.self
      )
      .lowercased()
      start = close + 1
      if unread.contains(name), !isEnd {
        start = end(of: "</\(name)", in: bytes, from: start)
        start = bytes[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? bytes.count
      } else if blocks.contains(name) {
        result += name == "li" && !isEnd ? "\n- " : "\n"
      } else if name == "td" || name == "th" {
        result += " "
      }
    }
    return tidy(result + words(bytes[start...]))
  }

  private static let unread: Set = ["script", "style", "head", "title"]
  private static let blocks: Set = [
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "article", "pre",
  ]

  private static func isLetter(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 32) || (48...57).contains(byte)
  }

  /// After the first occurrence of some ASCII text, whatever its case; the end of all when there is none.
  private static func end(of text: String, in bytes: [UInt8], from start: Int) -> Int {
    let sought = Array(text.utf8)
    var index = start
    while index + sought.count <= bytes.count {
      if zip(sought, bytes[index...]).allSatisfy({ $0 == $1 || isLetter($0) && $0 == $1 | 32 }) { return index + sought.count }
      index += 1
    }
    return bytes.count
  }

  /// Spaces within lines, and empty lines, at most one of each.
  private static func tidy(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if !line.isEmpty || lines.last?.isEmpty == false { lines.append(line) }
    }
    return lines.joined(separator: "\n")
  }

  /// Between two tags: ends of lines are spaces, and entities letters.
  private static func words(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self).replacing(/&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});/) { match in
      let name = match.1
      guard name.hasPrefix("#") else { return entities[String(name)] ?? String(match.0) }
      let digits = name.dropFirst()
      let value = digits.first?.lowercased() == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return value.flatMap(UnicodeScalar.init).map { $0.value == 0 ? "" : String($0) } ?? ""
    }.map { $0.isNewline ? " " : String($0) }.joined()
  }

  private static let entities: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç",
    "ecirc": "ê", "acirc": "â", "ocirc": "ô", "icirc": "î", "ucirc": "û", "ugrave": "ù", "euml": "ë", "iuml": "ï", "oelig": "œ",
    "rsquo": "’", "lsquo": "‘", "ldquo": "“", "rdquo": "”", "laquo": "«", "raquo": "»", "hellip": "…", "ndash": "–", "mdash": "—",
    "euro": "€", "deg": "°", "Eacute": "É", "Agrave": "À", "Ccedil": "Ç", "copy": "©", "middot": "·", "bull": "•",
  ]
}
