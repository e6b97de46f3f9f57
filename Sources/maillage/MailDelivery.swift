import Foundation
import Mail
import Records

extension SendingJob {
  /// Sends by the server that the environment names; without one, messages wait.
  /// - Throws: `Refusal` that names the variable at fault, never its value.
  init(environment: [String: String] = ProcessInfo.processInfo.environment, now: @escaping @Sendable () -> Date) throws {
    let given = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    guard let address = given("MAILLAGE_SMTP_URL") else {
      self.init(obstacle: "MAILLAGE_SMTP_URL n’est pas renseigné : les courriels attendent.")
      return
    }
    guard let server = SMTPServer(address) else {
      throw Refusal(
        """
        MAILLAGE_SMTP_URL doit être smtp://utilisateur:motdepasse@serveur:port ou smtps://… ; sans chiffrement (?tls=aucun), \
        un mot de passe ne s’envoie qu’à cette machine.
        """)
    }
    guard let from = given("MAILLAGE_MAIL_FROM") else {
      self.init(obstacle: "MAILLAGE_MAIL_FROM n’est pas renseigné : les courriels attendent.")
      return
    }
    guard let sender = MailAddress(parsing: from) else {
      throw Refusal("MAILLAGE_MAIL_FROM doit être une adresse, seule ou après un nom : Fédération <contact@exemple.fr>")
    }
    self.init { posted throws(DeliveryFailure) in
      let message = try MailMessage(posted, from: sender, date: now())
      do throws(SMTPFailure) {
        try await server.send(message)
      } catch {
        throw DeliveryFailure(error)
      }
    }
  }
}

extension MailMessage {
  /// - Throws: `DeliveryFailure` when an address cannot be one: no server will ever take the message.
  fileprivate init(_ posted: PostedMail, from sender: MailAddress, date: Date) throws(DeliveryFailure) {
    let mail = posted.mail
    guard !mail.to.isEmpty else { throw DeliveryFailure(.permanent, "Le message n’a pas de destinataire.") }
    var headers = mail.headers.sorted { $0.key < $1.key }.compactMap { MailHeader($0.key, $0.value) }
    // So that no absence message answers the program (RFC 3834).
    if posted.manner == .notice, let automatic = MailHeader("Auto-Submitted", "auto-generated") { headers.append(automatic) }
    self.init(
      from: sender, to: try MailAddress.list(mail.to), cc: try MailAddress.list(mail.cc),
      replyTo: try MailAddress.list([mail.replyTo].compactMap(\.self)).first, subject: mail.subject, text: mail.text, html: mail.html,
      attachments: mail.attachments.map { MailAttachment(name: $0.name, mediaType: $0.mediaType, content: $0.content) },
      messageID: posted.messageID, date: date, headers: headers)
  }
}

extension MailAddress {
  fileprivate static func list(_ recipients: [OutgoingMail.Recipient]) throws(DeliveryFailure) -> [MailAddress] {
    var addresses: [MailAddress] = []
    for recipient in recipients {
      guard let address = MailAddress(recipient.address, name: recipient.name) else {
        throw DeliveryFailure(.permanent, "« \(recipient.address) » n’est pas une adresse de courriel.")
      }
      addresses.append(address)
    }
    return addresses
  }
}

extension DeliveryFailure {
  /// What an operator can mend (the server, its certificate, the password) is no reason to refuse a message.
  fileprivate init(_ failure: SMTPFailure) {
    let kind: Kind =
      switch failure.kind {
      case .temporary, .unreachable, .certificate, .authentication: .temporary
      case .permanent: .permanent
      case .uncertain: .uncertain
      }
    self.init(kind, failure.description)
  }
}
