import Foundation
import Records
import Store

extension Account {
  /// Further roles, beside the ordinary one that stands with the account. A session works under one of them at a time; without a
  /// choice, under the ordinary one.
  static let rolesMigration = Migration(
    "202611212002-identity",
    [
      """
      CREATE TABLE account_role (
        account_id \(.id) NOT NULL REFERENCES account (id), role \(.text) NOT NULL, PRIMARY KEY (account_id, role)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "ALTER TABLE session ADD COLUMN role \(.text)",
    ])

  /// The further roles of `account a`, in one text: each engine has its own word for joining texts.
  static let furtherRoles: SQL = """
    (SELECT \(sqlite: "group_concat(r.role, '|')", postgres: "string_agg(r.role, '|')") FROM account_role r WHERE r.account_id = a.id)
    """

  /// - Parameter further: as `furtherRoles` gives them.
  static func roles(_ ordinary: Role, _ further: String?) -> [Role] {
    Role.ordered(ordinary, (further ?? "").split(separator: "|").compactMap { Role(rawValue: String($0)) })
  }

  /// Whether `account a` may work under a role.
  static func holds(_ role: Role) -> SQL {
    "(a.role = \(role) OR EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role = \(role)))"
  }
}

extension Accounts {
  func insert(_ further: some Sequence<Role>, of account: Identifier<Account>, _ connection: any Connection) throws {
    for role in further { try connection.execute("INSERT INTO account_role VALUES (\(account), \(role))") }
  }

  /// Goes on under another of the account's roles, in the same session under a fresh secret.
  /// - Returns: that secret; `nil` when the session works under that role already.
  /// - Throws: `Refusal` when it is none of the account's.
  public func work(as role: Role, in session: Session) async throws -> String? {
    let account = session.account
    guard role != account.role else { return nil }
    return try await database.write { connection in
      let holds: Bool? = try connection.value("SELECT \(Account.holds(role)) FROM account a WHERE a.id = \(account.id)")
      guard holds == true else { throw Refusal("Ce rôle n’est pas l’un des vôtres : demandez-le à la direction.") }
      try connection.execute("UPDATE session SET role = \(role) WHERE id = \(session.id)")
      try note(
        .roleSwitch, on: account.id, by: account.id, from: ["role_actif": account.role.rawValue], to: ["role_actif": role.rawValue],
        connection)
      return try Session.renew(session.id, connection)
    }
  }
}
