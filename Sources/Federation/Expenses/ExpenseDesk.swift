import Records
import Store
import Tables

/// What becomes of a claim, in somebody's name. Each operation is one transaction and one event.
public struct ExpenseDesk: Sendable {
  typealias Draft = ExpenseClaimRecords.Draft

  let installation: Installation
  let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// That a claim `c` is an account's own, by any of the people who bear its address.
  static func isOwn(of account: Account) -> SQL {
    "(c.person_id IN (SELECT q.id FROM person q WHERE LOWER(q.email) = \(account.email.lowercased())))"
  }

  /// The lines of which a receipt is asked for.
  static func unproved(_ lines: [ExpenseLine], _ settings: Settings, on day: CivilDate) -> [ExpenseLine] {
    guard let limit = settings.cents(.expenseReceipt, on: day) else { return [] }
    return lines.filter { $0.nature.needsReceipt && $0.amount > limit }
  }

  /// Asks for its approval.
  /// - Returns: the version of the record. So do the others.
  /// - Throws: `Refusal`.
  public func send(_ id: Identifier<ExpenseClaim>) async throws -> Int {
    try await change(id, as: .expenseSent) { draft, today in
      guard draft.state?.isMendable ?? true else { throw Refusal("Cette note de frais est déjà envoyée.") }
      (draft.state, draft.reason, draft.sentOn, draft.decidedOn, draft.decidedBy) = (.sent, nil, today, nil, nil)
    }
  }

  /// Takes it back before anybody has decided, to mend it.
  /// - Throws: `Refusal`.
  public func takeBack(_ id: Identifier<ExpenseClaim>) async throws -> Int {
    try await change(id, as: .expenseTakenBack) { draft, _ in
      guard draft.state == .sent else { throw Refusal("Cette note de frais n’attend plus d’approbation\u{A0}: relisez sa page.") }
      (draft.state, draft.sentOn) = (.draft, nil)
    }
  }

  /// - Parameters:
  ///   - total: what the page said that it comes to.
  ///   - isProved: the lines without a receipt are meant.
  /// - Throws: `FieldRefusal` (`sans_justificatif`), `Refusal`.
  public func approve(_ id: Identifier<ExpenseClaim>, total: Int, withoutReceipt isMeant: Bool) async throws -> Int {
    try await decide(id, as: .expenseApproved) { draft, today, connection in
      guard draft.state == .sent else { throw Refusal("Cette note de frais n’attend pas d’approbation\u{A0}: relisez sa page.") }
      guard draft.total == total else {
        throw Refusal("Le montant a changé pendant votre lecture\u{A0}: relisez la note, puis approuvez-la.")
      }
      let files = try connection.first(
        "SELECT 1 FROM attachment z WHERE z.kind = 'frais' AND z.record_id = \(id) AND z.removed_at IS NULL LIMIT 1")
      let unproved = Self.unproved(draft.lines, try Settings(connection), on: draft.date ?? today)
      guard isMeant || files != nil || unproved.isEmpty else {
        throw FieldRefusal("sans_justificatif", "Un justificatif manque\u{A0}: joignez-le, ou approuvez la note sans lui.")
      }
      (draft.state, draft.decidedOn, draft.decidedBy) = (.approved, today, actor.id)
    }
  }

  /// - Throws: `FieldRefusal` (`motif`), `Refusal`.
  public func refuse(_ id: Identifier<ExpenseClaim>, because reason: String) async throws -> Int {
    let reason = reason.withoutSpacesAround
    guard !reason.isEmpty, reason.count <= 500 else { throw FieldRefusal("motif", "Dites pourquoi, en 500 caractères au plus.") }
    return try await decide(id, as: .expenseRefused) { draft, today, _ in
      guard draft.state == .sent else { throw Refusal("Cette note de frais n’attend pas d’approbation\u{A0}: relisez sa page.") }
      (draft.state, draft.reason, draft.decidedOn, draft.decidedBy) = (.refused, reason, today, actor.id)
    }
  }

  /// Takes an approval or a waiver back: it is as it was before.
  /// - Throws: `Refusal`.
  public func reopen(_ id: Identifier<ExpenseClaim>) async throws -> Int {
    try await decide(id, as: .expenseReopened) { draft, _, _ in
      switch draft.state {
      case .approved: (draft.state, draft.decidedOn, draft.decidedBy) = (.sent, nil, nil)
      case .waived: (draft.state, draft.waivedOn) = (.approved, nil)
      default: throw Refusal("Cette note de frais n’est ni approuvée, ni abandonnée\u{A0}: relisez sa page.")
      }
    }
  }

  /// The person gives it up, as a gift to the federation.
  /// - Throws: `Refusal`.
  public func waive(_ id: Identifier<ExpenseClaim>) async throws -> Int {
    try await change(id, as: .expenseWaived) { draft, today in
      guard draft.state == .approved else {
        throw Refusal("Une note de frais s’abandonne une fois approuvée, et tant qu’elle n’est pas payée.")
      }
      (draft.state, draft.waivedOn) = (.waived, today)
    }
  }

  /// What those do who may approve, and never for themselves.
  private func decide(
    _ id: Identifier<ExpenseClaim>, as operation: Records.Operation,
    _ edit: @escaping @Sendable (inout Draft, CivilDate, any Connection) throws -> Void
  ) async throws -> Int {
    guard actor.role.scope(.publish, .expenses) == .all else { throw Refusal("Votre rôle n’approuve pas les notes de frais.") }
    return try await write(id, as: operation) { draft, today, connection in
      let own = try connection.first("SELECT 1 FROM expense_claim c WHERE c.id = \(id) AND \(Self.isOwn(of: actor))")
      guard own == nil else { throw Refusal("Cette note de frais est la vôtre\u{A0}: quelqu’un d’autre en décide.") }
      try edit(&draft, today, connection)
    }
  }

  private func change(
    _ id: Identifier<ExpenseClaim>, as operation: Records.Operation, _ edit: @escaping @Sendable (inout Draft, CivilDate) throws -> Void
  ) async throws -> Int {
    try await write(id, as: operation) { draft, today, _ in try edit(&draft, today) }
  }

  private func write(
    _ id: Identifier<ExpenseClaim>, as operation: Records.Operation,
    _ edit: @escaping @Sendable (inout Draft, CivilDate, any Connection) throws -> Void
  ) async throws -> Int {
    try await installation.database.write { [installation, actor, editor] connection in
      let found = try connection.first(
        """
        SELECT c.person_id FROM expense_claim c WHERE c.id = \(id) AND c.removed_at IS NULL AND \(ExpenseClaim.readable(by: actor))
        """)
      guard let found else { throw Refusal("Cette note de frais n’existe plus.") }
      let kind = ExpenseClaimRecords(among: [try found[0]])
      let old = try kind.stored(connection, .ids([id.rawValue]), kind.context(connection)).first?.draft
      guard let old else { throw Refusal("Cette note de frais n’existe plus.") }
      var draft = old
      try edit(&draft, Settings(connection).today(installation.now()), connection)
      draft.isDecided = true
      let decided = draft
      let writer = try editor.begin(operation, kind.name, id.rawValue, connection)
      do {
        try writer.put(kind) { _ in [RecordWrite(id: id.rawValue, isNew: false, old: old, draft: decided)] }
      } catch let refusal as Refusal {
        // What keeps a whole claim from being sent is about no field of a form.
        throw Refusal(refusal.sentence.replacing("total : ", with: ""))
      }
      return try connection.value("SELECT version FROM expense_claim WHERE id = \(id)") ?? 1
    }
  }
}

extension Records.Operation {
  static let expenseSent = Operation(rawValue: "note de frais envoyée")
  static let expenseTakenBack = Operation(rawValue: "note de frais reprise")
  static let expenseApproved = Operation(rawValue: "note de frais approuvée")
  static let expenseRefused = Operation(rawValue: "note de frais refusée")
  static let expenseReopened = Operation(rawValue: "décision reprise sur une note de frais")
  static let expenseWaived = Operation(rawValue: "abandon de frais")
  static let expensesPaid = Operation(rawValue: "paiement de notes de frais")
  static let expensesUnpaid = Operation(rawValue: "paiement de notes de frais rouvert")
}
