import ArgumentParser
import Federation
import Foundation
import Records
import Store
import Synchronization

struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "migrate", abstract: "Met la base de données à jour.")

  func run() async throws {
    try await withInstallation(needsSchema: false) { installation in
      let names = try await installation.model.migrate(installation.database)
      print(names.isEmpty ? "La base est à jour." : "Base mise à jour : \(names.joined(separator: ", ")).")
    }
  }
}

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Vérifie le schéma, les données calculées et que chaque chiffre est la somme de ses fiches.")

  func run() async throws {
    try await withInstallation { installation in
      let faults = try await installation.database.read { [model = installation.model, now = installation.now] in
        try model.faults($0, today: Settings($0).today(now()))
      }
      for fault in faults { print(fault) }
      guard faults.isEmpty else {
        throw Refusal(faults.count == 1 ? "La vérification a trouvé un défaut." : "La vérification a trouvé \(faults.count) défauts.")
      }
      print("Tout est en ordre.")
    }
  }
}

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Remplit une base vide d’une fédération inventée, avec un compte par rôle.")

  @Flag(help: "Efface d’abord une démonstration précédente.")
  var reset = false

  /// For `make bench` alone.
  @Option(help: .hidden)
  var taille: String?

  func run() async throws {
    let sizes = FederationSize.measured
    guard let size = taille.map({ sizes[$0] }) ?? .demonstration else {
      throw Refusal("La taille « \(taille ?? "") » n’existe pas\u{A0}; tailles\u{A0}: \(sizes.keys.sorted().joined(separator: ", ")).")
    }
    try await withInstallation(needsSchema: false) { installation in
      let logins = try await Demonstration(installation).make(reset: reset, size: size)
      print("Fédération de démonstration prête. Comptes :")
      for login in logins { print("  \(login.email)  mot de passe : \(login.password)") }
    }
  }
}

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copie toute la base dans un fichier, que l’un et l’autre moteur restaurent.")

  @Argument(help: "Fichier à écrire.")
  var file: String

  func run() async throws {
    try await withInstallation { installation in
      let rows = try await installation.model.backUp(installation.database, to: URL(fileURLWithPath: file))
      // An archive of before is safe only beside the list of those who were erased since.
      guard await installation.keepErasures() else {
        throw Refusal("La sauvegarde est faite, mais la liste des effacements n’a pas pu être écrite : vérifiez MAILLAGE_ERASURES.")
      }
      print("Sauvegarde faite : \(rows) lignes.")
    }
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Remplit une base nouvelle depuis une sauvegarde.")

  @Argument(help: "Fichier de sauvegarde.")
  var file: String

  func run() async throws {
    try await withInstallation(needsSchema: false) { installation in
      let list = try installation.erasureList?.read() ?? []
      let forgotten = Mutex(0)
      let rows = try await installation.model.restore(URL(fileURLWithPath: file), into: installation.database) { connection in
        let count = try installation.forgetAgain(list, connection)
        forgotten.withLock { $0 = count }
      }
      print("Restauration faite : \(rows) lignes.")
      if let place = installation.erasureList?.file, !FileManager.default.fileExists(atPath: place.path) {
        print(
          "Aucune liste des effacements à \(place.path) : si des personnes ont été anonymisées, donnez-la par MAILLAGE_ERASURES et recommencez."
        )
      }
      let count = forgotten.withLock { $0 }
      if count > 0 { print("Effacements refaits : \(count).") }
    }
  }
}
