/// Workbooks of LibreOffice (OpenDocument).
enum ODS {
  /// The first visible sheet.
  static func read(_ archive: ZIPArchive) throws -> Table {
    if let manifest = try archive.data("META-INF/manifest.xml") {
      let isEncrypted = try XMLPart.read(manifest, into: Manifest()).isEncrypted
      guard !isEncrypted else { throw TableError.encrypted }
    }
    return try XMLPart.read(try archive.part("content.xml"), names: .prefixed, into: Content()).rows.table()
  }

  private struct Manifest: XMLHandler {
    var isEncrypted = false

    mutating func start(_ name: String, _ attributes: [String: String]) {
      if name == "encryption-data" { isEncrypted = true }
    }
  }

  /// The text of a cell: its paragraphs, one per line, without comments and drawings.
  private struct Paragraphs {
    private(set) var text = ""
    private var count = 0
    private var depth = 0

    mutating func start(_ name: String, _ attributes: [String: String], spaces: inout Int) throws {
      switch name {
      case "text:p", "text:h":
        if depth == 0, count > 0 { text += "\n" }
        count += 1
        depth += 1
      case "text:s" where depth > 0:
        let number = attributes["text:c"].flatMap { Int($0) } ?? 1
        guard (0...1_000_000 - spaces).contains(number) else { throw TableError.tooLarge }
        spaces += number
        text += String(repeating: " ", count: number)
      case "text:tab" where depth > 0: text += "\t"
      case "text:line-break" where depth > 0: text += "\n"
      default: break
      }
    }

    mutating func add(_ piece: String) {
      if depth > 0 { text += piece }
    }

    mutating func end(_ name: String) {
      if name == "text:p" || name == "text:h" { depth -= 1 }
    }
  }

  /// `content.xml`, up to the end of the first visible sheet.
  private struct Content: XMLHandler {
    private(set) var rows = SheetRows()
    /// Styles of sheets that are not shown.
    private var hiddenStyles: Set<String> = []
    private var style = ""
    private var isInSheet = false
    /// How many elements are open inside one that does not count: a comment, a drawing, a table within a cell.
    private var skipped = 0

    private var row = 1
    private var rowTimes = 1
    private var cells: [String] = []
    /// Empty cells so far since the last that was not.
    private var gap = 0
    private var cellTimes = 1
    private var isCovered = false
    private var paragraphs: Paragraphs?
    private var attributes: [String: String] = [:]
    private var spaces = 0

    private static let skippedElements: Set<String> = [
      "office:annotation", "table:shapes", "draw:frame", "draw:custom-shape", "draw:g", "draw:line", "draw:rect", "draw:control",
      "text:ruby-text", "text:note", "table:tracked-changes", "office:dde-source",
    ]

    mutating func start(_ name: String, _ attributes: [String: String]) throws {
      if skipped > 0 || Self.skippedElements.contains(name) || isInSheet && name == "table:table" {
        skipped += 1
        return
      }
      switch name {
      case "table:table-cell", "table:covered-table-cell":
        guard isInSheet else { return }
        cellTimes = Self.times(attributes["table:number-columns-repeated"])
        isCovered = name == "table:covered-table-cell"
        paragraphs = Paragraphs()
        self.attributes = attributes
      case "table:table-row":
        rowTimes = Self.times(attributes["table:number-rows-repeated"])
        cells.removeAll(keepingCapacity: true)
        gap = 0
      case "table:table": isInSheet = !hiddenStyles.contains(attributes["table:style-name"] ?? "")
      case "style:style": style = attributes["style:name"] ?? ""
      case "style:table-properties":
        if attributes["table:display"] == "false" { hiddenStyles.insert(style) }
      default: try paragraphs?.start(name, attributes, spaces: &spaces)
      }
    }

    mutating func text(_ text: String) {
      if skipped == 0 { paragraphs?.add(text) }
    }

    mutating func end(_ name: String) throws {
      guard skipped == 0 else { return skipped -= 1 }
      switch name {
      case "table:table-cell", "table:covered-table-cell":
        if isInSheet { try endCell() }
      case "table:table-row":
        guard isInSheet else { return }
        try rows.append(cells, number: row, times: rowTimes)
        row = min(row + rowTimes, SheetRows.rowLimit + 1)
      case "table:table":
        if isInSheet { throw EnoughRead() }
      default: paragraphs?.end(name)
      }
    }

    private mutating func endCell() throws {
      let text = isCovered ? "" : shownText
      paragraphs = nil
      guard !text.isEmpty else { return gap = min(gap + cellTimes, SheetRows.columnLimit) }
      guard cells.count + gap + cellTimes <= SheetRows.columnLimit else { throw TableError.tooManyCells }
      cells += repeatElement("", count: gap)
      cells += repeatElement(text, count: cellTimes)
      gap = 0
    }

    private var shownText: String {
      let text = FormulaGuard.removed(from: attributes["office:string-value"] ?? paragraphs?.text ?? "")
      switch attributes["office:value-type"] {
      case "float", "currency", "percentage": return attributes["office:value"].map(SheetNumber.text) ?? text
      case "date": return attributes["office:date-value"].map(SheetDate.text(iso:)) ?? text
      case "time": return attributes["office:time-value"].map(SheetDate.text(isoDuration:)) ?? text
      case "boolean": return attributes["office:boolean-value"].map { $0 == "true" ? "oui" : "non" } ?? text
      default: return text
      }
    }

    /// A sheet is written to its last row and column, empty cells as one cell repeated a million times.
    private static func times(_ text: String?) -> Int {
      min(max(text.flatMap { Int($0) } ?? 1, 1), SheetRows.rowLimit)
    }
  }
}
