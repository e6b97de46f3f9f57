import ArgumentParser
import Federation
import Records
import Store

struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Gère les comptes.",
    subcommands: [CreateUserCommand.self, ListUsersCommand.self, UserPasswordCommand.self, UserCodeCommand.self])
}

struct CreateUserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "create", abstract: "Crée un compte.")

  @Option(help: "Adresse de courriel.")
  var email: String

  @Option(help: "Nom affiché ; à défaut, celui de l’adresse.")
  var nom: String?

  @Option(help: "Code du rôle, par exemple direction ou charge_mission.")
  var role: String

  @Option(help: "Code d’un autre rôle que la personne peut prendre ; l’option se répète.")
  var autreRole: [String] = []

  @Flag(help: "Lit le mot de passe sur l’entrée standard ; sinon il est tiré au sort et affiché.")
  var passwordStdin = false

  @Option(help: "Code du territoire suivi.")
  var territoire: String?

  @Option(help: "Référence de la structure de la personne.")
  var structure: String?

  @Option(help: "Numéros des départements dont un partenaire lit la fiche, séparés par des espaces.")
  var departements: String?

  func run() async throws {
    let (role, others) = (try Self.role(role), try autreRole.map(Self.role))
    let given = passwordStdin ? readLine(strippingNewline: true) ?? "" : nil
    let password = given ?? String(Accounts.secret().prefix(20))
    try await withInstallation { installation in
      let account = try await installation.accounts.create(
        email: email, name: nom, role: role, others: others, territory: territoire, structure: structure, departments: departements,
        password: password)
      if ([role] + others).contains(where: \.needsTerritory), territoire == nil {
        print("Sans --territoire, ce compte ne verra aucun échange.")
      }
      if ([role] + others).contains(where: \.needsDepartments), departements == nil {
        print("Sans --departements, ce compte ne lira aucune fiche.")
      }
      print("Compte créé : \(account.email) (\(role.label))")
      if given == nil { print("Mot de passe : \(password)") }
    }
  }

  private static func role(_ code: String) throws -> Role {
    guard let role = Role(rawValue: code) else {
      throw Refusal("Le rôle « \(code) » n’existe pas ; rôles : \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return role
  }
}

struct ListUsersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Montre les comptes.")

  func run() async throws {
    try await withInstallation { installation in
      let accounts = try await installation.database.read { try AccountSummary.all($0) }
      for account in accounts {
        let place = ([account.territory, account.structure] + account.departments).compactMap(\.self).map { "  \($0)" }.joined()
        let last = account.lastSignIn.map { "dernière connexion : \($0)" } ?? "jamais connecté"
        print(
          "\(account.email)  \(account.name)  \(account.roles.map(\.rawValue).joined(separator: ","))\(place)  \(account.state.label.lowercased())  \(last)"
        )
      }
      if accounts.isEmpty { print("Aucun compte ; « maillage user create » fait le premier.") }
    }
  }
}

struct UserPasswordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Donne un autre mot de passe à un compte et ferme ses sessions.")

  @Argument(help: "Adresse de courriel du compte.")
  var email: String

  @Flag(help: "Lit le mot de passe sur l’entrée standard ; sinon il est tiré au sort et affiché.")
  var passwordStdin = false

  func run() async throws {
    let given = passwordStdin ? readLine(strippingNewline: true) ?? "" : nil
    let password = given ?? String(Accounts.secret().prefix(20))
    try await withInstallation { installation in
      try await installation.accounts.resetPassword(ofEmail: email, to: password)
      print("Mot de passe changé ; les sessions du compte sont fermées.")
      if given == nil { print("Mot de passe : \(password)") }
    }
  }
}

struct UserCodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset-code", abstract: "Retire la double authentification d’un compte et ferme ses sessions.")

  @Argument(help: "Adresse de courriel du compte.")
  var email: String

  func run() async throws {
    try await withInstallation { installation in
      try await installation.accounts.removeSecondFactor(ofEmail: email)
      print("Double authentification retirée ; les sessions du compte sont fermées.")
    }
  }
}
