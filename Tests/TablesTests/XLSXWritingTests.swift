import Foundation
import Testing

@testable import Tables

struct XLSXWritingTests {
  private func written(_ rows: [[XLSX.Cell]], header: [String] = ["a", "b"], sheet: String = "Feuille") throws -> Table {
    try TableFile.read(try XLSX.write(sheet: sheet, header: header, rows: rows))
  }

  @Test func readsBackWhatItWrote() throws {
    let rows: [[XLSX.Cell]] = [
      [.text("Étienne « Œuvre » & <b> 👩🏽‍⚕️"), .integer(44525), .integer(80_295_478_500_028), .decimal(0.457), .date("2021-11-25")],
      [],
      [.text(""), .integer(-3), .integer(.max), .decimal(.nan), .date("2021-02-30"), .date("1789-07-14"), .date("")],
      [.decimal(0.1 + 0.2), .decimal(1e-7), .decimal(1e20), .date("1900-03-01"), .date("9999-12-31")],
    ]
    let table = try written(rows, header: ["nom", "entier", "siret", "part", "jour"])
    #expect(table.header == ["nom", "entier", "siret", "part", "jour"])
    #expect(
      table.lines == [
        "2: Étienne « Œuvre » & <b> 👩🏽‍⚕️|44525|80295478500028|0.457|2021-11-25",
        "4: |-3|9223372036854775807||2021-02-30|1789-07-14", "5: 0.3|0.0000001|100000000000000000000|1900-03-01|9999-12-31",
      ])
  }

  @Test(arguments: [
    "=1+1", "=HYPERLINK(\"http://x\")", "+33 1 02 03 04 05", "-", "- point", "@a", "{=1}", "'=1+1", "''=1", "'",
    "http://exemple.fr",
    "mailto:a@b.fr",
    "007", "1E5", "true", "2021-11-25", "un\ndeux", "a\r\nb", "a\tb",
    "  bord  ", "_x0041_", "_x0041_x0042_", "_x0041_\u{301}", "'\u{301}=1", "=\u{301}1", "\u{1}", "]]>", "&amp;",
    "\u{10FFFD}",
  ])
  func keepsTextsAsTheyAre(text: String) throws {
    let table = try written([[.text("x"), .text(text)]], header: ["a", text])
    #expect(table.header == ["a", text])
    #expect(table.rows.first?.cells == ["x", text])
  }

  @Test func leavesOutWhatXMLCannotHold() throws {
    #expect(try written([[.text("a\0b\u{FFFE}c\u{FFFF}")]]).lines == ["2: abc"])
  }

  @Test func writesNoFormulaAndStyles() throws {
    let archive = try ZIPArchive(try XLSX.write(sheet: "Équipes", header: ["a", "b"], rows: [[.text("=1+1"), .integer(1)]]))
    let sheet = String(decoding: try archive.part("xl/worksheets/sheet1.xml"), as: UTF8.self)
    #expect(!sheet.contains("<f>"))
    #expect(sheet.contains(#"<autoFilter ref="A1:B2"/>"#))
    #expect(sheet.contains(#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#))
    #expect(sheet.contains(#"<col min="1" max="1""#))
    #expect(String(decoding: try archive.part("xl/styles.xml"), as: UTF8.self).contains("<b/>"))
    #expect(String(decoding: try archive.part("xl/workbook.xml"), as: UTF8.self).contains(#"name="Équipes""#))
  }

  @Test(arguments: ["", "'", "a/b:c*d?[e]\\f", String(repeating: "é", count: 40), "'Échanges'", "👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️", "a\u{0}b", "[\u{301}'\u{301}"])
  func writesAnySheetName(name: String) throws {
    #expect(try written([[.text("x")]], sheet: name).lines == ["2: x"])
  }

  @Test func writesListsWithoutRowsOrColumns() throws {
    #expect(try written([]).header == ["a", "b"])
    #expect(try written([[.integer(1), .integer(2), .integer(3)]], header: ["seule"]).lines == ["2: 1|2|3"])
    #expect(throws: TableError.empty) { try written([], header: []) }
  }

  @Test func saysWhatAWorkbookCannotHold() throws {
    let longest = String(repeating: "é", count: 32_767)
    #expect(try written([[.text(longest)]]).rows.first?.cells == [longest])
    #expect(throws: TableError.textTooLong(row: 3, column: "b")) { try written([[], [.text("x"), .text(longest + "é")]]) }
    #expect(throws: TableError.tooManyColumns) { try written([], header: Array(repeating: "a", count: 16_385)) }
    #expect(throws: TableError.tooManyRows) {
      try XLSX.write(sheet: "a", header: ["a"], rows: repeatElement([XLSX.Cell](), count: 1_048_576))
    }
  }

  /// Lists hold personal data: nothing of them stays in the temporary folder, even when writing fails.
  @Test func leavesNoFileBehind() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tables-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try XLSX.write(sheet: "a", header: ["a"], rows: [[.text("x")]], temporaryFolder: folder)
    let tooLong = String(repeating: "x", count: 40_000)
    #expect(throws: TableError.self) { try XLSX.write(sheet: "a", header: ["a"], rows: [[.text(tooLong)]], temporaryFolder: folder) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
