import CXlsxWriter
import Foundation

extension XLSX {
  /// One sheet, with its header in bold, kept in view and ready to filter.
  ///
  /// - Throws: `TableError` for what no workbook can hold; another error when the temporary file cannot be written.
  public static func write(
    sheet name: String, header: [String], rows: some Sequence<[Cell]>, temporaryFolder: URL = FileManager.default.temporaryDirectory
  ) throws -> [UInt8] {
    let folder = try PrivateFolder(in: temporaryFolder)
    defer { folder.remove() }
    let sheet = try SheetWriter(file: folder.path + "/classeur.xlsx", folder: folder.path, name: name, header: header)
    for cells in rows { try sheet.append(cells) }
    try sheet.close()
    return Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/classeur.xlsx")))
  }
}

/// What libxlsxwriter could not do: a full disk, no temporary folder. Not for the reader of a page.
struct XLSXWriteFailure: Error, CustomStringConvertible {
  let description: String
}

/// A folder that only we can read: the library writes by way of files, and lists hold personal data.
private struct PrivateFolder {
  let path: String

  init(in parent: URL) throws {
    let folder = parent.appendingPathComponent("maillage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    path = folder.path
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// A workbook of one sheet while libxlsxwriter writes it, one row in memory at a time.
private final class SheetWriter {
  private typealias Format = UnsafeMutablePointer<lxw_format>

  private var book: UnsafeMutablePointer<lxw_workbook>?
  private let sheet: UnsafeMutablePointer<lxw_worksheet>
  private let whole: Format
  private let date: Format
  private let lines: Format

  private let header: [String]
  private var row = 0
  /// The longest text of each column so far.
  private var widths: [Int]

  init(file: String, folder: String, name: String, header: [String]) throws {
    guard header.count <= SheetRows.columnLimit else { throw TableError.tooManyColumns }
    let book = folder.withCString { folder in
      var options = lxw_workbook_options(constant_memory: 1, tmpdir: UnsafeMutablePointer(mutating: folder), use_zip64: 0)
      return workbook_new_opt(file, &options)
    }
    guard let book, let sheet = workbook_add_worksheet(book, Self.sheetName(name)), let bold = workbook_add_format(book),
      let whole = workbook_add_format(book), let date = workbook_add_format(book), let lines = workbook_add_format(book)
    else {
      if let book { lxw_workbook_free(book) }
      throw XLSXWriteFailure(description: "libxlsxwriter cannot start a workbook in \(folder)")
    }
    (self.book, self.sheet, self.whole, self.date, self.lines, self.header) = (book, sheet, whole, date, lines, header)
    widths = Array(repeating: 0, count: header.count)
    format_set_bold(bold)
    // Without it, numbers of twelve digits and more (SIRET) are shown with an exponent.
    format_set_num_format(whole, "0")
    format_set_num_format(date, "dd/mm/yyyy")
    format_set_text_wrap(lines)
    format_set_align(lines, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    for (column, title) in header.enumerated() { try writeText(title, column, bold) }
  }

  deinit {
    if let book { lxw_workbook_free(book) }
  }

  func append(_ cells: [XLSX.Cell]) throws {
    row += 1
    guard row < SheetRows.rowLimit else { throw TableError.tooManyRows }
    guard cells.count <= SheetRows.columnLimit else { throw TableError.tooManyColumns }
    for (column, cell) in cells.enumerated() { try write(cell, column) }
  }

  func close() throws {
    if !header.isEmpty {
      worksheet_freeze_panes(sheet, 1, 0)
      try check(worksheet_autofilter(sheet, 0, 0, UInt32(row), UInt16(header.count - 1)))
    }
    for (column, width) in widths.enumerated() {
      // Room for the button of the filter beside the title; notes do not push the rest off the screen.
      let shown = Double(min(max(width + 3, 8), 60))
      try check(worksheet_set_column(sheet, UInt16(column), UInt16(column), shown, nil))
    }
    let status = workbook_close(book)
    book = nil
    try check(status)
  }

  private func write(_ cell: XLSX.Cell, _ column: Int) throws {
    switch cell {
    case .text(let text): try writeText(text, column, text.utf8.contains(10) ? lines : nil)
    // A workbook keeps fifteen digits of a number.
    case .integer(let number) where number.magnitude >= 1_000_000_000_000_000: try writeText(String(number), column, nil)
    case .integer(let number): try writeNumber(Double(number), column, whole, width: String(number).utf8.count)
    case .decimal(let number) where !number.isFinite: break
    case .decimal(let number): try writeNumber(number, column, nil, width: 8)
    case .date(let text):
      guard let serial = SheetDate.serial(iso: text) else { return try writeText(text, column, nil) }
      try writeNumber(Double(serial), column, date, width: 10)
    }
  }

  private func writeNumber(_ number: Double, _ column: Int, _ format: Format?, width: Int) throws {
    try check(worksheet_write_number(sheet, UInt32(row), UInt16(column), number, format))
    widen(column, width)
  }

  /// A string cell is never run. A text that begins with an apostrophe before a formula gets one more, which reading takes off.
  private func writeText(_ text: String, _ column: Int, _ format: Format?) throws {
    guard !text.isEmpty else { return }
    let written = XLSX.Escape.added(to: text.unicodeScalars.first == "'" ? FormulaGuard.added(to: text) : text)
    guard written.utf16.count <= XLSX.textLimit else {
      throw TableError.textTooLong(row: row + 1, column: header.indices.contains(column) ? header[column] : String(column + 1))
    }
    try check(worksheet_write_string(sheet, UInt32(row), UInt16(column), written, format))
    widen(column, text.split(separator: "\n").reduce(0) { max($0, $1.unicodeScalars.count) })
  }

  private func widen(_ column: Int, _ width: Int) {
    if widths.indices.contains(column), width > widths[column] { widths[column] = width }
  }

  private func check(_ status: lxw_error) throws {
    guard status != LXW_NO_ERROR else { return }
    throw XLSXWriteFailure(description: lxw_strerror(status).map { String(cString: $0) } ?? "libxlsxwriter: \(status)")
  }

  /// At most 31 characters, none of `[]:*?/\`, no apostrophe at either end.
  private static func sheetName(_ name: String) -> String {
    var kept = String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 32 && !"[]:*?/\\".unicodeScalars.contains($0) }))
    while kept.utf16.count > 31 { kept.removeLast() }
    let trimmed = kept.trimmingCharacters(in: CharacterSet(charactersIn: "' "))
    return trimmed.isEmpty ? "Feuille" : trimmed
  }
}
