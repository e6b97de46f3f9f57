import Foundation
import Testing

@testable import Tables

/// Workbooks as openpyxl and odfpy write them.
struct SpreadsheetTests {
  @Test func readsEveryTypeOfXLSX() throws {
    let values = try TableFile.read(try fixture("types.xlsx")).values()
    #expect(
      values == [
        "texte": "Étienne « Œuvre » & <b>", "formule_en_texte": "=1+1", "entier": "44525", "siret": "80295478500028", "decimal": "12.5",
        "somme": "0.3", "grand": "100000000000000000000", "petit": "0.00001234", "negatif": "-3", "pourcentage": "0.457",
        "euros": "1234.5", "vrai": "oui", "faux": "non", "jour": "2021-11-25", "jour_standard": "2021-11-25",
        "jour_francais": "2021-12-31", "moment": "2021-11-25 14:30", "minuit": "2021-11-25", "heure": "09:05", "duree": "30:15",
        "jours_ecrits": "12", "rouge": "12", "echappe": "12", "lignes": "un\ndeux", "espaces": "  bord  ", "erreur": "#N/A",
        "riche": "Maison de santé",
      ])
  }

  @Test func readsEveryTypeOfODS() throws {
    let values = try TableFile.read(try fixture("types.ods")).values()
    #expect(
      values == [
        "texte": "Étienne « Œuvre » & <b>", "formule_en_texte": "=1+1", "entier": "44525", "siret": "80295478500028", "decimal": "12.5",
        "somme": "0.3", "grand": "100000000000000000000", "pourcentage": "0.457", "euros": "1234.5", "vrai": "oui", "faux": "non",
        "jour": "2021-11-25", "moment": "2021-11-25 14:30", "minuit": "2021-11-25", "heure": "09:05", "duree": "30:15",
        "lignes": "un\ndeux", "espaces": "a   b\tc\nd", "riche": "Maison de santé", "lien": "exemple", "commente": "suivi",
        "calcul": "2", "non_calcule": "",
      ])
  }

  /// Gaps are filled, blank rows counted but left out, merged cells keep the first; a formula without a value is empty.
  @Test func keepsPlacesOfXLSX() throws {
    let table = try TableFile.read(try fixture("layout.xlsx"))
    #expect(table.header == ["a", "b", "c", "d"])
    let far = "12: " + String(repeating: "|", count: 27) + "loin"
    #expect(table.lines == ["2: 1|||4", "5: cinq", "7: fusion", "8: |||huit", far])
  }

  @Test func keepsPlacesOfODS() throws {
    let table = try TableFile.read(try fixture("layout.ods"))
    #expect(table.header == ["a", "b", "c", "d"])
    let lines = ["2: 1|||4", "5: deux fois|deux fois", "6: deux fois|deux fois", "7: fusion|||sept", "1048008: loin"]
    #expect(table.lines == lines)
  }

  @Test func readsDatesOfOldMacintoshes() throws {
    #expect(try TableFile.read(try fixture("1904.xlsx")).lines == ["2: 2021-11-25"])
  }

  @Test func tellsFormatsByTheirContent() throws {
    #expect(try TableFile.read(Array("nom;ville\nA;B\n".utf8)).lines == ["2: A|B"])
    let refused: [(bytes: [UInt8], error: TableError)] = [
      (try fixture("letter.docx"), .notATable),
      ([0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 13], .notATable),
      (WorkbookFile().bytes, .notATable),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], .otherExcel),
      ([], .empty),
    ]
    for (bytes, error) in refused {
      #expect(throws: error) { try TableFile.read(bytes) }
    }
    var text = WorkbookFile.ods(sheet: "")
    text.change("mimetype") { $0.content = Array("application/vnd.oasis.opendocument.text".utf8) }
    #expect(throws: TableError.notATable) { try TableFile.read(text.bytes) }
    var binary = WorkbookFile.xlsx(sheet: "")
    binary.change("[Content_Types].xml") {
      $0.content = Array(#"<Types><Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>"#.utf8)
    }
    #expect(throws: TableError.otherExcel) { try TableFile.read(binary.bytes) }
  }

  @Test(arguments: ["", #"<row r="1"/>"#, #"<row r="2"><c r="A2"><v>1</v></c></row>"#, #"<row r="1"><c t="str"><v> </v></c></row>"#])
  func refusesSheetsWithoutHeader(rows: String) {
    #expect(throws: TableError.empty) { try TableFile.read(WorkbookFile.xlsx(sheet: "<sheetData>\(rows)</sheetData>").bytes) }
  }

  @Test(arguments: [
    ("44525", "44525"), ("0", "0"), ("-0", "0"), ("007", "7"), ("12.0", "12"), ("-3.50", "-3.5"), ("1E3", "1000"), ("1.5e-7", "0.00000015"),
    ("1.1000000000000001", "1.1"), ("0.30000000000000004", "0.3"), ("9999999999999.99", "9999999999999.99"),
    ("-1.25E+2", "-125"), ("9.99999999999999E-1", "0.999999999999999"), ("0.99999999999999999", "1"),
    ("12345678901234567890", "12345678901234567890"), ("1e300", "1e300"), ("nan", "nan"), ("abc", "abc"), ("", ""),
  ])
  func printsNumbersAsPeopleReadThem(raw: String, text: String) {
    #expect(SheetNumber.text(raw) == text)
  }

  @Test(arguments: [
    (1.0, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (36526, "2000-01-01"), (44620, "2022-02-28"), (45351, "2024-02-29"),
    (2_958_465, "9999-12-31"), (44525.604166666664, "2021-11-25 14:30"), (44525.9999999, "2021-11-26"), (0.5, "12:00"), (0, "00:00"),
  ])
  func readsSerialNumbers(serial: Double, text: String) {
    #expect(SheetDate.text(serial: serial, epoch: .year1900) == text)
  }

  @Test(arguments: [60, -1, 2_958_466, .infinity, .nan])
  func leavesNumbersThatAreNoDay(serial: Double) {
    #expect(SheetDate.text(serial: serial, epoch: .year1900) == nil)
  }

  /// Every day of the program's years comes back from its number.
  @Test func countsDaysAsTheCalendarDoes() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let first = try #require(calendar.date(from: DateComponents(year: 1900, month: 3, day: 1)))
    // One expectation for all: each costs more than the day it checks.
    var wrong: [Int] = []
    for serial in 61...75_000 {
      let text = SheetDate.text(serial: Double(serial), epoch: .year1900) ?? ""
      if SheetDate.serial(iso: text) != serial { wrong.append(serial) }
      guard serial % 50 == 0 else { continue }
      let parts = calendar.dateComponents([.year, .month, .day], from: first.addingTimeInterval(Double(serial - 61) * 86_400))
      if text != String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0) { wrong.append(serial) }
    }
    #expect(wrong == [])
  }

  @Test(arguments: [
    ("dd/mm/yyyy", XLSX.NumberStyle.date), ("[$-40C]d mmmm yyyy;@", .date), ("mmm-yy", .date), ("hh:mm", .date), ("mm:ss.0", .date),
    ("[h]:mm", .duration), ("[mm]:ss", .duration), ("General", .number), ("0.00", .number), ("0 \"jours\"", .number),
    ("[Red]0;[Red]-0", .number), ("# ##0,00\\ [$€-40C]", .number), ("0 \\d\\m", .number), ("0_d", .number), ("0*m", .number),
    ("\"date\" yyyy", .date), ("@", .number), ("[", .number), ("\"dd", .number), ("0.00E+00", .number), ("[Magenta]0", .number),
  ])
  func tellsDatesByTheirFormat(format: String, style: XLSX.NumberStyle) {
    #expect(XLSX.NumberStyle(format: format) == style)
  }
}
