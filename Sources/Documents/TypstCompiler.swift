import Foundation
import Subprocess
import SystemPackage

/// Makes PDF files from the project's own templates and values, one at a time, by the Typst compiler that set-up brings: tagged, with a
/// language and a title (PDF/UA-1). Values are content: nothing in them is read as markup.
public actor TypstCompiler {
  private let python: URL
  private let templates: URL
  private let fonts: URL
  private var last: Task<Void, Never>?

  /// What a template that never ends may take.
  private static let patience = Duration.seconds(60)
  private static let largest = 200_000_000

  /// - Parameters:
  ///   - tools: what set-up made: the compiler in `venv`, the typefaces in `fonts`.
  ///   - templates: the folder of the templates, which they do not leave.
  public init(tools: URL, templates: URL) {
    python = tools.appending(path: "venv/bin/python")
    fonts = tools.appending(path: "fonts")
    self.templates = templates
  }

  /// Whether set-up has brought what it takes.
  public nonisolated var isInstalled: Bool {
    FileManager.default.isExecutableFile(atPath: python.path) && FileManager.default.fileExists(atPath: fonts.path)
  }

  /// - Parameters:
  ///   - template: its name, `report.typ`; it reads the values as JSON from `sys.inputs.data`.
  /// - Throws: `DocumentFailure`.
  public func pdf(_ template: String, _ values: some Encodable & Sendable) async throws -> Data {
    guard isInstalled else { throw DocumentFailure.notInstalled }
    let input = try JSONEncoder().encode(values)
    let before = last
    let work = Task {
      await before?.value
      return try await self.run(template, input)
    }
    last = Task { _ = try? await work.value }
    return try await work.value
  }

  private func run(_ template: String, _ input: Data) async throws -> Data {
    let arguments = ["-I", "-B", templates.appending(path: "compile.py").path, templates.path, template, fonts.path]
    return try await withThrowingTaskGroup(of: Data.self) { [python] group in
      group.addTask {
        let result = try await Subprocess.run(
          .path(FilePath(python.path)), arguments: Arguments(arguments), input: .data(input), output: .data(limit: Self.largest),
          error: .string(limit: 4_000))
        guard result.terminationStatus.isSuccess else { throw DocumentFailure.refused(result.standardError) }
        return result.standardOutput
      }
      group.addTask {
        try await Task.sleep(for: Self.patience)
        throw DocumentFailure.tooSlow
      }
      defer { group.cancelAll() }
      return try await group.next() ?? Data()
    }
  }
}

public enum DocumentFailure: Error, Equatable, CustomStringConvertible {
  /// The compiler or its typefaces are missing.
  case notInstalled
  /// It took more than a minute.
  case tooSlow
  /// What the compiler said, for the log.
  case refused(String)

  /// A sentence for people.
  public var description: String {
    switch self {
    case .notInstalled: "La mise en page des PDF n’est pas installée : lancez « make setup »."
    case .tooSlow: "La mise en page du PDF a pris plus d’une minute : elle est abandonnée."
    case .refused: "La mise en page du PDF a échoué."
    }
  }
}
