import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

/// `maillage jobs` with a real mailbox.
@Suite struct MailboxCommandTests {
  private func read<Value: Sendable>(_ program: Program, _ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value
  {
    let database = try program.location.open()
    do {
      let value = try await database.write(work)
      await database.close()
      return value
    } catch {
      await database.close()
      throw error
    }
  }

  private func report(_ address: String, of message: String) -> [UInt8] {
    let lines = [
      "Message-ID: <\(address.count)-\(message.count)@mx.exemple.fr>", "From: MAILER-DAEMON@exemple.fr", "Subject: Undelivered Mail",
      "Auto-Submitted: auto-replied", "Content-Type: multipart/report; report-type=delivery-status; boundary=r", "", "--r", "",
      "Votre message n’est pas arrivé.", "--r", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.exemple.fr", "",
      "Final-Recipient: rfc822; \(address)", "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 no such user", "", "--r",
      "Content-Type: text/rfc822-headers", "", "Message-ID: <\(message)>", "--r--", "",
    ]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  /// The report of a message of ours marks its address; one that names another message, or another address, marks nobody.
  @Test(arguments: Engine.allCases) func aReportMarksTheAddress(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let sent = try await read(program) { connection in
      let outbox = Outbox(ids: IdentifierSource(), now: { Date() }, domain: "exemple.fr")
      _ = try outbox.post(.init(to: [.init("perdue@exemple.fr")], subject: "Réunion", text: "Bonjour"), as: .letter, connection)
      return try connection.value("SELECT message_id FROM outbox", as: String.self)
    }
    let message = try #require(sent)
    try await TestMailbox.with { box async throws in
      try box.deliver(report("perdue@exemple.fr", of: "autre@exemple.fr"), name: "1.a")
      try box.deliver(report("toujours.la@exemple.fr", of: message), name: "2.a")
      let surroundings = ["MAILLAGE_IMAP_URL": box.address()]
      #expect(try await program.run("jobs", "once", environment: surroundings).status == 0)
      #expect(try await read(program) { try $0.value("SELECT count(*) FROM unreachable_address", as: Int.self) } == 0)
      try box.deliver(report("Perdue@exemple.fr", of: message), name: "3.a")
      // Five minutes later.
      try await read(program) { connection in
        _ = try connection.execute("UPDATE job SET due_at = \(Instant(Date(timeIntervalSinceNow: -60))) WHERE done_at IS NULL")
      }
      #expect(try await program.run("jobs", "once", environment: surroundings).status == 0)
      let marked = try await read(program) { try UnreachableAddress.all(limit: 9, $0) }
      #expect(marked.map(\.address) == ["perdue@exemple.fr"] && marked.first?.reason == "550 5.1.1 no such user")
      let kept = try await read(program) { try $0.value("SELECT count(*) FROM received_mail WHERE state = 'automatique'", as: Int.self) }
      #expect(kept == 3)
    }
  }
}
