import Foundation

/// One part of a message as it arrived, which may be anything: nothing in it is trusted, and its nesting has an end.
struct MIMEPart {
  let headers: MIMEHeaders
  /// As it travelled.
  private let body: ArraySlice<UInt8>
  let parts: [MIMEPart]

  private static let deepest = 12
  private static let mostParts = 200

  init(_ bytes: ArraySlice<UInt8>) {
    var budget = Self.mostParts
    self.init(bytes, depth: 0, &budget)
  }

  private init(_ bytes: ArraySlice<UInt8>, depth: Int, _ budget: inout Int) {
    budget -= 1
    let end = Self.headEnd(bytes)
    headers = MIMEHeaders(bytes[bytes.startIndex..<end.head])
    body = bytes[end.body...]
    var parts: [MIMEPart] = []
    let boundary = headers.contentType.parameters["boundary"] ?? ""
    if depth < Self.deepest, headers.contentType.type.hasPrefix("multipart/"), !boundary.isEmpty {
      for piece in Self.pieces(of: body, boundary) where budget > 0 { parts.append(MIMEPart(piece, depth: depth + 1, &budget)) }
    } else if depth < Self.deepest, headers.contentType.type == "message/rfc822", budget > 0 {
      parts = [MIMEPart(ArraySlice(Self.decoded(body, headers.encoding)), depth: depth + 1, &budget)]
    }
    self.parts = parts
  }

  /// What it holds, without the encoding that it travelled in.
  var content: [UInt8] { Self.decoded(body, headers.encoding) }

  /// What it says, in whatever letters it was written.
  var text: String {
    MailCharset.text(content, headers.contentType.parameters["charset"]).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
  }

  /// The end of the header lines, and the beginning of what follows the empty line.
  private static func headEnd(_ bytes: ArraySlice<UInt8>) -> (head: Int, body: Int) {
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.endIndex
      let line = bytes[start..<end]
      let next = min(end + 1, bytes.endIndex)
      if line.isEmpty || line.elementsEqual([13]) { return (start, next) }
      start = next
    }
    return (bytes.endIndex, bytes.endIndex)
  }

  /// Between the lines of a boundary; without the last one, up to the end.
  private static func pieces(of body: ArraySlice<UInt8>, _ boundary: String) -> [ArraySlice<UInt8>] {
    let mark = Array("--\(boundary)".utf8)
    var (pieces, begun, start): ([ArraySlice<UInt8>], Int?, Int) = ([], nil, body.startIndex)
    while start < body.endIndex {
      let end = body[start...].firstIndex(of: 10) ?? body.endIndex
      let line = body[start..<end]
      if line.starts(with: mark) {
        let rest = line.dropFirst(mark.count)
        let isLast = rest.starts(with: Array("--".utf8))
        if isLast || rest.allSatisfy({ [9, 13, 32].contains($0) }) {
          if let begun { pieces.append(body[begun..<max(begun, start)]) }
          if isLast { return pieces }
          begun = min(end + 1, body.endIndex)
        }
      }
      start = min(end + 1, body.endIndex)
    }
    if let begun { pieces.append(body[begun...]) }
    return pieces
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>, _ encoding: String) -> [UInt8] {
    switch encoding {
    case "base64": base64(bytes)
    case "quoted-printable": quotedPrintable(bytes)
    default: Array(bytes)
    }
  }

  /// Whatever is no letter of base 64 is passed over.
  static func base64(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var (result, bits, count): ([UInt8], UInt32, Int) = ([], 0, 0)
    for byte in bytes {
      let value: UInt8
      switch byte {
      case 65...90: value = byte - 65
      case 97...122: value = byte - 71
      case 48...57: value = byte + 4
      case 43, 45: value = 62
      case 47, 95: value = 63
      default: continue
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return result
  }

  /// - Parameter isHeader: an underscore is a space (RFC 2047).
  static func quotedPrintable(_ bytes: ArraySlice<UInt8>, isHeader: Bool = false) -> [UInt8] {
    var result: [UInt8] = []
    var index = bytes.startIndex
    func digit(_ at: Int) -> UInt8? { at < bytes.endIndex ? Character(UnicodeScalar(bytes[at])).hexDigitValue.map(UInt8.init) : nil }
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "="), let high = digit(index + 1), let low = digit(index + 2) {
        result.append(high << 4 | low)
        index += 3
      } else if byte == UInt8(ascii: "="), let end = bytes[(index + 1)...].firstIndex(where: { ![9, 13, 32].contains($0) }),
        bytes[end] == 10
      {
        index = end + 1
      } else {
        result.append(isHeader && byte == UInt8(ascii: "_") ? 32 : byte)
        index += 1
      }
    }
    return result
  }
}

/// The header lines of a part, unfolded.
struct MIMEHeaders {
  /// Names in small letters, in their order.
  private let lines: [(name: String, value: String)]

  /// Of what is read of them, in bytes: no honest message has more.
  private static let limit = 262_144

  init(_ bytes: ArraySlice<UInt8>) {
    var lines: [(name: String, value: String)] = []
    for line in MailCharset.text(Array(bytes.prefix(Self.limit)), nil).split(whereSeparator: \.isNewline) {
      if line.first == " " || line.first == "\t", !lines.isEmpty {
        lines[lines.count - 1].value += " " + line.trimmingCharacters(in: .whitespaces)
      } else if let colon = line.firstIndex(of: ":") {
        let name = line[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
        lines.append((name, line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)))
      }
    }
    self.lines = lines
  }

  /// The first one of a name, as it stands.
  subscript(_ name: String) -> String? { lines.first { $0.name == name }?.value }

  func all(_ name: String) -> [String] { lines.filter { $0.name == name }.map(\.value) }

  /// The text of a header, its encoded words read (RFC 2047).
  func text(_ name: String) -> String? { self[name].map { EncodedWords.decoded(String($0.prefix(4_000))) } }

  var encoding: String { (self["content-transfer-encoding"] ?? "").lowercased() }
  var contentType: MIMEValue { MIMEValue(self["content-type"] ?? "text/plain") }
  var disposition: MIMEValue { MIMEValue(self["content-disposition"] ?? "") }

  /// The name of a file, wherever it is said.
  var fileName: String? {
    let name = disposition.parameters["filename"] ?? contentType.parameters["name"]
    return name.map(EncodedWords.decoded).flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// A header of the form `type; name=value` (RFC 2045, RFC 2231).
struct MIMEValue {
  let type: String
  let parameters: [String: String]

  /// Only its beginning is read: looking for parameters takes a time that grows faster than the text.
  init(_ header: String) {
    let text = String(header.prefix(4_000))
    type = (text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first ?? "").trimmingCharacters(in: .whitespaces)
      .lowercased()
    var (plain, pieces): ([String: String], [String: [(number: Int, value: String, isEncoded: Bool)]]) = ([:], [:])
    for match in text.matches(of: /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/) {
      let value = match.2.map { String($0.replacing(/\\(.)/) { $0.1 }) } ?? match.3.map(String.init) ?? ""
      let name = match.1.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(String.init)
      if name.count == 1 {
        plain[name[0]] = plain[name[0]] ?? value
      } else {
        pieces[name[0], default: []].append((Int(name[1]) ?? 0, value, name.last == ""))
      }
    }
    for (name, list) in pieces {
      var (bytes, charset): ([UInt8], String?) = ([], nil)
      for (position, piece) in list.sorted(by: { $0.number < $1.number }).enumerated() {
        var value = piece.value[...]
        if piece.isEncoded, position == 0 {
          let halves = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
          if halves.count == 3 { (charset, value) = (String(halves[0]), halves[2]) }
        }
        bytes += piece.isEncoded ? MIMEPart.quotedPrintable(ArraySlice(value.replacing("%", with: "=").utf8)) : Array(value.utf8)
      }
      plain[name] = MailCharset.text(bytes, charset)
    }
    parameters = plain
  }
}

/// Letters beyond ASCII in headers (RFC 2047): `=?utf-8?B?w6k=?=`.
enum EncodedWords {
  static func decoded(_ text: String) -> String {
    guard text.contains("=?") else { return text }
    var (result, rest): (String, Substring) = ("", text[...])
    // Words of one alphabet side by side are one text: a letter may be cut between them.
    var pending: (bytes: [UInt8], charset: String)?
    func flush() {
      if let held = pending { result += MailCharset.text(held.bytes, held.charset) }
      pending = nil
    }
    while let match = rest.firstMatch(of: /=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=/) {
      let between = rest[..<match.range.lowerBound]
      if pending == nil || !between.allSatisfy(\.isWhitespace) {
        flush()
        result += between
      }
      let bytes =
        match.2.lowercased() == "b" ? MIMEPart.base64(match.3.utf8) : MIMEPart.quotedPrintable(ArraySlice(match.3.utf8), isHeader: true)
      let charset = match.1.lowercased()
      if pending?.charset != charset { flush() }
      pending = ((pending?.bytes ?? []) + bytes, charset)
      rest = rest[match.range.upperBound...]
    }
    flush()
    return result + rest
  }
}

/// The letters of a text by the name that a message gives them; what is not so is read as most mail is.
enum MailCharset {
  static func text(_ bytes: [UInt8], _ name: String?) -> String {
    let known = name.flatMap { encodings[$0.lowercased()] }
    let tried = ([known].compactMap(\.self) + [.utf8, .windowsCP1252, .isoLatin1]).lazy.compactMap { String(bytes: bytes, encoding: $0) }
    // Zeros end texts in databases.
    let text = (tried.first ?? String(decoding: bytes, as: UTF8.self)).replacing("\0", with: "")
    return name?.lowercased() == "iso-8859-15" ? String(text.map { latin9[$0] ?? $0 }) : text
  }

  private static let encodings: [String: String.Encoding] = [
    "utf-8": .utf8, "utf8": .utf8, "us-ascii": .utf8, "ascii": .utf8, "iso-8859-1": .windowsCP1252, "latin1": .windowsCP1252,
    "iso-8859-15": .isoLatin1, "windows-1252": .windowsCP1252, "cp1252": .windowsCP1252, "iso-8859-2": .isoLatin2,
    "windows-1250": .windowsCP1250, "windows-1251": .windowsCP1251, "windows-1253": .windowsCP1253, "windows-1254": .windowsCP1254,
    "utf-16": .utf16, "utf-16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian, "macintosh": .macOSRoman, "shift_jis": .shiftJIS,
    "iso-2022-jp": .iso2022JP, "euc-jp": .japaneseEUC,
  ]

  private static let latin9: [Character: Character] = [
    "\u{A4}": "€", "\u{A6}": "Š", "\u{A8}": "š", "\u{B4}": "Ž", "\u{B8}": "ž", "\u{BC}": "Œ", "\u{BD}": "œ", "\u{BE}": "Ÿ",
  ]
}
