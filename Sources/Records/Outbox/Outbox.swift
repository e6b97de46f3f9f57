import Foundation
import Store

/// The messages that the federation sends: rows written with the change that wants them, sent by jobs.
///
/// What is promised when a process is killed or a connection lost between the handing over and the commit:
/// - a **letter** is never sent twice by itself. It is `en_cours` before its text leaves; what is found in that state later is
///   `incertain`, and a person decides;
/// - a **notice** is sent once more, with the same Message-ID, so that one duplicate at most can arrive and can be recognised as
///   such. A second doubt makes it `incertain`.
///
/// What the server has surely not taken (refused for now, unreachable) is tried again, letters included. A database restored
/// from an archive does not know what left after the archive was made: its letters are `incertain`.
public struct Outbox: Sendable {
  private let ids: IdentifierSource
  private let now: @Sendable () -> Date
  private let domain: String

  /// - Parameter domain: what stands after `@` in a Message-ID: the federation's own.
  public init(ids: IdentifierSource, now: @escaping @Sendable () -> Date, domain: String) {
    self.ids = ids
    self.now = now
    self.domain = domain
  }

  /// Posts a message, in the caller's transaction.
  /// - Parameter due: not before that moment.
  /// - Returns: `nil` when the key has been asked for already.
  @discardableResult
  public func post(
    _ mail: OutgoingMail, as manner: MailManner, due: Instant? = nil, once key: JobKey? = nil, _ connection: any Connection
  ) throws -> Identifier<OutgoingMail>? {
    let queue = JobQueue(ids: ids, now: now)
    if let key, try !queue.reserve(key, connection) { return nil }
    let id = ids.next(OutgoingMail.self)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let content = String(decoding: try encoder.encode(mail), as: UTF8.self)
    try connection.execute(
      """
      INSERT INTO outbox (id, message_id, manner, content, state, since)
      VALUES (\(id), \("\(id.description.lowercased())@\(domain)"), \(manner), \(content), \(MailState.waiting), \(Instant(now())))
      """)
    for (position, file) in mail.attachments.enumerated() {
      try connection.execute(
        """
        INSERT INTO outbox_attachment (mail_id, position, name, media_type, content)
        VALUES (\(id), \(position), \(file.name), \(file.mediaType), \(file.content))
        """)
    }
    for (position, file) in mail.files.enumerated() {
      try connection.execute(
        """
        INSERT INTO outbox_file (mail_id, position, name, digest)
        VALUES (\(id), \(mail.attachments.count + position), \(file.name), \(file.digest))
        """)
    }
    try queue.ask(SendingJob.self, .init(mail: id), due: due, connection)
    return id
  }

  /// Sends a message again that was refused, abandoned or is uncertain, because a person wants it.
  /// - Throws: `Refusal` when the message is in another state.
  public func sendAgain(_ id: Identifier<OutgoingMail>, _ connection: any Connection) throws {
    let changed = try connection.execute(
      """
      UPDATE outbox SET state = \(MailState.waiting), since = \(Instant(now())), doubts = 0, reason = NULL
      WHERE id = \(id) AND state IN ('refuse', 'incertain', 'abandonne')
      """)
    guard changed == 1 else { throw Refusal("Ce message n’est pas à renvoyer : il est parti, ou il partira.") }
    try JobQueue(ids: ids, now: now).ask(SendingJob.self, .init(mail: id), connection)
  }
}

/// A message of the outbox.
public struct PostedMail: Sendable {
  public let id: Identifier<OutgoingMail>
  /// Without angle brackets; the same at each attempt.
  public let messageID: String
  public let manner: MailManner
  public let mail: OutgoingMail
  public let state: MailState
  /// Since when it is in that state.
  public let since: Instant
  /// What the server said, one French sentence.
  public let reason: String?
  let doubts: Int

  /// A message and its files.
  public init?(_ id: Identifier<OutgoingMail>, _ connection: any Connection) throws {
    guard let row = try connection.first("\(Self.columns) WHERE id = \(id)") else { return nil }
    let files = try connection.rows(
      """
      SELECT name, media_type, content, position FROM outbox_attachment WHERE mail_id = \(id)
      UNION ALL SELECT x.name, f.type, f.bytes, x.position FROM outbox_file x JOIN file f ON f.digest = x.digest WHERE x.mail_id = \(id)
      ORDER BY 4
      """
    ).map { OutgoingMail.Attachment(name: try $0[0], mediaType: try $0[1], content: try $0[2]) }
    try self.init(row, files)
  }

  /// Messages in those states, latest first, without their files.
  public static func list(_ states: [MailState], _ connection: any Connection) throws -> [PostedMail] {
    try connection.rows("\(columns) WHERE state IN \(list: states.map(\.rawValue)) ORDER BY since DESC, id DESC").map { try Self($0, []) }
  }

  private static let columns: SQL = "SELECT id, message_id, manner, content, state, since, reason, doubts FROM outbox"

  private init(_ row: Row, _ files: [OutgoingMail.Attachment]) throws {
    id = try row[0]
    messageID = try row[1]
    manner = try row[2]
    let content: String = try row[3]
    var mail = try JSONDecoder().decode(OutgoingMail.self, from: Data(content.utf8))
    mail.attachments = files
    self.mail = mail
    state = try row[4]
    since = try row[5]
    reason = try row[6]
    doubts = try row[7]
  }
}

extension Outbox {
  /// In a database restored from an archive: what waited when the archive was made may have left since. Letters wait for a
  /// person's word; notices leave once more, as after any other doubt.
  static func doubt(at moment: Instant, _ connection: any Connection) throws {
    let reason = "Ce message attendait quand la sauvegarde a été faite\u{A0}: il est peut-être parti depuis."
    try connection.execute(
      """
      UPDATE outbox SET state = \(MailState.uncertain), since = \(moment), reason = \(reason), doubts = doubts + 1
      WHERE manner = 'lettre' AND state IN ('attente', 'en_cours')
      """)
    try connection.execute("UPDATE outbox SET doubts = doubts + 1 WHERE manner = 'avis' AND state IN ('attente', 'en_cours')")
  }

  static let migration = Migration(
    "202611211051-outbox",
    [
      """
      CREATE TABLE outbox (
        id \(.id) PRIMARY KEY, message_id \(.text) NOT NULL UNIQUE,
        manner \(.text) NOT NULL CHECK (manner IN ('lettre', 'avis')), content \(.text) NOT NULL,
        state \(.text) NOT NULL CHECK (state IN ('attente', 'en_cours', 'envoye', 'refuse', 'incertain', 'abandonne')),
        since \(.instant) NOT NULL, doubts \(.int) NOT NULL DEFAULT 0, reason \(.text)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX outbox_state ON outbox (state, since)",
      """
      CREATE TABLE outbox_attachment (
        mail_id \(.id) NOT NULL REFERENCES outbox (id) ON DELETE CASCADE, position \(.int) NOT NULL, name \(.text) NOT NULL,
        media_type \(.text) NOT NULL, content \(.blob) NOT NULL, PRIMARY KEY (mail_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
  /// Files that many messages carry are kept once, where those of records are.
  static let fileMigration = Migration(
    "202611221400-outbox",
    [
      """
      CREATE TABLE outbox_file (
        mail_id \(.id) NOT NULL REFERENCES outbox (id) ON DELETE CASCADE, position \(.int) NOT NULL, name \(.text) NOT NULL,
        digest \(.text) NOT NULL REFERENCES file (digest), PRIMARY KEY (mail_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX outbox_file_digest ON outbox_file (digest)",
    ])
}
