import Foundation
import Subprocess
import SystemPackage

/// Makes PDF files from the project's own templates and values, one at a time, by the Typst compiler that set-up brings: tagged, with a
/// language and a title (PDF/UA-1). Values are content: nothing in them is read as markup.
public actor TypstCompiler {
  private let python: URL
  private let templates: URL
  private let fonts: URL
  /// What a template that never ends may take.
  private let patience: Duration
  private var last: Task<Void, Never>?
  private var waiting = 0

  /// Those who wait for as many files before theirs had better ask again.
  private static let capacity = 8
  private static let largest = 200_000_000

  /// - Parameters:
  ///   - tools: what set-up made: the compiler in `venv`, the typefaces in `fonts`.
  ///   - templates: the folder of the templates, which they do not leave.
  public init(tools: URL, templates: URL, patience: Duration = .seconds(60)) {
    python = tools.appending(path: "venv/bin/python")
    fonts = tools.appending(path: "fonts")
    self.templates = templates
    self.patience = patience
    _ = Self.survivesBrokenPipes
  }

  /// A compiler that ends before it has read its values must not end the server with it.
  private static let survivesBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  /// Whether set-up has brought what it takes.
  public nonisolated var isInstalled: Bool {
    FileManager.default.isExecutableFile(atPath: python.path) && FileManager.default.fileExists(atPath: fonts.path)
  }

  /// - Parameters:
  ///   - template: its name, `report.typ`; it reads the values as JSON from `sys.inputs.data`.
  /// - Throws: `DocumentFailure`.
  public func pdf(_ template: String, _ values: some Encodable & Sendable) async throws -> Data {
    try await make("pdf", template, values)
  }

  /// The first page of a document as a picture.
  /// - Throws: `DocumentFailure`.
  public func png(_ template: String, _ values: some Encodable & Sendable) async throws -> Data {
    try await make("png", template, values)
  }

  private func make(_ format: String, _ template: String, _ values: some Encodable & Sendable) async throws -> Data {
    guard isInstalled else { throw DocumentFailure.notInstalled }
    guard waiting < Self.capacity else { throw DocumentFailure.busy }
    let input = try JSONEncoder().encode(values)
    waiting += 1
    defer { waiting -= 1 }
    let before = last
    let work = Task {
      await before?.value
      return try await self.run(format, template, input)
    }
    last = Task { _ = try? await work.value }
    return try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      work.cancel()
    }
  }

  private func run(_ format: String, _ template: String, _ input: Data) async throws -> Data {
    let arguments = ["-I", "-B", templates.appending(path: "compile.py").path, templates.path, template, fonts.path, format]
    return try await withThrowingTaskGroup(of: Data.self) { [python, patience] group in
      group.addTask {
        do {
          let result = try await Subprocess.run(
            .path(FilePath(python.path)), arguments: Arguments(arguments), input: .data(input), output: .data(limit: Self.largest),
            error: .string(limit: 1_000_000))
          guard result.terminationStatus.isSuccess else { throw DocumentFailure.refused(result.standardError) }
          return result.standardOutput
        } catch let error as SubprocessError {
          // It ended before it had read everything, or never began.
          throw DocumentFailure.refused("\(error)")
        }
      }
      group.addTask {
        try await Task.sleep(for: patience)
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
  /// It took longer than anybody waits.
  case tooSlow
  /// Too many wait for theirs.
  case busy
  /// What the compiler said, for the log.
  case refused(String)

  /// For the log: of what the compiler refused its first line, which is about the template.
  public var fault: String {
    guard case .refused(let reason) = self else { return "typst: \(self)" }
    return "typst: \(reason.prefix { !$0.isNewline }.prefix(200))"
  }

  /// A sentence for people.
  public var description: String {
    switch self {
    case .notInstalled: "La mise en page des PDF n’est pas installée : lancez « make setup »."
    case .tooSlow: "La mise en page du PDF a pris trop de temps : elle est abandonnée."
    case .busy: "Trop de PDF se préparent en même temps : réessayez dans une minute."
    case .refused: "La mise en page du PDF a échoué."
    }
  }
}
