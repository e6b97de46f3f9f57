import Crypto
import Foundation
import Mail
import TestSupport
import Testing

/// What a message says is what another program reads in it.
@Suite struct EncodingTests {
  /// No line beyond 78 columns, nothing but ASCII, no lone CR or LF, nothing that Python finds wrong.
  private func expectWellFormed(_ message: TestMailServer.Message, _ place: SourceLocation = #_sourceLocation) {
    #expect(message.defects.isEmpty, sourceLocation: place)
    #expect(message.longest <= 78, sourceLocation: place)
    #expect(message.ascii && message.bare == 0, sourceLocation: place)
  }

  @Test func aWholeMessageIsReadBack() async throws {
    let text = """
      Bonjour Zoé,

      « L’équipe » est prête : 100 % — à Nîmes.   \n.\n..deux points
      From le début = signe égal
      \(String(repeating: "une très longue ligne ", count: 30))

      """
    let html = "<p>Bonjour <b>Zoé</b></p>\n<p style=\"a=b\">\(String(repeating: "é", count: 500))</p>\n"
    let message = try sampleMessage(
      from: mailbox("federation@exemple.fr", name: "Fédération des équipes, Pays de la Loire"),
      to: [mailbox("zoe@exemple.fr", name: "Zoé \"la\" Médecin"), mailbox("jean.dupont+msp@exemple.fr")],
      cc: [mailbox("equipe@exemple.fr", name: "Equipe du Mans")],
      replyTo: mailbox("reponse@exemple.fr", name: "J.-P. Œuvre"),
      subject: "« Œuvre départementale » : réunion du 3 décembre",
      text: text, html: html,
      headers: [
        #require(MailHeader("List-Unsubscribe", "<https://exemple.fr/\(String(repeating: "x", count: 40))>")),
        #require(MailHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
        #require(MailHeader("Auto-Submitted", "auto-generated")),
      ])
    let read = try await TestMailServer.reading(message)
    expectWellFormed(read)
    #expect(read.from == "federation@exemple.fr")
    #expect(read.recipients == ["zoe@exemple.fr", "jean.dupont+msp@exemple.fr", "equipe@exemple.fr"])
    #expect(read.header("Subject") == "« Œuvre départementale » : réunion du 3 décembre")
    #expect(
      read.addresses == [
        "From": [["Fédération des équipes, Pays de la Loire", "federation@exemple.fr"]],
        "To": [["Zoé \"la\" Médecin", "zoe@exemple.fr"], ["", "jean.dupont+msp@exemple.fr"]],
        "Cc": [["Equipe du Mans", "equipe@exemple.fr"]],
        "Reply-To": [["J.-P. Œuvre", "reponse@exemple.fr"]],
      ])
    #expect(read.text == text && read.html == html)
    #expect(read.header("Message-ID") == "<0123456789ABC@exemple.fr>")
    #expect(read.date == "2026-11-21T10:00:00+00:00")
    #expect(read.header("List-Unsubscribe") == "<https://exemple.fr/\(String(repeating: "x", count: 40))>")
    #expect(read.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
    #expect(read.header("Auto-Submitted") == "auto-generated")
  }

  @Test func noTextAddsAHeaderOrARecipient() async throws {
    let attack = "Bonjour\r\nBcc: voleur@exemple.com\r\n\r\nCorps\u{85}\u{2028}X\u{0}Y\nCc: autre@exemple.com"
    let message = try sampleMessage(
      from: mailbox("federation@exemple.fr", name: attack),
      to: [mailbox("camille@exemple.fr", name: "Camille\" <voleur@exemple.com>, \"\r\nX")], subject: attack,
      attachments: [
        MailAttachment(name: "a\"; filename=b.exe\r\nX-Faux: oui\r\n\r\n/é.pdf", mediaType: "text/plain\r\nX-Faux: oui", content: [1])
      ],
      headers: [#require(MailHeader("X-Suivi", attack))])
    let read = try await TestMailServer.reading(message)
    expectWellFormed(read)
    #expect(read.recipients == ["camille@exemple.fr"])
    #expect(
      Set(read.headers.map { $0[0] }) == [
        "Date", "Message-ID", "From", "To", "Subject", "X-Suivi", "MIME-Version", "Content-Type",
      ])
    let visible = "Bonjour Bcc: voleur@exemple.com Corps X Y Cc: autre@exemple.com"
    #expect(read.header("Subject") == visible && read.header("X-Suivi") == visible)
    #expect(read.addresses["From"] == [[visible, "federation@exemple.fr"]])
    #expect(read.addresses["To"] == [["Camille\" <voleur@exemple.com>, \" X", "camille@exemple.fr"]])
    #expect(read.attachments.map { $0[0] } == ["a\"; filename=b.exe  X-Faux: oui    /é.pdf"])
    #expect(read.attachments.map { $0[1] } == ["application/octet-stream"])
  }

  @Test(arguments: [
    "", " ", "=?UTF-8?B?w6k=?=", String(repeating: "mot ", count: 100), String(repeating: "é", count: 400),
    String(repeating: "x", count: 400),
    "👩🏽‍⚕️👨‍👩‍👧‍👦 Équipe " + String(repeating: "e\u{301}", count: 60), "virgule, point ; deux-points : « »",
  ])
  func anySubjectIsReadBack(_ subject: String) async throws {
    let read = try await TestMailServer.reading(sampleMessage(to: [mailbox("a@exemple.fr", name: subject)], subject: subject))
    expectWellFormed(read)
    let words = subject.split(separator: " ").joined(separator: " ")
    #expect(read.header("Subject") == words)
    #expect(read.addresses["To"] == [[words, "a@exemple.fr"]])
  }

  @Test func filesOfAnyNameAndSizeTravel() async throws {
    let large = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let long = String(repeating: "Compte rendu de l’équipe – ", count: 8) + ".pdf"
    let files = [
      MailAttachment(name: "grand.bin", mediaType: "application/octet-stream", content: large),
      MailAttachment(name: long, mediaType: "application/pdf", content: Array("%PDF".utf8)),
      MailAttachment(
        name: "rendez-vous.ics", mediaType: "text/calendar; method=REQUEST; charset=utf-8", content: Array("BEGIN:VCALENDAR\r\n".utf8)),
      MailAttachment(name: "vide.txt", mediaType: "text/plain", content: []),
    ]
    let read = try await TestMailServer.reading(sampleMessage(html: "<p>Bonjour</p>\n", attachments: files))
    expectWellFormed(read)
    #expect(read.text == "Bonjour,\n" && read.html == "<p>Bonjour</p>\n")
    #expect(read.attachments.map { $0[0] } == ["grand.bin", long, "rendez-vous.ics", "vide.txt"])
    #expect(read.attachments[2][1] == "text/calendar; method=\"REQUEST\"; charset=\"utf-8\"")
    #expect(
      read.attachments.map { $0[2] }
        == files.map { SHA256.hash(data: $0.content).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() })
  }

  @Test func aLongAddressInAHeaderStaysWhole() async throws {
    let link = "<https://exemple.fr/desabonnement?jeton=\(String(repeating: "a", count: 120))>"
    let read = try await TestMailServer.reading(sampleMessage(headers: [#require(MailHeader("List-Unsubscribe", link))]))
    #expect(read.header("List-Unsubscribe") == link && read.defects.isEmpty)
  }

  @Test(arguments: [
    "", "a", "@exemple.fr", "a@", "a@@b.fr", "a b@exemple.fr", "a@exemple..fr", ".a@exemple.fr", "a@-exemple.fr",
    "a@exemple.fr\r\nBcc: b@exemple.fr",
    "a>@exemple.fr", "\"a\"@exemple.fr", "é@exemple.fr", "a@exémple.fr", "a,b@exemple.fr", "a@[127.0.0.1]",
    String(repeating: "a", count: 65) + "@exemple.fr",
  ])
  func whatIsNotAPlainAddressIsRefused(_ address: String) {
    #expect(MailAddress(address) == nil)
  }

  @Test func anAddressIsReadWithItsName() {
    #expect(MailAddress(parsing: "Fédé, « AuRA » <a@exemple.fr>") == MailAddress("a@exemple.fr", name: "Fédé, « AuRA »"))
    #expect(MailAddress(parsing: "<a@exemple.fr>") == MailAddress("a@exemple.fr"))
    #expect(MailAddress(parsing: "a@exemple.fr")?.domain == "exemple.fr")
    #expect(MailAddress(parsing: "A <b>") == nil && MailAddress(parsing: ">") == nil)
  }

  @Test(arguments: ["", "To", "bcc", "Content-Type", "Subject", "X Y", "X:Y", "X-É", "X\r\nBcc"])
  func aHeaderCannotTakeAnothersPlace(_ name: String) {
    #expect(MailHeader(name, "x") == nil)
  }
}
