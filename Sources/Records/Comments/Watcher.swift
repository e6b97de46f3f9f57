import Store

/// Who wants to know what happens to a record: their comments, and what capabilities tell of it.
public enum Watcher {
  /// Who has stopped keeps a row that says so, so that a comment of theirs does not make them begin again.
  static let migration = Migration(
    "202611221311-watchers",
    [
      """
      CREATE TABLE record_watcher (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL, record_id \(.id) NOT NULL, account_id \(.id) NOT NULL, since \(.instant) NOT NULL,
        stopped_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX record_watcher_record ON record_watcher (record_id, kind)",
      "CREATE INDEX record_watcher_account ON record_watcher (account_id)",
    ])

  /// - Parameter isAsked: by the account itself; else who has stopped is left alone.
  public static func begin(
    _ account: Int64, _ record: Int64, of kind: String, isAsked: Bool, at moment: Instant, ids: IdentifierSource,
    _ connection: any Connection
  ) throws {
    let mine: SQL = "kind = \(kind) AND record_id = \(record) AND account_id = \(account)"
    if isAsked { try connection.execute("UPDATE record_watcher SET stopped_at = NULL WHERE \(mine)") }
    guard try connection.first("SELECT 1 FROM record_watcher WHERE \(mine)") == nil else { return }
    try connection.execute(
      """
      INSERT INTO record_watcher (id, kind, record_id, account_id, since)
      VALUES (\(ids.next(RecordComment.self)), \(kind), \(record), \(account), \(moment))
      """)
  }

  public static func end(_ account: Int64, _ record: Int64, of kind: String, at moment: Instant, _ connection: any Connection) throws {
    try connection.execute(
      """
      UPDATE record_watcher SET stopped_at = \(moment)
      WHERE kind = \(kind) AND record_id = \(record) AND account_id = \(account) AND stopped_at IS NULL
      """)
  }

  /// Those of one of the records, each once.
  public static func accounts(of records: [Int64], kind: String, _ connection: any Connection) throws -> [Int64] {
    guard !records.isEmpty else { return [] }
    return try connection.rows(
      """
      SELECT DISTINCT account_id FROM record_watcher
      WHERE kind = \(kind) AND record_id IN \(list: records) AND stopped_at IS NULL ORDER BY account_id
      """
    ).map { try $0[0] }
  }
}
