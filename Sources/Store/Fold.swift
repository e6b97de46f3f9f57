import Foundation

/// The form in which texts are compared and searched: lower case, no accents, `œ` as `oe`, one kind of apostrophe,
/// single spaces. Neither engine can do it, so it is computed here and stored in columns named `…_fold`.
public enum Fold {
  public static func key(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var pendingSpace = false
    for scalar in text.unicodeScalars {
      guard let piece = letters.piece(scalar) else { return slowKey(text) }
      guard !piece.isEmpty else {
        pendingSpace = true
        continue
      }
      if pendingSpace, !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
      pendingSpace = false
      bytes.append(contentsOf: piece)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What French texts are written with, folded once: whole files are folded on their way in, every word of them.
  private static let letters = LetterTable()

  private struct LetterTable: Sendable {
    /// By scalar, below U+0250 and the signs of U+2010 to U+202F; nothing stands for a space.
    private let pieces: [ArraySlice<UInt8>?]
    private static let signs: ClosedRange<UInt32> = 0x2010...0x202F
    private static let letterCount: UInt32 = 0x250

    init() {
      pieces = (Array(0..<Self.letterCount) + Self.signs).map { value in
        // Between two letters, for what becomes a space does so only there.
        Unicode.Scalar(value).map { scalar in
          let folded = Array(slowKey("a\(Character(scalar))b").utf8).dropFirst().dropLast()
          return folded.elementsEqual([UInt8(ascii: " ")]) ? [] : folded
        }
      }
    }

    func piece(_ scalar: Unicode.Scalar) -> ArraySlice<UInt8>? {
      if scalar.value < Self.letterCount { return pieces[Int(scalar.value)] }
      guard Self.signs.contains(scalar.value) else { return nil }
      return pieces[Int(Self.letterCount + scalar.value - Self.signs.lowerBound)]
    }
  }

  /// The definition, for any text.
  static func slowKey(_ text: some StringProtocol) -> String {
    var result = ""
    var pendingSpace = false
    func append(_ piece: String) {
      if pendingSpace, !result.isEmpty { result += " " }
      pendingSpace = false
      result += piece
    }
    for scalar in decomposed(text).lowercased().unicodeScalars {
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

  /// What a search compares: the words of a text, folded, without hyphens and other signs, « St » and « Ste » in full.
  public static func words(_ text: String) -> [String] {
    pieces(key(text)).map { word in
      switch word {
      case "st": "saint"
      case "ste": "sainte"
      default: word
      }
    }
  }

  private static func pieces(_ folded: String) -> [String] {
    // Folded French is ASCII but for a few signs, and bytes are told apart faster than characters.
    guard folded.utf8.allSatisfy({ $0 < 128 }) else {
      return folded.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }
    return folded.utf8.split { !(97...122).contains($0) && !(48...57).contains($0) }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text that a search looks into, of several texts: their words, one text a line.
  public static func searchText(_ texts: [String?]) -> String {
    texts.compactMap { $0.map { words($0).joined(separator: " ") } }.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

extension SQL {
  /// Whether a column made by `Fold.searchText` holds every word that a person typed, in any order; a word may be unfinished.
  public static func search(_ text: String, in column: SQL) -> SQL {
    let words = Fold.words(text)
    // Nothing asked finds everything; signs alone are no words, and nothing is like them.
    guard !words.isEmpty else { return Fold.key(text).isEmpty ? "1 = 1" : "1 = 0" }
    return words.map { "\(column) LIKE \("%\($0)%")" as SQL }.joined(by: " AND ")
  }
}
