import Documents
import Federation
import Foundation
import Mail
import Records
import Store
import WebSupport

/// What the environment says, read once at start.
struct Configuration: Sendable {
  let database: DatabaseLocation
  let host: String
  let port: Int
  private let baseURL: URL?
  let proxies: TrustedProxies
  private let mailDomain: String
  /// Who was erased: beside the database's file, or where somebody says, one place for all servers of a database.
  private let erasureList: ErasureList

  /// - Throws: `Refusal` that names the variable at fault, never its value.
  init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    guard let database = DatabaseLocation(environment["MAILLAGE_DATABASE"] ?? "sqlite:data/maillage.sqlite") else {
      throw Refusal("MAILLAGE_DATABASE doit être sqlite:CHEMIN ou postgres://…")
    }
    guard let port = Int(environment["MAILLAGE_PORT"] ?? "8080"), (0...65_535).contains(port) else {
      throw Refusal("MAILLAGE_PORT doit être un numéro de port.")
    }
    guard let proxies = TrustedProxies(environment["MAILLAGE_PROXIES"] ?? "") else {
      throw Refusal("MAILLAGE_PROXIES doit être une suite d’adresses ou de réseaux, par exemple « 10.0.0.2 192.168.0.0/24 ».")
    }
    self.proxies = proxies
    self.database = database
    let folder =
      if case .sqlite(let path) = database { URL(fileURLWithPath: path).deletingLastPathComponent() } else { URL(fileURLWithPath: "data") }
    erasureList = ErasureList(
      environment["MAILLAGE_ERASURES"].map { URL(fileURLWithPath: $0) } ?? folder.appending(path: "effacements.jsonl"))
    self.port = port
    host = environment["MAILLAGE_HOST"] ?? "127.0.0.1"
    baseURL = try environment["MAILLAGE_BASE_URL"].map(Self.siteAddress)
    let sender = environment["MAILLAGE_MAIL_FROM"].flatMap { MailAddress(parsing: $0) }
    mailDomain = sender?.domain ?? baseURL?.host() ?? "localhost"
  }

  /// The site is reached by https.
  var isSecure: Bool { baseURL?.scheme?.lowercased() == "https" }

  /// The name under which people reach the site.
  var publicHost: String? { baseURL?.host() }

  /// Whatever else would pass for an address without https, of no host.
  private static func siteAddress(_ text: String) throws -> URL {
    guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()), let host = url.host(), !host.isEmpty else {
      throw Refusal("MAILLAGE_BASE_URL doit être l’adresse du site, comme https://maillage.exemple.fr")
    }
    return url
  }

  func installation(patience: PostgresDatabase.Patience) throws -> Installation {
    Installation(
      database: try database.open(patience: patience), geography: Geography(folder: try Self.assets().appending(path: "geography")),
      mailDomain: mailDomain, siteURL: baseURL?.absoluteString, erasureList: erasureList)
  }

  /// The folder `Assets`, walking up from the executable, else in the current folder.
  /// - Throws: `Refusal`.
  static func assets() throws -> URL {
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() ?? URL(fileURLWithPath: CommandLine.arguments[0])
    var folder = executable.deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "Assets")
      if FileManager.default.fileExists(atPath: candidate.appending(path: "geography").path) { return candidate }
      folder.deleteLastPathComponent()
    }
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).appending(path: "Assets")
    guard FileManager.default.fileExists(atPath: here.path) else {
      throw Refusal("Le dossier Assets est introuvable, à côté du programme comme dans le dossier courant.")
    }
    return here
  }
}

extension Configuration {
  /// The project's own files, and those that set-up brings.
  static func staticFolders() throws -> [URL] { [try assets(), try tools().appending(path: "web")] }

  /// What lays out PDF files.
  static func compiler() throws -> TypstCompiler {
    TypstCompiler(tools: try tools(), templates: try assets().deletingLastPathComponent().appending(path: "Typst"))
  }

  private static func tools() throws -> URL {
    try ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(fileURLWithPath: $0) }
      ?? assets().deletingLastPathComponent().appending(path: ".tools")
  }
}

/// Runs `work` with the installation that the environment names, and closes its database.
func withInstallation<Value>(
  needsSchema: Bool = true, _ work: (Installation) async throws -> Value
) async throws -> Value {
  let configuration = try Configuration()
  // Opening would make an empty file where somebody mistyped a path.
  if needsSchema, configuration.database.isMissing { throw SchemaError.missing }
  let installation = try configuration.installation(patience: .maintenance)
  do {
    if needsSchema { try await installation.verifySchema() }
    let value = try await work(installation)
    await installation.database.close()
    return value
  } catch {
    await installation.database.close()
    throw error
  }
}
