/// Workbooks of Excel 2007 and later (ECMA-376), which every spreadsheet reads and writes.
public enum XLSX {
  /// What is written in a cell.
  public enum Cell: Sendable, Equatable {
    /// Never a formula, whatever it begins with.
    case text(String)
    case integer(Int)
    case decimal(Double)
    /// `AAAA-MM-JJ`. What is no such day, or lies before March 1900, is written as text.
    case date(String)
  }

  /// The longest text of a cell, in UTF-16 units; Excel repairs away what is longer.
  static let textLimit = 32_767

  /// Characters that XML cannot hold stand in a workbook as `_x000B_`, and a text that looks like that as `_x005F_x000B_`.
  ///
  /// By scalars: a combining sign after the last `_` must not hide it.
  enum Escape {
    static func removed(from text: String) -> String {
      guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
      return text.replacing(/_x([0-9A-Fa-f]{4})_/.matchingSemantics(.unicodeScalar)) { match in
        guard let code = UInt32(match.output.1, radix: 16), let scalar = Unicode.Scalar(code) else { return String(match.output.0) }
        return scalar == "\0" ? "" : String(Character(scalar))
      }
    }

    /// Control characters are left to libxlsxwriter; what it would break off at, or write as it is, is taken out.
    static func added(to text: String) -> String {
      let hasNoCharacter = text.unicodeScalars.contains { $0 == "\0" || $0 == "\u{FFFE}" || $0 == "\u{FFFF}" }
      let text = hasNoCharacter ? String(String.UnicodeScalarView(text.unicodeScalars.filter(isCharacter))) : text
      guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
      return text.replacing(/_(?=x[0-9A-Fa-f]{4}_)/.matchingSemantics(.unicodeScalar), with: "_x005F_")
    }

    private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
      scalar != "\0" && scalar != "\u{FFFE}" && scalar != "\u{FFFF}"
    }
  }
}
