import Foundation

/// A real mail server on this machine (`Tests/MailTests/smtp_server.py`), for one test.
public final class TestMailServer: Sendable {
  /// What the server read of a message, by Python's own parser.
  public struct Message: Decodable, Sendable {
    public let from: String
    public let recipients: [String]
    public let headers: [[String]]
    public let addresses: [String: [[String]]]
    public let date: String
    public let text: String
    public let html: String?
    /// Name, type and SHA-256.
    public let attachments: [[String]]
    public let defects: [String]
    public let longest: Int
    public let ascii: Bool
    public let bare: Int

    public func header(_ name: String) -> String? { headers.first { $0[0] == name }?[1].trimmingCharacters(in: .whitespaces) }
  }

  public enum Mode: String, Sendable {
    case accept, refuse, temporary, secure, drop, mute
    case temporaryText = "temporary-text"
  }

  /// What `Mode.secure` asks for, percent-encoded.
  public static let credentials = "f%C3%A9d%C3%A9ration:mot%20de%20passe%20%3A%20%C3%A9%40%2F%3F%23"

  public let port: Int
  private let folder: URL
  private let process: Process
  private let ended: AsyncStream<Void>

  private init(_ mode: Mode, port: Int) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "maillage-mail-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process = Process()
    process.executableURL = try Self.python()
    process.arguments = [
      TestDatabases.root.appending(path: "Tests/MailTests/smtp_server.py").path, folder.path, "--mode", mode.rawValue, "--port",
      String(port),
    ]
    // Kept open: the server ends with it, even when the tests are killed.
    process.standardInput = Pipe()
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in continuation.finish() }
    ended = stream
    try process.run()
    let ready = folder.appending(path: "port")
    while process.isRunning, !FileManager.default.fileExists(atPath: ready.path) { try await Task.sleep(for: .milliseconds(10)) }
    guard let text = try? String(contentsOf: ready, encoding: .utf8), let port = Int(text) else {
      throw TestSetUpError(description: "The test mail server has not started.")
    }
    self.port = port
  }

  /// Runs `body` with a server, and ends it. Without `port`, a free one.
  public static func with<Value>(_ mode: Mode, port: Int = 0, _ body: (TestMailServer) async throws -> Value) async throws -> Value {
    let server = try await TestMailServer(mode, port: port)
    do {
      let value = try await body(server)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
    }
  }

  /// A port where nobody listens.
  public static func freePort() async throws -> Int {
    try await with(.accept) { $0.port }
  }

  /// The authority that signed the certificate of `Mode.secure`.
  public var certificate: String { folder.appending(path: "certificate.pem").path }

  /// The messages that the server has read so far, in their order.
  public func messages() throws -> [Message] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter { $0.pathExtension == "json" }
      .sorted { $0.path < $1.path }.map { try JSONDecoder().decode(Message.self, from: Data(contentsOf: $0)) }
  }

  private func stop() async {
    // Not `terminate`: a child may have inherited a thread’s blocked signals.
    kill(process.processIdentifier, SIGKILL)
    for await _ in ended {}
    try? FileManager.default.removeItem(at: folder)
  }

  static func python() throws -> URL {
    let tools =
      ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(fileURLWithPath: $0) } ?? TestDatabases.root.appending(path: ".tools")
    let python = tools.appending(path: "venv/bin/python")
    guard FileManager.default.isExecutableFile(atPath: python.path) else {
      throw TestSetUpError(description: "\(python.path) is missing: run scripts/setup.")
    }
    return python
  }
}
