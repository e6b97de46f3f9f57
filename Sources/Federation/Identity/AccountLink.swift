import Foundation
import Records
import Store

/// A link sent by e-mail that opens an account once: 256 random bits, of which only the digest is kept.
public enum AccountLink {
  public enum Purpose: String, Sendable, SQLCodable {
    /// The first time: a password is chosen.
    case invitation
    /// Instead of a password, or when it is forgotten.
    case signIn = "connexion"

    var length: TimeInterval { self == .invitation ? 7 * 86_400 : 15 * 60 }
  }

  /// What became of a link.
  public enum State: Sendable {
    case open(Purpose, name: String, email: String)
    /// Used, or replaced by a later one.
    case used
    case expired
    case unknown
    case closedAccount
  }

  static let migration = Migration(
    "202611211720-identity",
    [
      "ALTER TABLE account ADD COLUMN closed_at \(.instant)",
      "ALTER TABLE account ADD COLUMN signed_in_at \(.instant)",
      // Who came by a link need not know the password to choose another one.
      "ALTER TABLE session ADD COLUMN by_link \(.bool) NOT NULL DEFAULT FALSE",
      """
      CREATE TABLE account_link (
        digest \(.text) PRIMARY KEY, account_id \(.id) NOT NULL REFERENCES account (id),
        purpose \(.text) NOT NULL CHECK (purpose IN ('invitation', 'connexion')),
        created_at \(.instant) NOT NULL, expires_at \(.instant) NOT NULL, ended_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX account_link_account ON account_link (account_id)",
    ])

  /// Links that ended are kept a while, to tell « used » from « never was ».
  private static let memory: TimeInterval = 30 * 86_400

  /// Makes a link; an invitation takes the place of earlier ones.
  /// - Returns: its secret.
  static func make(_ purpose: Purpose, for account: Identifier<Account>, at now: Date, _ connection: any Connection) throws -> String {
    let (secret, moment) = (Secret.make(), Instant(now))
    try connection.execute("DELETE FROM account_link WHERE expires_at < \(Instant(now.addingTimeInterval(-memory)))")
    if purpose == .invitation { try end(purpose, of: account, at: moment, connection) }
    try connection.execute(
      """
      INSERT INTO account_link (digest, account_id, purpose, created_at, expires_at)
      VALUES (\(Secret.digest(secret)), \(account), \(purpose), \(moment), \(Instant(now.addingTimeInterval(purpose.length))))
      """)
    return secret
  }

  /// Ends the links of an account, those of one purpose or all.
  static func end(_ purpose: Purpose?, of account: Identifier<Account>, at moment: Instant, _ connection: any Connection) throws {
    let only: SQL = purpose.map { "AND purpose = \($0)" } ?? ""
    try connection.execute("UPDATE account_link SET ended_at = \(moment) WHERE account_id = \(account) AND ended_at IS NULL \(only)")
  }

  static func state(_ secret: String, at now: Date, _ connection: any Connection) throws -> (State, Identifier<Account>?) {
    let row = try connection.first(
      """
      SELECT l.purpose, l.created_at, l.expires_at, l.ended_at, a.id, a.name, a.email, a.closed_at
      FROM account_link l JOIN account a ON a.id = l.account_id WHERE l.digest = \(Secret.digest(secret))
      """)
    guard let row else { return (.unknown, nil) }
    let (purpose, created, expires, ended): (Purpose, Instant, Instant, Instant?) = (try row[0], try row[1], try row[2], try row[3])
    let account: Identifier<Account> = try row[4]
    if try row[7] as Instant? != nil { return (.closedAccount, account) }
    if ended != nil { return (.used, account) }
    // A clock set back gives no link a second life, and no longer one than it had: a minute apart is two servers' own.
    guard Instant(now) < expires, Instant(now.addingTimeInterval(60)) >= created else { return (.expired, account) }
    return (.open(purpose, name: try row[5], email: try row[6]), account)
  }

  /// Uses a link up.
  /// - Throws: `LinkRefusal` unless it is open and of that purpose.
  static func use(
    _ secret: String, as purpose: Purpose, at now: Date, _ connection: any Connection
  ) throws -> Identifier<Account> {
    let (state, account) = try state(secret, at: now, connection)
    guard case .open(purpose, _, _) = state, let account else { throw LinkRefusal(state: state) }
    try connection.execute("UPDATE account_link SET ended_at = \(Instant(now)) WHERE digest = \(Secret.digest(secret))")
    return account
  }
}

/// A link that does not open what it was made for, or no longer.
public struct LinkRefusal: Error {
  public let state: AccountLink.State
}
