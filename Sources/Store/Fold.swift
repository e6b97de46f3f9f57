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
    for scalar in (isPlain ? String(text) : decomposed(text)).lowercased().unicodeScalars {
      switch scalar {
      case "œ": append("oe")
      case "æ": append("ae")
      case "’", "‘", "ʼ", "`": append("'")
      case "\u{300}"..."\u{36F}": continue
      default:
        if scalar.properties.isWhitespace { pendingSpace = true } else { append(String(scalar)) }
      }
    }
    return result
  }

  private static func decomposed(_ text: some StringProtocol) -> String {
    // Decomposition makes a space and an accent of `´`, which people type as an apostrophe.
    let scalars = text.unicodeScalars.map { $0 == "´" ? "'" : $0 }
    return String(String.UnicodeScalarView(scalars)).decomposedStringWithCompatibilityMapping
  }

  /// A code made from a label: lower-case ASCII, words joined by `_`.
  public static func code(_ label: String) -> String {
    key(label).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "_")
  }

  /// `key` as a pattern of `LIKE … ESCAPE '\'` that finds it anywhere.
  public static func pattern(containing text: String) -> String {
    var pattern = "%"
    // By scalars: a combining sign after `%` must not hide it.
    for scalar in key(text).unicodeScalars {
      if "%_\\".unicodeScalars.contains(scalar) { pattern += "\\" }
      pattern.unicodeScalars.append(scalar)
    }
    return pattern + "%"
  }
}
