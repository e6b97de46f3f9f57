import Foundation
import Records
import Store

/// What a message that is filed says of the exchange that it becomes.
struct FiledMail {
  let id: Identifier<ReceivedMail>
  let subject: String
  let body: String
  let sentOn: CivilDate
  /// What was left out.
  let detail: String?
  let files: [(name: String, digest: String)]

  init(_ id: Identifier<ReceivedMail>, _ connection: any Connection) throws {
    guard let row = try connection.first("SELECT subject, body, sent_on, detail FROM received_mail WHERE id = \(id)") else {
      throw Refusal("Ce courriel n’est plus là.")
    }
    self.id = id
    (subject, body, sentOn, detail) = (try row[0], try row[1], try row[2], try row[3])
    files = try connection.rows("SELECT name, digest FROM received_mail_file WHERE mail_id = \(id) ORDER BY position").map {
      (try $0[0], try $0[1])
    }
  }

  private static let limit = 2_000

  /// What the exchange keeps in its own words, and the whole text as a file where that is not all of it.
  private var words: (text: String, rest: String?) {
    let heading = subject.replacing(/^(?i:(tr|fwd?)\s*:\s*)+/, with: "")
    let whole = [heading, body, detail ?? ""].filter { !$0.isEmpty }.joined(separator: "\n\n")
    guard whole.count > Self.limit else { return (whole, nil) }
    let end = "\n\n[La suite est dans la pièce jointe « \(Self.fileName(sentOn)) ».]"
    return (whole.prefix(Self.limit - end.count) + end, whole)
  }

  private static func fileName(_ day: CivilDate) -> String { "Courriel du \(day).txt" }

  /// As a file, where the exchange does not hold all of it.
  private var wholeText: IncomingFile? {
    get throws { try words.rest.map { try IncomingFile(named: Self.fileName(sentOn), Array($0.utf8)) } }
  }

  /// Takes the message's own files off the exchange, which goes: what others joined keeps it.
  func takeFiles(off exchange: Identifier<Exchange>, _ connection: any Connection) throws {
    let digests = files.map(\.digest) + [try wholeText?.digest].compactMap(\.self)
    try connection.execute(
      "DELETE FROM attachment WHERE kind = \(ExchangeRecords().name) AND record_id = \(exchange) AND digest IN \(list: digests)")
  }

  struct Parties {
    let teams: [Identifier<Structure>]
    let people: [Identifier<Person>]
    let organisations: [Identifier<Organisation>]
  }

  /// Makes the exchange, with its files, in the caller's transaction.
  /// - Throws: `Refusal`.
  func file(
    with parties: Parties, author: String?, by account: Identifier<Account>, _ ids: IdentifierSource, _ now: @escaping @Sendable () -> Date,
    _ attachments: Attachments, _ connection: any Connection
  ) throws {
    let exchange = ids.next(Exchange.self)
    let writer = try JointEditor(ids: ids, now: now, actor: account.rawValue).begin(
      .mailFiled, ReceivedMail.auditKind, id.rawValue, connection)
    try writer.put(ExchangeRecords()) { _ in
      var draft = ExchangeRecords.Draft()
      (draft.date, draft.channel, draft.author, draft.reference) = (sentOn, .courriel, author, exchange.description)
      draft.structures = parties.teams.sorted()
      draft.people = parties.people.map(Named.record)
      draft.organisations = parties.organisations.map(Named.record)
      draft.subject = words.text
      return [RecordWrite(id: exchange.rawValue, isNew: true, old: nil, draft: draft)]
    }
    var joined = files
    if let file = try wholeText {
      try file.store(as: file.digest, connection)
      joined.append((file.name, file.digest))
    }
    try attachments.join(joined, to: exchange.rawValue, of: ExchangeRecords(), connection)
    try connection.execute(
      """
      UPDATE received_mail SET state = \(ReceivedMail.State.filed), event_id = \(writer.event), exchange_id = \(exchange),
        settled_by = \(account), settled_at = \(Instant(now()))
      WHERE id = \(id)
      """)
  }
}
