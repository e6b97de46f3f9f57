import Federation
import Foundation
import Mail
import Records

extension MailboxJob {
  /// Reads the mailbox that the environment names; without one, nothing is read.
  /// - Throws: `Refusal` that names the variable at fault, never its value.
  init(environment: [String: String] = ProcessInfo.processInfo.environment, into receiver: MailReceiver) throws {
    guard let address = environment["MAILLAGE_IMAP_URL"], !address.isEmpty else {
      self.init(obstacle: "MAILLAGE_IMAP_URL n’est pas renseigné : aucune boîte n’est relevée.")
      return
    }
    guard let mailbox = IMAPMailbox(address) else {
      throw Refusal(
        """
        MAILLAGE_IMAP_URL doit être imaps://utilisateur:motdepasse@serveur:port/dossier ou imap://… ; sans chiffrement (?tls=aucun), \
        un mot de passe ne s’envoie qu’à cette machine.
        """)
    }
    self.init(mailbox.description, into: receiver) { position, take in
      do {
        try await mailbox.read(
          after: position.map { ($0.validity, $0.last) }, sizeLimit: IncomingMail.sizeLimit, most: 50
        ) { validity, message in
          try await take(IncomingMail(message), MailboxPosition(validity: validity, last: message.number))
        }
      } catch let failure as IMAPFailure {
        throw MailboxFailure(failure.sentence)
      }
    }
  }
}

extension IncomingMail {
  fileprivate init(_ message: IMAPMailbox.Message) {
    let read = ReceivedMessage(message.bytes)
    func parties(_ addresses: [MailAddress]) -> [Party] { addresses.map { Party($0.address, name: $0.name) } }
    self.init(
      messageID: read.messageID, from: parties(read.from), to: parties(read.to + read.cc), forwarded: parties(read.forwarded),
      subject: read.subject, text: message.isWhole ? read.text : "", sentAt: read.date,
      files: message.isWhole ? read.attachments.map { ($0.name, $0.content) } : [], size: message.size)
    (isAutomatic, isForged, isTooLarge) = (read.isAutomatic, read.isForged, !message.isWhole)
    failures = (read.report?.failures ?? []).map { Failure(address: $0.address, reason: $0.reason) }
    reportedID = read.report?.messageID
  }
}
