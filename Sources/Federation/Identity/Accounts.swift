import Foundation
import Records
import Store

/// Accounts and sessions.
public struct Accounts: Sendable {
  let database: any Database
  let ids: IdentifierSource
  let hasher: PasswordHasher
  let now: @Sendable () -> Date
  let letters: AccountLetters

  /// - Parameters:
  ///   - mailDomain: the federation's own, in what identifies its messages.
  ///   - siteURL: where people reach the site; without it, no link can be sent.
  public init(
    database: any Database, ids: IdentifierSource, hasher: PasswordHasher, mailDomain: String = "localhost", siteURL: String? = nil,
    now: @escaping @Sendable () -> Date
  ) {
    self.database = database
    self.ids = ids
    self.hasher = hasher
    self.now = now
    letters = AccountLetters(outbox: Outbox(ids: ids, now: now, domain: mailDomain), siteURL: siteURL)
  }

  /// - Parameter actor: `nil` for a command run by hand.
  public func manager(_ actor: Account?) -> AccountManager { AccountManager(accounts: self, actor: actor) }

  /// - Parameter structure: the reference of the person's own team.
  /// - Throws: `Refusal`.
  @discardableResult
  public func create(
    email: String, name: String?, role: Role, others: [Role] = [], territory: String? = nil, structure: String? = nil,
    departments: String? = nil, password: String, by actor: Identifier<Account>? = nil
  ) async throws -> Account {
    guard let email = try? EmailAddress.reading(email) else { throw Refusal("« \(email) » n’est pas une adresse de courriel.") }
    try PasswordHasher.check(password)
    let hash = try await hasher.hash(password)
    let account = Account(
      id: ids.next(), email: email, name: name ?? Self.name(fromAddress: email), role: role, roles: Role.ordered(role, others),
      territory: territory, departments: Place.departments(departments))
    try await database.write { connection in
      if let other = try Place.unknown(account.departments, connection) { throw Refusal(Place.sentence(unknown: other)) }
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
      try insert(account, structure: structureID, hash: hash, by: actor, connection)
    }
    return account
  }

  /// - Parameter hash: empty while its person has no password.
  func insert(
    _ account: Account, structure: Identifier<Structure>?, hash: String, by actor: Identifier<Account>?, _ connection: any Connection
  ) throws {
    try connection.execute(
      """
      INSERT INTO account (id, email, name, role, territory, departments, structure_id, password_hash, created_at)
      VALUES (\(account.id), \(account.email), \(account.name), \(account.role), \(account.territory),
        \(account.departments.joined(separator: " ")), \(structure), \(hash),
        \(Instant(now())))
      """)
    try insert(account.roles.dropFirst(), of: account.id, connection)
    try note(.accountCreation, on: account.id, by: actor, to: account.audited, connection)
  }

  func sendInvitation(
    to account: Identifier<Account>, _ email: String, _ name: String, by host: Account?, _ connection: any Connection
  ) throws {
    let moment = now()
    let secret = try AccountLink.make(.invitation, for: account, at: moment, connection)
    try letters.invite(
      .init(email, name: name), by: host?.name, secret: secret, until: moment.addingTimeInterval(AccountLink.Purpose.invitation.length),
      connection)
    try note(.invitation, on: account, by: host?.id, connection)
  }

  /// Ends the sessions of an account and those about to begin; its links and its keys as well when it is closed.
  func endEverything(of account: Identifier<Account>, at closing: Instant?, _ connection: any Connection) throws {
    try endSessions(of: account, but: nil, connection)
    guard let closing else { return }
    try AccountLink.end(nil, of: account, at: closing, connection)
    try PersonalKey.withdraw(of: account, connection)
  }

  /// Ends the sessions of an account but one, and whatever waits for a code.
  func endSessions(of account: Identifier<Account>, but session: Identifier<Session>?, _ connection: any Connection) throws {
    try connection.execute("DELETE FROM session WHERE account_id = \(account) AND id <> \(session?.rawValue ?? 0)")
    try WaitingEntrance.end(of: account, connection)
  }

  public func isEmpty() async throws -> Bool {
    try await database.read { try $0.value("SELECT 1 FROM account LIMIT 1", as: Int.self) == nil }
  }

  /// 256 random bits, for what ties a form to the browser that asked for it.
  public static func secret() -> String { Secret.make() }

  /// `claire.vasseur@…` is « Claire Vasseur » until somebody says better.
  private static func name(fromAddress email: String) -> String {
    email.prefix { $0 != "@" }.split { ".-_+".contains($0) }.map(\.capitalized).joined(separator: " ")
  }
}
