import Foundation
import Records
import Store

/// The end of the hold: a letter that nobody called back becomes a message for each of its recipients.
struct LetterDeparture: JobKind {
  struct Parameters: Codable, Sendable {
    let letter: Identifier<Letter>
  }

  static let name = "courriel.depart"

  let outbox: Outbox
  let unsubscriptions: Unsubscription

  func run(_ parameters: Parameters, _ context: JobContext) async throws {
    try await context.complete { [outbox, unsubscriptions, ids = context.ids, now = context.now] connection in
      let moment = now()
      let settings = try Settings(connection)
      let today = settings.today(moment)
      let changed = try connection.execute(
        """
        UPDATE letter SET state = \(Letter.State.sent), sent_on = \(today)
        WHERE id = \(parameters.letter) AND state = \(Letter.State.held)
        """)
      guard changed == 1, let letter = try LetterSheet(parameters.letter, connection) else { return }
      let federation = settings.text(.federationName, on: today)
      var left: [LetterRecipient] = []
      for recipient in try Self.present(letter, on: today, connection) {
        let mail = try unsubscriptions.mail(letter, to: recipient, from: federation, connection)
        guard let id = try outbox.post(mail, as: .letter, connection) else { continue }
        try connection.execute("UPDATE letter_recipient SET mail_id = \(id) WHERE id = \(recipient.id)")
        left.append(recipient)
      }
      if letter.notes, !left.isEmpty { try Self.note(letter, left, on: today, ids, now, connection) }
    }
  }

  /// Who said no during the hold gets none.
  private static func present(_ letter: LetterSheet, on day: CivilDate, _ connection: any Connection) throws -> [LetterRecipient] {
    let recipients = try LetterRecipient.all(of: letter, connection).filter { $0.exclusion == nil }
    guard letter.origin == .list else { return recipients }
    let opposition = try Opposition(
      people: recipients.compactMap { $0.person?.rawValue }, addresses: recipients.compactMap(\.address), on: day, connection)
    return try recipients.filter { recipient in
      guard opposition.concerns(person: recipient.person?.rawValue, recipient.address ?? "") else { return true }
      try connection.execute("UPDATE letter_recipient SET exclusion = \(Letter.Exclusion.opposed) WHERE id = \(recipient.id)")
      return false
    }
  }

  /// A message to one record's people is an exchange with them, by its author.
  private static func note(
    _ letter: LetterSheet, _ recipients: [LetterRecipient], on day: CivilDate, _ ids: IdentifierSource,
    _ now: @escaping @Sendable () -> Date,
    _ connection: any Connection
  ) throws {
    let editor = JointEditor(ids: ids, now: now, actor: letter.account.rawValue)
    let id = ids.next(Exchange.self)
    let writer = try editor.begin(.sending, Letter.auditKind, letter.id.rawValue, connection)
    let teams: [Identifier<Structure>] = try connection.rows(
      """
      SELECT t.structure_id FROM letter_team t JOIN structure s ON s.id = t.structure_id AND s.removed_at IS NULL
      WHERE t.letter_id = \(letter.id) ORDER BY t.structure_id
      """
    ).map { try $0[0] }
    try writer.put(ExchangeRecords()) { _ in
      var draft = ExchangeRecords.Draft()
      (draft.date, draft.channel, draft.author, draft.reference) = (day, .courriel, letter.author, id.description)
      draft.structures = teams
      draft.people = recipients.compactMap(\.person).map(Named.record)
      draft.organisations = Set(recipients.compactMap(\.organisation) + letter.organisations).sorted().map(Named.record)
      let values = recipients[0].values
      draft.subject = String("\(values.filled(letter.subject))\n\n\(values.filled(letter.body))".prefix(2_000))
      return [RecordWrite(id: id.rawValue, isNew: true, old: nil, draft: draft)]
    }
    try connection.execute("UPDATE letter SET exchange_id = \(id) WHERE id = \(letter.id)")
  }

  /// Drafts that nobody has touched for as long as jobs are kept go by themselves.
  func sweep(before limit: Instant, _ connection: any Connection) throws {
    try connection.execute("DELETE FROM letter WHERE state = \(Letter.State.draft) AND saved_at < \(limit)")
  }
}

extension LetterSheet {
  /// The organisation that it was begun from.
  fileprivate var organisations: [Identifier<Organisation>] {
    audience == .organisations ? records.map { Identifier(rawValue: $0) } : []
  }
}
