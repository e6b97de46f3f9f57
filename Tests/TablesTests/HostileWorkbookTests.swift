import Testing

@testable import Tables

/// Files that somebody made to do harm, or that lost a part on the way.
struct HostileWorkbookTests {
  private static let sheet = #"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#
  private static let part = "xl/feuilles/un.xml"

  private func expect(_ error: TableError, _ file: WorkbookFile, _ location: SourceLocation = #_sourceLocation) {
    #expect(throws: error, sourceLocation: location) { try TableFile.read(file.bytes) }
  }

  private func expect(_ error: TableError, _ change: (inout WorkbookFile.Entry) -> Void, _ location: SourceLocation = #_sourceLocation) {
    var file = WorkbookFile.xlsx(sheet: Self.sheet)
    file.change(Self.part, change)
    expect(error, file, location)
  }

  @Test func readsTheFileThatTheOthersSpoil() throws {
    var file = WorkbookFile.xlsx(sheet: Self.sheet)
    #expect(try TableFile.read(file.bytes).header == ["1"])
    file.change(Self.part) { $0.isDeflated = false }
    #expect(try TableFile.read(file.bytes).header == ["1"])
    // A comment may follow, and an entry may be empty.
    file.add("xl/vide", "")
    #expect(try TableFile.read(file.bytes + [10]).header == ["1"])
  }

  /// Announced too large for what it takes: refused before a byte is inflated.
  @Test func refusesBombs() {
    expect(.suspiciousCompression) { $0.size = 300 << 20 }
    expect(.tooLarge) { $0.size = 401 << 20 }
    expect(.tooLarge) { ($0.size, $0.packedSize) = (0xFFFF_FFFE, 30) }
    var many = WorkbookFile.xlsx(sheet: Self.sheet)
    for number in 0..<50 { many.entries.append(.init(name: "\(number)", content: [1], size: 9 << 20)) }
    expect(.tooLarge, many)
  }

  /// Twenty megabytes of spaces behind a header that announces 1 000 bytes, then behind one that tells the truth.
  @Test func refusesTrueBombs() {
    let spaces = [UInt8](repeating: 32, count: 20 << 20)
    expect(.damaged) { ($0.content, $0.size) = (spaces, 1_000) }
    expect(.suspiciousCompression) { $0.content = spaces }
  }

  @Test func refusesWhatIsNotAPlainArchive() {
    expect(.encrypted) { $0.flags = 1 }
    expect(.encrypted) { $0.flags = 0x41 }
    expect(.unsupportedCompression) { $0.method = 12 }
    expect(.zip64) { $0.size = 0xFFFF_FFFF }
    expect(.zip64) { $0.packedSize = 0xFFFF_FFFF }
    expect(.wrongChecksum) { $0.checksum = 1 }
    expect(.damaged) { $0.packedSize = 1 << 30 }
    expect(.damaged) { $0.size = 10 }
    expect(.damaged) { $0.method = 0 }
    expect(.damaged) { $0.content = Array("<worksheet><sheetData>".utf8) }
    var file = WorkbookFile.xlsx(sheet: Self.sheet)
    file.announcedCount = 0xFFFF
    expect(.zip64, file)
    file.announcedCount = 10_001
    expect(.tooManyEntries, file)
    file.announcedCount = 9
    expect(.damaged, file)
    file.announcedCount = nil
    file.add(Self.part.uppercased(), "deux fois")
    expect(.damaged, file)
  }

  @Test(arguments: ["../../etc/passwd", "/etc/passwd", "xl/../../x", #"..\x"#, "a\0b"])
  func refusesNamesThatLeaveTheArchive(name: String) {
    var file = WorkbookFile.xlsx(sheet: Self.sheet)
    file.add(name, "x")
    expect(.unsafeName, file)
  }

  @Test func refusesLinksThatLeadNowhere() throws {
    var file = WorkbookFile.xlsx(sheet: Self.sheet)
    file.change("xl/_rels/workbook.xml.rels") {
      $0.content = Array(#"<R><Relationship Id="rId1" Type="x/worksheet" Target="../../../../etc/passwd"/></R>"#.utf8)
    }
    expect(.damaged, file)
    file.change("xl/_rels/workbook.xml.rels") {
      $0.content = Array(#"<R><Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="http://127.0.0.1/"/></R>"#.utf8)
    }
    expect(.empty, file)
  }

  @Test(arguments: [
    #"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><worksheet>&c;</worksheet>"#,
    #"<!-- > --> <?a <?><!DOCTYPE a SYSTEM "file:///etc/passwd"><worksheet/>"#,
    "\u{FEFF}\n<!DOCTYPE worksheet><worksheet/>",
    "<!doctype a><worksheet/>",
  ])
  func refusesDocumentTypes(xml: String) {
    expect(.documentType) { $0.content = Array(xml.utf8) }
  }

  @Test func refusesOtherEncodingsAndDepths() {
    let doctype = "<!DOCTYPE a><worksheet/>"
    expect(.damaged) { $0.content = [0xFF, 0xFE] + doctype.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
    expect(.damaged) { $0.content = doctype.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }
    expect(.crowdedElement) { $0.content = Array(String(repeating: "<a>", count: 100_000).utf8) }
    expect(.damaged) { $0.content = Array("<worksheet>&inconnue;</worksheet>".utf8) }
    expect(.damaged) { $0.content = [] }
  }

  @Test func refusesElementsWithTooManyAttributes() throws {
    func attributes(_ count: Int) -> String { (0..<count).map { #" a\#($0) = '>"<'"#.replacing("<", with: "&lt;") }.joined() }
    let file = WorkbookFile.xlsx(sheet: "<a\(attributes(100))/>\(Self.sheet)")
    #expect(try TableFile.read(file.bytes).header == ["1"])
    expect(.crowdedElement, .xlsx(sheet: "<a\(attributes(101))/>\(Self.sheet)"))
    // Quotes in a text are not attributes.
    let text = String(repeating: "l'été \" ", count: 500)
    let quoted = WorkbookFile.xlsx(sheet: #"<sheetData><row><c t="str"><v>\#(text)</v></c></row></sheetData>"#)
    #expect(try TableFile.read(quoted.bytes).header == [text])
  }

  @Test func refusesSheetsThatFillTheMemory() {
    let wide = #"<row><c r="XFD1"><v>1</v></c></row>"#
    let rows = String(repeating: wide.replacing("XFD1", with: "XFD"), count: 700)
    expect(.tooManyCells, .xlsx(sheet: "<sheetData>\(rows)</sheetData>"))
    expect(.damaged, .xlsx(sheet: #"<sheetData><row r="1"><c r="XFE1"><v>1</v></c></row></sheetData>"#))
    expect(.damaged, .xlsx(sheet: #"<sheetData><row r="1048577"/></sheetData>"#))
    expect(.damaged, .xlsx(sheet: #"<sheetData><row r="99999999999999999999"/></sheetData>"#))
  }

  @Test func countsWhatMergedCellsTakeToHide() throws {
    var rows = SheetRows(cellLimit: 100)
    try rows.append(["a"], number: 1)
    for number in 2...10 { try rows.append(["1", "2", "3"], number: number) }
    let area = try #require(SheetArea("B2:XFD1048576"))
    try rows.hide(area)
    #expect(try rows.table().lines.prefix(2) == ["2: 1|2|", "3: 1||"])
    #expect(throws: TableError.tooManyCells) { for _ in 0..<10 { try rows.hide(area) } }
    #expect(throws: TableError.tooManyCells) { try rows.append(Array(repeating: "x", count: 73), number: 11) }
  }

  /// The parser of Linux fails on a large file given at once.
  @Test func readsLargeSheets() throws {
    let cell = "<c><f>\(String(repeating: "1+", count: 500_000))1</f><v>2</v></c>"
    var file = WorkbookFile.xlsx(sheet: "<sheetData>\(String(repeating: "<row>\(cell)</row>", count: 12))</sheetData>")
    file.change(Self.part) { $0.isDeflated = false }
    #expect(try TableFile.read(file.bytes).rows.count == 11)
  }

  /// Cut anywhere, a file is refused, and one changed anywhere is refused or still a table: never a crash.
  @Test(arguments: ["types.xlsx", "types.ods", "layout.xlsx", "layout.ods"])
  func survivesCutAndChangedFiles(name: String) throws {
    let bytes = try fixture(name)
    for tenth in 0..<10 {
      #expect(throws: TableError.self) { try TableFile.read(Array(bytes.prefix(bytes.count * tenth / 10))) }
    }
    for position in stride(from: 0, to: bytes.count, by: 3) {
      var changed = bytes
      changed[position] ^= UInt8(truncatingIfNeeded: 1 + position * 7 % 255)
      do {
        _ = try TableFile.read(changed)
      } catch is TableError {
        continue
      }
    }
  }

  @Test func refusesEncryptedODS() {
    var file = WorkbookFile.ods(sheet: "")
    file.add("META-INF/manifest.xml", "<manifest:manifest><manifest:encryption-data/></manifest:manifest>")
    expect(.encrypted, file)
  }
}
