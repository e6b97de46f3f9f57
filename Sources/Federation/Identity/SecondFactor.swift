import Foundation
import Records
import Store

/// The code of a telephone, asked for after the password or the link (RFC 6238).
public enum SecondFactor {
  /// A secret that is not in force before its person has shown that a telephone knows it.
  public struct Enrolment: Sendable {
    /// In base 32, as telephones take it.
    public let key: String
    /// In groups of four, to be typed.
    public let groups: String

    init(key: [UInt8]) {
      let text = Base32.text(key)
      self.key = text
      groups = SecondFactor.groups(of: text, by: " ")
    }
  }

  /// Where an account stands with its telephone.
  public enum State: Sendable {
    case off
    case enrolling(Enrolment)
    /// - Parameter knowsTelephone: not after a restoration: archives hold no secret, and a recovery code opens.
    case on(since: Instant, recoveryCodesLeft: Int, knowsTelephone: Bool)
  }

  static let migration = Migration(
    "202611212001-identity",
    [
      """
      CREATE TABLE second_factor (
        account_id \(.id) PRIMARY KEY REFERENCES account (id), made_at \(.instant) NOT NULL, confirmed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Apart, for no digest can stand for it: whoever checks codes must know it.
      """
      CREATE TABLE second_factor_key (account_id \(.id) PRIMARY KEY REFERENCES account (id), key \(.blob) NOT NULL)
      \(sqlite: "STRICT", postgres: "")
      """,
      // Each code once: who looks over a shoulder comes too late.
      """
      CREATE TABLE second_factor_use (
        account_id \(.id) NOT NULL REFERENCES account (id), step \(.int) NOT NULL, PRIMARY KEY (account_id, step)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE recovery_code (
        account_id \(.id) NOT NULL REFERENCES account (id), digest \(.text) NOT NULL, used_at \(.instant), PRIMARY KEY (account_id, digest)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Between the password, or the link, and the code. No session yet: what is here opens no page.
      """
      CREATE TABLE waiting_entrance (
        digest \(.text) PRIMARY KEY, account_id \(.id) NOT NULL REFERENCES account (id), by_link \(.bool) NOT NULL,
        expires_at \(.instant) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX waiting_entrance_account ON waiting_entrance (account_id)",
    ])

  static let secretTables = ["second_factor_key"]

  /// A secret that was shown and not confirmed is forgotten.
  private static let enrolmentLength: TimeInterval = 3600

  /// Whether `account a` is asked for a code.
  static let inForce: SQL = "EXISTS (SELECT 1 FROM second_factor f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL)"

  static func isOn(_ account: Identifier<Account>, _ connection: any Connection) throws -> Bool {
    try connection.value("SELECT \(inForce) FROM account a WHERE a.id = \(account)") ?? false
  }

  /// `oui` when those who administer must have one.
  static func duty(on day: CivilDate) -> SQL { Setting.secondFactorDuty.value(on: day) }

  /// Whether nothing opens before the account has one.
  static func isDue(duty: String, hasOne: Bool, _ roles: [Role]) -> Bool {
    duty == "oui" && !hasOne && roles.contains(where: \.administers)
  }

  static func isDue(from account: Account, at now: Date, _ connection: any Connection) throws -> Bool {
    let settings = try Settings(connection)
    let duty = settings.text(.secondFactorDuty, on: settings.today(now))
    let hasOne: Bool? = try connection.value("SELECT \(inForce) OR \(Passkey.verifying) FROM account a WHERE a.id = \(account.id)")
    return isDue(duty: duty, hasOne: hasOne ?? false, account.roles)
  }

  public static func state(
    of account: Identifier<Account>, at now: Date, _ connection: any Connection
  ) throws -> State {
    let row = try connection.first(
      """
      SELECT f.made_at, f.confirmed_at, k.key,
        (SELECT count(*) FROM recovery_code r WHERE r.account_id = f.account_id AND r.used_at IS NULL)
      FROM second_factor f LEFT JOIN second_factor_key k ON k.account_id = f.account_id WHERE f.account_id = \(account)
      """)
    guard let row else { return .off }
    let (made, confirmed, key): (Instant, Instant?, [UInt8]?) = (try row[0], try row[1], try row[2])
    if let confirmed { return .on(since: confirmed, recoveryCodesLeft: try row[3], knowsTelephone: key != nil) }
    guard let key, isFresh(made, at: now) else { return .off }
    return .enrolling(Enrolment(key: key))
  }

  static func isFresh(_ made: Instant, at now: Date) -> Bool { (-60..<enrolmentLength).contains(now.timeIntervalSince(made.date)) }

  /// Makes a secret, in the place of one that was not confirmed.
  static func begin(for account: Identifier<Account>, at now: Date, _ connection: any Connection) throws {
    try remove(of: account, connection)
    try connection.execute("INSERT INTO second_factor (account_id, made_at) VALUES (\(account), \(Instant(now)))")
    try connection.execute("INSERT INTO second_factor_key VALUES (\(account), \(TimedCode.random().key))")
  }

  static func remove(of account: Identifier<Account>, _ connection: any Connection) throws {
    for table in ["second_factor_use", "second_factor_key", "recovery_code", "second_factor"] as [SQL] {
      try connection.execute("DELETE FROM \(table) WHERE account_id = \(account)")
    }
    try WaitingEntrance.end(of: account, connection)
  }

  /// Whether a code is right, that of the telephone or one of those kept for the day it is lost; it is used up.
  static func accept(_ typed: String, of account: Identifier<Account>, at now: Date, _ connection: any Connection) throws -> Bool {
    let key: [UInt8]? = try connection.value("SELECT key FROM second_factor_key WHERE account_id = \(account)")
    if let key, let step = TimedCode(key: key).step(of: typed, at: now) {
      try connection.execute("DELETE FROM second_factor_use WHERE account_id = \(account) AND step < \(TimedCode.step(at: now) - 10)")
      return try connection.execute("INSERT INTO second_factor_use VALUES (\(account), \(step)) ON CONFLICT DO NOTHING") == 1
    }
    return try connection.execute(
      """
      UPDATE recovery_code SET used_at = \(Instant(now))
      WHERE account_id = \(account) AND digest = \(recoveryDigest(typed)) AND used_at IS NULL
      """) == 1
  }
}

extension SecondFactor {
  static let recoveryCount = 10

  /// Letters and digits that are not taken for one another.
  private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

  /// Of 80 bits each, so that their digests tell nothing; the earlier ones are worth nothing any more.
  static func makeRecoveryCodes(for account: Identifier<Account>, _ connection: any Connection) throws -> [String] {
    let codes = (0..<recoveryCount).map { _ in String((0..<16).compactMap { _ in letters.randomElement() }) }
    try connection.execute("DELETE FROM recovery_code WHERE account_id = \(account)")
    for code in codes {
      try connection.execute("INSERT INTO recovery_code (account_id, digest) VALUES (\(account), \(recoveryDigest(code)))")
    }
    return codes.map { groups(of: $0, by: "-") }
  }

  /// Of what was typed, in either case and with any signs between the groups.
  private static func recoveryDigest(_ typed: String) -> String {
    let plain = typed.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return Secret.digest(plain.replacing("O", with: "0").replacing("I", with: "1").replacing("L", with: "1"))
  }

  fileprivate static func groups(of text: String, by separator: String) -> String {
    stride(from: 0, to: text.count, by: 4).map { String(text.dropFirst($0).prefix(4)) }.joined(separator: separator)
  }
}

extension Setting {
  static let secondFactorDuty = yesOrNo(
    "double_authentification", help: "Double authentification obligatoire pour la direction et l’administration technique", default: "non")
}
