import Foundation
import Store

/// What somebody is told of: a row for each of those whom it concerns. It says of what, never what it says.
public enum Notice {
  static let migration = Migration(
    "202611221312-notices",
    [
      """
      CREATE TABLE notice (
        id \(.id) PRIMARY KEY, account_id \(.id) NOT NULL, matter \(.text) NOT NULL, kind \(.text) NOT NULL, record_id \(.id) NOT NULL,
        source_id \(.id) NOT NULL, actor_id \(.id), at \(.instant) NOT NULL, read_at \(.instant), mailed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Nobody is told the same twice, for two reasons.
      "CREATE UNIQUE INDEX notice_once ON notice (account_id, source_id)",
      "CREATE INDEX notice_unread ON notice (account_id, id) WHERE read_at IS NULL",
      "CREATE INDEX notice_record ON notice (record_id, kind)",
    ])

  /// How many an account `a` has not read.
  public static func unread(of account: SQL) -> SQL {
    "(SELECT count(*) FROM notice n WHERE n.account_id = \(account) AND n.read_at IS NULL)"
  }

  /// Tells accounts of something, each once.
  /// - Parameters:
  ///   - matter: what it is: a word that stands in the database.
  ///   - source: what happened: a comment, an exchange, a stage.
  public static func tell(
    _ accounts: [Int64], _ matter: String, _ record: Int64, of kind: String, because source: Int64, by actor: Int64?, at moment: Instant,
    ids: IdentifierSource, _ connection: any Connection
  ) throws {
    try connection.insert(
      into: "notice (id, account_id, matter, kind, record_id, source_id, actor_id, at)", accounts,
      suffix: "ON CONFLICT (account_id, source_id) DO NOTHING"
    ) { account in
      "\(ids.next(RecordComment.self)), \(account), \(matter), \(kind), \(record), \(source), \(actor), \(moment)"
    }
  }

  /// - Parameter id: all of the account's without one.
  public static func markRead(_ id: Int64? = nil, of account: Int64, at moment: Instant, _ connection: any Connection) throws {
    let only: SQL = id.map { "AND id = \($0)" } ?? ""
    try connection.execute("UPDATE notice SET read_at = \(moment) WHERE account_id = \(account) AND read_at IS NULL \(only)")
  }
}

/// Who wrote records, and when: what a kind tells the watchers of.
public struct Writing: Sendable {
  /// `nil` for a command run by hand.
  public let actor: Int64?
  public let moment: Instant
  public let ids: IdentifierSource
}
