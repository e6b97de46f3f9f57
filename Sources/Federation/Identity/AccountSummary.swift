import Records
import Store

/// Whether somebody comes in.
public enum AccountState: String, CaseIterable, Sendable {
  /// Has never come in, and has no password yet.
  case invited = "invite"
  case active = "actif"
  case closed = "ferme"

  public var label: String {
    switch self {
    case .invited: "Invité"
    case .active: "Actif"
    case .closed: "Fermé"
    }
  }
}

/// An account as those who manage them see it.
public struct AccountSummary: Sendable {
  public let id: Identifier<Account>
  public let email: String
  public let name: String
  /// The ordinary one.
  public let role: Role
  /// All those that the person may work under, the ordinary one first.
  public let roles: [Role]
  /// The code of the territory that the person looks after.
  public let territory: String?
  public let territoryName: String?
  /// The reference of the person's own team.
  public let structure: String?
  public let structureName: String?
  /// The codes of the départements whose sheets are open to the person.
  public let departments: [String]
  public let lastSignIn: Instant?
  public let state: AccountState
  public let hasSecondFactor: Bool
  public let passkeys: Int

  /// All accounts, by name.
  public static func all(_ connection: any Connection) throws -> [AccountSummary] {
    try connection.rows("\(columns)").map { try AccountSummary($0) }.sorted {
      (Fold.key($0.name), $0.email) < (Fold.key($1.name), $1.email)
    }
  }

  public init?(_ id: Identifier<Account>, _ connection: any Connection) throws {
    guard let row = try connection.first("\(Self.columns) WHERE a.id = \(id)") else { return nil }
    try self.init(row)
  }

  private static let columns: SQL = """
    SELECT a.id, a.email, a.name, a.role, a.territory, t.name, s.reference, s.name, a.signed_in_at, a.closed_at, a.password_hash = '',
      \(Account.furtherRoles), \(SecondFactor.inForce), a.departments,
      (SELECT count(*) FROM passkey p WHERE p.account_id = a.id)
    FROM account a LEFT JOIN territory t ON t.code = a.territory LEFT JOIN structure s ON s.id = a.structure_id
    """

  private init(_ row: Row) throws {
    id = try row[0]
    email = try row[1]
    name = try row[2]
    role = try row[3]
    roles = Account.roles(role, try row[11])
    territory = try row[4]
    territoryName = try row[5]
    structure = try row[6]
    structureName = try row[7]
    lastSignIn = try row[8]
    hasSecondFactor = try row[12]
    departments = Account.departments(try row[13])
    passkeys = try row[14]
    let (closed, isWithoutPassword): (Instant?, Bool) = (try row[9], try row[10])
    state = closed != nil ? .closed : isWithoutPassword && lastSignIn == nil ? .invited : .active
  }
}
