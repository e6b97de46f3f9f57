import Testing

@testable import Tables

/// Workbooks written by hand, as programs other than the usual ones make them.
struct WorkbookVariantTests {
  private func rows(_ rows: String, workbook: String = "", strings: String? = nil, styles: String? = nil) throws -> [String] {
    let header = #"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>"#
    let file = WorkbookFile.xlsx(
      sheet: "<sheetData>\(header)\(rows)</sheetData>", workbook: workbook, strings: strings, styles: styles)
    return try TableFile.read(file.bytes).lines
  }

  @Test func readsSharedAndInlineStrings() throws {
    let strings = """
      <si><t xml:space="preserve"> un </t></si><si><r><t>de</t></r><r><rPr><b/></rPr><t>ux</t></r><rPh sb="0" eb="1"><t>aide</t></rPh></si>\
      <si/><si><t><![CDATA[<trois>]]></t></si>
      """
    let cells = (0...3).map { #"<c t="s"><v>\#($0)</v></c>"# }.joined()
    let inline = #"<c t="inlineStr"><is><r><t>qua</t></r><r><t>tre</t></r></is></c>"#
    #expect(try rows("<row>\(cells)\(inline)</row>", strings: strings) == ["2:  un |deux||<trois>|quatre"])
    #expect(throws: TableError.damaged) { try rows(#"<row><c t="s"><v>4</v></c></row>"#, strings: strings) }
    #expect(throws: TableError.damaged) { try rows(#"<row><c t="s"><v>-1</v></c></row>"#, strings: strings) }
  }

  @Test func readsValuesOfFormulas() throws {
    let cells = """
      <c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1&amp;"b"</f><v>ab</v></c><c r="C2"><f>1+1</f></c><c r="D2"><f>1+1</f><v/></c>\
      <c r="E2" t="b"><f>TRUE()</f><v>1</v></c><c r="F2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="G2" t="str"><v>=1+1</v></c>
      """
    #expect(try rows(#"<row r="2">\#(cells)</row>"#) == ["2: 2|ab|||oui|#DIV/0!|=1+1"])
  }

  @Test func countsRowsAndCellsThatAreNotNumbered() throws {
    #expect(try rows("<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>") == ["2: 1||3", "4: 4"])
    #expect(try rows(#"<row r="9"><c r="C9"><v>3</v></c><c r="A9"><v>1</v></c></row><row><c><v>2</v></c></row>"#) == ["9: 1||3", "10: 2"])
    #expect(throws: TableError.damaged) { try rows(#"<row r="1"><c><v>1</v></c></row>"#) }
  }

  @Test func readsPrefixedElements() throws {
    let cell = #"<x:row r="2"><x:c r="B2" t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c></x:row>"#
    #expect(try rows(cell) == ["2: |b"])
  }

  @Test func readsDatesByTheirStyle() throws {
    let styles = """
      <numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="0 &quot;jours&quot;"/></numFmts>\
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>\
      <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="46"/></cellXfs>\
      <dxfs><dxf><numFmt numFmtId="165" formatCode="d"/></dxf></dxfs>
      """
    let cells = [(0, "44525"), (1, "44525"), (2, "44525.75"), (3, "44525"), (4, "12"), (5, "1.5"), (9, "44525"), (1, "-1")]
      .map { #"<c s="\#($0)"><v>\#($1)</v></c>"# }.joined()
    let iso = #"<c t="d"><v>2021-11-25T00:00:00</v></c><c t="d"><v>2021-11-25T09:30:00Z</v></c>"#
    let line = "44525|2021-11-25|2021-11-25 18:00|2021-11-25|12|36:00|44525|-1|2021-11-25|2021-11-25 09:30"
    #expect(try rows("<row>\(cells)\(iso)</row>", styles: styles) == ["2: " + line])
    let old = #"<workbookPr date1904="1"/>"#
    let days = #"<row><c s="1"><v>0</v></c><c s="1"><v>43063</v></c></row>"#
    #expect(try rows(days, workbook: old, styles: styles) == ["2: 1904-01-01|2021-11-25"])
  }

  @Test func hidesWhatMergedCellsCover() throws {
    let cells =
      #"<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="C2"><v>3</v></c></row><row r="3"><c r="A3"><v>4</v></c></row>"#
    let file = WorkbookFile.xlsx(
      sheet: """
        <sheetData><row r="1"><c r="A1"><v>1</v></c></row>\(cells)</sheetData>\
        <mergeCells><mergeCell ref="A2:B3"/><mergeCell ref="E1:XFD9"/><mergeCell ref="?"/></mergeCells>
        """)
    #expect(try TableFile.read(file.bytes).lines == ["2: 1||3"])
  }

  @Test func takesEscapesAndGuardsOff() throws {
    let texts = ["_x0041_", "a_x000D__x000A_b", "_x005F_x0041_", "_xZZZZ_", "_xD800_", "'=1+1", "''=1", "'- point", "l'été", "'"]
    let cells = texts.map { #"<c t="str"><v>\#($0)</v></c>"# }.joined()
    #expect(try rows("<row>\(cells)</row>") == ["2: A|a\r\nb|_x0041_|_xZZZZ_|_xD800_|=1+1|'=1|- point|l'été|'"])
  }

  @Test func keepsRepetitionsOfODSWithinReason() throws {
    let header = #"<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>"#
    func read(_ rows: String) throws -> [String] { try TableFile.read(WorkbookFile.ods(sheet: header + rows).bytes).lines }
    let empty = #"<table:table-row table:number-rows-repeated="99999999999"><table:table-cell/></table:table-row>"#
    #expect(try read(empty + empty) == [])
    let cell = #"<table:table-cell table:number-columns-repeated="9223372036854775807"/>"#
    #expect(try read("<table:table-row>\(cell)\(cell)</table:table-row>") == [])
    let full = #"<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>"#
    for row in [
      #"<table:table-row table:number-rows-repeated="1048575">\#(full)</table:table-row>"#,
      "<table:table-row>\(cell)\(full)</table:table-row>", "<table:table-row>\(full)\(full)</table:table-row>",
      empty + header,
    ] {
      #expect(throws: TableError.tooManyCells) { try read(row) }
    }
    let spaces = #"<table:table-row><table:table-cell><text:p><text:s text:c="1000000000"/></text:p></table:table-cell></table:table-row>"#
    #expect(throws: TableError.tooLarge) { try read(spaces) }
  }
}
