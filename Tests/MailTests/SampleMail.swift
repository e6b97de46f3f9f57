import Foundation
import Mail
import Testing

import TestSupport

func mailbox(_ address: String, name: String? = nil) throws -> MailAddress {
  try #require(MailAddress(address, name: name))
}

/// A message with everything at its plainest, to change one thing at a time.
func sampleMessage(
  from: MailAddress? = nil, to: [MailAddress]? = nil, cc: [MailAddress] = [], replyTo: MailAddress? = nil, subject: String = "Bonjour",
  text: String = "Bonjour,\n", html: String? = nil, attachments: [MailAttachment] = [], headers: [MailHeader] = []
) throws -> MailMessage {
  MailMessage(
    from: try from ?? mailbox("federation@exemple.fr"), to: try to ?? [mailbox("camille@exemple.fr")], cc: cc,
    replyTo: replyTo, subject: subject, text: text, html: html, attachments: attachments, messageID: "0123456789ABC@exemple.fr",
    date: TestClock.now, headers: headers)
}

extension TestMailServer {
  /// The server as the program sees it; without encryption unless another query is given.
  func asSMTP(_ query: String = "tls=aucun", credentials: String? = nil, patience: SMTPServer.Patience = SMTPServer.Patience()) throws
    -> SMTPServer
  {
    try #require(SMTPServer("smtp://\(credentials.map { "\($0)@" } ?? "")127.0.0.1:\(port)?\(query)", patience: patience))
  }

  /// Sends a message to a server that takes it; what the server read.
  static func reading(_ message: MailMessage) async throws -> Message {
    try await with(.accept) { server in
      try await server.asSMTP().send(message)
      return try #require(server.messages().first)
    }
  }
}
