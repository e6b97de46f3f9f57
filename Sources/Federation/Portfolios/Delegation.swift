import Records
import Store

/// Somebody stands in for somebody else from one day to another: what the absent one has to do is shown to both, and nothing is
/// rewritten. It ends by itself, for it is asked of the day.
public struct Delegation: Sendable {
  public let id: Identifier<Delegation>
  public let absent: String
  public let deputy: String
  public let since: CivilDate
  /// The last day included.
  public let through: CivilDate

  static let migration = Migration(
    "202611221011-portfolios",
    [
      """
      CREATE TABLE delegation (
        id \(.id) PRIMARY KEY, account_id \(.id) NOT NULL REFERENCES account (id), deputy_id \(.id) NOT NULL REFERENCES account (id),
        since \(.date) NOT NULL, until \(.date) NOT NULL, note \(.text), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (since < until), CHECK (account_id <> deputy_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX delegation_key ON delegation (account_id, deputy_id, since) WHERE removed_at IS NULL",
      "CREATE INDEX delegation_deputy ON delegation (deputy_id, until) WHERE removed_at IS NULL",
    ])

  /// Those for whom `account a` stands in about a day, with the days, in one text: who signs in is asked for anyway.
  static func held(about day: CivilDate) -> SQL {
    let item: SQL = "d.account_id || ' ' || d.since || ' ' || d.until"
    return """
      (SELECT \(onSQLite: "group_concat(\(item), '|')", onPostgres: "string_agg(\(item), '|')") FROM delegation d
        WHERE d.deputy_id = a.id AND d.removed_at IS NULL AND d.until >= \(day.previous))
      """
  }

  /// - Parameter text: as `held` gives it.
  static func absent(_ text: String?, on day: CivilDate) -> [Identifier<Account>] {
    (text ?? "").split(separator: "|").compactMap { item in
      let parts = item.split(separator: " ").map(String.init)
      guard parts.count == 3, let id = Int64(parts[0]), let since = CivilDate(iso: parts[1]), let until = CivilDate(iso: parts[2]),
        since <= day, day < until
      else { return nil }
      return Identifier(rawValue: id)
    }
  }

  /// Those that are not over, the soonest first.
  static func all(of account: Identifier<Account>, from day: CivilDate, _ connection: any Connection) throws -> [Delegation] {
    try connection.rows(
      """
      SELECT d.id, a.name, b.name, d.since, d.until FROM delegation d
      JOIN account a ON a.id = d.account_id JOIN account b ON b.id = d.deputy_id
      WHERE d.account_id = \(account) AND d.removed_at IS NULL AND d.until > \(day) ORDER BY d.since, d.id
      """
    ).map { row in
      let until: CivilDate = try row[4]
      return Delegation(id: try row[0], absent: try row[1], deputy: try row[2], since: try row[3], through: until.previous)
    }
  }
}

/// Who stands in for whom, in files.
struct DelegationRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var account: Named<Account>?
    var deputy: Named<Account>?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
    var note: String?
  }

  struct Context: AccountContext {
    let lists: ReferenceLists
    let accounts: NameIndex<Account>
  }

  let name = "remplacements"
  let label = "Remplacements"
  let table = "delegation"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "depuis"
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .account("compte", label: "Absent", \.account),
    .account("remplacant", label: "Remplacé par", \.deputy),
    .date("depuis", label: "Du", \.since, isRequired: true),
    .date("jusqua", label: "Jusqu’au", \.through, isRequired: true),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), accounts: try NameIndex(accounts: connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard case .record(let account) = draft.account, case .record(let deputy) = draft.deputy, let since = draft.since else { return nil }
    return "\(account)|\(deputy)|\(since)"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    guard case .record(let account) = draft.account else { return [Fault("compte", "donnez un compte")] }
    guard case .record(let deputy) = draft.deputy else { return [Fault("remplacant", "donnez un compte")] }
    if account == deputy { return [Fault("remplacant", "choisissez quelqu’un d’autre")] }
    if let since = draft.since, let through = draft.through, through > since.adding(months: 12) {
      return [Fault("jusqua", "un remplacement dure un an au plus : ensuite, passez la main")]
    }
    return Fault.ofPeriod(since: draft.since, through: draft.through)
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT d.id, d.account_id, d.deputy_id, d.since, d.until, d.note FROM delegation d
      WHERE d.removed_at IS NULL \(selection.clause(id: "d.id", first: "d.account_id", Account.self)) ORDER BY d.since, d.id
      """
    ).map { row in
      let until: CivilDate = try row[4]
      let draft = Draft(
        account: Named(try row[1], nil), deputy: Named(try row[2], nil), since: try row[3], through: until.previous, note: try row[5])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "delegation (id, account_id, deputy_id, since, until, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, deputy_id = excluded.deputy_id, since = excluded.since,
          until = excluded.until, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.account?.columns.record), \(draft.deputy?.columns.record), \(draft.since), \(draft.through?.next),
        \(draft.note)
        """
    }
  }
}
