import Foundation
import Records
import Store

/// A correction that a team proposed, beside what the record says today.
public struct SheetProposal: Sendable {
  public let id: Identifier<SheetProposal>
  public let field: String
  public let label: String
  /// What the page showed when the team read it.
  public let before: String
  public let proposed: String
  /// What the record says today; `nil` for what is no field of it.
  public let current: String?
  public let state: ProposalState
  public let settledBy: String?

  /// Somebody has changed the field since the team read it.
  public var isOvertaken: Bool { state == .waiting && current.map { $0 != before } ?? false }
}

/// What a team's contact answered, with its corrections.
public struct SheetReview: Sendable {
  public let id: Identifier<SheetAnswer>
  public let structure: Identifier<Structure>
  public let team: String
  public let answeredOn: CivilDate
  public let answeredBy: String
  public let proposals: [SheetProposal]

  /// Those with something to read again, then those that were settled in the last month.
  public static func all(on today: CivilDate, limit: Int = 50, _ connection: any Connection) throws -> [SheetReview] {
    let columns: [SQL] = SheetConfirmation.columns.map { "WHEN \($0.field) THEN COALESCE(\($0.column), '')" }
    let rows = try connection.rows(
      """
      SELECT w.id, w.structure_id, s.name, w.answered_on, w.answered_by, v.id, v.field, v.before, v.proposed, v.state, a.name,
        CASE v.field \(columns.joined(by: " ")) ELSE '' END
      FROM sheet_answer w JOIN structure s ON s.id = w.structure_id AND s.removed_at IS NULL JOIN sheet_proposal v ON v.answer_id = w.id
      LEFT JOIN account a ON a.id = v.account_id
      WHERE w.id IN (
        SELECT o.answer_id FROM sheet_proposal o JOIN sheet_answer y ON y.id = o.answer_id
        WHERE o.state = 'attente' OR y.answered_on >= \(today.adding(days: -30)))
      ORDER BY CASE WHEN EXISTS (SELECT 1 FROM sheet_proposal q WHERE q.answer_id = w.id AND q.state = 'attente') THEN 0 ELSE 1 END,
        w.answered_on, w.id, v.id
      """)
    let labels = Dictionary(StructureRecords().fields.map { ($0.name, $0.label) }, uniquingKeysWith: { first, _ in first })
    var reviews: [SheetReview] = []
    for row in rows {
      let id: Identifier<SheetAnswer> = try row[0]
      let field: String = try row[6]
      let isCoordination = field == SheetConfirmation.coordination
      let proposal = SheetProposal(
        id: try row[5], field: field, label: isCoordination ? "Coordination" : labels[field] ?? field, before: try row[7],
        proposed: try row[8], current: isCoordination ? nil : try row[11], state: try row[9], settledBy: try row[10])
      if reviews.last?.id == id, let last = reviews.popLast() {
        reviews.append(last.adding(proposal))
      } else if reviews.count < limit {
        reviews.append(
          SheetReview(
            id: id, structure: try row[1], team: try row[2], answeredOn: try row[3], answeredBy: try row[4],
            proposals: [proposal]))
      } else {
        break
      }
    }
    return reviews
  }

  private func adding(_ proposal: SheetProposal) -> SheetReview {
    SheetReview(
      id: id, structure: structure, team: team, answeredOn: answeredOn, answeredBy: answeredBy, proposals: proposals + [proposal])
  }
}

/// A team that may be asked to confirm its sheet, and by whom.
public struct SheetRecipient: Sendable {
  public let structure: Identifier<Structure>
  public let team: String
  public let email: String?
  public let name: String?
  public let confirmedOn: CivilDate?
  /// The day of a link that nobody has answered yet.
  public let waitingSince: CivilDate?

  /// Of teams, in the order of their names. The coordinator is written to, else the leader, else the team itself.
  public static func all(
    of structures: [Int64], on day: CivilDate, _ connection: any Connection
  ) throws -> [SheetRecipient] {
    func contact(_ column: SQL) -> SQL {
      """
      (SELECT \(column) FROM person_function f JOIN person p ON p.id = f.person_id AND p.removed_at IS NULL AND p.email IS NOT NULL
        WHERE f.structure_id = s.id AND f.removed_at IS NULL AND f.function IN ('coordinateur', 'leader') AND f.since <= \(day)
          AND \(day) < f.until ORDER BY f.function, p.name_fold, p.id LIMIT 1)
      """
    }
    return try connection.rows(
      """
      SELECT s.id, s.name, COALESCE(\(contact("p.email")), s.email), \(contact(Person.fullName)), \(SheetConfirmation.latest("w.answered_on", by: day)),
        (SELECT MAX(r.sent_on) FROM sheet_request r WHERE r.structure_id = s.id AND r.answered_at IS NULL AND r.through >= \(day))
      FROM structure s WHERE s.removed_at IS NULL AND s.id IN \(list: structures) ORDER BY s.name_fold, s.id
      """
    ).map { row in
      SheetRecipient(
        structure: try row[0], team: try row[1], email: try row[2], name: try row[3], confirmedOn: try row[4], waitingSince: try row[5])
    }
  }
}

/// What the staff do: send links, and read again what comes back.
public struct SheetDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) { (self.installation, self.actor) = (installation, actor) }

  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// How many teams are written to at a time.
  public static let mostAtOnce = 300

  /// Writes to the contacts of teams. A team without an address, or that has a link of today already, is left out: a double click
  /// writes once.
  /// - Returns: how many were written to.
  /// - Throws: `Refusal`.
  public func send(_ structures: [Identifier<Structure>]) async throws -> Int {
    guard !structures.isEmpty else { throw Refusal("Cochez au moins une équipe.") }
    guard structures.count <= Self.mostAtOnce else { throw Refusal("Cochez \(Self.mostAtOnce) équipes au plus à la fois.") }
    guard let site = installation.accounts.siteURL else { throw Refusal.noSiteAddress }
    // A restored database has no key of its own yet.
    _ = try await FormStamp.of(installation.database)
    return try await installation.database.write { [self] connection in
      guard let link = try SignedLink<SheetRequest>(SheetConfirmation.linkPurpose, connection) else { return 0 }
      let (now, settings) = (installation.now(), try Settings(connection))
      let today = settings.today(now)
      let recipients = try SheetRecipient.all(of: structures.map(\.rawValue), on: today, connection).filter { $0.waitingSince != today }
      let through = today.adding(days: SheetConfirmation.validity)
      var sent = 0
      for recipient in recipients {
        guard let email = recipient.email else { continue }
        let token = try request(of: recipient, at: email, through: through, link, today: today, now, connection)
        let mail = SheetConfirmation.mail(
          to: .init(email, name: recipient.name), recipient.team, token, through: through,
          from: settings.text(.federationName, on: today), site: site, isReminder: false)
        try installation.outbox.post(mail, as: .notice, connection)
        sent += 1
      }
      return sent
    }
  }

  /// Notes that a team is asked.
  /// - Returns: what its link ends with.
  func request(
    of recipient: SheetRecipient, at email: String, through: CivilDate, _ link: SignedLink<SheetRequest>, today: CivilDate, _ now: Date,
    _ connection: any Connection
  ) throws -> String {
    let id = installation.ids.next(SheetRequest.self)
    try connection.execute(
      """
      INSERT INTO sheet_request (id, structure_id, email, name, account_id, sent_at, sent_on, through)
      VALUES (\(id), \(recipient.structure), \(email), \(recipient.name), \(actor.id), \(Instant(now)), \(today), \(through))
      """)
    try Recorder(ids: installation.ids, now: installation.now, actor: actor.id.rawValue).log(
      .sheetRequested, StructureRecords().name, recipient.structure.rawValue, connection)
    return link.token(id, sent: now)
  }

  /// Takes corrections over into the record, or leaves them, in one operation.
  /// - Parameter seen: what the page showed of the record, by proposal: when it says something else now, nothing is done.
  /// - Throws: `Refusal`.
  public func settle(
    _ answer: Identifier<SheetAnswer>, _ proposals: [Identifier<SheetProposal>], as state: ProposalState,
    seen: [Identifier<SheetProposal>: String]
  ) async throws {
    try await installation.database.write { [installation, editor, actor] connection in
      let rows = try connection.rows(
        """
        SELECT v.id, v.field, v.proposed, w.structure_id FROM sheet_proposal v JOIN sheet_answer w ON w.id = v.answer_id
        JOIN structure s ON s.id = w.structure_id AND s.removed_at IS NULL
        WHERE w.id = \(answer) AND v.state = 'attente' AND v.id IN \(list: proposals) ORDER BY v.id
        """)
      guard let first = rows.first else { return }
      let structure: Int64 = try first[3]
      var event: Identifier<AuditEvent>?
      if state == .accepted {
        let kind = StructureRecords()
        let current = try RecordForm(kind, structure, connection)?.entries ?? [:]
        var entries: Entries = [:]
        for row in rows {
          let (id, field): (Identifier<SheetProposal>, String) = (try row[0], try row[1])
          guard field != SheetConfirmation.coordination else { continue }
          guard seen[id] == current[field, default: ""] else {
            throw Refusal("La fiche a changé entre-temps\u{A0}: relisez avant d’accepter.")
          }
          entries[field] = try row[2]
        }
        let writer = try editor.begin(.proposalAccepted, kind.name, structure, connection)
        try writer.put(kind, structure, entering: entries)
        event = writer.event
      }
      try connection.execute(
        """
        UPDATE sheet_proposal SET state = \(state), event_id = \(event), account_id = \(actor.id), settled_at = \(Instant(installation.now()))
        WHERE id IN \(list: try rows.map { try $0[0] as Int64 })
        """)
    }
  }

  /// Takes back what was settled of an answer: what was taken over, unless it has changed since, and what was left.
  /// - Returns: whether something stays as it is because it has changed since.
  /// - Throws: `Refusal`.
  public func reopen(_ answer: Identifier<SheetAnswer>) async throws -> Bool {
    try await installation.database.write { [installation, editor] connection in
      let rows = try connection.rows(
        """
        SELECT v.id, v.event_id, w.structure_id FROM sheet_proposal v JOIN sheet_answer w ON w.id = v.answer_id
        WHERE w.id = \(answer) AND v.state <> 'attente' ORDER BY v.event_id DESC, v.id
        """)
      guard !rows.isEmpty else { throw Refusal("Il n’y a rien à annuler\u{A0}: c’est déjà fait.") }
      var kept: Set<Int64> = []
      let events = try rows.compactMap { try $0[1] as Identifier<AuditEvent>? }
      for event in Set(events).sorted().reversed() {
        let outcome = try editor.undo(
          event, about: try rows[0][2], of: [StructureRecords()], among: installation.model.kinds, connection)
        if outcome[StructureRecords().name]?.kept.isEmpty == false { kept.insert(event.rawValue) }
      }
      let back = try rows.filter { row in (try row[1] as Int64?).map { !kept.contains($0) } ?? true }.map { try $0[0] as Int64 }
      try connection.execute(
        "UPDATE sheet_proposal SET state = 'attente', event_id = NULL, account_id = NULL, settled_at = NULL WHERE id IN \(list: back)")
      return !kept.isEmpty
    }
  }
}
