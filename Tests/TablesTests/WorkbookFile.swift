import CZlib
import Foundation

@testable import Tables

/// A fixture made by `scripts/make-spreadsheet-fixtures.py`.
func fixture(_ name: String) throws -> [UInt8] {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
  return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
}

extension Table {
  /// The cells under each title of the header, in one row.
  func values(row: Int = 2) -> [String: String] {
    guard let cells = rows.first(where: { $0.number == row })?.cells else { return [:] }
    return Dictionary(zip(header, cells + Array(repeating: "", count: max(0, header.count - cells.count)))) { first, _ in first }
  }

  /// Rows as text, to compare them at once: `2: a|b`.
  var lines: [String] { rows.map { "\($0.number): " + $0.cells.joined(separator: "|") } }
}

/// A ZIP file written by hand, so that each of its fields can lie.
struct WorkbookFile {
  struct Entry {
    var name: String
    var content: [UInt8]
    var isDeflated = true
    var flags = 0
    /// In place of the true ones.
    var method: Int?
    var checksum: UInt32?
    var size: Int?
    var packedSize: Int?
  }

  var entries: [Entry] = []
  var announcedCount: Int?

  /// The least that makes an XLSX, around the inside of `<worksheet>`.
  static func xlsx(sheet: String, workbook: String = "", strings: String? = nil, styles: String? = nil) -> WorkbookFile {
    let types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    var links = #"<Relationship Id="rId1" Type="\#(types)/worksheet" Target="/xl/feuilles/un.xml"/>"#
    var file = WorkbookFile()
    if let strings {
      links += #"<Relationship Id="rId2" Type="\#(types)/sharedStrings" Target="sharedStrings.xml"/>"#
      file.add("xl/SharedStrings.xml", "<sst>\(strings)</sst>")
    }
    if let styles {
      links += #"<Relationship Id="rId3" Type="\#(types)/styles" Target="./styles.xml"/>"#
      file.add("xl/styles.xml", "<styleSheet>\(styles)</styleSheet>")
    }
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    file.add("[Content_Types].xml", #"<Types><Override PartName="/xl/workbook.xml" ContentType="\#(kind)"/></Types>"#)
    file.add("xl/_rels/workbook.xml.rels", "<Relationships>\(links)</Relationships>")
    file.add("xl/workbook.xml", #"<workbook>\#(workbook)<sheets><sheet name="Un" sheetId="1" r:id="rId1"/></sheets></workbook>"#)
    file.add("xl/feuilles/un.xml", "<worksheet>\(sheet)</worksheet>")
    return file
  }

  /// The least that makes an ODS, around the inside of `<table:table>`.
  static func ods(sheet: String) -> WorkbookFile {
    var file = WorkbookFile()
    file.add("mimetype", "application/vnd.oasis.opendocument.spreadsheet", isDeflated: false)
    file.add("content.xml", "<office:document-content><table:table>\(sheet)</table:table></office:document-content>")
    return file
  }

  mutating func add(_ name: String, _ content: String, isDeflated: Bool = true) {
    entries.append(Entry(name: name, content: Array(content.utf8), isDeflated: isDeflated))
  }

  mutating func change(_ name: String, _ change: (inout Entry) -> Void) {
    for index in entries.indices where entries[index].name == name { change(&entries[index]) }
  }

  var bytes: [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let packed = entry.isDeflated ? Self.deflated(entry.content) : entry.content
      let checksum = entry.checksum ?? UInt32(crc32(0, entry.content, UInt32(entry.content.count)))
      var fields = Self.little(20, 2) + Self.little(entry.flags, 2) + Self.little(entry.method ?? (entry.isDeflated ? 8 : 0), 2)
      fields += Self.little(0, 4) + Self.little(Int(checksum), 4) + Self.little(entry.packedSize ?? packed.count, 4)
      fields += Self.little(entry.size ?? entry.content.count, 4) + Self.little(entry.name.utf8.count, 2) + Self.little(0, 2)
      directory += Self.little(0x0201_4B50, 4) + Self.little(20, 2) + fields + Self.little(0, 10) + Self.little(body.count, 4)
      directory += Array(entry.name.utf8)
      body += Self.little(0x0403_4B50, 4) + fields + Array(entry.name.utf8) + packed
    }
    let count = Self.little(announcedCount ?? entries.count, 2)
    let end = Self.little(0x0605_4B50, 4) + Self.little(0, 4) + count + count
    return body + directory + end + Self.little(directory.count, 4) + Self.little(body.count, 4) + Self.little(0, 2)
  }

  private static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> ($0 * 8)) : 0 }
  }

  /// A bare deflate stream: a zlib stream without its two bytes in front and four behind.
  private static func deflated(_ content: [UInt8]) -> [UInt8] {
    var size = compressBound(UInt(content.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    compress2(&packed, &size, content, UInt(content.count), 9)
    return Array(packed[2..<Int(size) - 4])
  }
}
