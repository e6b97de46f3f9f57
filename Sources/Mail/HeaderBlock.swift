import Foundation

/// Header lines as they travel: ASCII, folded before column 78, and one header a call whatever the values hold.
struct HeaderBlock {
  private(set) var text = ""

  private static let width = 76

  /// A header whose value is plain text.
  mutating func add(_ name: String, text value: String) {
    add(name, words: Self.words(of: value, atMost: Self.width - 2) { (33...126).contains($0) })
  }

  /// A header whose value may have a form of its own: a long address in it is left whole, past the width.
  mutating func add(_ header: MailHeader) {
    add(header.name, words: Self.words(of: header.value, atMost: 900) { (33...126).contains($0) })
  }

  /// A header whose value is a list of mailboxes; nothing when there is none.
  mutating func add(_ name: String, _ addresses: [MailAddress]) {
    guard !addresses.isEmpty else { return }
    let lists = addresses.map { address in
      Self.words(of: address.name ?? "", atMost: Self.width - 2, isPlain: isAtomByte) + [
        address.name == nil ? address.address : "<\(address.address)>"
      ]
    }
    let separated = lists.dropLast().map { $0.dropLast() + ["\($0.last ?? ""),"] } + lists.suffix(1)
    add(name, words: separated.flatMap(\.self))
  }

  /// - Parameter words: ASCII without space or control: only here do lines end.
  mutating func add(_ name: String, words: [String]) {
    text += "\(name):"
    var column = name.utf8.count + 1
    for word in words {
      if column + 1 + word.utf8.count > Self.width {
        text += "\r\n"
        column = 0
      }
      text += " \(word)"
      column += 1 + word.utf8.count
    }
    text += "\r\n"
  }

  /// The words of a text, encoded by RFC 2047 when one of them is not plain, is too long for a line or reads like an encoded one.
  private static func words(of text: String, atMost limit: Int, isPlain: (UInt8) -> Bool) -> [String] {
    let words = visible(text).split(separator: " ").map(String.init)
    let isPlain = words.allSatisfy { word in
      word.utf8.count <= limit && !word.contains("=?") && word.utf8.allSatisfy(isPlain)
    }
    return isPlain ? words : encoded(words.joined(separator: " "))
  }

  /// Line ends and other controls become spaces.
  private static func visible(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Encoded words of at most 64 columns, cut between characters' scalars.
  private static func encoded(_ text: String) -> [String] {
    var chunks: [[UInt8]] = [[]]
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if chunks[chunks.count - 1].count + bytes.count > 39 { chunks.append([]) }
      chunks[chunks.count - 1] += bytes
    }
    return chunks.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }
  }

  /// A parameter such as a file's name, encoded and cut by RFC 2231: words that follow `attachment;`.
  static func parameter(_ name: String, _ value: String) -> [String] {
    var chunks = ["UTF-8''"]
    for scalar in visible(value).unicodeScalars {
      let letter = String(scalar).utf8.map { byte in
        let isPlain = isAtomByte(byte) && !"*'%/?=".utf8.contains(byte) || byte == UInt8(ascii: ".")
        return isPlain ? String(UnicodeScalar(byte)) : "%" + hexadecimal(byte)
      }.joined()
      if chunks[chunks.count - 1].utf8.count + letter.utf8.count > 55 { chunks.append("") }
      chunks[chunks.count - 1] += letter
    }
    guard chunks.count > 1 else { return ["\(name)*=\(chunks[0])"] }
    let numbered = chunks.enumerated().map { "\(name)*\($0.offset)*=\($0.element)" }
    return numbered.dropLast().map { $0 + ";" } + numbered.suffix(1)
  }
}

/// Two capital digits.
func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.utf8.count == 2 ? digits : "0" + digits
}
