import Foundation
import Records
import Store

/// The way out of letters of lists: the link that each of them carries (RFC 8058), and what is kept of a refusal.
public struct Unsubscription: Sendable {
  /// The purpose of the consent that somebody takes back, be it that nobody had asked for one.
  static let purpose = "courriels"

  private let installation: Installation
  /// Where people reach the site, without a slash at its end; `nil` when nobody has said.
  let site: String?

  init(_ installation: Installation, siteURL: String?) {
    self.installation = installation
    site = siteURL.map { String($0.reversed().drop { $0 == "/" }.reversed()) }
  }

  /// A letter as one recipient gets it. The secret of its link is kept as a digest.
  func mail(
    _ letter: LetterSheet, to recipient: LetterRecipient, from federation: String, _ connection: any Connection
  ) throws -> OutgoingMail {
    var text = recipient.values.filled(letter.body)
    var headers: [String: String] = [:]
    if letter.origin == .list, let site {
      let secret = Secret.make()
      try connection.execute("UPDATE letter_recipient SET digest = \(Secret.digest(secret)) WHERE id = \(recipient.id)")
      let link = "\(site)/desinscription/\(secret)"
      headers = ["List-Unsubscribe": "<\(link)>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"]
      text += "\n\n-- \n\(federation)\nPour ne plus recevoir ces courriels\u{A0}: \(link)\n"
    }
    return OutgoingMail(
      to: [.init(recipient.address ?? "", name: recipient.name)], replyTo: .init(letter.authorAddress, name: letter.author),
      subject: recipient.values.filled(letter.subject), text: text, headers: headers,
      files: letter.files.map { .init(name: $0.name, digest: $0.digest) })
  }

  /// What the page of a link says.
  public struct Door: Sendable {
    public let federation: String
    public let address: String
    public let isDone: Bool
  }

  /// `nil` for a link that this site did not send.
  public func door(_ secret: String) async throws -> Door? {
    try await installation.database.read { [installation] connection in
      guard let recipient = try Recipient(secret, connection) else { return nil }
      let settings = try Settings(connection)
      let today = settings.today(installation.now())
      let opposition = try Opposition(
        people: [recipient.person?.rawValue].compactMap(\.self), addresses: [recipient.address], on: today, connection)
      return Door(
        federation: settings.text(.federationName, on: today), address: recipient.address,
        isDone: opposition.concerns(person: recipient.person?.rawValue, recipient.address))
    }
  }

  /// Says no for whoever has the link, once for all letters of lists. Done twice, it is done once.
  public func oppose(_ secret: String) async throws {
    try await installation.database.write { [installation] connection in
      guard let recipient = try Recipient(secret, connection) else { return }
      let today = try Settings(connection).today(installation.now())
      let opposition = try Opposition(
        people: [recipient.person?.rawValue].compactMap(\.self), addresses: [recipient.address], on: today, connection)
      guard !opposition.concerns(person: recipient.person?.rawValue, recipient.address) else { return }
      guard let person = recipient.person else {
        try connection.execute(
          "INSERT INTO letter_opposition (address, opposed_on) VALUES (\(recipient.address.lowercased()), \(today)) ON CONFLICT (address) DO NOTHING"
        )
        return
      }
      try Self.withdraw(person, recipient.subject, on: today, installation, connection)
    }
  }

  /// What they had agreed to is taken back; who had been asked nothing has a line of that day that says no.
  private static func withdraw(
    _ person: Identifier<Person>, _ subject: String, on day: CivilDate, _ installation: Installation, _ connection: any Connection
  ) throws {
    let editor = JointEditor(ids: installation.ids, now: installation.now, actor: nil)
    let writer = try editor.begin(.unsubscription, Erasure.people, person.rawValue, connection)
    let held: [Int64] = try connection.rows(
      """
      SELECT id FROM consent WHERE person_id = \(person) AND purpose = \(purpose) AND removed_at IS NULL AND withdrawn_on IS NULL
      """
    ).map { try $0[0] }
    try writer.put(ConsentRecords()) { context in
      guard held.isEmpty else {
        return try ConsentRecords().stored(connection, .ids(held), context).map { stored in
          var draft = stored.draft
          draft.withdrawnOn = max(day, draft.givenOn ?? day)
          return RecordWrite(id: stored.id, isNew: false, old: stored.draft, draft: draft)
        }
      }
      let draft = ConsentRecords.Draft(
        person: person, purpose: purpose, givenOn: day, method: "formulaire_en_ligne",
        wording:
          "Désinscription par le lien du courriel «\u{202F}\(subject)\u{202F}»\u{A0}: la personne ne souhaite plus recevoir les courriels écrits à plusieurs personnes.",
        withdrawnOn: day)
      return [RecordWrite(id: installation.ids.next(Consent.self).rawValue, isNew: true, old: nil, draft: draft)]
    }
  }

  /// Whose link it is. A person who was merged into another since is that other one.
  private struct Recipient {
    let address: String
    let person: Identifier<Person>?
    let subject: String

    init?(_ secret: String, _ connection: any Connection) throws {
      let found = try connection.first(
        """
        SELECT r.address, COALESCE(p.merged_into, p.id), l.subject FROM letter_recipient r JOIN letter l ON l.id = r.letter_id
        LEFT JOIN person p ON p.id = r.person_id WHERE r.digest = \(Secret.digest(secret)) AND r.address IS NOT NULL
        """)
      guard let row = found else { return nil }
      (address, person, subject) = (try row[0], try row[1], try row[2])
    }
  }
}

extension Installation {
  public var unsubscriptions: Unsubscription { Unsubscription(self, siteURL: siteURL) }
}
