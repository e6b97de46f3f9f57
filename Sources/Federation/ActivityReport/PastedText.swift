import Foundation

/// Texts as they come out of word processors and web pages, made into plain Markdown: nothing of what they say is lost, only how they
/// were dressed.
enum PastedText {
  static func cleaned(_ text: String) -> String {
    let plain = hasTags(text) ? markdown(of: text) : text
    let lines = visible(plain.replacing("\r\n", with: "\n").replacing("\r", with: "\n")).split(
      separator: "\n", omittingEmptySubsequences: false)
    var kept: [String] = []
    var empty = 0
    for line in lines.map({ spaced(listed(String($0))) }) {
      empty = line.isEmpty ? empty + 1 : 0
      // A second empty line says nothing more.
      if empty < 2 { kept.append(line) }
    }
    return kept.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Without what nobody sees: hyphens of another page's lines, marks of direction, joiners.
  private static func visible(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{AD}", "\u{200B}", "\u{200C}", "\u{2060}", "\u{FEFF}", "\u{FFFC}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}",
        "\u{E000}"..."\u{F8FF}" where !bullets.contains(scalar):
        continue
      case "\u{2028}", "\u{2029}", "\u{0B}", "\u{0C}": scalars.append("\n")
      case "\u{2011}": scalars.append("-")
      case _ where scalar.value < 32 && scalar != "\n" && scalar != "\t": continue
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  private static let hardSpaces: Set<Character> = ["\u{A0}", "\u{202F}"]

  /// No-break spaces only where French asks for them: before signs, inside « », between a number and what follows it.
  private static func spaced(_ line: String) -> String {
    let characters = Array(line)
    var result = ""
    for (index, character) in characters.enumerated() {
      guard hardSpaces.contains(character) else {
        result.append(character == "\t" && index > 0 ? " " : character)
        continue
      }
      let before = index > 0 ? characters[index - 1] : " "
      let after = index + 1 < characters.count ? characters[index + 1] : " "
      let isWanted = ":;!?»%€".contains(after) || before == "«" || before.isNumber
      result.append(isWanted ? character : " ")
    }
    // At the end of a line two spaces are a sign of Markdown that nobody has typed.
    while result.last == " " || result.last == "\t" { result.removeLast() }
    return result
  }

  /// Word's own signs among them, which lie where Unicode has left room.
  private static let bullets: Set<Unicode.Scalar> = ["•", "·", "▪", "◦", "‣", "●", "○", "■", "\u{F0B7}", "\u{F0A7}", "\u{F0D8}"]

  /// A line that a word processor began with a bullet is an item of a list.
  private static func listed(_ line: String) -> String {
    let content = line.drop { $0 == " " || $0 == "\t" }
    guard let first = content.unicodeScalars.first else { return "" }
    let rest = content.dropFirst().drop { $0 == " " || $0 == "\t" || hardSpaces.contains($0) }
    if bullets.contains(first) { return rest.isEmpty ? "" : "- \(rest)" }
    let isDash =
      (first == "–" || first == "—" || first == "o")
      && content.dropFirst().first.map { $0 == "\t" || $0 == " " || hardSpaces.contains($0) } ?? false
    // A dash opens a list or what somebody says; « o » only where a tab follows it.
    if isDash, first != "o" || content.dropFirst().first == "\t" { return rest.isEmpty ? "" : "- \(rest)" }
    // Four spaces would make code of a line that was only set in.
    return content.hasPrefix("- ") || content.hasPrefix("* ") || content.first?.isNumber == true ? line : String(content)
  }
}

extension PastedText {
  /// Only what is surely a piece of a page: « 3 < 5 » is a text.
  private static func hasTags(_ text: String) -> Bool {
    text.contains(/<\/?(p|br|div|span|b|strong|i|em|ul|ol|li|h[1-6]|a|table|tr|td|html|body|style|o:p)(\s[^<>]*)?\/?>/.ignoresCase())
  }

  /// The words of a page with the little of its dress that Markdown says.
  private static func markdown(of html: String) -> String {
    var text = html.replacing(/<!--.*?-->/.dotMatchesNewlines(), with: "")
    text = text.replacing(/<(style|script|head|title)\b.*?<\/(style|script|head|title)>/.dotMatchesNewlines().ignoresCase(), with: "")
    // In a page the ends of lines mean nothing; in a text that somebody typed with a few tags they do.
    if text.contains(/<(p|div|br|li|h[1-6]|table|html|body)[\s>\/]/.ignoresCase()) { text = text.replacing(/\s*\n\s*/, with: " ") }
    text = text.replacing(/<a\s[^<>]*?href="(https?:\/\/[^"<>\s]+)"[^<>]*>(.*?)<\/a>/.ignoresCase()) { "[\($0.2)](\($0.1))" }
    text = text.replacing(/<\/?([a-z][a-z0-9:]*)(\s[^<>]*)?\/?>/.ignoresCase()) { match in
      mark(String(match.1).lowercased(), closes: match.0.hasPrefix("</"))
    }
    return decoded(text)
  }

  private static func mark(_ tag: String, closes: Bool) -> String {
    switch tag {
    case "b", "strong": "**"
    case "i", "em": "*"
    case "br": "\n"
    case "li": closes ? "" : "\n- "
    case "h1", "h2", "h3", "h4", "h5", "h6": closes ? "\n\n" : "\n\n### "
    case "p", "div", "ul", "ol", "table", "blockquote": "\n\n"
    case "tr": "\n"
    case "td", "th": closes ? " " : ""
    default: ""
    }
  }

  private static let entities = [
    ("&nbsp;", "\u{A0}"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "’"), ("&rsquo;", "’"), ("&laquo;", "«"),
    ("&raquo;", "»"), ("&eacute;", "é"), ("&egrave;", "è"), ("&agrave;", "à"), ("&ccedil;", "ç"), ("&ecirc;", "ê"), ("&hellip;", "…"),
    ("&ndash;", "–"), ("&euro;", "€"), ("&amp;", "&"),
  ]

  private static func decoded(_ text: String) -> String {
    entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}
