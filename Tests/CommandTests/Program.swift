import Foundation
import Store
import TestSupport

/// The built executable, working on one database.
struct Program: Sendable {
  let location: DatabaseLocation

  /// A program on a database of its own that has no table yet.
  static func fresh(_ engine: Engine) async throws -> Program {
    Program(location: try await TestDatabases.shared.empty(engine))
  }

  /// A program on a migrated database of its own.
  static func ready(_ engine: Engine) async throws -> Program {
    Program(location: try await TestDatabases.shared.migrated(engine))
  }

  /// What `MAILLAGE_DATABASE` is set to.
  var address: String {
    switch location {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgres(let address): address
    }
  }

  /// Runs the program to its end.
  @discardableResult
  func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:], script: String? = nil
  ) async throws -> Run {
    let running = try start(arguments, input: input, environment: environment, script: script)
    await running.end()
    return running.outcome
  }

  /// Starts the program; whoever starts it ends it.
  /// - Parameter script: what a shell does instead of the command alone, which is `"$0" "$@"` to it.
  func start(
    _ arguments: [String], input: String = "", environment: [String: String] = [:], script: String? = nil
  ) throws -> RunningProgram {
    let surroundings = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MAILLAGE_") }
    let process = Process()
    let executable = try Self.executable()
    process.executableURL = script == nil ? executable : URL(fileURLWithPath: "/bin/sh")
    process.arguments = (script.map { ["-c", $0, executable.path] } ?? []) + arguments
    process.environment = surroundings.merging(["MAILLAGE_DATABASE": address]) { $1 }.merging(environment) { $1 }
    return try RunningProgram(process, input: input)
  }

  /// `maillage`, beside the test bundle in the build's folder.
  private static func executable() throws -> URL {
    let beginnings = [CommandLine.arguments[0], "/proc/self/exe", Bundle.main.bundlePath, Bundle.main.executablePath ?? ""]
    for beginning in beginnings {
      var folder = URL(fileURLWithPath: beginning).resolvingSymlinksInPath()
      while folder.path != "/" {
        let candidate = folder.appending(path: "maillage")
        if FileManager.default.isExecutableFile(atPath: candidate.path), !isFolder(candidate) { return candidate }
        folder.deleteLastPathComponent()
      }
    }
    throw TestSetUpError(description: "The program « maillage » is not beside the tests: build it first.")
  }

  private static func isFolder(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }
}

/// A run that may still be going on; what it writes goes to files, so that no pipe fills up.
final class RunningProgram: Sendable {
  private let process: Process
  private let folder: URL
  private let ended: AsyncStream<Void>

  init(_ process: Process, input: String) throws {
    folder = try temporaryFolder()
    for name in ["output", "errors"] { try Data().write(to: folder.appending(path: name)) }
    try Data(input.utf8).write(to: folder.appending(path: "input"))
    let handles = [
      try FileHandle(forReadingFrom: folder.appending(path: "input")), try FileHandle(forWritingTo: folder.appending(path: "output")),
      try FileHandle(forWritingTo: folder.appending(path: "errors")),
    ]
    (process.standardInput, process.standardOutput, process.standardError) = (handles[0], handles[1], handles[2])
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in continuation.finish() }
    try process.run()
    // The program has its own. Foundation keeps these as long as the process, and processes for ever (6.3, 2026-11).
    for handle in handles { try? handle.close() }
    self.process = process
    ended = stream
  }

  var identifier: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  func end() async {
    for await _ in ended {}
  }

  func kill() async {
    Foundation.kill(process.processIdentifier, SIGKILL)
    await end()
  }

  func terminate() async {
    process.terminate()
    await end()
  }

  var outcome: Run {
    let data = { (name: String) in (try? Data(contentsOf: self.folder.appending(path: name))) ?? Data() }
    return Run(
      status: process.isRunning ? 0 : process.terminationStatus, output: data("output"),
      errors: String(decoding: data("errors"), as: UTF8.self))
  }
}

/// What the program said, and how it ended.
struct Run: Sendable {
  let status: Int32
  let output: Data
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] { text.split(whereSeparator: \.isNewline).map(String.init) }

  /// One French sentence on standard error, and a status that is not 0.
  var isRefusal: Bool {
    let sentences = errors.split(separator: "\n", omittingEmptySubsequences: false)
    let english = ["rror", "annot", "nvalid", "issing", "nknown", "nexpected", "Optional(", "sqlite3", "SQLSTATE", "NSCocoa", "Fatal"]
    return status != 0 && sentences.count == 2 && sentences[1].isEmpty && sentences[0].count >= 15
      && !english.contains { sentences[0].contains($0) }
  }
}

/// All files of one run of the tests; gone when it ends.
private let filesOfThisRun: URL = {
  atexit { try? FileManager.default.removeItem(at: filesOfThisRun) }
  return FileManager.default.temporaryDirectory.appending(path: "maillage-command-\(UUID().uuidString)")
}()

/// A folder for one test's files.
func temporaryFolder() throws -> URL {
  let folder = filesOfThisRun.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

/// A file of that text; its path.
func file(_ text: String, named name: String = "essai.csv") throws -> String {
  try file(Data(text.utf8), named: name)
}

func file(_ data: Data, named name: String = "essai.csv") throws -> String {
  let url = try temporaryFolder().appending(path: name)
  try data.write(to: url)
  return url.path
}
