import Federation
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Store
import Synchronization
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Logs find a fault; they hold nothing of what people typed.
struct ErrorLogTests {
  /// Runs `body` in front of a site, with everything that it logs.
  private func withLog(_ body: @Sendable (Visitor, Installation, RecordedLog) async throws -> Void) async throws {
    try await withInstallation(.sqlite) { installation in
      let log = RecordedLog()
      let logger = Logger(label: "error log tests") { _ in RecordedLogHandler(log: log) }
      let site = Site(installation, files: StaticFiles(folders: []), isSecure: false)
      try await site.application(host: "127.0.0.1", port: 0, logger: logger).test(.router) { client in
        try await body(Visitor(client), installation, log)
      }
    }
  }

  @Test(arguments: [
    "courriel=a%40exemple.fr&mot_de_passe=sesame%zz", "courriel=sesame%40exemple.fr&mot_de_passe=a",
    "mot_de_passe=sesame&mot_de_passe=sesame",
    "mot_de_passe=a&mot_de_passe[sesame]=b",
    "mot_de_passe[]=sesame", "mot_de_passe[sesame]=a", "[sesame=1",
  ]) func whatWasTypedIsNotLogged(_ form: String) async throws {
    try await withLog { visitor, installation, log in
      // With its token, in front of a database that does not answer.
      let token = try await visitor.get("/connexion").field("csrf") ?? ""
      await installation.database.close()
      let answer = try await visitor.send(
        "/connexion?suite=sesame", .post, [.contentType: "application/x-www-form-urlencoded"],
        ByteBuffer(string: "csrf=\(token)&\(form)"))
      #expect(answer.status == 500, "\(form)")
      #expect(log.text.contains("request failed") && !log.text.contains("sesame"), "\(log.text)")
    }
  }

  @Test func whatIsTooLargeIsToldSo() async throws {
    try await withLog { visitor, _, log in
      let form = ByteBuffer(string: "courriel=" + String(repeating: "a", count: 3_000_000))
      let answer = try await visitor.send("/connexion", .post, [.contentType: "application/x-www-form-urlencoded"], form)
      #expect(answer.status == 413)
      #expect(answer.text.contains("Cet envoi est trop volumineux"))
      #expect(!log.text.contains("request failed"))
    }
  }

  @Test func aFaultIsFoundByItsReference() async throws {
    try await withLog { visitor, installation, log in
      await installation.database.close()
      let answer = try await visitor.get("/connexion?suite=/structures?q=sesame")
      let reference = try #require(answer.text.components(separatedBy: "<b>").last?.components(separatedBy: "</b>").first)
      #expect(log.text.contains(reference) && log.text.contains("DatabaseError connection"), "\(log.text)")
      #expect(!log.text.contains("sesame"))
    }
  }
}

/// The lines of a log, with what stands beside them.
private final class RecordedLog: Sendable {
  private let lines = Mutex<[String]>([])

  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct RecordedLogHandler: LogHandler {
  let log: RecordedLog
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let beside = metadata.merging(event.metadata ?? [:]) { $1 }
    log.add("\(event.message) \(beside.map { "\($0)=\($1)" }.sorted().joined(separator: " "))")
  }
}
