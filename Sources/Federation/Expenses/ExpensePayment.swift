import Records
import Store
import Tables

/// Approved claims that are paid together: a numbered and dated batch, which exports the same lines whenever it is asked.
public struct ExpensePayment: Sendable {
  /// What is paid to one person for one claim.
  public struct Line: Sendable {
    public let claim: Identifier<ExpenseClaim>
    public let reference: String
    public let name: String
    public let date: CivilDate
    public let purpose: String
    /// In cents.
    public let amount: Int

    fileprivate init(_ row: Row) throws {
      (claim, reference, name) = (try row[0], try row[1], try row[2])
      (date, purpose, amount) = (try row[3], try row[4], try row[5])
    }

    fileprivate static let columns: SQL = "c.id, c.reference, \(Person.fullName), c.date, c.purpose"
    fileprivate static let order: SQL = "p.name_fold, p.id, c.date, c.id"
  }

  public let id: Identifier<ExpensePayment>
  public let number: Int
  public let paidOn: CivilDate
  public let madeBy: String
  public let count: Int
  /// In cents.
  public let total: Int
  public let reopenedAt: Instant?
  public let reopenedBy: String?
  /// Why it was reopened.
  public let reason: String?
  /// Whether another one has followed.
  public let isFollowed: Bool

  private static let columns: SQL = """
    y.id, y.number, y.paid_on, a.name, y.count, y.total, y.reopened_at, b.name, y.reason,
    CASE WHEN y.number < (SELECT MAX(z.number) FROM expense_payment z) THEN 1 ELSE 0 END
    """
  private static let tables: SQL = """
    FROM expense_payment y JOIN account a ON a.id = y.made_by LEFT JOIN account b ON b.id = y.reopened_by
    """

  private init(_ row: Row) throws {
    (id, number, paidOn, madeBy) = (try row[0], try row[1], try row[2], try row[3])
    (count, total, reopenedAt, reopenedBy) = (try row[4], try row[5], try row[6], try row[7])
    reason = try row[8]
    isFollowed = try row[9] as Int == 1
  }

  /// The latest first.
  public static func all(_ connection: any Connection) throws -> [ExpensePayment] {
    try connection.rows("SELECT \(columns) \(tables) ORDER BY y.number DESC").map(ExpensePayment.init)
  }

  /// `nil` when there is none.
  public static func one(
    _ id: Identifier<ExpensePayment>, _ connection: any Connection
  ) throws -> (payment: ExpensePayment, lines: [Line])? {
    guard let row = try connection.first("SELECT \(columns) \(tables) WHERE y.id = \(id)") else { return nil }
    let lines = try connection.rows(
      """
      SELECT \(Line.columns), l.amount FROM expense_payment_line l JOIN expense_claim c ON c.id = l.claim_id
      JOIN person p ON p.id = c.person_id WHERE l.payment_id = \(id) ORDER BY \(Line.order)
      """
    ).map(Line.init)
    return (try ExpensePayment(row), lines)
  }

  /// What is approved and waits to be paid.
  public struct Preview: Sendable {
    public let lines: [Line]

    public var total: Int { lines.reduce(0) { $0 + $1.amount } }

    /// Another list has another mark (FNV-1a on its claims and their amounts).
    public var mark: String {
      let text = lines.map { "\($0.claim) \($0.amount)" }.joined(separator: "\n")
      let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
      return "\(lines.count)-\(total)-\(String(hash, radix: 36))"
    }

    public init(_ connection: any Connection) throws {
      lines = try connection.rows(
        """
        SELECT \(Line.columns), c.total \(ExpenseSummary.tables) WHERE c.removed_at IS NULL AND c.state = 'approuvee'
        ORDER BY \(Line.order)
        """
      ).map(Line.init)
    }
  }
}

extension ExpenseDesk {
  private static let payments = NumberSeries("frais.paiements")

  /// Pays what the page showed. Asked twice, or by two people at once, it is one batch.
  /// - Parameter mark: that of the list that was shown.
  /// - Throws: `Refusal`.
  public func pay(_ mark: String) async throws -> Identifier<ExpensePayment> {
    guard actor.role.scope(.publish, .expenses) == .all else { throw Refusal("Votre rôle ne paie pas les notes de frais.") }
    return try await installation.database.write { [installation, actor, editor] connection in
      if let known = try connection.first("SELECT id FROM expense_payment WHERE mark = \(mark) AND reopened_at IS NULL") {
        return try known[0]
      }
      let preview = try ExpensePayment.Preview(connection)
      guard !preview.lines.isEmpty else { throw Refusal("Aucune note de frais approuvée n’attend d’être payée.") }
      guard preview.mark == mark else {
        throw Refusal("La liste a changé pendant votre lecture\u{A0}: relisez-la, puis payez.")
      }
      let id = installation.ids.next(ExpensePayment.self)
      let today = try Settings(connection).today(installation.now())
      let number = try Self.payments.take(connection)
      try connection.execute(
        """
        INSERT INTO expense_payment (id, number, paid_on, made_at, made_by, mark, count, total)
        VALUES (\(id), \(number), \(today), \(Instant(installation.now())), \(actor.id), \(mark), \(preview.lines.count), \(preview.total))
        """)
      try connection.insert(into: "expense_payment_line (payment_id, claim_id, amount)", preview.lines) { line in
        "\(id), \(line.claim), \(line.amount)"
      }
      try Self.turn(preview.lines.map(\.claim.rawValue), as: .expensesPaid, editor, connection) { draft in
        (draft.state, draft.payment) = (.paid, id)
      }
      return id
    }
  }

  /// Takes the latest batch back: its claims wait to be paid again. Its number and its lines stay known.
  /// - Throws: `FieldRefusal` (`motif`), `Refusal`.
  public func reopen(_ id: Identifier<ExpensePayment>, because reason: String) async throws {
    guard actor.role == .direction else { throw Refusal("Seule la direction rouvre un paiement.") }
    let reason = reason.withoutSpacesAround
    guard !reason.isEmpty, reason.count <= 500 else { throw FieldRefusal("motif", "Dites pourquoi, en 500 caractères au plus.") }
    try await installation.database.write { [installation, actor, editor] connection in
      guard let (payment, lines) = try ExpensePayment.one(id, connection) else { throw Refusal("Ce paiement n’existe pas.") }
      guard payment.reopenedAt == nil else { throw Refusal("Ce paiement est déjà rouvert.") }
      guard !payment.isFollowed else {
        throw Refusal("Un autre paiement a suivi le n°\u{A0}\(payment.number)\u{A0}: il ne se rouvre plus.")
      }
      try connection.execute(
        """
        UPDATE expense_payment SET reopened_at = \(Instant(installation.now())), reopened_by = \(actor.id), reason = \(reason),
          version = version + 1 WHERE id = \(id)
        """)
      try Self.turn(lines.map(\.claim.rawValue), as: .expensesUnpaid, editor, connection) { draft in
        (draft.state, draft.payment) = (.approved, nil)
      }
    }
  }

  private static func turn(
    _ claims: [Int64], as operation: Records.Operation, _ editor: JointEditor, _ connection: any Connection,
    _ edit: (inout Draft) -> Void
  ) throws {
    let people: [Identifier<Person>] = try connection.rows(
      "SELECT DISTINCT person_id FROM expense_claim WHERE id IN \(list: claims)"
    ).map { try $0[0] }
    let kind = ExpenseClaimRecords(among: people.sorted())
    let writer = try editor.begin(operation, kind.name, claims.first ?? 0, connection)
    try writer.put(kind) { context in
      try kind.stored(connection, .ids(claims), context).map { stored in
        var draft = stored.draft
        edit(&draft)
        draft.isDecided = true
        return RecordWrite(id: stored.id, isNew: false, old: stored.draft, draft: draft)
      }
    }
  }
}
