import Foundation
import Records
import Store

/// A key that a telephone, a computer or a small device keeps for this site, and shows after having recognised its owner (WebAuthn).
/// The database has its public half alone: whoever reads it can enter nowhere.
public struct Passkey: Sendable {
  public let id: Identifier<Passkey>
  /// As its owner calls it.
  public let name: String
  public let madeAt: Instant
  public let usedAt: Instant?

  static let migration = Migration(
    "202611221600-identity-passkeys",
    [
      // `verifies`: it has recognised its owner once, and so counts as two factors. `counter`: the signatures it says it has made.
      """
      CREATE TABLE passkey (
        id \(.id) PRIMARY KEY, account_id \(.id) NOT NULL REFERENCES account (id), credential \(.text) NOT NULL UNIQUE,
        algorithm \(.int) NOT NULL, public_key \(.blob) NOT NULL, counter \(.int) NOT NULL, verifies \(.bool) NOT NULL,
        is_backup_eligible \(.bool) NOT NULL, name \(.text) NOT NULL, made_at \(.instant) NOT NULL, used_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX passkey_account ON passkey (account_id)",
      """
      CREATE TABLE passkey_challenge (
        digest \(.text) PRIMARY KEY, holder \(.text) NOT NULL, purpose \(.text) NOT NULL, expires_at \(.instant) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])

  static let mostOfOne = 20
  static let longestName = 60

  /// Whether `account a` has one that recognises its owner.
  static let verifying: SQL = "EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = a.id AND p.verifies)"

  /// Whether `account a` has one at all.
  static let existing: SQL = "EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = a.id)"

  /// Whether a password alone opens nothing: two factors are a duty, and a passkey is how the account gives them.
  static func isOwed(by account: Identifier<Account>, at now: Date, _ connection: any Connection) throws -> Bool {
    let row = try connection.first("SELECT a.role, \(Account.furtherRoles) FROM account a WHERE a.id = \(account) AND \(verifying)")
    guard let row else { return false }
    let settings = try Settings(connection)
    let duty = settings.text(.secondFactorDuty, on: settings.today(now))
    return SecondFactor.isDue(duty: duty, hasOne: false, Account.roles(try row[0], try row[1]))
  }

  /// Those of an account, the latest first.
  public static func all(of account: Identifier<Account>, _ connection: any Connection) throws -> [Passkey] {
    try connection.rows("SELECT id, name, made_at, used_at FROM passkey WHERE account_id = \(account) ORDER BY made_at DESC, id DESC").map {
      Passkey(id: try $0[0], name: try $0[1], madeAt: try $0[2], usedAt: try $0[3])
    }
  }

  /// What the account is called inside authenticators: nothing that names anybody.
  static func handle(of account: Identifier<Account>) -> [UInt8] { Array(account.description.utf8) }

  /// - Throws: `FieldRefusal`.
  static func name(_ typed: String, field: String) throws -> String {
    let name = typed.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !name.isEmpty, name.count <= longestName, !name.contains(where: \.isNewline) else {
      throw FieldRefusal(field, "Donnez à la clé un nom de 1 à \(longestName) caractères, par exemple « Téléphone ».")
    }
    return name
  }
}

/// One as it is known to the check of a signature.
struct KnownPasskey: Sendable {
  let id: Identifier<Passkey>
  let account: Identifier<Account>
  let key: PasskeyPublicKey
  let counter: Int
  let isBackupEligible: Bool

  /// - Returns: `nil` when nobody has it, or its account is closed.
  init?(_ credential: String, _ connection: any Connection) throws {
    let row = try connection.first(
      """
      SELECT p.id, p.account_id, p.algorithm, p.public_key, p.counter, p.is_backup_eligible
      FROM passkey p JOIN account a ON a.id = p.account_id WHERE p.credential = \(credential) AND a.closed_at IS NULL
      """)
    guard let row, let algorithm = PasskeyPublicKey.Algorithm(rawValue: try row[2]) else { return nil }
    id = try row[0]
    account = try row[1]
    key = PasskeyPublicKey(algorithm: algorithm, bytes: try row[3])
    counter = try row[4]
    isBackupEligible = try row[5]
  }
}

/// A question to an authenticator: 256 random bits, asked of one browser, answered once within ten minutes.
enum PasskeyChallenge {
  enum Purpose: String, SQLCodable {
    case registration = "ajout"
    case signIn = "connexion"
  }

  static let length: TimeInterval = 600

  /// - Parameter holder: what only that browser, or that session, knows or is.
  static func make(_ purpose: Purpose, for holder: String, at now: Date, _ connection: any Connection) throws -> String {
    let challenge = Base64URL.text(Secret.bytes())
    try connection.execute("DELETE FROM passkey_challenge WHERE expires_at < \(Instant(now))")
    try connection.execute(
      """
      INSERT INTO passkey_challenge (digest, holder, purpose, expires_at)
      VALUES (\(Secret.digest(challenge)), \(Secret.digest(holder)), \(purpose), \(Instant(now.addingTimeInterval(length))))
      """)
    return challenge
  }

  /// Uses a question up, whatever its answer is worth.
  /// - Returns: `false` when it was not asked of that browser for that purpose, has been answered, or its time is over.
  static func use(_ challenge: String, _ purpose: Purpose, of holder: String, at now: Date, _ connection: any Connection) throws -> Bool {
    let expiry: Instant? = try connection.value(
      """
      DELETE FROM passkey_challenge WHERE digest = \(Secret.digest(challenge)) AND holder = \(Secret.digest(holder)) AND purpose = \(purpose)
      RETURNING expires_at
      """)
    guard let expiry else { return false }
    // A clock set back makes no question longer than it was meant.
    return expiry > Instant(now) && expiry <= Instant(now.addingTimeInterval(length + 60))
  }
}

/// What a script asks an authenticator, as WebAuthn writes it.
public struct PasskeyRequest: Encodable, Sendable {
  public let challenge: String
  let rpId: String
  let timeout = Int(PasskeyChallenge.length) * 1_000
  let userVerification = "preferred"
}

/// What a script asks an authenticator to make, as WebAuthn writes it.
public struct PasskeyCreation: Encodable, Sendable {
  struct Site: Encodable {
    let id: String
    let name: String
  }

  struct User: Encodable {
    let id: String
    let name: String
    let displayName: String
  }

  struct Kind: Encodable {
    let type = "public-key"
    let alg: Int
  }

  struct Known: Encodable {
    let type = "public-key"
    let id: String
  }

  struct Selection: Encodable {
    let residentKey = "required"
    let requireResidentKey = true
    let userVerification = "preferred"
  }

  public let challenge: String
  let rp: Site
  let user: User
  let pubKeyCredParams = PasskeyPublicKey.Algorithm.allCases.map { Kind(alg: $0.rawValue) }
  let excludeCredentials: [Known]
  let authenticatorSelection = Selection()
  let attestation = "none"
  let timeout = Int(PasskeyChallenge.length) * 1_000
}
