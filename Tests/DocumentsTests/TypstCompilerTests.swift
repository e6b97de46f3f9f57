import Documents
import Foundation
import TestSupport
import Testing

@Suite struct TypstCompilerTests {
  private struct Values: Encodable {
    var title: String
  }

  private static let tools =
    ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(filePath: $0) } ?? TestDatabases.root.appending(path: ".tools")

  /// A template of the test's own, in a folder with the project's script.
  private func compiler(_ template: String, tools: URL = tools) throws -> TypstCompiler {
    let folder = FileManager.default.temporaryDirectory.appending(path: "maillage-typst-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = TestDatabases.root.appending(path: "Typst/compile.py")
    try FileManager.default.copyItem(at: script, to: folder.appending(path: "compile.py"))
    try Data(template.utf8).write(to: folder.appending(path: "t.typ"))
    return TypstCompiler(tools: tools, templates: folder, patience: .seconds(600))
  }

  private let plain = """
    #let d = json(bytes(sys.inputs.data))
    #set document(title: d.title)
    #set text(font: "Inter", lang: "fr")
    = #d.title
    """

  @Test func valuesAreTextAndNeverMarkup() async throws {
    let pdf = try await compiler(plain).pdf("t.typ", Values(title: "#panic(\"non\") *gras* \\ $x$ <étiquette>"))
    #expect(pdf.starts(with: Data("%PDF-".utf8)))
    #expect(pdf.range(of: Data("/StructTreeRoot".utf8)) != nil, "tagged")
  }

  @Test func severalAtOnceAllCome() async throws {
    let compiler = try compiler(plain)
    let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<4 { group.addTask { try await compiler.pdf("t.typ", Values(title: "Feuille \(index)")).count } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sizes.count == 4 && sizes.allSatisfy { $0 > 1_000 })
  }

  /// What a template may not do: leave its folder, or show a picture that says nothing.
  @Test(arguments: [
    "#read(\"/../../etc/hostname\")", "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg'/>\"), format: \"svg\")", "#oops",
  ])
  func aFaultyTemplateIsRefused(_ content: String) async throws {
    let compiler = try compiler("#set document(title: \"x\")\n#set text(font: \"Inter\", lang: \"fr\")\n\(content)")
    let failure = await #expect(throws: DocumentFailure.self) { try await compiler.pdf("t.typ", Values(title: "x")) }
    guard case .refused(let reason) = failure else { throw TestSetUpError(description: "\(String(describing: failure))") }
    #expect(!reason.isEmpty)
  }

  @Test func whatIsMissingIsSaid() async throws {
    let compiler = try compiler(plain, tools: FileManager.default.temporaryDirectory.appending(path: "nowhere"))
    #expect(!compiler.isInstalled)
    await #expect(throws: DocumentFailure.notInstalled) { try await compiler.pdf("t.typ", Values(title: "x")) }
  }

  @Test func whoFindsEightWaitingIsToldToComeBack() async throws {
    let tools = FileManager.default.temporaryDirectory.appending(path: "maillage-outils-\(UUID().uuidString)")
    for folder in ["venv/bin", "fonts"] {
      try FileManager.default.createDirectory(at: tools.appending(path: folder), withIntermediateDirectories: true)
    }
    let (program, gate) = (tools.appending(path: "venv/bin/python").path, tools.appending(path: "gate").path)
    let waiter = "#!/bin/sh\ncat > /dev/null\nwhile [ ! -e '\(gate)' ]; do sleep 0.05; done\necho done\n"
    #expect(FileManager.default.createFile(atPath: program, contents: Data(waiter.utf8), attributes: [.posixPermissions: 0o755]))
    let compiler = TypstCompiler(tools: tools, templates: tools, patience: .seconds(600))
    try await withThrowingTaskGroup(of: Bool.self) { group async throws in
      for _ in 0..<9 {
        group.addTask {
          do {
            return try await compiler.pdf("t.typ", Values(title: "x")).isEmpty
          } catch DocumentFailure.busy {
            return FileManager.default.createFile(atPath: gate, contents: nil)
          }
        }
      }
      #expect(try await group.reduce(0) { $0 + ($1 ? 1 : 0) } == 1)
    }
  }

  /// What Inter has not is drawn by the letters that set-up brings beside it: for one sign without any the file would lose its standard.
  @Test(arguments: ["Bravo 🎉 👩‍⚕️ ❤️ ☎️", "תודה שלום", "شكرا جزيلا", "Ευχαριστώ, Спасибо"])
  func whatInterHasNotIsDrawn(_ title: String) async throws {
    let pdf = try await compiler(plain).pdf("t.typ", Values(title: title))
    #expect(pdf.range(of: Data("pdfuaid".utf8)) != nil)
  }

  private struct Report: Encodable {
    struct Chapter: Encodable {
      var title: String
      var blocks: [Block]
    }

    struct Block: Encodable {
      var kind: String
      var text: String?
      var title: String?
      var rowTitle: String?
      var columns: [String]?
      var rows: [[String]]?
    }

    var name = "Rapport d’activité"
    var isSheet = false
    var title = "Rapport d’activité 2025"
    var year = 2025
    var federation = "Fédération"
    var notice = "Projet."
    var motif = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'></svg>"
    var figures: [String] = []
    var chapters: [Chapter]
  }

  /// A long table begins where there is room for some of it and goes on over the page: a cover, then four pages for what five of
  /// them would hold if each long chapter began one.
  @Test func aLongChapterLeavesNoEmptyPage() async throws {
    let text = Report.Block(kind: "text", text: String(repeating: "Une phrase. ", count: 20))
    let table = Report.Block(
      kind: "table", title: "Un tableau", rowTitle: "Ligne", columns: ["Nombre"], rows: (0..<60).map { ["Ligne \($0)", "\($0)"] })
    let chapters = [[text], [text, table], [text], [text, table], [text]].enumerated().map {
      Report.Chapter(title: "Chapitre \($0.offset + 1)", blocks: $0.element)
    }
    let compiler = TypstCompiler(tools: Self.tools, templates: TestDatabases.root.appending(path: "Typst"), patience: .seconds(600))
    let pdf = try await compiler.pdf("report.typ", Report(chapters: chapters))
    #expect(pdf.range(of: Data("<xmpTPg:NPages>5</xmpTPg:NPages>".utf8)) != nil)
  }
}
