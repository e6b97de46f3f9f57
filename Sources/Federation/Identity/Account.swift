import Records
import Store

/// A person who signs in.
public struct Account: Sendable {
  public let id: Identifier<Account>
  public let email: String
  public let name: String
  /// The one under which the person works at this moment.
  public let role: Role
  /// All those that the person may work under, the ordinary one first.
  public let roles: [Role]
  /// The code of the territory that the person looks after.
  public let territory: String?
  /// The codes of the départements whose sheets are open to the person, who reads no other.
  public let departments: [String]
  /// The federation's day on which the account was looked up; without one, nothing is open that depends on the day.
  let day: CivilDate?
  /// Those for whom the person stands in on that day.
  public let standsFor: [Identifier<Account>]

  /// - Parameter roles: with the ordinary one first; only `role` when none is given.
  init(
    id: Identifier<Account>, email: String, name: String, role: Role, roles: [Role] = [], territory: String?, departments: [String] = [],
    day: CivilDate? = nil, standsFor: [Identifier<Account>] = []
  ) {
    self.day = day
    self.standsFor = standsFor
    self.id = id
    self.email = email
    self.name = name
    self.role = role
    self.roles = roles.isEmpty ? [role] : roles
    self.territory = territory
    self.departments = departments
  }

  /// What the audit trail keeps of a new account.
  var audited: [String: String] {
    var kept = ["courriel": email, "nom": name, "role": role.rawValue]
    if roles.count > 1 { kept["autres_roles"] = Role.codes(roles.dropFirst()) }
    kept["territoire"] = territory
    if !departments.isEmpty { kept["departements"] = departments.joined(separator: " ") }
    return kept
  }
}

extension Capability {
  static let identity = Capability(
    "identity",
    migrations: [
      Account.migration, Attempt.migration, Session.migration, Account.versionMigration, AccountLink.migration, SecondFactor.migration,
      Account.rolesMigration, PersonalKey.migration, Account.departmentsMigration, Passkey.migration,
    ], settings: [.secondFactorDuty], secretTables: SecondFactor.secretTables)
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
  /// Codes, separated by spaces.
  static let departmentsMigration = Migration(
    "202611220910-identity-departments", ["ALTER TABLE account ADD COLUMN departments \(.text) NOT NULL DEFAULT ''"])

  static func departments(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  /// How often an account was changed, for what the audit trail keeps of each change.
  static let versionMigration = Migration(
    "202611211711-identity", ["ALTER TABLE account ADD COLUMN version \(.int) NOT NULL DEFAULT 1"])
}
