extension XLSX {
  /// A text that may be in several pieces (rich text); the reading aid of Japanese names is not part of it.
  struct TextPieces {
    private(set) var text = ""
    private var isOpen = false
    private var isReadingAid = false

    mutating func start(_ name: String) {
      if name == "rPh" { isReadingAid = true }
      isOpen = name == "t" && !isReadingAid
    }

    mutating func add(_ piece: String) {
      if isOpen { text += piece }
    }

    mutating func end(_ name: String) {
      if name == "rPh" { isReadingAid = false }
      isOpen = false
    }

    /// As a person wrote it: without the escapes of the format, nor our guard against formulas, which comes along
    /// when one of our CSV files is opened and saved as a workbook.
    var cell: String { FormulaGuard.removed(from: Escape.removed(from: text)) }
  }

  /// The texts that the cells of all sheets share.
  struct SharedStrings: XMLHandler {
    private(set) var texts: [String] = []
    private var pieces = TextPieces()

    mutating func start(_ name: String, _ attributes: [String: String]) {
      if name == "si" { pieces = TextPieces() } else { pieces.start(name) }
    }

    mutating func text(_ text: String) { pieces.add(text) }

    mutating func end(_ name: String) throws {
      guard name == "si" else { return pieces.end(name) }
      guard texts.count < SheetRows.cellLimit else { throw TableError.tooManyCells }
      texts.append(pieces.cell)
    }
  }

  /// The cells of a sheet.
  struct SheetPart: XMLHandler {
    private let strings: [String]
    private let styles: [NumberStyle]
    private let epoch: SheetDate.Epoch

    private var rows = SheetRows()
    private var merged: [SheetArea] = []
    private var row = 0
    private var cells: [String] = []
    /// Of the last cell read, counted from 1.
    private var column = 0
    private var type = ""
    private var style = NumberStyle.number
    private var value = ""
    private var isInValue = false
    private var pieces: TextPieces?

    init(strings: [String], styles: [NumberStyle], epoch: SheetDate.Epoch) {
      self.strings = strings
      self.styles = styles
      self.epoch = epoch
    }

    mutating func start(_ name: String, _ attributes: [String: String]) throws {
      switch name {
      case "c": try startCell(attributes)
      case "v": isInValue = true
      case "is": pieces = TextPieces()
      case "row": try startRow(attributes)
      case "mergeCell":
        guard merged.count < SheetRows.rowLimit else { throw TableError.tooManyCells }
        if let area = attributes["ref"].flatMap({ SheetArea($0) }) { merged.append(area) }
      default: pieces?.start(name)
      }
    }

    mutating func text(_ text: String) {
      if isInValue { value += text } else { pieces?.add(text) }
    }

    mutating func end(_ name: String) throws {
      switch name {
      case "c": try endCell()
      case "v": isInValue = false
      case "row": try rows.append(cells, number: row)
      default: pieces?.end(name)
      }
    }

    func table() throws -> Table {
      var rows = rows
      for area in merged { try rows.hide(area) }
      return try rows.table()
    }

    private mutating func startRow(_ attributes: [String: String]) throws {
      let number = try attributes["r"].map { text in
        guard let number = Int(text), number <= SheetRows.rowLimit else { throw TableError.damaged }
        return number
      }
      guard (number ?? row + 1) > row else { throw TableError.damaged }
      row = number ?? row + 1
      column = 0
      cells.removeAll(keepingCapacity: true)
    }

    private mutating func startCell(_ attributes: [String: String]) throws {
      column =
        try attributes["r"].map { reference in
          guard let column = SheetArea.column(reference) else { throw TableError.damaged }
          return column
        } ?? column + 1
      guard column <= SheetRows.columnLimit else { throw TableError.damaged }
      type = attributes["t"] ?? "n"
      let index = attributes["s"].flatMap { Int($0) } ?? 0
      style = styles.indices.contains(index) ? styles[index] : .number
      value = ""
      pieces = nil
    }

    private mutating func endCell() throws {
      let text = try shownText()
      guard !text.isEmpty else { return }
      if cells.count < column { cells += repeatElement("", count: column - cells.count) }
      cells[column - 1] = text
    }

    /// What the cell shows; a formula that no program has computed yet has no value, and shows nothing.
    private func shownText() throws -> String {
      if let pieces { return pieces.cell }
      guard !value.isEmpty else { return "" }
      switch type {
      case "s":
        guard let index = Int(value), strings.indices.contains(index) else { throw TableError.damaged }
        return strings[index]
      case "b": return value == "1" || value == "true" ? "oui" : "non"
      case "d": return SheetDate.text(iso: value)
      case "n": return number
      case "e": return value
      default: return FormulaGuard.removed(from: Escape.removed(from: value))
      }
    }

    private var number: String {
      guard style != .number, let serial = Double(value) else { return SheetNumber.text(value) }
      let text = style == .date ? SheetDate.text(serial: serial, epoch: epoch) : SheetDate.duration(serial: serial)
      return text ?? SheetNumber.text(value)
    }
  }
}
