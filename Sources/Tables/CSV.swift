import Foundation

/// Comma-separated values as French spreadsheets write them (RFC 4180 with `;`, `,` or tab, UTF-8 or Windows-1252).
///
/// Written here rather than taken from a library because faults are reported by the spreadsheet's own row number,
/// a stray quote inside a cell is kept as spreadsheets do, and a file of 100 MB is read byte by byte.
public enum CSV {
  /// - Throws: `TableError`.
  public static func read(_ bytes: [UInt8]) throws -> Table {
    try Table(records: records(in: decoded(bytes)))
  }

  /// UTF-8 with a byte order mark (Excel needs it), `;`, quoted where needed, guarded against formulas.
  public static func write(header: [String], rows: some Sequence<[String]>) -> [UInt8] {
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    func append(_ cells: [String]) {
      for (index, cell) in cells.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ";")) }
        bytes.append(contentsOf: quoted(FormulaGuard.added(to: cell)).utf8)
      }
      bytes.append(contentsOf: [13, 10])
    }
    append(header)
    for row in rows { append(row) }
    return bytes
  }

  private static func quoted(_ cell: String) -> String {
    let needsQuotes = cell.utf8.contains { [UInt8(ascii: ";"), UInt8(ascii: "\""), 9, 10, 13].contains($0) }
    // Reading takes the spaces off a cell without quotes.
    guard needsQuotes || cell.withoutSpacesAround.utf8.count < cell.utf8.count else { return cell }
    var quoted = "\""
    // By scalars: a combining sign after a quote must not hide it.
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// Strict UTF-8 first, else Windows-1252, in which almost any byte is a letter.
  private static func decoded(_ bytes: [UInt8]) throws -> [UInt8] {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      guard let text = String(bytes: bytes, encoding: .utf16), !text.utf8.contains(0) else { throw TableError.notText }
      return Array(text.utf8)
    }
    guard !bytes.contains(0) else { throw TableError.notText }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if String(validating: body, as: UTF8.self) != nil { return body }
    guard let text = String(bytes: body, encoding: .windowsCP1252) else { throw TableError.notText }
    return Array(text.utf8)
  }

  private static func records(in bytes: [UInt8]) throws -> [[String]] {
    let separator = separator(of: bytes)
    let quote = UInt8(ascii: "\"")
    var records: [[String]] = []
    var record: [String] = []
    var cell: [UInt8] = []
    var quotedSince: Int?
    var wasQuoted = false
    func endCell() {
      let text = String(decoding: cell, as: UTF8.self)
      record.append(FormulaGuard.removed(from: wasQuoted ? text : text.withoutSpacesAround))
      cell.removeAll(keepingCapacity: true)
      wasQuoted = false
    }
    func endRecord() {
      endCell()
      records.append(record)
      record.removeAll(keepingCapacity: true)
    }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if quotedSince != nil {
        if byte != quote {
          cell.append(byte)
        } else if index + 1 < bytes.count, bytes[index + 1] == quote {
          cell.append(quote)
          index += 1
        } else {
          quotedSince = nil
        }
      } else if byte == quote, cell.isEmpty, !wasQuoted {
        quotedSince = records.count + 1
        wasQuoted = true
      } else if byte == separator {
        endCell()
      } else if byte == 10 || byte == 13 {
        if byte == 13, index + 1 < bytes.count, bytes[index + 1] == 10 { index += 1 }
        endRecord()
      } else {
        cell.append(byte)
      }
      index += 1
    }
    if let line = quotedSince { throw TableError.unclosedQuote(line: line) }
    if !cell.isEmpty || !record.isEmpty || wasQuoted { endRecord() }
    return records
  }

  /// The candidate that stands most often in the first line, outside quotes; `;` when none does.
  private static func separator(of bytes: [UInt8]) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, byte == 10 || byte == 13 { break }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    let candidates = [UInt8(ascii: ";"), 9, UInt8(ascii: ",")]
    return candidates.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) } ?? candidates[0]
  }
}

/// A cell that begins like a formula is written with a leading apostrophe, so that no spreadsheet runs it;
/// reading takes it off again. Numbers and telephone numbers are left as they are.
enum FormulaGuard {
  static func added(to cell: String) -> String {
    isNeeded(cell) ? "'" + cell : cell
  }

  static func removed(from cell: String) -> String {
    guard cell.unicodeScalars.first == "'" else { return cell }
    let rest = String(cell.unicodeScalars.dropFirst())
    return isNeeded(rest) ? rest : cell
  }

  private static func isNeeded(_ cell: String) -> Bool {
    // By scalars: a combining sign after `=` must not hide it.
    let start = cell.unicodeScalars.drop { $0 == "'" }
    guard let first = start.first, "=+-@\t\r".unicodeScalars.contains(first) else { return false }
    let rest = start.dropFirst()
    let isNumberOrPhone =
      "+-".unicodeScalars.contains(first) && rest.contains(where: isDigit)
      && rest.allSatisfy { isDigit($0) || " .,()".unicodeScalars.contains($0) }
    return !isNumberOrPhone
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
  }
}
