import Foundation

/// The form in which texts are compared and searched: lower case, no accents, `œ` as `oe`, one kind of apostrophe,
/// single spaces. Neither engine can do it, so it is computed here and stored in columns named `…_fold`.
public enum Fold {
  public static func key(_ text: some StringProtocol) -> String {
    var result = ""
    var pendingSpace = false
    func append(_ piece: String) {
      if pendingSpace, !result.isEmpty { result += " " }
      pendingSpace = false
      result += piece
    }
    let isPlain = text.utf8.allSatisfy { $0 < 128 }
    let source = isPlain ? text.lowercased() : text.lowercased().decomposedStringWithCompatibilityMapping
    for scalar in source.unicodeScalars {
      switch scalar {
      case "œ": append("oe")
      case "æ": append("ae")
      case "’", "‘", "ʼ", "`", "´": append("'")
      case "\u{300}"..."\u{36F}": continue
      default:
        if scalar.properties.isWhitespace { pendingSpace = true } else { append(String(scalar)) }
      }
    }
    return result
  }

  /// A code made from a label: lower-case ASCII, words joined by `_`.
  public static func code(_ label: String) -> String {
    key(label).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "_")
  }

  /// `key` as a pattern of `LIKE … ESCAPE '\'` that finds it anywhere.
  public static func pattern(containing text: String) -> String {
    var pattern = "%"
    for character in key(text) {
      if "%_\\".contains(character) { pattern += "\\" }
      pattern.append(character)
    }
    return pattern + "%"
  }
}
