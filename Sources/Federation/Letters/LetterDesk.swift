import Foundation
import Records
import Store

/// Writes letters to people of the directory in somebody's name.
public struct LetterDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    self.installation = installation
    self.actor = actor
  }

  private var recorder: Recorder { Recorder(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// What a form says of a letter.
  public struct Content: Sendable {
    public let audience: Letter.Audience
    public let origin: Letter.Origin
    public let records: [Int64]
    public let choice: [String]
    public let subject: String
    public let body: String
    /// The digests of the files that it has already and keeps.
    public let kept: Set<String>

    public init(
      _ audience: Letter.Audience, from origin: Letter.Origin, records: [Int64], choice: [String], subject: String, body: String,
      kept: Set<String> = []
    ) {
      (self.audience, self.origin, self.records, self.choice) = (audience, origin, records, choice)
      (self.subject, self.body, self.kept) = (subject, body, kept)
    }
  }

  /// Looking into a file and hashing it takes a while: away from the requests.
  private static let queue = BlockingQueue("files of letters")

  /// Keeps a draft, as it is: what cannot be sent yet is kept as well. A file that may not be kept is left out.
  /// - Returns: why it cannot be sent, by field of its form.
  /// - Throws: `Refusal` when it was sent meanwhile.
  public func save(
    _ id: Identifier<Letter>, _ content: Content, adding files: [(name: String, bytes: [UInt8])] = []
  ) async throws -> [String: String] {
    guard actor.role.scope(.write, .letters) == .all else { throw Refusal("Votre rôle n’écrit pas de courriels.") }
    guard !content.records.isEmpty else { throw Refusal("Aucune fiche n’est choisie : revenez à la liste et cochez-en.") }
    let (incoming, refused) = try await Self.queue.run {
      var (incoming, refused): ([(file: IncomingFile, digest: String)], String?) = ([], nil)
      for file in files {
        do {
          let kept = try IncomingFile(named: file.name, file.bytes)
          incoming.append((kept, kept.digest))
        } catch let refusal as Refusal {
          refused = refusal.sentence
        }
      }
      return (incoming, refused)
    }
    let faults = try await installation.database.write { [installation, actor] connection in
      let old = try LetterSheet(id, connection)
      if let old {
        guard old.account == actor.id else { throw Refusal("Ce courriel est celui de quelqu’un d’autre.") }
        guard old.state == .draft else { throw Refusal("Ce courriel est déjà parti : écrivez-en un autre.") }
      }
      let choice = content.choice.joined(separator: "|")
      try connection.execute(
        """
        INSERT INTO letter (id, account_id, audience, origin, choice, subject, body, state, saved_at, notes)
        VALUES (\(id), \(actor.id), \(content.audience), \(content.origin), \(choice), \(content.subject), \(content.body),
          \(Letter.State.draft), \(Instant(installation.now())), \(false))
        ON CONFLICT (id) DO UPDATE SET choice = excluded.choice, subject = excluded.subject, body = excluded.body,
          saved_at = excluded.saved_at
        """)
      if old == nil {
        try connection.insert(into: "letter_record (letter_id, record_id)", Set(content.records).sorted()) { "\(id), \($0)" }
      }
      try connection.execute("DELETE FROM letter_file WHERE letter_id = \(id)")
      var names: [(name: String, digest: String)] = (old?.files ?? []).filter { content.kept.contains($0.digest) }.map {
        ($0.name, $0.digest)
      }
      // Too much is not kept at all: whoever sent it chooses again.
      let size = (old?.files ?? []).filter { content.kept.contains($0.digest) }.reduce(0) { $0 + $1.size }
      let isTooMuch = incoming.reduce(size) { $0 + $1.file.bytes.count } > Letter.sizeLimit
      for (file, digest) in isTooMuch ? [] : incoming where !names.contains(where: { $0.digest == digest }) {
        try file.store(as: digest, connection)
        names.append((file.name, digest))
      }
      try connection.insert(into: "letter_file (letter_id, position, name, digest)", Array(names.enumerated())) {
        "\(id), \($0.offset), \($0.element.name), \($0.element.digest)"
      }
      let faults = try LetterSheet(id, connection)?.faults ?? [:]
      return isTooMuch ? faults.merging(["fichiers": LetterSheet.tooMuch]) { _, new in new } : faults
    }
    return refused.map { faults.merging(["fichiers": $0]) { _, new in new } } ?? faults
  }

  public enum Sending: Sendable {
    case held
    /// Those who get it are no longer those who were shown: nothing is sent.
    case stale
  }

  /// Says to send a draft: it leaves once the hold is over. The second click does nothing.
  /// - Parameter seen: the digest of the audience that was shown.
  /// - Throws: `Refusal`.
  public func send(_ id: Identifier<Letter>, seen: String) async throws -> Sending {
    try await installation.database.write { [installation, actor, recorder] connection in
      guard let letter = try LetterSheet(id, for: actor, connection) else { throw Refusal("Ce brouillon n’existe plus.") }
      guard letter.state == .draft else { return .held }
      guard letter.faults.isEmpty else { throw Refusal("Ce brouillon est à corriger avant de partir.") }
      try Self.expectLink(letter, installation)
      let now = installation.now()
      let audience = try LetterAudience(letter, on: Settings(connection).today(now), connection)
      let count = audience.recipients.count
      guard count > 0 else { throw Refusal("Personne ne recevrait ce courriel.") }
      guard count <= Letter.mostRecipients else {
        throw Refusal("\(count) destinataires : \(Letter.mostRecipients) au plus. Filtrez la liste, puis recommencez.")
      }
      guard audience.digest(letter) == seen else { return .stale }
      let until = Instant(now.addingTimeInterval(Double(Letter.hold)))
      let notes = letter.origin == .record && actor.role.scope(.write, .exchanges) == .all
      try connection.execute(
        "UPDATE letter SET state = \(Letter.State.held), saved_at = \(Instant(now)), held_until = \(until), notes = \(notes) WHERE id = \(id)"
      )
      try Self.freeze(audience, of: id, installation.ids, connection)
      try recorder.log(.sending, Letter.auditKind, id.rawValue, connection)
      try installation.jobs.ask(LetterDeparture.self, .init(letter: id), due: until, connection)
      return .held
    }
  }

  /// Without an address of the site nobody could unsubscribe.
  private static func expectLink(_ letter: LetterSheet, _ installation: Installation) throws {
    if let obstacle = installation.obstacle(toLettersFrom: letter.origin) { throw Refusal(obstacle) }
  }

  private static func freeze(
    _ audience: LetterAudience, of letter: Identifier<Letter>, _ ids: IdentifierSource, _ connection: any Connection
  ) throws {
    try connection.insert(
      into: """
        letter_recipient (id, letter_id, position, name, first_name, last_name, teams, address, person_id, structure_id, organisation_id,
          exclusion)
        """, Array(audience.addressees.enumerated())
    ) { position, one in
      """
      \(ids.next(LetterRecipient.self)), \(letter), \(position), \(one.name), \(one.values.firstName), \(one.values.lastName),
      \(one.values.teams.joined(separator: "\n")), \(one.address?.trimmingCharacters(in: .whitespaces)), \(one.person), \(one.structure),
      \(one.organisation), \(one.exclusion)
      """
    }
    let teams = Set(audience.recipients.flatMap(\.teams)).sorted()
    try connection.insert(into: "letter_team (letter_id, structure_id)", teams) { "\(letter), \($0)" }
  }

  /// Calls a letter back while it is held. Between this and the departure there is one winner.
  /// - Throws: `Refusal` when it has left.
  public func recall(_ id: Identifier<Letter>) async throws {
    try await installation.database.write { [actor, recorder] connection in
      guard let letter = try LetterSheet(id, for: actor, connection), letter.account == actor.id || actor.role == .direction else {
        throw Refusal("Seuls son auteur et la direction rappellent un courriel.")
      }
      guard letter.state != .recalled else { return }
      let changed = try connection.execute(
        "UPDATE letter SET state = \(Letter.State.recalled) WHERE id = \(id) AND state = \(Letter.State.held)")
      guard changed == 1 else { throw Refusal("Trop tard\u{A0}: ce courriel est parti.") }
      try recorder.log(.recall, Letter.auditKind, id.rawValue, connection)
    }
  }

  /// A new draft of a letter that was called back: its text, its files, and the same records.
  /// - Throws: `Refusal` when it was not called back, or is somebody else's.
  public func writeAgain(_ id: Identifier<Letter>) async throws -> Identifier<Letter> {
    let copy = installation.ids.next(Letter.self)
    try await installation.database.write { [installation, actor] connection in
      guard actor.role.scope(.write, .letters) == .all, let old = try LetterSheet(id, for: actor, connection), old.state == .recalled,
        old.account == actor.id || actor.role == .direction
      else { throw Refusal("Seul un courriel rappelé se reprend, par son auteur ou par la direction.") }
      try connection.execute(
        """
        INSERT INTO letter (id, account_id, audience, origin, choice, subject, body, state, saved_at, notes)
        VALUES (\(copy), \(actor.id), \(old.audience), \(old.origin), \(old.choice.joined(separator: "|")), \(old.subject), \(old.body),
          \(Letter.State.draft), \(Instant(installation.now())), \(false))
        """)
      try connection.insert(into: "letter_record (letter_id, record_id)", old.records) { "\(copy), \($0)" }
      try connection.insert(into: "letter_file (letter_id, position, name, digest)", Array(old.files.enumerated())) {
        "\(copy), \($0.offset), \($0.element.name), \($0.element.digest)"
      }
    }
    return copy
  }

  /// Throws a draft away.
  public func discard(_ id: Identifier<Letter>) async throws {
    try await installation.database.write { [actor] connection in
      _ = try connection.execute("DELETE FROM letter WHERE id = \(id) AND account_id = \(actor.id) AND state = \(Letter.State.draft)")
    }
  }
}

extension Installation {
  /// Why no letter of that origin can leave, whatever it says; `nil` when it can. Said before anybody writes one.
  public func obstacle(toLettersFrom origin: Letter.Origin) -> String? {
    guard origin == .list, unsubscriptions.site == nil else { return nil }
    return """
      Un courriel à une liste ne peut pas encore partir\u{A0}: il porte un lien pour se désinscrire, et l’adresse publique du site n’est pas réglée. \
      Demandez à qui héberge le site de la donner.
      """
  }
}
