import Foundation

/// The name of a file that somebody sent, fit to be shown and to be given back: names lie, and some are made to.
public enum FileName {
  static let limit = 120

  /// The last part of a path, without what no name needs: control characters, signs that turn the direction of reading (which
  /// make `exe.pdf` of `fdp.exe`), and those that nobody sees.
  public static func cleaned(_ name: String) -> String {
    let last = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last.map { String(String.UnicodeScalarView($0)) } ?? ""
    let visible = last.precomposedStringWithCanonicalMapping.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
      default: true
      }
    }
    let text = String(String.UnicodeScalarView(visible)).trimmingCharacters(in: .whitespaces).drop { $0 == "." }
    guard !text.isEmpty else { return "fichier" }
    guard text.count > limit else { return String(text) }
    // The end of a name says what the file is.
    let ending = text.lastIndex(of: ".").map { text[$0...] } ?? ""
    return ending.count > 12 ? String(text.prefix(limit)) : String(text.prefix(limit - ending.count)) + ending
  }
}
