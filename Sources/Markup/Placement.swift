#if DEBUG
  /// Follows the literal parts of an ``HTML`` value to know where the next value lands.
  ///
  /// Escaping makes a value harmless in text and in a quoted attribute, nowhere else. Debug builds check that every value
  /// lands there, so that a release build has nothing to check.
  struct Placement {
    private enum Spot: Equatable {
      case text, tagName, tag, attributeName, afterEquals, quoted(UInt8), unquoted, comment
    }

    private var spot = Spot.text
    private var tag: [UInt8] = []
    private var attribute: [UInt8] = []
    private var valueIsEmpty = true
    private var isRaw = false
    private var commentEnd: [UInt8] = []

    mutating func read(_ literal: String) {
      for byte in literal.utf8 { read(byte) }
    }

    private mutating func read(_ byte: UInt8) {
      switch spot {
      case .text: if byte == UInt8(ascii: "<") { startTag() }
      case .tagName: readTagName(byte)
      case .tag: readTag(byte)
      case .attributeName: readAttributeName(byte)
      case .afterEquals: readAfterEquals(byte)
      case .quoted(let quote):
        if byte == quote { spot = .tag } else { valueIsEmpty = false }
      case .unquoted: if isSpace(byte) { spot = .tag } else if byte == UInt8(ascii: ">") { endTag() }
      case .comment: readComment(byte)
      }
    }

    private mutating func startTag() {
      spot = .tagName
      tag = []
    }

    private mutating func readTagName(_ byte: UInt8) {
      if byte == UInt8(ascii: ">") { return endTag() }
      if isSpace(byte) || (byte == UInt8(ascii: "/") && !tag.isEmpty) {
        spot = .tag
        return
      }
      tag.append(lowercased(byte))
      if tag == Array("!--".utf8) {
        spot = .comment
        commentEnd = []
      }
    }

    private mutating func readTag(_ byte: UInt8) {
      if byte == UInt8(ascii: ">") { return endTag() }
      if isSpace(byte) || byte == UInt8(ascii: "/") { return }
      spot = .attributeName
      attribute = [lowercased(byte)]
    }

    private mutating func readAttributeName(_ byte: UInt8) {
      if byte == UInt8(ascii: ">") { return endTag() }
      if byte == UInt8(ascii: "=") {
        spot = .afterEquals
      } else if isSpace(byte) {
        spot = .tag
      } else {
        attribute.append(lowercased(byte))
      }
    }

    private mutating func readAfterEquals(_ byte: UInt8) {
      if byte == UInt8(ascii: ">") { return endTag() }
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        spot = .quoted(byte)
        valueIsEmpty = true
      } else if !isSpace(byte) {
        spot = .unquoted
      }
    }

    private mutating func readComment(_ byte: UInt8) {
      commentEnd = commentEnd.suffix(2) + [byte]
      if commentEnd == Array("-->".utf8) { spot = .text }
    }

    private mutating func endTag() {
      let name = String(decoding: tag, as: UTF8.self)
      if isRaw {
        isRaw = name != "/script" && name != "/style"
      } else {
        isRaw = name == "script" || name == "style"
      }
      spot = .text
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
  }

  extension Placement {
    typealias Value = HTML.Interpolation.Value

    /// Says what is wrong with a value at this place, in a sentence for the programmer.
    mutating func fault(of kind: Value) -> String? {
      switch spot {
      case .text: return isRaw ? "HTML: a value inside <script> or <style>. Put it in a data- attribute." : nil
      case .comment: return "HTML: a value inside a comment."
      case .afterEquals, .unquoted: return "HTML: a value after an unquoted = (\(name)). Write \(name)=\"\\(value)\"."
      case .tagName, .tag, .attributeName:
        return "HTML: a value inside <\(String(decoding: tag, as: UTF8.self))> but outside quotes. Use \\(attribute:)."
      case .quoted:
        defer { valueIsEmpty = false }
        return fault(ofQuoted: kind, in: name)
      }
    }

    /// Says what is wrong with a whole attribute at this place.
    mutating func fault(ofAttribute name: String, _ kind: Value) -> String? {
      guard spot == .tag || spot == .tagName || spot == .attributeName else { return "HTML: attribute \(name) outside a tag." }
      spot = .tag
      if kind == .link { return nil }
      return executes(name) || takesLink(name) && kind == .text ? fault(of: kind, forbiddenIn: name) : nil
    }

    private var name: String { String(decoding: attribute, as: UTF8.self) }

    private func fault(ofQuoted kind: Value, in name: String) -> String? {
      if kind == .html { return "HTML: a piece of HTML inside the attribute \(name)." }
      if executes(name) { return fault(of: kind, forbiddenIn: name) }
      guard takesLink(name) else { return nil }
      switch kind {
      case .link: return valueIsEmpty ? nil : "HTML: a link that does not start the attribute \(name)."
      case .number: return valueIsEmpty ? fault(of: kind, forbiddenIn: name) : nil
      case .text, .html: return fault(of: kind, forbiddenIn: name)
      }
    }

    private func fault(of kind: Value, forbiddenIn name: String) -> String {
      takesLink(name)
        ? "HTML: a plain value in the attribute \(name), which takes only a Link."
        : "HTML: a value inside the attribute \(name), which runs it. Use a class or a data- attribute."
    }

    private func executes(_ name: String) -> Bool {
      name == "style" || name == "srcdoc" || name.hasPrefix("on")
    }

    private func takesLink(_ name: String) -> Bool {
      Self.linkAttributes.contains(name)
    }

    private static let linkAttributes: Set = [
      "href", "src", "action", "formaction", "xlink:href", "poster", "data", "ping", "cite", "srcset", "background",
    ]
  }
#endif
