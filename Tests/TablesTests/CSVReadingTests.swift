import Tables
import Testing

struct CSVReadingTests {
  private func read(_ text: String) throws -> Table { try CSV.read(Array(text.utf8)) }
  private func cells(_ text: String) throws -> [[String]] { try read("a;b;c\n" + text).rows.map(\.cells) }

  @Test(arguments: [";", ",", "\t"])
  func theSeparatorIsFoundInTheHeader(separator: String) throws {
    let others = [";", ",", "\t"].filter { $0 != separator }.joined()
    let table = try read("nom\(separator)ville\(separator)note\nA\(separator)B\(separator)\"x\(others)y\"\n")
    #expect(table.header == ["nom", "ville", "note"])
    #expect(table.rows.map(\.cells) == [["A", "B", "x\(others)y"]])
  }

  @Test func separatorsInQuotesDoNotCount() throws {
    #expect(try read("\"a,b,c,d\";e\n1;2\n").header == ["a,b,c,d", "e"])
    #expect(try read("\"a;\n;b\",c\n1,2\n").rows.map(\.cells) == [["1", "2"]])
  }

  @Test func oneColumnNeedsNoSeparator() throws {
    let table = try read("nom\nDupont, Jean\n")
    #expect(table.header == ["nom"])
    #expect(table.rows.map(\.cells) == [["Dupont, Jean"]])
  }

  @Test func aByteOrderMarkIsNotPartOfTheHeader() throws {
    #expect(try CSV.read([0xEF, 0xBB, 0xBF] + Array("nom;ville\n".utf8)).header == ["nom", "ville"])
    #expect(try CSV.read([0xEF, 0xBB, 0xBF] + Array("\"nom\";ville\n".utf8)).header == ["nom", "ville"])
  }

  @Test func utf8IsReadAsIs() throws {
    #expect(try cells("œuvre;👩‍⚕️;é€’\n") == [["œuvre", "👩‍⚕️", "é€’"]])
  }

  @Test func windows1252IsReadWhenTheBytesAreNotUTF8() throws {
    // é œ € ’ à, as Excel writes them in France.
    let bytes: [UInt8] = [0xE9, 0x3B, 0x9C, 0x3B, 0x80, 0x3B, 0x92, 0x3B, 0xE0, 0x0A]
    #expect(try CSV.read(bytes).header == ["é", "œ", "€", "’", "à"])
  }

  @Test(arguments: [true, false])
  func utf16IsReadWithItsMark(isLittleEndian: Bool) throws {
    let units = Array("\u{FEFF}nom;ville\r\nœuvre;👩\r\n".utf16)
    let bytes = units.flatMap { unit in isLittleEndian ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)] }
    let table = try CSV.read(bytes)
    #expect(table.header == ["nom", "ville"])
    #expect(table.rows.map(\.cells) == [["œuvre", "👩"]])
  }

  @Test func quotedCellsHoldSeparatorsNewLinesAndQuotes() throws {
    #expect(try cells("\"a;b\";\"x\r\ny\nz\";\"dit \"\"oui\"\"\"\n") == [["a;b", "x\r\ny\nz", "dit \"oui\""]])
    #expect(try cells("\"\";\"\"\"\";\" gardé \"\n") == [["", "\"", " gardé "]])
  }

  @Test func aStrayQuoteInsideACellIsKept() throws {
    #expect(try cells("écran 5\";l\"a;\"b\"c\n1;2;3\n") == [["écran 5\"", "l\"a", "bc"], ["1", "2", "3"]])
  }

  @Test func anUnclosedQuoteIsToldWithItsRow() {
    #expect(throws: TableError.unclosedQuote(line: 3)) { try read("a;b\n1;2\n3;\"4\n5;6\n") }
    #expect(throws: TableError.unclosedQuote(line: 1)) { try read("\"a;b\n1;2") }
    #expect(throws: TableError.unclosedQuote(line: 3)) { try read("a\n\"two\nlines\"\n\"open") }
  }

  @Test func cellsAreTrimmedUnlessQuoted() throws {
    #expect(try cells("  a ;\u{A0}b\u{202F};\" c \"\n") == [["a", "b", " c "]])
  }

  @Test func blankRowsAreLeftOutAndTheOthersKeepTheirNumber() throws {
    let table = try read("a;b\n\n1;2\n;\n  ; \n\"\";\n3;4\n\n")
    #expect(table.rows.map(\.number) == [3, 7])
    #expect(table.rows.map(\.cells) == [["1", "2"], ["3", "4"]])
  }

  @Test func aCellOfSeveralLinesIsOneRow() throws {
    #expect(try read("a;b\n\"x\ny\nz\";1\n2;3\n").rows.map(\.number) == [2, 3])
  }

  @Test(arguments: ["\n", "\r", "\r\n"], ["", "end"])
  func everyLineEndingAndAMissingLastOneIsRead(ending: String, last: String) throws {
    let table = try read(["a;b", "1;2", "3;4"].joined(separator: ending) + (last.isEmpty ? "" : ending))
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.cells) == [["1", "2"], ["3", "4"]])
    #expect(table.rows.map(\.number) == [2, 3])
  }

  @Test func shortAndLongRowsKeepTheirCells() throws {
    #expect(try cells("1\n1;2;3;4\n1;;\n;;3\n1;2;\"\"") == [["1"], ["1", "2", "3", "4"], ["1", "", ""], ["", "", "3"], ["1", "2", ""]])
  }

  @Test(arguments: ["a;b\n1;\0\n", "\0", "PK\u{3}\u{4}\0\0", "\u{FEFF}a\0b"])
  func aNulMeansThatTheFileIsNotText(text: String) {
    #expect(throws: TableError.notText) { try read(text) }
  }

  @Test func aNulInUTF16MeansThatTheFileIsNotText() {
    #expect(throws: TableError.notText) { try CSV.read([0xFF, 0xFE, 0x61, 0, 0, 0, 0x0A, 0]) }
  }

  @Test(arguments: ["", "\u{FEFF}", "\n", "\n\n\n", ";;\n1;2;3\n", " ; \n", "\"\""])
  func aFileWithoutColumnNamesIsEmpty(text: String) {
    #expect(throws: TableError.empty) { try read(text) }
  }

  @Test func aHeaderAloneIsATableWithoutRows() throws {
    let table = try read("a;b")
    #expect(table.header == ["a", "b"])
    #expect(table.rows.isEmpty)
  }

  @Test func randomBytesNeverStopTheProgram() {
    var state: UInt64 = 42
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    let alphabet: [UInt8] = Array("ab;,\t\"\"\n\r '=é".utf8) + [0xE9, 0xFF]
    for length in 0..<400 {
      let bytes = (0..<length).map { _ in alphabet[Int(next()) % alphabet.count] }
      if let table = try? CSV.read(bytes) { #expect(!table.header.isEmpty) }
      _ = try? CSV.read((0..<length).map { _ in next() })
      _ = try? CSV.read([0xFF, 0xFE] + (0..<length).map { _ in next() })
    }
  }
}
