import Foundation
import Records
import Store

/// A secret that stands for a person where there is no session (REP-07): in the address of their own calendar, or with a program that
/// reads lists and figures. One for each purpose, read under the role that it was made under; only its digest is kept.
public struct PersonalKey: Sendable {
  public enum Purpose: String, SQLCodable, Sendable {
    case calendar = "agenda"
    case programs = "programmes"
  }

  public let madeAt: Instant
  public let role: Role

  static let migration = Migration(
    "202611212003-identity-keys",
    [
      """
      CREATE TABLE personal_key (
        account_id \(.id) NOT NULL REFERENCES account (id), purpose \(.text) NOT NULL, digest \(.text) NOT NULL UNIQUE,
        role \(.text) NOT NULL, made_at \(.instant) NOT NULL, PRIMARY KEY (account_id, purpose)
      ) \(sqlite: "STRICT", postgres: "")
      """
    ])

  /// - Returns: `nil` when the account has none for the purpose.
  public static func standing(
    of account: Identifier<Account>, for purpose: Purpose, _ connection: any Connection
  ) throws -> PersonalKey? {
    try connection.first("SELECT made_at, role FROM personal_key WHERE account_id = \(account) AND purpose = \(purpose)").map {
      PersonalKey(madeAt: try $0[0], role: try $0[1])
    }
  }

  /// - Parameter purpose: all of them when `nil`.
  static func withdraw(of account: Identifier<Account>, for purpose: Purpose? = nil, _ connection: any Connection) throws {
    let only: SQL = purpose.map { "AND purpose = \($0)" } ?? ""
    try connection.execute("DELETE FROM personal_key WHERE account_id = \(account) \(only)")
  }

  /// The account that a secret reads as: of what it may work under, the role that the key was made under.
  static func reader(_ secret: String, for purpose: Purpose, at moment: Date, _ connection: any Connection) throws -> Account? {
    let greenwich = CivilDate(of: moment, in: .gmt)
    let row = try connection.first(
      """
      SELECT a.id, a.email, a.name, a.role, \(Account.furtherRoles), k.role, a.territory, \(Setting.timeZone.value(on: greenwich)),
        \(Delegation.held(about: greenwich)), a.departments
      FROM personal_key k JOIN account a ON a.id = k.account_id
      WHERE k.digest = \(Secret.digest(secret)) AND k.purpose = \(purpose) AND a.closed_at IS NULL
      """)
    guard let row else { return nil }
    let (roles, role): ([Role], Role) = (Account.roles(try row[3], try row[4]), try row[5])
    guard roles.contains(role) else { return nil }
    let day = CivilDate(of: moment, in: TimeZone(identifier: try row[7]) ?? .gmt)
    return Account(
      id: try row[0], email: try row[1], name: try row[2], role: role, roles: roles, territory: try row[6],
      departments: Account.departments(try row[9]), day: day,
      standsFor: Delegation.absent(try row[8], on: day))
  }
}

extension AttemptLimit {
  /// One calendar asks every few minutes at most; several telephones of one person share an address.
  static let calendar = AttemptLimit(name: "agenda.lien", count: 60, window: 900)
  /// Addresses that lead nowhere, asked for from one place.
  static let calendarClient = AttemptLimit(name: "agenda.poste", count: 40, window: 900)
  /// Keys that open nothing, from one place.
  static let keyClient = AttemptLimit(name: "cle.poste", count: 40, window: 900)
}

extension Accounts {
  /// Makes the account's key for a purpose, in the place of an earlier one.
  /// - Returns: its secret, which nobody can read again.
  func makeKey(for purpose: PersonalKey.Purpose, of account: Account, as operation: Records.Operation) async throws -> String {
    try await database.write { [now] connection in
      let secret = Secret.make()
      try PersonalKey.withdraw(of: account.id, for: purpose, connection)
      try connection.execute(
        """
        INSERT INTO personal_key (account_id, purpose, digest, role, made_at)
        VALUES (\(account.id), \(purpose), \(Secret.digest(secret)), \(account.role), \(Instant(now())))
        """)
      try note(operation, on: account.id, by: account.id, connection)
      return secret
    }
  }

  func withdrawKey(for purpose: PersonalKey.Purpose, of account: Identifier<Account>, as operation: Records.Operation) async throws {
    try await database.write { connection in
      guard try PersonalKey.standing(of: account, for: purpose, connection) != nil else { return }
      try PersonalKey.withdraw(of: account, for: purpose, connection)
      try note(operation, on: account, by: account, connection)
    }
  }

  /// Makes the key with which a program reads what the person reads under the role that they work under.
  /// - Throws: `FieldRefusal` (`actuel_cle`), `TooManyAttempts`, `TooManyWaiting`.
  public func makeProgramKey(in session: Session, password: String) async throws -> String {
    // It outlives the session.
    try await expectPassword(password, in: session, field: "actuel_cle")
    return try await makeKey(for: .programs, of: session.account, as: .keyCreation)
  }

  public func withdrawProgramKey(of account: Identifier<Account>) async throws {
    try await withdrawKey(for: .programs, of: account, as: .keyRemoval)
  }

  /// What a program's key opens, for one request; it sends no form back.
  /// - Returns: `nil` for one that never was and for one that was taken back alike.
  /// - Throws: `TooManyAttempts`.
  public func session(programKey secret: String, from origin: Origin) async throws -> Session? {
    let found = try await database.read { [now] connection in
      try PersonalKey.reader(secret, for: .programs, at: now(), connection).map { reader in
        (reader, mustEnrol: try SecondFactor.isDue(from: reader, at: now(), connection))
      }
    }
    if let (reader, mustEnrol) = found {
      return Session(
        id: ids.next(Session.self), account: reader, csrf: Secret.make(), isFreshByLink: false, mustEnrol: mustEnrol, unread: 0)
    }
    _ = try await database.write { [ids, now] in
      try Attempt.take([Attempt(.keyClient, origin.client ?? "")], at: now(), ids: ids, $0)
    }
    return nil
  }
}
