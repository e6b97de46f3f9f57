import Foundation
import Markdown
import Testing

@testable import Mail

/// What is read of messages that others wrote.
@Suite struct ReceivedMessageTests {
  /// Lines as they travel.
  private func read(_ text: String) -> ReceivedMessage {
    ReceivedMessage(Array(text.replacing("\n", with: "\r\n").utf8))
  }

  @Test func ordinaryMessage() {
    let message = read(
      """
      Message-ID: <a1@exemple.fr>
      From: =?utf-8?Q?Ad=C3=A8le_Barandon?= <Adele@Exemple.fr>
      To: "Dupond, Camille" <camille@exemple.fr>, groupe: lou@exemple.fr;
      Cc: (copie) max@exemple.fr
      Date: Mon, 22 Nov 2026 23:30:00 -0200
      Subject: =?iso-8859-1?B?6XTp?= =?iso-8859-1?Q?_et?=
       suite
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      Bonjour =C3=A0 tous, ligne=
       coup=C3=A9e.
      """)
    #expect(message.messageID == "a1@exemple.fr")
    #expect(message.from.map(\.address) == ["adele@exemple.fr"] && message.from.first?.name == "Adèle Barandon")
    #expect(message.to.map(\.address) == ["camille@exemple.fr", "lou@exemple.fr"] && message.to.first?.name == "Dupond, Camille")
    #expect(message.cc.map(\.address) == ["max@exemple.fr"])
    #expect(message.subject == "été et suite" && message.text == "Bonjour à tous, ligne coupée.")
    #expect(message.date == Date(timeIntervalSince1970: 1_795_397_400))
    #expect(!message.isAutomatic && !message.isForged && message.report == nil && message.attachments.isEmpty && message.forwarded.isEmpty)
  }

  @Test func partsFilesAndTheirNames() {
    let message = read(
      """
      From: a@exemple.fr
      Content-Type: multipart/mixed; boundary="=_x"

      --=_x
      Content-Type: multipart/alternative; boundary=y

      --y
      Content-Type: text/plain; charset=iso-8859-15
      Content-Transfer-Encoding: base64

      UHJpeCA6IDEwIKQ=
      --y
      Content-Type: text/html

      <p>Prix : 12 €</p>
      --y--
      --=_x
      Content-Type: text/plain
      Content-Disposition: attachment; filename*0*=utf-8''compte%20; filename*1="rendu.txt"

      Le texte
      --=_x
      Content-Type: application/pdf; name="=?utf-8?Q?=C3=A9tat.pdf?="
      Content-Transfer-Encoding: base64

      JVBERi0=
      --=_x--
      """)
    #expect(message.text == "Prix : 10 €")
    #expect(message.attachments.map(\.name) == ["compte rendu.txt", "état.pdf"])
    #expect(message.attachments.last?.content == Array("%PDF-".utf8))
  }

  @Test func pagesBecomeText() {
    let html = """
      <html><head><title>T</title><style>p { color: red }</style></head><body><!-- rien <p> --><script>alert("<p>1</p>")</script>
      <p>Bonjour&nbsp;&amp; merci&#44; <b>à
      bient&ocirc;t</b></p><ul><li>un<li>deux</ul><a href="javascript:x()">lien</a> 1 &lt; 2<SCRIPT>x
      """
    #expect(HTMLReading.text(html) == "Bonjour & merci, à bientôt\n\n- un\n- deux\nlien 1 < 2")
    #expect(
      HTMLReading.text("<") == "" && HTMLReading.text("</") == "" && HTMLReading.text("a<>b") == "ab" && HTMLReading.text("<!--") == "")
    #expect(HTMLReading.text(String(repeating: "<style></style>", count: 60_000) + "x").utf8.count < 2)
  }

  @Test(arguments: [
    """
    Pour information.

    ---------- Forwarded message ---------
    De : Adèle Barandon <adele@exemple.fr>
    Date: lun. 22 nov. 2026 à 10:00
    Subject: Projet
    To: <equipe@exemple.fr>

    Bonjour,
    De : trop@exemple.fr
    """,
    """
    ________________________________
    *De :* Adèle Barandon [mailto:adele@exemple.fr]
    *Envoyé :* lundi 22 novembre 2026 10:00
    *À :* Équipe <equipe@exemple.fr>
    *Objet :* Projet

    Bonjour



    .
    De : ancien@exemple.fr
    """,
  ])
  func whatIsForwardedInTheText(_ body: String) {
    let found = read("From: moi@exemple.fr\n\n\(body)\n").forwarded.map(\.address)
    #expect(Array(found.prefix(2)) == ["adele@exemple.fr", "equipe@exemple.fr"] && !found.contains("ancien@exemple.fr"))
  }

  @Test func aMessageForwardedAsAFile() {
    let message = read(
      """
      From: moi@exemple.fr
      Content-Type: multipart/mixed; boundary=b

      --b

      Voir ci-joint.
      --b
      Content-Type: message/rfc822

      From: adele@exemple.fr
      To: equipe@exemple.fr
      Subject: Projet
      Content-Type: text/html

      <p>Notre projet</p>
      --b--
      """)
    #expect(message.forwarded.map(\.address).prefix(2) == ["adele@exemple.fr", "equipe@exemple.fr"])
    #expect(message.text.contains("Voir ci-joint.") && message.text.contains("Objet : Projet") && message.text.contains("Notre projet"))
  }

  @Test(arguments: [
    "Auto-Submitted: auto-replied", "Precedence: bulk", "X-Loop: moi", "List-Id: <liste.exemple.fr>", "Return-Path: <>",
    "Content-Type: multipart/report; boundary=x",
  ])
  func whatNobodyWrote(_ header: String) {
    #expect(read("From: a@exemple.fr\n\(header)\n\nAbsent\n").isAutomatic)
    #expect(!read("From: a@exemple.fr\nAuto-Submitted: no\n\nPrésent\n").isAutomatic)
  }

  @Test func whatTheServerSaysOfTheSender() {
    func forged(_ results: String) -> Bool { read("Authentication-Results: \(results)\nFrom: a@exemple.fr\n\nx\n").isForged }
    #expect(forged("mx.exemple.fr; dmarc=fail header.from=exemple.fr; spf=pass") && forged("mx; spf = fail; dkim=none"))
    #expect(!forged("mx; spf=fail; dkim=pass") && !forged("mx; dmarc=pass; spf=fail") && !forged("mx; none"))
  }

  @Test func deliveryReports() throws {
    let report = try #require(
      read(
        """
        From: MAILER-DAEMON@exemple.fr
        Content-Type: multipart/report; report-type=delivery-status; boundary=r

        --r

        Votre message n’est pas arrivé.
        --r
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.exemple.fr

        Final-Recipient: rfc822; Perdue@exemple.fr
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 no
          such user

        Final-Recipient: rfc822; lente@exemple.fr
        Action: delayed
        Status: 4.4.1

        --r
        Content-Type: text/rfc822-headers

        Message-ID: <0ABC@federation.fr>
        --r--
        """
      ).report)
    #expect(report.messageID == "0ABC@federation.fr")
    #expect(report.failures.map(\.address) == ["perdue@exemple.fr"] && report.failures.first?.reason == "550 5.1.1 no such user")
  }

  @Test func whateverItIsIsRead() {
    let broken = [
      "", "\n", "From", "From: <<<>>>\nDate: 99 Zzz 2026 77:99\nContent-Type: multipart/mixed\n\ntexte",
      "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n--a--",
      "Content-Type: text/plain; charset=inconnu\nContent-Transfer-Encoding: base64\n\n!!!!",
      "Subject: =?utf-8?B?????=\nContent-Type: text/plain; name=\"\n\n=G=\n=", "Content-Type: ;;;===\n\n\0a",
    ]
    for text in broken { #expect(!read(text).text.contains("\0")) }
    #expect(read("Content-Type: text/plain; charset=inconnu\n\nété").text == "été")
    // What is no UTF-8 is read as most old mail is.
    #expect(ReceivedMessage(Array("Subject: x\r\n\r\n".utf8) + [0xE9, 0x74, 0xE9]).text == "été")
    let nested = (0..<300).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
    #expect(read(nested).text.count < nested.count)
    let quotes = "Content-Type: text/plain" + String(repeating: "; a=\"", count: 40_000) + "\n\ntexte"
    #expect(read(quotes).text.isEmpty || read(quotes).text == "texte")
    // Whatever is cut out of a message in the middle is a message.
    let whole = Array("From: a@exemple.fr\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\nx=C3=\r\n--z--\r\n".utf8)
    for length in whole.indices { #expect(ReceivedMessage(Array(whole.prefix(length))).attachments.count <= 1) }
  }
}
