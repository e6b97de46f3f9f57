extension XLSX {
  /// What the style of a cell makes of its number.
  enum NumberStyle { case number, date, duration }

  /// The cell styles of a workbook, of which only the format of numbers matters here.
  struct StylesPart: XMLHandler {
    private(set) var styles: [NumberStyle] = []
    private var custom: [Int: NumberStyle] = [:]
    private var isInFormats = false
    private var isInStyles = false

    mutating func start(_ name: String, _ attributes: [String: String]) {
      let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
      switch name {
      case "numFmts": isInFormats = true
      case "cellXfs": isInStyles = true
      case "numFmt" where isInFormats: custom[id] = NumberStyle(format: attributes["formatCode"] ?? "")
      case "xf" where isInStyles: styles.append(custom[id] ?? NumberStyle(builtIn: id))
      default: break
      }
    }

    mutating func end(_ name: String) {
      switch name {
      case "numFmts": isInFormats = false
      case "cellXfs": isInStyles = false
      default: break
      }
    }
  }
}

extension XLSX.NumberStyle {
  /// Formats that programs know by number and do not write out; 27 to 36 and 50 to 58 are those of East Asia.
  init(builtIn id: Int) {
    switch id {
    case 46: self = .duration
    case 14...22, 27...36, 45, 47, 50...58: self = .date
    default: self = .number
    }
  }

  /// A date has a letter of dates or times outside quotes, brackets and escapes; `[h]` counts hours beyond a day.
  init(format: String) {
    self = .number
    var rest = Substring(format.lowercased())
    while let character = rest.popFirst() {
      switch character {
      case "\"": rest = rest.drop { $0 != "\"" }.dropFirst()
      case "\\", "_", "*": rest = rest.dropFirst()
      case "[":
        let content = rest.prefix { $0 != "]" }
        rest = rest.dropFirst(content.count + 1)
        if let unit = content.first, "hms".contains(unit), content.allSatisfy({ $0 == unit }) {
          self = .duration
          return
        }
      case "d", "m", "y", "h", "s": self = .date
      case "g" where rest.hasPrefix("eneral"): rest = rest.dropFirst(6)
      default: break
      }
    }
  }
}
