import Testing

@testable import Tables

/// Which office document an archive is stands in it, not in its name.
struct OfficeFileTests {
  private static let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

  @Test func documentsAreKnownByTheirParts() throws {
    #expect(OfficeFile.mediaType(of: try fixture("letter.docx")) == Self.word)
    #expect(OfficeFile.mediaType(of: try fixture("types.xlsx")) == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    #expect(OfficeFile.mediaType(of: try fixture("types.ods")) == "application/vnd.oasis.opendocument.spreadsheet")
  }

  @Test func otherArchivesAndProgramsAreNot() throws {
    func type(_ names: [String], mimetype: String? = nil) -> String? {
      var file = WorkbookFile()
      file.entries = names.map { .init(name: $0, content: Array("x".utf8)) }
      if let mimetype { file.entries.insert(.init(name: "mimetype", content: Array(mimetype.utf8), isDeflated: false), at: 0) }
      return OfficeFile.mediaType(of: file.bytes)
    }
    #expect(type(["[Content_Types].xml", "word/document.xml"]) == Self.word)
    #expect(type(["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]) == nil)
    #expect(type(["word/document.xml"]) == nil)
    #expect(type(["[Content_Types].xml", "programme.exe"]) == nil)
    #expect(type(["content.xml"], mimetype: "application/vnd.oasis.opendocument.text") == "application/vnd.oasis.opendocument.text")
    #expect(type(["Basic/script-lc.xml"], mimetype: "application/vnd.oasis.opendocument.text") == nil)
    #expect(type(["content.xml"], mimetype: "application/epub+zip") == nil)
    #expect(OfficeFile.mediaType(of: Array("PK\u{3}\u{4}".utf8)) == nil)
  }
}
