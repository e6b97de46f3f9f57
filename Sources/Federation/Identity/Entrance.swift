import Foundation
import Records
import Store

/// What the right password, or the right link, gives.
public struct Entrance: Sendable, Equatable {
  /// For the cookie.
  public let secret: String
  /// The account asks for a code as well: the secret is that of somebody who waits at the door, and opens no page.
  public let awaitsCode: Bool
}

/// Somebody whose password or link was right, and whose code is still to come.
enum WaitingEntrance {
  private static let length: TimeInterval = 10 * 60

  /// - Returns: the secret for the cookie.
  static func make(for account: Identifier<Account>, byLink: Bool, at now: Date, _ connection: any Connection) throws -> String {
    let secret = Secret.make()
    try connection.execute("DELETE FROM waiting_entrance WHERE expires_at < \(Instant(now))")
    try connection.execute(
      """
      INSERT INTO waiting_entrance (digest, account_id, by_link, expires_at)
      VALUES (\(Secret.digest(secret)), \(account), \(byLink), \(Instant(now.addingTimeInterval(length))))
      """)
    return secret
  }

  /// - Returns: `nil` when nothing waits under that secret any more.
  static func find(
    _ secret: String, at now: Date, _ connection: any Connection
  ) throws -> (account: Identifier<Account>, byLink: Bool)? {
    // A clock set back makes no wait longer than it was meant.
    let latest = Instant(now.addingTimeInterval(length + 60))
    return try connection.first(
      """
      SELECT w.account_id, w.by_link FROM waiting_entrance w JOIN account a ON a.id = w.account_id
      WHERE w.digest = \(Secret.digest(secret)) AND w.expires_at > \(Instant(now)) AND w.expires_at <= \(latest) AND a.closed_at IS NULL
      """
    ).map { (account: try $0[0], byLink: try $0[1]) }
  }

  /// - Returns: `false` when another click was faster.
  static func use(_ secret: String, _ connection: any Connection) throws -> Bool {
    try connection.execute("DELETE FROM waiting_entrance WHERE digest = \(Secret.digest(secret))") == 1
  }

  static func end(of account: Identifier<Account>, _ connection: any Connection) throws {
    try connection.execute("DELETE FROM waiting_entrance WHERE account_id = \(account)")
  }
}

extension Accounts {
  /// Lets somebody in whose password or link was right: into the house, or as far as the question of the code.
  /// - Throws: `Refusal` when two factors are a duty, and a passkey is what the account has for them.
  func admit(
    _ account: Identifier<Account>, from origin: Origin, byLink: Bool = false, _ connection: any Connection
  ) throws -> Entrance {
    if try SecondFactor.isOn(account, connection) {
      return Entrance(secret: try WaitingEntrance.make(for: account, byLink: byLink, at: now(), connection), awaitsCode: true)
    }
    if try Passkey.isOwed(by: account, at: now(), connection) {
      throw Refusal("Votre fédération demande la double authentification : entrez avec une clé d’accès qui vous reconnaît.")
    }
    let secret = try Session.open(for: account, from: origin, byLink: byLink, at: now(), ids: ids, connection)
    return Entrance(secret: secret, awaitsCode: false)
  }
}
