import Crypto
import Foundation
import Store

/// What recognises a line without a reference the second time it is brought: what was written in it, whatever the file's
/// order of columns, and not what it means, which changes as people and teams become known.
enum LineDigest {
  static func of(_ cells: [(column: String, text: String)]) -> String {
    var hash = SHA256()
    for (column, text) in cells {
      let text = fold(text)
      if !text.isEmpty { hash.update(data: Data("\(column)=\(text)\n".utf8)) }
    }
    return hash.finalize().hexadecimal
  }

  /// What `Fold.key` was when the first digests were stored. The lines themselves are not, so no digest can be made again: this is
  /// never changed, whatever becomes of `Fold`.
  private static func fold(_ text: String) -> String {
    var result = ""
    var pendingSpace = false
    func append(_ piece: String) {
      if pendingSpace, !result.isEmpty { result += " " }
      pendingSpace = false
      result += piece
    }
    let isPlain = text.utf8.allSatisfy { $0 < 128 }
    for scalar in (isPlain ? text : decomposed(text)).lowercased().unicodeScalars {
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

  private static func decomposed(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { $0 == "´" ? "'" : $0 }
    return String(String.UnicodeScalarView(scalars)).decomposedStringWithCompatibilityMapping
  }
}

/// How many stored lines are identical to each line of a file: two identical lines of one file are two facts.
struct Twins {
  private var left: [String: Int]

  init(kind: String, digests: [String], _ connection: any Connection) throws {
    left = [:]
    guard !digests.isEmpty else { return }
    let rows = try connection.rows(
      "SELECT digest, count(*) FROM import_line WHERE kind = \(kind) AND digest IN \(list: digests) GROUP BY digest")
    for row in rows { left[try row[0]] = try row[1] as Int }
  }

  mutating func take(_ digest: String) -> Bool {
    guard let count = left[digest], count > 0 else { return false }
    left[digest] = count - 1
    return true
  }
}
