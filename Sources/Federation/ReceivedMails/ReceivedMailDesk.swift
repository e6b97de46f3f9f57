import Foundation
import Records
import Store

/// What the staff do with messages that wait: each becomes an exchange, or is put aside; both are taken back.
public struct ReceivedMailDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) { (self.installation, self.actor) = (installation, actor) }

  private var recorder: Recorder { Recorder(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// What the form says.
  public struct Order: Sendable {
    /// Those that were ticked among the ones that were recognised.
    public let teams: Set<Identifier<Structure>>
    public let people: Set<Identifier<Person>>
    /// What was typed beside them; nothing when empty.
    public let team: String
    public let person: String

    public init(teams: Set<Identifier<Structure>>, people: Set<Identifier<Person>>, team: String, person: String) {
      (self.teams, self.people, self.team, self.person) = (teams, people, team, person)
    }
  }

  /// Makes an exchange of it. A second click does nothing.
  /// - Throws: `FieldRefusal` (`structure`, `personne`), `Refusal`.
  public func file(_ id: Identifier<ReceivedMail>, _ order: Order) async throws {
    try await installation.database.write { [installation, actor] connection in
      guard let mail = try ReceivedMailSheet(id, for: actor, at: installation.now(), Settings(connection), connection) else {
        throw Self.gone
      }
      guard mail.summary.state != .filed else { return }
      guard mail.summary.state == .waiting else { throw Refusal("Ce courriel est écarté\u{A0}: remettez-le d’abord à classer.") }
      // Only what the page offers may be ticked.
      var teams = order.teams.intersection(mail.teams.map(\.id))
      var people = order.people.intersection(mail.people.map(\.id))
      if !order.team.isEmpty { teams.insert(Identifier(rawValue: try Self.record(order.team, .structures, "structure", connection))) }
      if !order.person.isEmpty { people.insert(Identifier(rawValue: try Self.record(order.person, .people, "personne", connection))) }
      guard !teams.isEmpty || !people.isEmpty else {
        throw FieldRefusal("structure", "Choisissez au moins une équipe ou une personne.")
      }
      try FiledMail(id, connection).file(
        with: .init(teams: Array(teams), people: people.sorted(), organisations: mail.organisations),
        author: mail.summary.author ?? actor.name, by: actor.id, installation.ids, installation.now, installation.attachments(of: actor),
        connection)
    }
  }

  private static let gone = Refusal("Ce courriel n’est plus là.")

  /// What a text of the form names.
  private static func record(_ text: String, _ naming: Naming, _ field: String, _ connection: any Connection) throws -> Int64 {
    let (texts, doubt) = try naming.meant(by: [text], connection)
    if let doubt { throw FieldRefusal(field, "\(doubt.prefix(1).uppercased())\(doubt.dropFirst()).") }
    let table: SQL = naming == .structures ? "structure" : "person"
    let known = [texts.first ?? text, text, text.offeredReference ?? text]
    let found: Int64? = try connection.value("SELECT id FROM \(table) WHERE removed_at IS NULL AND reference IN \(list: known) LIMIT 1")
    guard let found else {
      throw FieldRefusal(
        field,
        naming == .structures
          ? "Cette équipe n’est pas dans l’annuaire\u{A0}: choisissez-en une autre."
          : "Cette personne n’est pas dans l’annuaire\u{A0}: ajoutez-la d’abord, ou choisissez seulement l’équipe.")
    }
    return found
  }

  /// Puts it aside.
  public func dismiss(_ id: Identifier<ReceivedMail>) async throws {
    try await installation.database.write { [installation, actor, recorder] connection in
      let moment = Instant(installation.now())
      let changed = try connection.execute(
        """
        UPDATE received_mail SET state = \(ReceivedMail.State.dismissed), settled_by = \(actor.id), settled_at = \(moment)
        WHERE id = \(id) AND state = \(ReceivedMail.State.waiting)
          AND id IN (SELECT m.id FROM received_mail m WHERE \(ReceivedMail.visible(to: actor, at: moment)))
        """)
      if changed == 1 { try recorder.log(.mailDismissed, ReceivedMail.auditKind, id.rawValue, connection) }
    }
  }

  /// Takes back what was done with it: the exchange goes, unless it has changed since.
  /// - Throws: `Refusal`.
  public func takeBack(_ id: Identifier<ReceivedMail>) async throws {
    try await installation.database.write { [installation, actor, recorder] connection in
      guard let mail = try ReceivedMailSheet(id, for: actor, at: installation.now(), Settings(connection), connection) else {
        throw Self.gone
      }
      guard mail.summary.state != .waiting else { return }
      if mail.summary.state == .filed, let event = mail.event {
        let editor = JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue)
        if let exchange = mail.summary.exchange { try FiledMail(id, connection).takeFiles(off: exchange, connection) }
        let outcomes = try editor.undo(
          event, about: id.rawValue, of: [ExchangeRecords()], among: installation.model.kinds, connection)
        guard outcomes.values.allSatisfy(\.kept.isEmpty) else {
          throw Refusal("L’échange a changé depuis\u{A0}: mettez-le vous-même à la corbeille s’il est de trop.")
        }
      }
      try connection.execute(
        """
        UPDATE received_mail SET state = \(ReceivedMail.State.waiting), reason = \(ReceivedMail.Reason.takenUp), event_id = NULL,
          exchange_id = NULL, settled_by = NULL, settled_at = NULL
        WHERE id = \(id)
        """)
      try recorder.log(.mailTakenUp, ReceivedMail.auditKind, id.rawValue, connection)
    }
  }

  /// Writes again to an address that did not receive.
  public func retry(_ address: String) async throws {
    try await installation.database.write { connection in
      _ = try connection.execute("DELETE FROM unreachable_address WHERE address = \(address)")
    }
  }
}
