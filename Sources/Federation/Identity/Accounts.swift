import Foundation
import Records
import Store

/// Accounts and sessions.
public struct Accounts: Sendable {
  let database: any Database
  let ids: IdentifierSource
  let hasher: PasswordHasher
  let now: @Sendable () -> Date

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
    email: String, name: String?, role: Role, territory: String? = nil, structure: String? = nil, password: String,
    by actor: Identifier<Account>? = nil
  ) async throws -> Account {
    guard let email = try? EmailAddress.reading(email) else { throw Refusal("« \(email) » n’est pas une adresse de courriel.") }
    try PasswordHasher.check(password)
    let hash = try await hasher.hash(password)
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
      try note(.accountCreation, on: account.id, by: actor, to: account.audited, connection)
    }
    return account
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
