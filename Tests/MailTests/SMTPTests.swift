import Foundation
import Mail
import TestSupport
import Testing

/// Handing over to a server, and telling failures apart.
@Suite struct SMTPTests {
  /// What became of a sample message.
  private func failure(_ server: SMTPServer) async throws -> SMTPFailure? {
    do {
      try await server.send(sampleMessage())
      return nil
    } catch let failure as SMTPFailure {
      return failure
    }
  }

  @Test(arguments: [
    (TestMailServer.Mode.refuse, SMTPFailure.Kind.permanent, 550, "550 5.1.1 no such mailbox"),
    (.temporary, .temporary, 451, "451 4.7.1 greylisted, come back later"),
    (.temporaryText, .temporary, 451, "451-4.3.0 too much work 451 4.3.0 come back later"),
  ])
  func theServersRefusalIsToldInItsWords(_ mode: TestMailServer.Mode, _ kind: SMTPFailure.Kind, _ reply: Int, _ words: String) async throws
  {
    try await TestMailServer.with(mode) { server async throws in
      let failure = try await failure(server.asSMTP())
      #expect(failure?.kind == kind && failure?.reply == reply && failure?.words == words)
      #expect(failure?.description.contains(words) == true)
      #expect(try server.messages().isEmpty)
    }
  }

  @Test func nobodyThere() async throws {
    let port = try await TestMailServer.freePort()
    let server = try #require(SMTPServer("smtp://127.0.0.1:\(port)?tls=aucun"))
    #expect(try await failure(server)?.kind == .unreachable)
    #expect(try await failure(#require(SMTPServer("smtp://nulle-part.invalid?tls=aucun")))?.kind == .unreachable)
  }

  @Test func aConnectionLostAfterTheTextIsUncertain() async throws {
    try await TestMailServer.with(.drop) { server async throws in
      #expect(try await failure(server.asSMTP())?.kind == .uncertain)
      #expect(try server.messages().count == 1)
    }
  }

  @Test func aServerThatDoesNotAnswerInTimeIsUncertain() async throws {
    try await TestMailServer.with(.mute) { server async throws in
      let hurried = SMTPServer.Patience(total: .seconds(15))
      #expect(try await failure(server.asSMTP(patience: hurried))?.kind == .uncertain)
    }
  }

  @Test func encryptionAndPassword() async throws {
    try await TestMailServer.with(.secure) { server async throws in
      let trusting = "ca=\(server.certificate)"
      #expect(try await failure(server.asSMTP(trusting, credentials: TestMailServer.credentials)) == nil)
      #expect(try await failure(server.asSMTP("tls=non_verifie", credentials: TestMailServer.credentials)) == nil)
      #expect(try server.messages().count == 2)
      let refused = try await failure(server.asSMTP(trusting, credentials: "f%C3%A9d%C3%A9ration:faux"))
      #expect(refused?.kind == .authentication && refused?.reply == 535)
      #expect(try await failure(server.asSMTP(trusting))?.kind == .authentication)
      #expect(try await failure(server.asSMTP("tls=verifie", credentials: TestMailServer.credentials))?.kind == .certificate)
      #expect(try server.messages().count == 2)
    }
  }

  @Test func aServerWithoutEncryptionGetsNoPassword() async throws {
    try await TestMailServer.with(.accept) { server async throws in
      #expect(try await failure(server.asSMTP("tls=verifie", credentials: TestMailServer.credentials))?.kind == .certificate)
      #expect(try server.messages().isEmpty)
    }
  }

  @Test(arguments: [
    "", "exemple.fr", "http://exemple.fr", "smtp://", "smtp://exemple.fr/boite", "smtp://exemple.fr?tsl=aucun", "smtp://exemple.fr?tls=non",
    "smtps://exemple.fr?tls=aucun", "smtp://u:p@exemple.fr?tls=aucun", "smtp://exemple.fr:port", "smtp://exemple.fr?ca=",
    "smtp://exemple.fr#x",
  ])
  func anAddressThatIsNotClearIsRefused(_ address: String) {
    #expect(SMTPServer(address) == nil)
  }

  @Test func thePasswordIsNeverShown() throws {
    let server = try #require(SMTPServer("smtps://utilisateur:tr%C3%A8s-secret@exemple.fr"))
    var dumped = ""
    dump([server], to: &dumped)
    for text in ["\(server)", String(reflecting: server), String(describing: [server]), String(reflecting: (1, server)), dumped] {
      #expect(!text.contains("secret") && !text.contains("utilisateur"))
      #expect(text.contains("smtps://exemple.fr:465"))
    }
  }
}
