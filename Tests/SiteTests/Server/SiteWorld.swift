import Documents
import Federation
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Records
import Store
import TestSupport
import WebSupport

@testable import Site

/// What a test of the site starts from.
struct SiteWorld: Sendable {
  let installation: Installation
  /// Somebody who has not signed in.
  let visitor: Visitor

  static let password = "un mot de passe correct"

  /// Makes an account of `role` and signs it in, as a visitor of its own.
  func signedIn(_ role: Role = .direction) async throws -> Visitor {
    let email = try await account(role)
    return try await visitor.stranger().signedIn(email, Self.password)
  }

  /// - Returns: the address of the account.
  @discardableResult
  func account(_ role: Role = .direction) async throws -> String {
    try await installation.accounts.create(
      email: "\(role.rawValue)@exemple.fr", name: "Odile Marchandet", role: role, password: Self.password
    ).email
  }
}

/// Runs `body` in front of a site of its own, on an empty federation unless told otherwise.
func withSite(
  _ engine: Engine = .sqlite, holding content: TestContent = .nothing, isSecure: Bool = false, counting counter: StatementCounter? = nil,
  siteURL: String? = nil,
  compiler: TypstCompiler? = nil, now: @escaping @Sendable () -> Date = { TestClock.now },
  _ body: @Sendable (SiteWorld) async throws -> Void
) async throws {
  try await withInstallation(engine, holding: content, siteURL: siteURL, now: now) { plain in
    let installation = counter.map { counter in
      Installation(
        database: CountingDatabase(base: plain.database, counter: counter), geography: TestDatabases.geography, ids: plain.ids,
        hasher: PasswordHasher(memory: 8, passes: 1), now: plain.now)
    }
    try await serve(installation ?? plain, isSecure: isSecure, compiler: compiler, body)
  }
}

/// The demonstration's federation behind a site, with its direction signed in.
func withDemonstration(
  _ engine: Engine = .sqlite, counting counter: StatementCounter? = nil, _ body: @Sendable (SiteWorld, Visitor) async throws -> Void
) async throws {
  try await withSite(engine, holding: .demonstration, counting: counter) { world in
    let login = Demonstration.Login(.direction)
    try await body(world, try await world.visitor.stranger().signedIn(login.email, login.password))
  }
}

func serve(
  _ installation: Installation, isSecure: Bool = false, compiler: TypstCompiler? = nil,
  _ body: @Sendable (SiteWorld) async throws -> Void
) async throws {
  var logger = Logger(label: "site tests")
  logger.logLevel = .critical
  let files = StaticFiles(folders: [TestDatabases.root.appending(path: "Assets")])
  let application = Site(installation, files: files, isSecure: isSecure, compiler: compiler).application(
    host: "127.0.0.1", port: 0, logger: logger)
  try await application.test(.router) { client in
    try await body(SiteWorld(installation: installation, visitor: Visitor(client)))
  }
}
