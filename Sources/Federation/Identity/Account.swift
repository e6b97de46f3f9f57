import Crypto
import Foundation
import Records
import Store

/// A person who signs in.
public struct Account: Sendable {
  public let id: Identifier<Account>
  public let email: String
  public let name: String
  public let role: Role
  /// The code of the territory that the person looks after.
  public let territory: String?
}

/// An open session: who, and the token that forms must send back.
public struct Session: Sendable {
  public let account: Account
  public let csrf: String
}

extension Capability {
  static let identity = Capability("identity", migrations: [Account.migration])
}

extension Account {
  static let migration = Migration(
    "202611211040-identity",
    [
      """
      CREATE TABLE account (
        id \(.id) PRIMARY KEY, email \(.text) NOT NULL UNIQUE, name \(.text) NOT NULL, role \(.text) NOT NULL,
        territory \(.text) REFERENCES territory (code), structure_id \(.id) REFERENCES structure (id),
        password_hash \(.text) NOT NULL, created_at \(.instant) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Only a digest of the cookie: reading the table does not open a session.
      """
      CREATE TABLE session (
        digest \(.text) PRIMARY KEY, account_id \(.id) NOT NULL REFERENCES account (id), csrf \(.text) NOT NULL,
        expires_at \(.instant) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}

/// Accounts and sessions.
public struct Accounts: Sendable {
  private let database: any Database
  private let ids: IdentifierSource
  private let hasher: PasswordHasher
  private let now: @Sendable () -> Date

  private static let sessionLength: TimeInterval = 12 * 3600

  public init(database: any Database, ids: IdentifierSource, hasher: PasswordHasher, now: @escaping @Sendable () -> Date) {
    self.database = database
    self.ids = ids
    self.hasher = hasher
    self.now = now
  }

  /// - Parameter structure: the reference of the person's own team.
  /// - Throws: `Refusal`.
  @discardableResult
  public func create(
    email: String, name: String?, role: Role, territory: String? = nil, structure: String? = nil, password: String
  ) async throws -> Account {
    guard let email = try? EmailAddress.reading(email) else { throw Refusal("« \(email) » n’est pas une adresse de courriel.") }
    try PasswordHasher.check(password)
    let hash = await hasher.hash(password)
    let account = Account(id: ids.next(), email: email, name: name ?? Self.name(fromAddress: email), role: role, territory: territory)
    try await database.write { [now] connection in
      if let territory, try connection.value("SELECT 1 FROM territory WHERE code = \(territory)", as: Int.self) == nil {
        throw Refusal("Le territoire « \(territory) » est inconnu.")
      }
      let structureID = try structure.map { reference in
        guard let id = try? StructureIndex(connection).identifier(reference) else {
          throw Refusal("La structure « \(reference) » est inconnue.")
        }
        return id
      }
      if try connection.value("SELECT 1 FROM account WHERE email = \(email)", as: Int.self) != nil {
        throw Refusal("Un compte existe déjà pour \(email).")
      }
      try connection.execute(
        """
        INSERT INTO account (id, email, name, role, territory, structure_id, password_hash, created_at)
        VALUES (\(account.id), \(email), \(account.name), \(role), \(territory), \(structureID), \(hash), \(Instant(now())))
        """)
    }
    return account
  }

  public func isEmpty() async throws -> Bool {
    try await database.read { try $0.value("SELECT 1 FROM account LIMIT 1", as: Int.self) == nil }
  }

  /// Opens a session and returns the secret for the cookie; `nil` when address or password is wrong, without saying which.
  public func signIn(email: String, password: String) async throws -> String? {
    let email = email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    let known = try await database.read { connection in
      try connection.first("SELECT id, password_hash FROM account WHERE email = \(email)").map {
        (id: try $0[0] as Identifier<Account>, hash: try $0[1] as String)
      }
    }
    guard await hasher.verify(password, against: known?.hash), let known else { return nil }
    let (secret, csrf) = (Self.secret(), Self.secret())
    let (digest, moment) = (Self.digest(secret), now())
    try await database.write { connection in
      try connection.execute("DELETE FROM session WHERE expires_at < \(Instant(moment))")
      try connection.execute(
        "INSERT INTO session VALUES (\(digest), \(known.id), \(csrf), \(Instant(moment.addingTimeInterval(Self.sessionLength))))")
    }
    return secret
  }

  /// The session that a cookie opens.
  public func session(secret: String) async throws -> Session? {
    let (digest, moment) = (Self.digest(secret), Instant(now()))
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
    let digest = Self.digest(secret)
    try await database.write { try $0.execute("DELETE FROM session WHERE digest = \(digest)") }
  }

  /// 256 random bits, in letters that need no quoting.
  public static func secret() -> String {
    SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  private static func digest(_ secret: String) -> String {
    SHA256.hash(data: Data(secret.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// `claire.vasseur@…` is « Claire Vasseur » until somebody says better.
  private static func name(fromAddress email: String) -> String {
    email.prefix { $0 != "@" }.split { ".-_+".contains($0) }.map(\.capitalized).joined(separator: " ")
  }
}
