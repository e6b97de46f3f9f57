import Foundation
import Store

/// The text of a comment as it is kept, and as it is read.
public enum CommentText {
  /// Lines as they were typed, without what nobody sees: control characters, and marks that turn the direction of what follows.
  public static func cleaned(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").unicodeScalars {
      switch scalar {
      case "\n", "\t": scalars.append(scalar)
      case "\u{2028}", "\u{2029}": scalars.append("\n")
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FEFF}", "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": continue
      default: scalars.append(scalar)
      }
    }
    return String(scalars).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A part of a text.
  public enum Piece: Sendable, Equatable {
    case text(String)
    /// An address as it was typed, which opens.
    case address(String)
    /// « @Claire Vasseur »
    case mention(String)
  }

  /// - Parameter names: of those whom the comment mentions.
  public static func pieces(of text: String, mentioning names: [String]) -> [Piece] {
    var (pieces, plain): ([Piece], String) = ([], "")
    var rest = text[...]
    func keep() {
      if !plain.isEmpty { pieces.append(.text(plain)) }
      plain = ""
    }
    var last: Character?
    while let first = rest.first {
      let begins = last.map { !$0.isLetter && !$0.isNumber } ?? true
      if begins, first == "@", let name = mention(in: rest.dropFirst(), among: names) {
        keep()
        pieces.append(.mention("@" + rest.dropFirst().prefix(name.count)))
        rest = rest.dropFirst(name.count + 1)
        last = name.last
      } else if begins, first == "h" || first == "H", let address = address(in: rest) {
        keep()
        pieces.append(.address(address))
        rest = rest.dropFirst(address.count)
        last = address.last
      } else {
        plain.append(first)
        last = first
        rest = rest.dropFirst()
      }
    }
    keep()
    return pieces
  }

  /// « @Jean Inconnu »: what calls nobody though it looks like it.
  /// - Parameter names: of those whom the comment mentions.
  public static func calls(of text: String, mentioningNobodyOf names: [String]) -> [String] {
    pieces(of: text, mentioning: names).flatMap { piece -> [String] in
      guard case .text(let text) = piece else { return [] }
      // Up to three words that begin as names do.
      return text.matches(of: /(^|[^\p{L}\p{N}])(@\p{L}[\p{L}'’\-]*(?: \p{Lu}[\p{L}'’\-]*){0,2})/).map { String($0.2) }
    }
  }

  /// The longest of the names that a text begins with, whatever its accents and capitals; a longer word is another name.
  public static func mention(in text: Substring, among names: [String]) -> String? {
    names.filter { name in
      let start = text.prefix(name.count)
      guard !name.isEmpty, Fold.key(start) == Fold.key(name), start.last?.isWhitespace == false else { return false }
      return text.dropFirst(name.count).first.map { !$0.isLetter && !$0.isNumber } ?? true
    }.max { $0.count < $1.count }
  }

  /// `https://…` up to the space; what ends a sentence is not part of it.
  private static func address(in text: Substring) -> String? {
    let word = text.prefix { !$0.isWhitespace && !"<>\"«»".contains($0) }
    guard ["http://", "https://"].contains(where: { word.lowercased().hasPrefix($0) && word.count > $0.count }) else { return nil }
    var address = word
    while let last = address.last, ".,;:!?…'’".contains(last) || (last == ")" && !address.contains("(")) { address = address.dropLast() }
    return address.count > "https://".count ? String(address) : nil
  }
}
