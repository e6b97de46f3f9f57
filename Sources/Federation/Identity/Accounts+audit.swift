import Records
import Store

/// What happens to accounts, in the audit trail.
extension Operation {
  public static let accountCreation = Operation(rawValue: "compte")
  public static let passwordChange = Operation(rawValue: "mot_de_passe")
  public static let invitation = Operation(rawValue: "invitation")
  public static let accountClosing = Operation(rawValue: "fermeture")
  public static let accountReopening = Operation(rawValue: "reouverture")
  public static let roleChange = Operation(rawValue: "role")
  public static let roleSwitch = Operation(rawValue: "prise_de_role")
  public static let secondFactorOn = Operation(rawValue: "double_authentification")
  public static let secondFactorOff = Operation(rawValue: "fin_double_authentification")
  public static let recoveryCodes = Operation(rawValue: "codes_de_secours")
  public static let feedCreation = Operation(rawValue: "agenda")
  public static let feedRemoval = Operation(rawValue: "fin_agenda")
  public static let keyCreation = Operation(rawValue: "cle")
  public static let keyRemoval = Operation(rawValue: "fin_cle")
  public static let passkeyCreation = Operation(rawValue: "cle_acces")
  public static let passkeyRenaming = Operation(rawValue: "nom_cle_acces")
  public static let passkeyRemoval = Operation(rawValue: "fin_cle_acces")
  public static let passkeyDoubt = Operation(rawValue: "cle_acces_refusee")
  public static let sessionEnd = Operation(rawValue: "deconnexion")
}

extension Accounts {
  static let auditKind = "comptes"

  /// Writes an event about an account, and what of it changed: never a password, a link or a code.
  /// - Parameter actor: `nil` for a command run by hand.
  func note(
    _ operation: Operation, on account: Identifier<Account>, by actor: Identifier<Account>?, from old: [String: String] = [:],
    to new: [String: String] = [:], _ connection: any Connection
  ) throws {
    let version: Int =
      operation == .accountCreation
      ? 1 : try connection.value("UPDATE account SET version = version + 1 WHERE id = \(account) RETURNING version") ?? 1
    try Recorder(ids: ids, now: now, actor: actor?.rawValue)
      .note(operation, Self.auditKind, account.rawValue, from: old, to: new, version: version, connection)
  }
}
