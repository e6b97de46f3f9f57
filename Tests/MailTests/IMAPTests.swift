import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Mail

/// Reading a mailbox of a real server.
@Suite struct IMAPTests {
  private static func message(_ subject: String, _ body: String = "Bonjour") -> [UInt8] {
    Array("Message-ID: <\(subject)@exemple.fr>\r\nFrom: a@exemple.fr\r\nSubject: \(subject)\r\n\r\n\(body)\r\n".utf8)
  }

  /// What a reading hands over.
  private func read(
    _ box: TestMailbox, after position: (validity: Int, last: Int)? = nil, sizeLimit: Int = 100_000, most: Int = 10
  ) async throws -> (validity: Int?, messages: [IMAPMailbox.Message]) {
    let mailbox = try #require(IMAPMailbox(box.address()))
    let found = Mutex<(validity: Int?, messages: [IMAPMailbox.Message])>((nil, []))
    try await mailbox.read(after: position, sizeLimit: sizeLimit, most: most) { validity, message in
      found.withLock {
        $0.validity = validity
        $0.messages.append(message)
      }
    }
    return found.withLock { $0 }
  }

  @Test func whatIsNewIsReadOnceInItsOrder() async throws {
    try await TestMailbox.with { box in
      #expect(try await read(box).messages.isEmpty)
      try box.deliver(Self.message("Un"), name: "1.a")
      let first = try await read(box)
      #expect(first.messages.map { ReceivedMessage($0.bytes).subject } == ["Un"] && first.messages.first?.isWhole == true)
      let (validity, last) = (try #require(first.validity), try #require(first.messages.first).number)
      #expect(try await read(box, after: (validity, last)).messages.isEmpty)
      try box.deliver(Self.message("Deux", String(repeating: "long ", count: 40_000)), name: "2.a")
      try box.deliver(Self.message("Trois", "é\r\n.\r\n* 1 FETCH (UID 9 RFC822.SIZE 9)"), name: "3.a")
      let rest = try await read(box, after: (validity, last))
      #expect(rest.messages.map { ReceivedMessage($0.bytes).subject } == ["Deux", "Trois"])
      // Of what is too large only the header lines come.
      #expect(rest.messages.map(\.isWhole) == [false, true])
      #expect((rest.messages.first?.size ?? 0) > 200_000 && (rest.messages.first?.bytes.count ?? 0) < 200)
      #expect(ReceivedMessage(rest.messages.last?.bytes ?? []).text == "é\n.\n* 1 FETCH (UID 9 RFC822.SIZE 9)")
      // Some at a time; all again when the server has begun to number anew.
      #expect(try await read(box, after: (validity, last), most: 1).messages.count == 1)
      #expect(try await read(box, after: (validity + 1, last)).messages.count == 3)
    }
  }

  @Test func whatCannotBeReadIsTold() async throws {
    try await TestMailbox.with { box in
      func failure(_ address: String) async throws -> IMAPFailure.Kind? {
        do {
          try await #require(IMAPMailbox(address)).read(after: nil, sizeLimit: 10, most: 1) { _, _ in }
          return nil
        } catch let failure as IMAPFailure {
          #expect(!failure.sentence.isEmpty)
          return failure.kind
        }
      }
      #expect(try await failure(box.address(password: "faux")) == .authentication)
      #expect(try await failure(box.address().replacing("?tls=aucun", with: "")) == .certificate)
      let nowhere = try await TestMailServer.freePort()
      #expect(try await failure("imap://a:b@127.0.0.1:\(nowhere)/?tls=aucun") == .unreachable)
      #expect(try await failure(box.address(folder: "Absent")) != nil)
    }
  }

  @Test(arguments: [
    "", "imap://exemple.fr", "imap://a@exemple.fr", "smtp://a:b@exemple.fr", "imaps://a:b@exemple.fr/?tls=aucun",
    "imap://a:b@exemple.fr/?tls=aucun", "imaps://a:b@exemple.fr/%22%20LOGOUT", "imaps://a:b@exemple.fr/Re%C3%A7us",
  ])
  func anAddressThatIsNotClearIsRefused(_ address: String) { #expect(IMAPMailbox(address) == nil) }

  @Test func thePasswordIsInNoDescription() throws {
    let mailbox = try #require(IMAPMailbox("imaps://boite:secret@exemple.fr/Reçus/2026".replacing("ç", with: "c")))
    var dumped = ""
    dump(mailbox, to: &dumped)
    #expect(mailbox.description == "imaps://boite@exemple.fr:993/Recus/2026" && !dumped.contains("secret"))
  }
}
