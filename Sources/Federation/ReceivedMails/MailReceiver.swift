import Foundation
import Records
import Store

/// How far a mailbox was read: the last of its messages, among those that its server numbered together.
public struct MailboxPosition: Sendable, Equatable {
  public let validity: Int
  public let last: Int

  public init(validity: Int, last: Int) { (self.validity, self.last) = (validity, last) }
}

/// Takes what comes into the mailbox: each message once, as an exchange where everybody is recognised, else for somebody to look at.
public struct MailReceiver: Sendable {
  private let database: any Database
  private let ids: IdentifierSource
  private let now: @Sendable () -> Date

  public init(_ installation: Installation) { self.init(installation, ids: installation.ids) }

  init(_ installation: Installation, ids: IdentifierSource) {
    (database, now, self.ids) = (installation.database, installation.now, ids)
  }

  /// Looking into files and hashing them takes a while: away from the requests.
  private static let queue = BlockingQueue("received mail")
  private static let mostFiles = 20

  private struct Prepared: Sendable {
    var files: [(file: IncomingFile, digest: String)] = []
    var digest = ""
    /// What was left out, in a sentence.
    var detail: String?
  }

  /// - Parameters:
  ///   - mailbox: with the position that the message brings it to: both or neither are kept.
  /// - Returns: `false` for a message that is there already.
  @discardableResult
  public func receive(_ mail: IncomingMail, into mailbox: (name: String, position: MailboxPosition)? = nil) async throws -> Bool {
    let prepared = try await Self.queue.run { Self.prepare(mail) }
    do {
      return try await database.write { try keep(mail, prepared, mailbox, refusal: nil, $0) }
    } catch let refusal as Refusal {
      return try await database.write { try keep(mail, prepared, mailbox, refusal: refusal.sentence, $0) }
    } catch let error where Self.isOfTheMessage(error) {
      return try await keepUnfiled(mail, prepared, mailbox, error)
    }
  }

  /// What nobody expected of one message does not stop the next ones: it waits with its reason; without its text, if that is what the
  /// database does not take.
  private func keepUnfiled(
    _ mail: IncomingMail, _ prepared: Prepared, _ mailbox: (name: String, position: MailboxPosition)?, _ error: any Error
  ) async throws -> Bool {
    let reason = (error as? DatabaseError)?.description ?? "Maillage n’a pas su le noter de lui-même."
    do {
      return try await database.write { try keep(mail, prepared, mailbox, refusal: reason, $0) }
    } catch let error where Self.isOfTheMessage(error) {
      let bare = Prepared(digest: prepared.digest, detail: "[Son texte et ses pièces jointes sont restés dans la boîte.]")
      return try await database.write { try keep(.bare(mail), bare, mailbox, refusal: reason, $0) }
    }
  }

  /// Whether the same would happen again, and only to this message: a database that does not answer, or is full, is nobody's fault.
  private static func isOfTheMessage(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return !(error is CancellationError) }
    switch error.kind {
    case .connection, .diskFull, .serialization: return false
    case .unique, .foreignKey, .check, .notNull, .unexpectedValue, .other: return true
    }
  }

  private static func prepare(_ mail: IncomingMail) -> Prepared {
    var (prepared, refused): (Prepared, [String]) = (Prepared(), [])
    for (index, file) in mail.files.enumerated() {
      guard index < mostFiles, let kept = try? IncomingFile(named: file.name, file.bytes) else {
        refused.append("«\u{202F}\(FileName.cleaned(file.name))\u{202F}»")
        continue
      }
      let digest = kept.digest
      if !prepared.files.contains(where: { $0.digest == digest }) { prepared.files.append((kept, digest)) }
    }
    prepared.digest = mail.digest(prepared.files.map(\.digest) + refused)
    if !refused.isEmpty {
      let names = refused.prefix(10).joined(separator: ", ") + (refused.count > 10 ? "…" : "")
      prepared.detail = "[Pièces jointes non gardées, d’une sorte qui n’est pas acceptée\u{A0}: \(names)]"
    }
    return prepared
  }

  private func keep(
    _ mail: IncomingMail, _ prepared: Prepared, _ mailbox: (name: String, position: MailboxPosition)?, refusal: String?,
    _ connection: any Connection
  ) throws -> Bool {
    let moment = Instant(now())
    if let mailbox {
      try connection.execute(
        """
        INSERT INTO mailbox (name, validity, last) VALUES (\(mailbox.name), \(mailbox.position.validity), \(mailbox.position.last))
        ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, last = excluded.last
        """)
    }
    let today = try Settings(connection).today(now())
    let isOurs = try mail.messageID.map { try connection.first("SELECT 1 FROM outbox WHERE message_id = \($0)") != nil } ?? false
    let isAutomatic = mail.isAutomatic || isOurs || !mail.failures.isEmpty
    let account = try sender(of: mail, connection)
    let correspondents = mail.correspondents
    let outcome = try MailRecognition(correspondents.map(\.address), connection).outcome(
      correspondents.map(\.address), on: try day(mail, today, connection))
    let reason: ReceivedMail.Reason? =
      isAutomatic
      ? nil
      : mail.isTooLarge
        ? .tooLarge
        : mail.isForged ? .forged : account == nil ? .unknownSender : refusal != nil ? .refused : outcome.reason
    let id = ids.next(ReceivedMail.self)
    let state = isAutomatic ? ReceivedMail.State.automatic : .waiting
    let detail = [refusal, prepared.detail].compactMap(\.self).joined(separator: "\n\n")
    let sender = mail.senders.first ?? IncomingMail.Party("")
    let isNew = try connection.execute(
      """
      INSERT INTO received_mail (id, digest, received_at, sent_on, sender, sender_name, account_id, subject, body, size, state, reason,
        detail, settled_at)
      VALUES (\(id), \(prepared.digest), \(moment), \(try day(mail, today, connection)), \(sender.address), \(sender.name),
        \(mail.isForged ? nil : account?.id), \(mail.subject), \(mail.text), \(mail.size), \(state), \(reason ?? .takenUp),
        \(detail.isEmpty ? nil : detail), \(isAutomatic ? moment : nil))
      ON CONFLICT (digest) DO NOTHING
      """)
    guard isNew == 1 else { return false }
    try connection.insert(into: "received_mail_party (mail_id, position, address, name)", Array(correspondents.enumerated())) {
      "\(id), \($0.offset), \($0.element.address), \($0.element.name)"
    }
    for (position, file) in prepared.files.enumerated() {
      try file.file.store(as: file.digest, connection)
      try connection.execute("INSERT INTO received_mail_file VALUES (\(id), \(position), \(file.file.name), \(file.digest))")
    }
    try UnreachableAddress.note(mail, on: today, connection)
    guard !isAutomatic, reason == nil, let account else { return true }
    try FiledMail(id, connection).file(
      with: .init(teams: outcome.teams.map(\.id), people: outcome.people.map(\.id), organisations: outcome.organisations),
      author: account.name, by: account.id, ids, now,
      Attachments(database: database, ids: ids, now: now, account: account.id.rawValue), connection)
    return true
  }

  /// The day on which it says it was sent; a clock that is wrong by far is not believed.
  private func day(_ mail: IncomingMail, _ today: CivilDate, _ connection: any Connection) throws -> CivilDate {
    guard let sentAt = mail.sentAt else { return today }
    let day = try Settings(connection).today(sentAt)
    return day > today || day < today.adding(months: -120) ? today : day
  }

  /// Somebody of the staff who writes the log, under any of their roles.
  private func sender(of mail: IncomingMail, _ connection: any Connection) throws -> Account? {
    guard mail.senders.count == 1, let address = mail.senders.first?.address else { return nil }
    let id: Int64? = try connection.value("SELECT id FROM account WHERE email = \(address) AND closed_at IS NULL")
    guard let id else { return nil }
    return try Colleagues([id], at: now(), connection).accounts.first { account in
      account.roles.contains { $0.scope(.write, .exchanges) == .all }
    }
  }
}
