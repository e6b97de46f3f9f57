import Foundation
import Records
import Store

/// Where a request comes from.
public struct Origin: Sendable {
  /// The network address of whoever asks; `nil` for a command on the machine itself.
  public let client: String?

  public init(client: String?) {
    self.client = client
  }

  public static let here = Origin(client: nil)
}

extension Accounts {
  private static let sessionLength: TimeInterval = 12 * 3600

  /// Opens a session and returns the secret for the cookie; `nil` when address or password is wrong, without saying which.
  /// - Throws: `TooManyAttempts` before anything is looked at, `TooManyWaiting`.
  public func signIn(email: String, password: String, from origin: Origin = .here) async throws -> String? {
    let email = Self.normalised(email)
    let byAddress = Attempt(.address, email)
    let attempts = [byAddress] + (origin.client.map { [Attempt(.client, $0)] } ?? [])
    let (entries, known) = try await database.write { [ids, now] connection in
      let entries = try Attempt.take(attempts, at: now(), ids: ids, connection)
      let known = try connection.first("SELECT id, password_hash FROM account WHERE email = \(email)").map {
        (id: try $0[0] as Identifier<Account>, hash: try $0[1] as String)
      }
      return (entries, known)
    }
    do {
      guard try await hasher.verify(password, against: known?.hash), let known else { return nil }
      return try await database.write { connection in
        try Attempt.forget(entries, connection)
        try byAddress.clear(connection)
        return try openSession(of: known.id, connection)
      }
    } catch let error as TooManyWaiting {
      try await database.write { try Attempt.forget(entries, $0) }
      throw error
    }
  }

  /// A fresh secret at every sign-in: a cookie set beforehand by somebody else opens nothing.
  private func openSession(of account: Identifier<Account>, _ connection: any Connection) throws -> String {
    let (secret, csrf, moment) = (Secret.make(), Secret.make(), now())
    try connection.execute("DELETE FROM session WHERE expires_at < \(Instant(moment))")
    try Attempt.sweep(at: moment, connection)
    try connection.execute(
      """
      INSERT INTO session (digest, account_id, csrf, expires_at)
      VALUES (\(Secret.digest(secret)), \(account), \(csrf), \(Instant(moment.addingTimeInterval(Self.sessionLength))))
      """)
    return secret
  }

  /// The session that a cookie opens.
  public func session(secret: String) async throws -> Session? {
    let (digest, moment) = (Secret.digest(secret), Instant(now()))
    let found = try await database.read { connection in
      try connection.first(
        """
        SELECT a.id, a.email, a.name, a.role, a.territory, s.csrf, s.expires_at FROM session s JOIN account a ON a.id = s.account_id
        WHERE s.digest = \(digest)
        """
      ).map { row in
        let account = Account(id: try row[0], email: try row[1], name: try row[2], role: try row[3], territory: try row[4])
        return (session: Session(account: account, csrf: try row[5]), end: try row[6] as Instant)
      }
    }
    guard let found, found.end <= moment else { return found?.session }
    // Ended for good: a clock that is set back must not open it again.
    try await signOut(secret: secret)
    return nil
  }

  public func signOut(secret: String) async throws {
    let digest = Secret.digest(secret)
    try await database.write { try $0.execute("DELETE FROM session WHERE digest = \(digest)") }
  }

  /// An address as people type it, as it is kept.
  static func normalised(_ email: String) -> String {
    email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
  }
}
