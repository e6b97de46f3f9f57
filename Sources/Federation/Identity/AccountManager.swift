import Foundation
import Records
import Store

/// What direction, and who administers the system, do with accounts; or a command run by hand, without an actor.
public struct AccountManager: Sendable {
  let accounts: Accounts
  let actor: Account?

  /// Who an account is for, as a form or a command says it.
  public struct Profile: Sendable {
    public var email: String
    public var name: String
    public var role: Role
    /// Further roles, between which the person chooses.
    public var others: [Role]
    public var territory: String?
    /// The reference of the person's own team.
    public var structure: String?
    /// The numbers of the départements whose sheets are open to the person, separated by spaces or commas.
    public var departments: String?

    public init(
      email: String, name: String, role: Role, others: [Role] = [], territory: String? = nil, structure: String? = nil,
      departments: String? = nil
    ) {
      self.email = email
      self.name = name
      self.role = role
      self.others = others
      self.territory = territory
      self.structure = structure
      self.departments = departments
    }
  }

  /// Makes an account without a password and posts the letter that lets its person choose one.
  /// - Throws: `FieldRefusal` (`courriel`, `nom`, `role`, `territoire`, `structure`), `Refusal`.
  public func invite(_ profile: Profile) async throws -> Identifier<Account> {
    guard accounts.sendsLinks else { throw Refusal.noSiteAddress }
    guard let email = try? EmailAddress.reading(Accounts.normalised(profile.email)) else {
      throw FieldRefusal("courriel", "Saisissez une adresse de courriel, par exemple prenom.nom@exemple.fr.")
    }
    let name = profile.name.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !name.isEmpty, name.count <= 120 else { throw FieldRefusal("nom", "Saisissez un nom de 1 à 120 caractères.") }
    let roles = Role.ordered(profile.role, profile.others)
    try checkPower(over: roles)
    return try await accounts.database.write { [accounts, actor] connection in
      let place = try Place(roles, profile.territory, profile.structure, profile.departments, connection)
      if try connection.value("SELECT 1 FROM account WHERE email = \(email)", as: Int.self) != nil {
        throw FieldRefusal("courriel", "Un compte existe déjà pour cette adresse : cherchez-le dans la liste.")
      }
      let account = Account(
        id: accounts.ids.next(), email: email, name: name, role: profile.role, roles: roles, territory: place.territory,
        departments: place.departments)
      try accounts.insert(account, structure: place.structure, hash: "", by: actor?.id, connection)
      try accounts.sendInvitation(to: account.id, email, name, by: actor, connection)
      return account.id
    }
  }

  /// Sends another link, which takes the place of the earlier ones.
  /// - Throws: `Refusal` when the person has come in already, or the account is closed.
  public func inviteAgain(_ id: Identifier<Account>) async throws {
    try await change(id) { account, connection in
      guard account.state == .invited else {
        throw Refusal("Cette personne est déjà entrée : elle peut recevoir un lien depuis la page de connexion.")
      }
      try accounts.sendInvitation(to: id, account.email, account.name, by: actor, connection)
    }
  }

  /// Shuts somebody out from this moment on; what they did keeps their name.
  public func close(_ id: Identifier<Account>) async throws {
    guard id != actor?.id else { throw Refusal("On ne ferme pas son propre compte : demandez-le à un autre compte de direction.") }
    try await change(id) { account, connection in
      guard account.state != .closed else { return }
      let moment = Instant(accounts.now())
      try connection.execute("UPDATE account SET closed_at = \(moment) WHERE id = \(id)")
      try accounts.endEverything(of: id, at: moment, connection)
      try accounts.expectDirection(connection)
      try accounts.note(.accountClosing, on: id, by: actor?.id, to: ["ferme_le": moment.description], connection)
    }
  }

  public func reopen(_ id: Identifier<Account>) async throws {
    try await change(id) { account, connection in
      guard account.state == .closed else { return }
      try connection.execute("UPDATE account SET closed_at = NULL WHERE id = \(id)")
      try accounts.note(.accountReopening, on: id, by: actor?.id, connection)
    }
  }

  /// Gives another ordinary role and other further ones, with the place they ask for. The person's sessions end: the next one
  /// begins under the ordinary role.
  /// - Throws: `FieldRefusal` (`territoire`, `structure`), `Refusal`.
  public func changeRole(
    of id: Identifier<Account>, to role: Role, others: [Role] = [], territory: String?, structure: String?, departments: String? = nil
  ) async throws {
    let roles = Role.ordered(role, others)
    try checkPower(over: roles)
    try await change(id) { account, connection in
      let place = try Place(roles, territory, structure, departments, connection)
      let known = (account.roles, account.territory, account.structure, account.departments)
      guard known != (roles, place.territory, place.reference, place.departments) else { return }
      try connection.execute(
        """
        UPDATE account SET role = \(role), territory = \(place.territory), structure_id = \(place.structure),
          departments = \(place.departments.joined(separator: " ")) WHERE id = \(id)
        """)
      try connection.execute("DELETE FROM account_role WHERE account_id = \(id)")
      try accounts.insert(roles.dropFirst(), of: id, connection)
      try accounts.endEverything(of: id, at: nil, connection)
      try accounts.expectDirection(connection)
      try accounts.note(
        .roleChange, on: id, by: actor?.id,
        from: Self.audited(account.roles, account.territory, account.structure, account.departments),
        to: Self.audited(roles, place.territory, place.reference, place.departments), connection)
    }
  }

  private static func audited(
    _ roles: [Role], _ territory: String?, _ structure: String?, _ departments: [String]
  ) -> [String: String] {
    let others = roles.count > 1 ? Role.codes(roles.dropFirst()) : nil
    let opened = departments.isEmpty ? nil : departments.joined(separator: " ")
    return ["role": roles.first?.rawValue, "autres_roles": others, "territoire": territory, "structure": structure, "departements": opened]
      .compactMapValues(\.self)
  }

  /// Runs one change on an account that the actor has power over.
  func change(
    _ id: Identifier<Account>, _ work: @escaping @Sendable (AccountSummary, any Connection) throws -> Void
  ) async throws {
    try await accounts.database.write { connection in
      guard let account = try AccountSummary(id, connection) else { throw Refusal("Ce compte n’existe pas.") }
      try checkPower(over: account.roles)
      try work(account, connection)
    }
  }

  /// Whoever administers the system makes accounts, but not more powerful ones than their own.
  private func checkPower(over roles: [Role]) throws {
    if let actor, actor.role != .direction, roles.contains(.direction) {
      throw Refusal("Seule la direction donne, change ou ferme un accès de direction.")
    }
  }
}

extension Accounts {
  /// Somebody must be left who can open everything: one who comes in, not one who is invited.
  func expectDirection(_ connection: any Connection) throws {
    let left = try connection.value(
      """
      SELECT 1 FROM account a
      WHERE a.closed_at IS NULL AND (a.password_hash <> '' OR a.signed_in_at IS NOT NULL) AND \(Account.holds(.direction)) LIMIT 1
      """, as: Int.self)
    if left == nil { throw Refusal("C’est le dernier accès de direction : donnez d’abord ce rôle à quelqu’un d’autre.") }
  }
}

/// The territory, the team or the départements that roles act for.
struct Place {
  let territory: String?
  let structure: Identifier<Structure>?
  /// The reference of the structure.
  let reference: String?
  let departments: [String]

  /// - Throws: `FieldRefusal` when a role asks for one that is missing, or it does not exist.
  init(_ roles: [Role], _ territory: String?, _ reference: String?, _ departments: String?, _ connection: any Connection) throws {
    self.departments = Self.departments(departments)
    if let other = try Self.unknown(self.departments, connection) {
      throw FieldRefusal("departements", Self.sentence(unknown: other))
    }
    if roles.contains(where: \.needsDepartments), self.departments.isEmpty {
      throw FieldRefusal("departements", "Un partenaire lit la fiche de départements : donnez leurs numéros.")
    }
    self.territory = territory.flatMap { $0.isEmpty ? nil : $0 }
    let given = reference?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    if let territory = self.territory, try connection.value("SELECT 1 FROM territory WHERE code = \(territory)", as: Int.self) == nil {
      throw FieldRefusal("territoire", "Ce territoire n’existe pas : choisissez-en un dans la liste.")
    }
    if roles.contains(where: \.needsTerritory), self.territory == nil {
      throw FieldRefusal("territoire", "Un référent lit les échanges de son territoire : choisissez-le.")
    }
    if given.isEmpty {
      guard !roles.contains(where: \.needsTeam) else {
        throw FieldRefusal("structure", "Ce rôle est celui d’une équipe : saisissez la référence de la sienne.")
      }
      (structure, self.reference) = (nil, nil)
    } else {
      let index = try StructureIndex(connection)
      guard let id = try? index.identifier(given) else {
        throw FieldRefusal("structure", "Aucune équipe n’a la référence « \(given.prefix(40)) ».")
      }
      (structure, self.reference) = (id, index.reference(of: id))
    }
  }
}

extension Place {
  /// The codes of départements as people write them, once each.
  static func departments(_ text: String?) -> [String] {
    Set((text ?? "").split { $0.isWhitespace || ",;".contains($0) }.map { $0.uppercased() }).sorted()
  }

  /// The first that is no département's.
  static func unknown(_ departments: [String], _ connection: any Connection) throws -> String? {
    let known: [String] = try connection.rows("SELECT code FROM department WHERE code IN \(list: departments)").map { try $0[0] }
    return departments.first { !known.contains($0) }
  }

  static func sentence(unknown department: String) -> String {
    "Le département « \(department.prefix(20)) » n’existe pas : donnez des numéros, par exemple 38 73."
  }
}

extension Role {
  public var needsDepartments: Bool { self == .partenaire }
  /// Without one, the role reads less than it should.
  public var needsTerritory: Bool { self == .referent }
  public var needsTeam: Bool { self == .gestionnaireEquipe || self == .membreEquipe }
}
