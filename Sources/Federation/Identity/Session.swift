import Foundation
import Records
import Store

/// An open session: who, and the token that forms must send back.
public struct Session: Sendable {
  public let id: Identifier<Session>
  public let account: Account
  public let csrf: String
  /// Opened a short while ago by a link from the account's own mailbox: who did need not know the password to choose another.
  public let isFreshByLink: Bool
  /// The federation asks for a second factor of those who administer, and the account has none: nothing else is open to it.
  public let mustEnrol: Bool
  /// How many notices the account has not read.
  public let unread: Int
}

/// A session as its owner sees it.
public struct OpenSession: Sendable {
  public let id: Identifier<Session>
  public let since: Instant
  /// To the hour.
  public let lastSeen: Instant
  /// In plain words, « Firefox sur Windows »; `nil` when the browser did not say.
  public let browser: String?
}

extension Session {
  /// Sessions made before have no identity that a form could name: they end, and one signs in again.
  static let migration = Migration(
    "202611211710-identity",
    [
      "DROP TABLE session",
      // Only a digest of the cookie: reading the table does not open a session.
      """
      CREATE TABLE session (
        id \(.id) PRIMARY KEY, digest \(.text) NOT NULL UNIQUE, account_id \(.id) NOT NULL REFERENCES account (id),
        csrf \(.text) NOT NULL, created_at \(.instant) NOT NULL, seen_at \(.instant) NOT NULL, expires_at \(.instant) NOT NULL,
        browser \(.text)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX session_account ON session (account_id)",
    ])

  private static let length: TimeInterval = 12 * 3600
  static let hour: TimeInterval = 3600
  static let freshness: TimeInterval = 30 * 60

  /// A fresh secret at every sign-in: a cookie set beforehand by somebody else opens nothing.
  /// - Returns: the secret for the cookie.
  static func open(
    for account: Identifier<Account>, from origin: Origin, byLink: Bool = false, at now: Date, ids: IdentifierSource,
    _ connection: any Connection
  ) throws -> String {
    let (secret, moment) = (Secret.make(), Instant(now))
    try connection.execute("DELETE FROM session WHERE expires_at < \(moment)")
    try Attempt.sweep(at: now, connection)
    try connection.execute(
      """
      INSERT INTO session (id, digest, account_id, csrf, created_at, seen_at, expires_at, browser, by_link)
      VALUES (\(ids.next(Session.self)), \(Secret.digest(secret)), \(account), \(Secret.make()), \(moment), \(moment),
        \(Instant(now.addingTimeInterval(length))), \(origin.browser), \(byLink))
      """)
    try connection.execute("UPDATE account SET signed_in_at = \(moment) WHERE id = \(account)")
    return secret
  }

  /// Gives an open session another secret and another token, as whenever it comes to open more, or other things.
  /// - Returns: the secret for the cookie.
  /// - Throws: `Refusal` when the session has ended.
  static func renew(_ id: Identifier<Session>, _ connection: any Connection) throws -> String {
    let secret = Secret.make()
    let changed = try connection.execute(
      "UPDATE session SET digest = \(Secret.digest(secret)), csrf = \(Secret.make()) WHERE id = \(id)")
    guard changed == 1 else { throw Refusal("Votre session est terminée : connectez-vous à nouveau.") }
    return secret
  }
}

extension Accounts {
  /// The session that a cookie opens.
  public func session(secret: String) async throws -> Session? {
    let (digest, moment) = (Secret.digest(secret), now())
    // The federation's day is not known before its zone is: it is one of three.
    let greenwich = CivilDate(of: moment, in: .gmt)
    let days = [greenwich.previous, greenwich, greenwich.next]
    let duties = days.map { SecondFactor.duty(on: $0) }
    let found = try await database.read { connection in
      try connection.first(
        """
        SELECT a.id, a.email, a.name, a.role, a.territory, s.id, s.csrf, s.expires_at, s.seen_at, s.by_link, s.created_at, s.role,
          \(Account.furtherRoles), (\(SecondFactor.inForce) OR \(Passkey.verifying)), \(Setting.timeZone.value(on: greenwich)), \(duties[0]), \(duties[1]), \(duties[2]),
          \(Delegation.held(about: greenwich)), a.departments, \(Notice.unread(of: "a.id"))
        FROM session s JOIN account a ON a.id = s.account_id WHERE s.digest = \(digest) AND a.closed_at IS NULL
        """
      ).map { row in
        let (ordinary, chosen): (Role, Role?) = (try row[3], try row[11])
        let roles = Account.roles(ordinary, try row[12])
        let today = CivilDate(of: moment, in: TimeZone(identifier: try row[14]) ?? .gmt)
        let account = Account(
          id: try row[0], email: try row[1], name: try row[2], role: roles.first { $0 == chosen } ?? ordinary, roles: roles,
          territory: try row[4], departments: Account.departments(try row[19]), day: today,
          standsFor: Delegation.absent(try row[18], on: today))
        let mustEnrol = SecondFactor.isDue(duty: try row[15 + (days.firstIndex(of: today) ?? 1)], hasOne: try row[13], roles)
        let (byLink, since): (Bool, Instant) = (try row[9], try row[10])
        let isFresh = byLink && (0..<Session.freshness).contains(moment.timeIntervalSince(since.date))
        let session = Session(
          id: try row[5], account: account, csrf: try row[6], isFreshByLink: isFresh, mustEnrol: mustEnrol, unread: try row[20])
        return (session: session, end: try row[7] as Instant, seen: try row[8] as Instant)
      }
    }
    guard let found else { return nil }
    guard found.end > Instant(moment) else {
      // Ended for good: a clock that is set back must not open it again.
      try await signOut(secret: secret)
      return nil
    }
    if moment.timeIntervalSince(found.seen.date) >= Session.hour {
      try await database.write { try $0.execute("UPDATE session SET seen_at = \(Instant(moment)) WHERE id = \(found.session.id)") }
    }
    return found.session
  }

  public func signOut(secret: String) async throws {
    let digest = Secret.digest(secret)
    try await database.write { try $0.execute("DELETE FROM session WHERE digest = \(digest)") }
  }

  /// Ends one of the account's own sessions.
  /// - Returns: `false` when there is none of that identity: it has ended, or it is somebody else's.
  public func end(_ session: Identifier<Session>, of account: Identifier<Account>) async throws -> Bool {
    try await database.write { connection in
      let ended = try connection.execute("DELETE FROM session WHERE id = \(session) AND account_id = \(account)") == 1
      if ended { try note(.sessionEnd, on: account, by: account, connection) }
      return ended
    }
  }

  /// Ends all sessions of the account: whoever has its cookies is out, the one who asks too.
  public func endSessions(of account: Identifier<Account>) async throws {
    try await database.write { connection in
      try endEverything(of: account, at: nil, connection)
      try note(.sessionEnd, on: account, by: account, connection)
    }
  }
}

extension Account {
  /// The name of the territory that the person looks after.
  public func territoryName(_ connection: any Connection) throws -> String? {
    guard let territory else { return nil }
    return try connection.value("SELECT name FROM territory WHERE code = \(territory)")
  }

  /// The sessions that are open, the latest first.
  public func openSessions(at now: Date, _ connection: any Connection) throws -> [OpenSession] {
    try connection.rows(
      """
      SELECT id, created_at, seen_at, browser FROM session WHERE account_id = \(id) AND expires_at > \(Instant(now))
      ORDER BY created_at DESC, id DESC
      """
    ).map { OpenSession(id: try $0[0], since: try $0[1], lastSeen: try $0[2], browser: try $0[3]) }
  }
}
