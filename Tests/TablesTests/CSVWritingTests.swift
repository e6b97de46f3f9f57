import Testing

@testable import Tables

struct CSVWritingTests {
  private func line(_ cells: String...) -> String {
    String(decoding: CSV.write(header: cells, rows: []).dropFirst(3), as: UTF8.self)
  }

  @Test func aFileBeginsWithAByteOrderMarkAndEndsItsLinesAsExcelDoes() {
    let bytes = CSV.write(header: ["nom", "ville"], rows: [["Œuvre", "Évreux"], ["", "x"]])
    #expect(bytes == [0xEF, 0xBB, 0xBF] + Array("nom;ville\r\nŒuvre;Évreux\r\n;x\r\n".utf8))
  }

  @Test func cellsAreQuotedWhereTheyMustBe() {
    #expect(line("simple", "deux mots", "a,b", "l’été") == "simple;deux mots;a,b;l’été\r\n")
    #expect(
      line("a;b", "dit \"oui\"", "x\ny", "x\ry", "x\ty", " a", "a ")
        == "\"a;b\";\"dit \"\"oui\"\"\";\"x\ny\";\"x\ry\";\"x\ty\";\" a\";\"a \"\r\n")
    #expect(line("\u{A0}a", "a\u{202F}") == "\"\u{A0}a\";\"a\u{202F}\"\r\n")
  }

  @Test func everyQuoteIsDoubledAlsoUnderACombiningSign() {
    #expect(Array(line("\"\u{301};=1").unicodeScalars) == Array("\"\"\"\u{301};=1\"\r\n".unicodeScalars))
  }

  @Test(arguments: [
    "=1+1", "=HYPERLINK(\"http://exemple.fr\")", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\r\n=1", "=", "+", "-", "@",
    "-a",
    "+33 a", "--1", "=5", "@12", "'=1", "''=1", "'+a", "-", "=\u{301}1", "+\u{20DD}1", "- ", "-(", "-2-3", "+1*2", "-1e5", "-٣",
  ])
  func aCellThatASpreadsheetWouldRunGetsAnApostropheAndLosesItAgain(cell: String) {
    let guarded = FormulaGuard.added(to: cell)
    #expect(Array(guarded.unicodeScalars) == ["'"] + Array(cell.unicodeScalars))
    #expect(Array(FormulaGuard.removed(from: guarded).unicodeScalars) == Array(cell.unicodeScalars))
  }

  @Test(arguments: [
    "", "Évreux", "12", "-12", "+12", "-12,5", "-1 234,50", "+33 1 23 45 67 89", "+33.1.23.45.67.89", "+33 (0)1 23 45 67 89", "'", "''",
    "'abc",
    "l'été", "'-12", "a=b", "1-2", " =1", "2021-12-31", "a@exemple.fr", "—", "–",
  ])
  func otherCellsAreLeftAsTheyAre(cell: String) {
    #expect(FormulaGuard.added(to: cell) == cell)
    #expect(FormulaGuard.removed(from: cell) == cell)
  }

  @Test func aGuardedCellOfAUsersFileIsReadWithoutItsApostrophe() throws {
    let table = try CSV.read(Array("a;b;c;d\n'=1;'abc;'-12;\"'@x\"\n".utf8))
    #expect(table.rows.map(\.cells) == [["=1", "'abc", "'-12", "@x"]])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let hostile = [
      "x", "", " ", "  a  ", "\u{A0}a\u{A0}", "\u{202F}", "\u{3000}a", " \u{301}a", "a\tb", "\ta", "a\t", "\n", "\r", "\r\n", "a\nb",
      "a\r\nb\rc", ";", ",",
      "\"", "\"\"", "\"a", "a\"", "a\"b;c", "\"\u{301}", ";\u{301}", "\n\u{301}", "\";\"", "=1", "'=1", "''=1", "'", "''", "+33 1 23", "-",
      "-1", "@a",
      "\u{FEFF}a", "\u{FEFF}", "é", "e\u{301}", "œ€’", "👩‍⚕️", "שלום", "\u{2028}", "\u{1}", "\u{7F}", "\u{85}", "\u{200B}", "\\", "\\\"",
      "NULL",
      String(repeating: "é\"\n", count: 10_000),
    ]
    let rows = hostile.map { ["key", $0, "end"] } + [hostile.map { $0 }] + hostile.map { [$0, "end"] }
    let table = try CSV.read(CSV.write(header: ["first", "second", "third"], rows: rows))
    #expect(table.header == ["first", "second", "third"])
    #expect(table.rows.map(\.number) == Array(2..<(2 + rows.count)))
    for (row, written) in zip(table.rows, rows) {
      #expect(row.cells.map { Array($0.utf8) } == written.map { Array($0.utf8) })
    }
  }

  @Test(arguments: ["\u{FEFF}a", "a;b", "=1", "\"a\"", "a\nb", " a ", "'x"])
  func hostileColumnNamesAreReadBack(name: String) throws {
    #expect(try CSV.read(CSV.write(header: [name, "b"], rows: [["1", "2"]])).header == [name, "b"])
  }

  @Test func theSentencesSayWhatToDo() {
    #expect("\(TableError.empty)" == "Le fichier est vide : la première ligne doit nommer les colonnes.")
    #expect("\(TableError.unclosedQuote(line: 4))".contains("ligne 4"))
    #expect("\(TableError.notText)".contains("CSV"))
  }
}
