/// The room that text takes, near enough to keep words apart and inside their frame: in parts of the size of its letters, rather too wide
/// than too narrow, for nobody knows the letters of the program that draws.
enum LetterWidth {
  static func of(_ text: String) -> Double { text.reduce(0) { $0 + of($1) } }

  private static func of(_ letter: Character) -> Double {
    switch letter {
    case "i", "j", "l", "I", "|", "!", "'", "’", ".", ",", ":", ";", " ", "\u{A0}", "\u{202F}": 0.34
    case "f", "t", "r", "(", ")", "-", "/", "«", "»": 0.48
    case "m", "w", "M", "W", "%", "@", "œ", "æ", "Œ", "Æ": 0.98
    // What is not Latin, Greek or Cyrillic stands in squares.
    case _ where letter.unicodeScalars.contains(where: { $0.value > 0x2E7F }): 1.2
    default: letter.isUppercase ? 0.8 : 0.66
    }
  }

  /// Cut between words: a word that is longer by itself stays whole.
  static func lines(_ text: String, upTo letters: Int) -> [String] {
    text.split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= letters {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }
}
