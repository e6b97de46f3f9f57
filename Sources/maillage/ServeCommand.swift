import ArgumentParser
import Documents
import Federation
import Foundation
import Hummingbird
import Logging
import Records
import Site
import Store
import WebSupport

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "serve", abstract: "Sert le site.")

  @Option(help: "Adresse d’écoute ; à défaut MAILLAGE_HOST, sinon 127.0.0.1.")
  var host: String?

  @Option(help: "Port ; à défaut MAILLAGE_PORT, sinon 8080.")
  var port: Int?

  func run() async throws {
    let configuration = try Configuration()
    let (host, port) = (host ?? configuration.host, port ?? configuration.port)
    guard (0...65_535).contains(port) else { throw Refusal("Le port doit être un nombre de 0 à 65535.") }
    if configuration.database.isMissing { throw SchemaError.missing }
    let installation = try configuration.installation(patience: .interactive)
    try await installation.verifySchema()
    try await refusePublicDemonstration(installation, hosts: [host, configuration.publicHost].compactMap(\.self))
    let logger = Logger(label: "maillage")
    let files = StaticFiles(folders: try Configuration.staticFolders())
    if !files.contains("inter-400.woff2") { print("Police Inter absente : lancez « make setup » (le site fonctionne sans elle).") }
    if !files.contains("leaflet.js") { print("Carte mobile absente : lancez « make setup » (la carte reste un dessin).") }
    let compiler = try Configuration.compiler()
    if !compiler.isInstalled { print("Mise en page des PDF absente : lancez « make setup » (le site fonctionne sans elle).") }
    let site = Site(installation, files: files, isSecure: configuration.isSecure, proxies: configuration.proxies, compiler: compiler)
    let application = site.application(host: host, port: port, logger: logger) { port in
      // Without a buffer, so that whoever waits for this line sees it at once.
      try? FileHandle.standardOutput.write(contentsOf: Data("Maillage répond sur http://\(host):\(port)\n".utf8))
    }
    do {
      try await application.runService()
    } catch let error where !(error is Refusal) {
      throw Refusal("Le site n’a pas pu être servi sur \(host):\(port) : le port est peut-être déjà pris.")
    }
    await installation.database.close()
  }

  /// The passwords of a demonstration are known to everybody.
  private func refusePublicDemonstration(_ installation: Installation, hosts: [String]) async throws {
    guard !Set(hosts).isSubset(of: ["127.0.0.1", "localhost", "::1"]) else { return }
    let isDemonstration = try await installation.database.read { [now = installation.now] connection in
      let settings = try Settings(connection)
      return settings.text(.isDemonstration, on: settings.today(now())) == "oui"
    }
    if isDemonstration { throw Refusal("Une base de démonstration ne se sert que sur 127.0.0.1 : ses mots de passe sont connus.") }
  }
}
