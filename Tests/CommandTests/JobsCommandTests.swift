import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

/// `maillage jobs` with a real mail server, and killed at the worst moment.
@Suite struct JobsCommandTests {
  private static let mail = OutgoingMail(
    to: [.init("camille@exemple.fr", name: "Camille Œuvre")], subject: "Réunion à Nîmes", text: "Bonjour,\n", html: "<p>Bonjour,</p>\n",
    headers: ["List-Unsubscribe": "<https://exemple.fr/x>"],
    attachments: [.init(name: "é.txt", mediaType: "text/plain", content: Array("é".utf8))])

  /// Works on the program's database from this process.
  private func with<Value>(_ program: Program, _ work: @escaping @Sendable (Outbox, any Connection) throws -> Value) async throws -> Value
  where Value: Sendable {
    let database = try program.location.open()
    let outbox = Outbox(ids: IdentifierSource(), now: { Date() }, domain: "exemple.fr")
    do {
      let value = try await database.write { try work(outbox, $0) }
      await database.close()
      return value
    } catch {
      await database.close()
      throw error
    }
  }

  private func post(_ manner: MailManner, _ program: Program, _ mail: OutgoingMail = mail) async throws -> Identifier<OutgoingMail> {
    try #require(try await with(program) { try $0.post(mail, as: manner, $1) })
  }

  private func posted(_ id: Identifier<OutgoingMail>, _ program: Program) async throws -> PostedMail {
    try #require(try await with(program) { try PostedMail(id, $1) })
  }

  /// Leases end and delays are over.
  private func letTimePass(_ program: Program) async throws {
    try await with(program) { _, connection in
      let past = Instant(Date(timeIntervalSinceNow: -60))
      try connection.execute("UPDATE job SET due_at = \(past)")
      try connection.execute("UPDATE job SET leased_until = \(past) WHERE leased_until IS NOT NULL")
    }
  }

  /// Whatever the hour, the day's own work is done, that only the test's is counted.
  private func doTheDaysWork(_ program: Program) async throws {
    _ = try await program.run("jobs", "once")
    try await letTimePass(program)
    _ = try await program.run("jobs", "once")
  }

  private func environment(port: Int) -> [String: String] {
    [
      "MAILLAGE_SMTP_URL": "smtp://127.0.0.1:\(port)?tls=aucun",
      "MAILLAGE_MAIL_FROM": "Fédération « Équipes » <contact@federation.example>",
    ]
  }

  @Test(arguments: Engine.allCases)
  func mailWaitsForAServerThenLeavesWhole(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    try await doTheDaysWork(program)
    let id = try await post(.notice, program)
    let idle = try await program.run("jobs", "once")
    #expect(
      idle.lines == [
        "Travaux faits : 0, remis à plus tard : 0, abandonnés : 0.", "MAILLAGE_SMTP_URL n’est pas renseigné : les courriels attendent.",
      ])
    #expect(try await program.run("jobs", "list").text.contains("MAILLAGE_SMTP_URL n’est pas renseigné"))
    // Nobody answers yet on that port; later somebody does.
    let port = try await TestMailServer.freePort()
    let early = try await program.run("jobs", "once", environment: environment(port: port))
    #expect(early.status == 0 && early.lines.first == "Travaux faits : 0, remis à plus tard : 1, abandonnés : 0.")
    #expect(try await program.run("jobs", "list").text.contains("courriel.envoi"))
    #expect(try await posted(id, program).reason == "Le serveur de courriel ne répond pas.")
    try await letTimePass(program)
    try await TestMailServer.with(.accept, port: port) { server async throws in
      let late = try await program.run("jobs", "once", environment: environment(port: port))
      #expect(late.lines == ["Travaux faits : 1, remis à plus tard : 0, abandonnés : 0."])
      let message = try #require(try server.messages().first)
      #expect(message.addresses["From"] == [["Fédération « Équipes »", "contact@federation.example"]])
      #expect(message.addresses["To"] == [["Camille Œuvre", "camille@exemple.fr"]])
      #expect(message.header("Subject") == "Réunion à Nîmes" && message.text == "Bonjour,\n" && message.html == "<p>Bonjour,</p>\n")
      #expect(message.header("Auto-Submitted") == "auto-generated" && message.header("List-Unsubscribe") == "<https://exemple.fr/x>")
      #expect(message.attachments.map { $0[0] } == ["é.txt"] && message.defects.isEmpty)
      #expect(message.header("Message-ID") == "<\(id.description.lowercased())@exemple.fr>")
    }
    #expect(try await program.run("jobs", "list").lines == ["Rien n’attend."])
  }

  /// Story 30: kill -9 after the server has taken the message, before that is written.
  @Test(arguments: Engine.allCases, [MailManner.letter, .notice])
  func aProgramKilledWhileSendingSendsNoLetterTwice(_ engine: Engine, _ manner: MailManner) async throws {
    let program = try await Program.ready(engine)
    try await doTheDaysWork(program)
    let id = try await post(manner, program)
    let first = try await TestMailServer.with(.mute) { server in
      let running = try program.start(["jobs", "run"], environment: environment(port: server.port))
      while try server.messages().isEmpty, running.isRunning { try await Task.sleep(for: .milliseconds(20)) }
      await running.kill()
      return try server.messages()
    }
    #expect(first.count == 1)
    #expect(try await posted(id, program).state == .underWay)
    try await TestMailServer.with(.accept) { server async throws in
      let environment = environment(port: server.port)
      #expect(try await program.run("jobs", "once", environment: environment).lines.first?.hasPrefix("Travaux faits : 0") == true)
      try await letTimePass(program)
      #expect(try await program.run("jobs", "once", environment: environment).lines.first?.hasPrefix("Travaux faits : 1") == true)
      let second = try server.messages()
      switch manner {
      case .letter:
        #expect(second.isEmpty)
        #expect(try await posted(id, program).state == .uncertain)
        #expect(try await program.run("jobs", "list").text.contains("\(id)  courriel  Incertain : peut-être parti"))
      case .notice:
        #expect(second.map { $0.header("Message-ID") } == first.map { $0.header("Message-ID") })
        #expect(try await posted(id, program).state == .sent)
      }
    }
  }

  @Test func aRunningProgramSendsWhatComesAndStopsWhenAsked() async throws {
    let program = try await Program.ready(.sqlite)
    try await TestMailServer.with(.accept) { server async throws in
      let running = try program.start(["jobs", "run"], environment: environment(port: server.port))
      while !running.outcome.text.contains("à mesure"), running.isRunning { try await Task.sleep(for: .milliseconds(20)) }
      let id = try await post(.letter, program)
      while try await posted(id, program).state != .sent, running.isRunning { try await Task.sleep(for: .milliseconds(50)) }
      kill(running.identifier, SIGTERM)
      await running.end()
      #expect(running.outcome.status == 0)
      #expect(try server.messages().count == 1)
    }
  }

  @Test func aRefusedOrImpossibleAddressIsShown() async throws {
    let program = try await Program.ready(.sqlite)
    _ = try await program.run("jobs", "once")
    let impossible = try await post(.notice, program, OutgoingMail(to: [.init("pas une adresse")], subject: "x", text: "x"))
    let refused = try await post(.letter, program)
    try await TestMailServer.with(.refuse) { server async throws in
      #expect(
        try await program.run("jobs", "once", environment: environment(port: server.port)).lines.first?.hasPrefix("Travaux faits : 2")
          == true)
    }
    let list = try await program.run("jobs", "list").text
    #expect(list.contains("\(impossible)  courriel  Refusé") && list.contains("« pas une adresse » n’est pas une adresse de courriel."))
    #expect(list.contains("\(refused)  courriel  Refusé") && list.contains("550 5.1.1 no such mailbox"))
  }

  @Test func aSecretIsNeverShown() async throws {
    let program = try await Program.ready(.sqlite)
    _ = try await post(.notice, program)
    let port = try await TestMailServer.freePort()
    for address in ["smtp://u:tres-secret@127.0.0.1:\(port)", "smtp://u:tres-secret@exemple.fr?tls=aucun", "tres-secret"] {
      let mail = ["MAILLAGE_SMTP_URL": address, "MAILLAGE_MAIL_FROM": "a@exemple.fr"]
      for command in ["once", "list"] {
        let run = try await program.run("jobs", command, environment: mail)
        #expect(!run.text.contains("secret") && !run.errors.contains("secret"))
        #expect(address.hasSuffix(String(port)) ? run.status == 0 : run.isRefusal && run.errors.contains("MAILLAGE_SMTP_URL"))
      }
    }
    let wrong = try await program.run(
      "jobs", "once", environment: ["MAILLAGE_SMTP_URL": "smtp://127.0.0.1:\(port)", "MAILLAGE_MAIL_FROM": "personne"])
    #expect(wrong.isRefusal && wrong.errors.contains("MAILLAGE_MAIL_FROM"))
  }
}
