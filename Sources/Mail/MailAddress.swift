/// A mailbox: an address that SMTP takes as it is, and the name shown beside it.
public struct MailAddress: Sendable, Hashable {
  public let address: String
  public let name: String?

  /// `nil` unless the address is of the plain form that every server takes: ASCII, no quotes, no comment.
  public init?(_ address: String, name: String? = nil) {
    guard Self.isPlain(address) else { return nil }
    self.address = address
    self.name = name
  }

  /// Reads `adresse@exemple.fr` or `Nom <adresse@exemple.fr>`.
  public init?(parsing text: String) {
    guard text.last == ">", let opening = text.lastIndex(of: "<") else {
      self.init(text)
      return
    }
    let name = text[..<opening].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    self.init(String(text[text.index(after: opening)...].dropLast()), name: name.isEmpty ? nil : name)
  }

  /// What stands after the `@`.
  public var domain: String { String(address.drop { $0 != "@" }.dropFirst()) }

  private static func isPlain(_ address: String) -> Bool {
    let halves = address.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, halves[0].utf8.count <= 64, halves[1].utf8.count <= 253 else { return false }
    let local = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let domain = halves[1].split(separator: ".", omittingEmptySubsequences: false)
    return local.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isAtomByte) }
      && domain.allSatisfy { label in
        !label.isEmpty && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
      }
  }
}

/// Whether a byte may stand in a word of an address or of a name without any quoting (RFC 5322, `atext`).
func isAtomByte(_ byte: UInt8) -> Bool {
  isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
  default: false
  }
}
