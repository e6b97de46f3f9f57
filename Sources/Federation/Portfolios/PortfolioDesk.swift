import Foundation
import Records
import Store

/// Hands portfolios over and lets people stand in for others: the direction for everybody, each for their own.
public struct PortfolioDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    self.installation = installation
    self.actor = actor
  }

  private var database: any Database { installation.database }
  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  // MARK: - For good

  /// Does all of it or nothing. The form carries the identifier: sent twice, it is done once.
  /// - Throws: `FieldRefusal` (`compte`, `depuis`), `Refusal`.
  public func handOver(_ id: Identifier<Handover>, _ order: Handover.Order) async throws {
    try await database.write { [installation, editor, actor] connection in
      guard try connection.first("SELECT 1 FROM handover WHERE id = \(id)") == nil else { return }
      try expectPossible(order, connection)
      let writer = try editor.begin(.handOver, Handover.kind, id.rawValue, connection)
      let to: Named<Account>? = order.to.map(Named.record)
      try writer.put(FollowerRecords()) { context in
        let kind = FollowerRecords()
        let keys = order.teams.map { "\($0)|\(order.since)" }
        let stored = try kind.stored(connection, .keys(keys), context).filter { $0.draft.since == order.since }
        let present = Dictionary(stored.map { ($0.draft.structure, $0) }, uniquingKeysWith: { first, _ in first })
        return order.teams.map { team in
          guard let old = present[team] else {
            return RecordWrite(
              id: installation.ids.next(Follower.self).rawValue, isNew: true, old: nil,
              draft: .init(structure: team, since: order.since, account: to))
          }
          var draft = old.draft
          draft.account = to
          return RecordWrite(id: old.id, isNew: false, old: old.draft, draft: draft)
        }
      }
      try writer.put(ToDoRecords()) { context in
        try ToDoRecords().stored(connection, .ids(order.tasks.map(\.rawValue)), context).map { task in
          var draft = task.draft
          draft.assignee = to
          return RecordWrite(id: task.id, isNew: false, old: task.draft, draft: draft)
        }
      }
      try connection.execute(
        """
        INSERT INTO handover (id, from_id, to_id, since, teams, tasks, applied_at, account_id, event_id)
        VALUES (\(id), \(order.from), \(order.to), \(order.since), \(order.teams.count), \(order.tasks.count),
          \(Instant(installation.now())), \(actor.id), \(writer.event))
        """)
    }
  }

  /// Looks whether it can be done; nothing is.
  /// - Throws: what `handOver` would.
  public func check(_ order: Handover.Order) async throws {
    try await database.read { try expectPossible(order, $0) }
  }

  private func expectPossible(_ order: Handover.Order, _ connection: any Connection) throws {
    try expectPower(over: order.from)
    guard order.to != order.from else { throw FieldRefusal("compte", "Choisissez quelqu’un d’autre.") }
    guard !order.teams.isEmpty || !order.tasks.isEmpty else {
      throw Refusal("Rien n’est coché : cochez au moins une équipe ou une tâche.")
    }
    try Self.expectOpen(order.to, "compte", connection)
    let today = try Settings(connection).today(installation.now())
    guard (today.adding(months: -60)...today.adding(months: 12)).contains(order.since) else {
      throw FieldRefusal("depuis", "Choisissez un jour d’ici un an au plus.")
    }
    try Self.expectHeld(order, connection)
  }

  /// Takes a hand-over back, all but what has changed since.
  /// - Returns: what stays as it is, with the name of its kind.
  /// - Throws: `Refusal` when it is taken back already, or there is none.
  public func undo(_ id: Identifier<Handover>) async throws -> [(kind: String, kept: UndoOutcome.Kept)] {
    try await database.write { [installation, editor] connection in
      let found = try connection.first("SELECT event_id, undone_at, from_id FROM handover WHERE id = \(id)")
      guard let row = found else { throw Refusal("Cette passation est inconnue.") }
      try expectPower(over: row[2])
      guard try row[1] as String? == nil else { throw Refusal("Cette passation est déjà annulée.") }
      let outcomes = try editor.undo(
        try row[0], about: id.rawValue, of: [FollowerRecords(), ToDoRecords()], among: installation.model.kinds, connection)
      let kept = outcomes.sorted { $0.key < $1.key }.flatMap { kind, outcome in outcome.kept.map { (kind: kind, kept: $0) } }
      if kept.isEmpty { try connection.execute("UPDATE handover SET undone_at = \(Instant(installation.now())) WHERE id = \(id)") }
      return kept
    }
  }

  /// What was seen on the form must still be so.
  private static func expectHeld(_ order: Handover.Order, _ connection: any Connection) throws {
    let teams: Int =
      try connection.value(
        """
        SELECT count(*) FROM structure s WHERE s.removed_at IS NULL AND s.id IN \(list: order.teams)
          AND \(Follower.account(of: "s.id", on: order.since)) IS NOT DISTINCT FROM \(order.from)
        """) ?? 0
    let tasks: Int =
      try connection.value(
        """
        SELECT count(*) FROM todo t WHERE t.removed_at IS NULL AND t.state = \(ToDoState.open) AND t.id IN \(list: order.tasks)
          AND t.account_id = \(order.from)
        """) ?? 0
    guard teams == Set(order.teams).count, tasks == Set(order.tasks).count else {
      throw Refusal(
        "Des équipes ou des tâches ont changé de main depuis, ou n’en sont pas encore à ce jour : rien n’est fait. Relisez la liste.")
    }
  }

  // MARK: - For a while

  /// - Throws: `FieldRefusal` (`remplacant`, `du`, `jusqua`), `Refusal`.
  public func delegate(
    _ id: Identifier<Delegation>, of absent: Identifier<Account>, to deputy: Identifier<Account>, from since: CivilDate,
    through: CivilDate
  ) async throws {
    try expectPower(over: absent)
    try await database.read { try Self.expectOpen(deputy, "remplacant", $0) }
    let today = try await database.read { [now = installation.now] in try Settings($0).today(now()) }
    guard through >= today else { throw FieldRefusal("jusqua", "Ce jour est passé : choisissez un jour à venir.") }
    try await database.read { try Self.expectThere(deputy, from: since, through: through, $0) }
    let draft = DelegationRecords.Draft(account: .record(absent), deputy: .record(deputy), since: since, through: through)
    if case .refused(let faults) = try await delegations.create(id.rawValue, draft), let fault = faults.first {
      throw FieldRefusal(
        fault.column == "depuis" ? "du" : fault.column, "\(fault.reason.prefix(1).uppercased())\(fault.reason.dropFirst()).")
    }
  }

  /// Ends a stand-in before its day; one that has not begun is thrown away.
  public func end(_ id: Identifier<Delegation>) async throws {
    let (found, today) = try await database.read { [now = installation.now] connection in
      (
        try connection.first("SELECT account_id, since FROM delegation WHERE id = \(id) AND removed_at IS NULL"),
        try Settings(connection).today(now())
      )
    }
    guard let row = found else { throw Refusal("Ce remplacement n’existe plus.") }
    try expectPower(over: row[0])
    let since: CivilDate = try row[1]
    guard since < today else {
      _ = try await delegations.remove(id.rawValue)
      return
    }
    _ = try await delegations.change(id.rawValue, as: .absenceEnd) { $0.through = today.previous }
  }

  private var delegations: RecordEditor<DelegationRecords> { installation.editor(of: DelegationRecords(), for: actor) }

  // MARK: - Who may

  private func expectPower(over account: Identifier<Account>?) throws {
    guard actor.role.scope(.write, .portfolios) == .all || account == actor.id else {
      throw Refusal("Seule la direction passe la main pour quelqu’un d’autre.")
    }
  }

  /// Whoever is away themselves stands in for nobody: neither would see what is to be done.
  private static func expectThere(
    _ deputy: Identifier<Account>, from since: CivilDate, through: CivilDate, _ connection: any Connection
  ) throws {
    let found = try connection.first(
      """
      SELECT a.name, d.since, d.until FROM delegation d JOIN account a ON a.id = d.account_id
      WHERE d.account_id = \(deputy) AND d.removed_at IS NULL AND d.since <= \(through) AND d.until > \(since) ORDER BY d.since LIMIT 1
      """)
    guard let row = found else { return }
    let until: CivilDate = try row[2]
    throw FieldRefusal(
      "remplacant",
      "\(try row[0] as String) est absent ou absente du \(try row[1] as CivilDate) au \(until.previous) : choisissez quelqu’un d’autre.")
  }

  private static func expectOpen(_ account: Identifier<Account>?, _ field: String, _ connection: any Connection) throws {
    guard let account else { return }
    let open = try connection.value("SELECT 1 FROM account WHERE id = \(account) AND closed_at IS NULL", as: Int.self)
    guard open != nil else { throw FieldRefusal(field, "Ce compte est fermé : choisissez-en un autre.") }
  }
}
