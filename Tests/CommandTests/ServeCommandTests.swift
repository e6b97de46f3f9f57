import Foundation
import Store
import TestSupport
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

struct ServeCommandTests {
  /// Runs `body` with the address of a server on a free port, and ends it by its id.
  private func withServer(
    _ program: Program, environment: [String: String] = [:], _ body: (URL, RunningProgram) async throws -> Void
  ) async throws {
    let server = try await Server.start(program, environment: environment)
    do {
      try await body(server.address, server.process)
      await server.process.terminate()
    } catch {
      await server.process.kill()
      throw error
    }
  }

  private func get(_ url: URL) async throws -> (text: String, answer: HTTPURLResponse) {
    let (data, response) = try await URLSession(configuration: .ephemeral).data(from: url)
    return (String(decoding: data, as: UTF8.self), try #require(response as? HTTPURLResponse))
  }

  @Test(arguments: Engine.allCases) func theSiteAnswersAndEndsWhenTold(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    try await withServer(program) { address, server in
      let health = try await get(address.appending(path: "sante"))
      #expect(health.answer.statusCode == 200)
      #expect(health.text == "ok\n")
      let door = try await get(address.appending(path: "structures"))
      #expect(door.answer.url?.path == "/connexion")
      #expect(door.text.contains("Aucun compte n’existe encore"))
      #expect(door.answer.value(forHTTPHeaderField: "Content-Security-Policy")?.contains("script-src") == true)
      let style = try await get(address.appending(path: "assets/maillage.css"))
      #expect(style.answer.statusCode == 200 && style.text.count > 1_000)
      // A second server finds the port taken.
      let second = try await program.run("serve", "--port", String(address.port ?? 0))
      #expect(second.isRefusal, "\(second.errors)")
      await server.terminate()
      #expect(server.outcome.status == 0, "\(server.outcome.errors)")
    }
    #expect(try await program.run("check").status == 0)
  }

  /// Its database goes and comes back; nobody starts the site again.
  @Test func theSiteComesBackWithItsDatabase() async throws {
    try await TestPostgresServer.with { database async throws in
      let program = Program(location: .postgres(address: database.address))
      try #require(try await program.run("migrate").status == 0)
      try await program.makeAccount()
      try await withServer(program) { address, process async throws in
        let browser = Browser()
        let site = Server(process: process, address: address)
        let secret = try #require(try await browser.signIn(site, Program.email, Program.password).cookie("maillage"))
        for manner in TestPostgresServer.Manner.allCases {
          try await database.stop(manner)
          #expect(try await browser.ask(site, "/sante").status == 500)
          #expect(try await browser.ask(site, "/structures", cookies: ["maillage": secret]).status == 500)
          try await database.start()
          #expect(try await browser.ask(site, "/sante").status == 200)
          #expect(try await browser.isSignedIn(site, secret))
          #expect(try await browser.signIn(site, Program.email, Program.password).status == 303)
        }
        browser.close()
      }
    }
  }

  @Test(arguments: ["https://maillage.exemple.fr", "HTTPS://maillage.exemple.fr/"]) func overHttpsCookiesAreSecure(_ url: String)
    async throws
  {
    try await withServer(try await Program.ready(.sqlite), environment: ["MAILLAGE_BASE_URL": url]) {
      address, _ in
      let cookie = try await get(address.appending(path: "connexion")).answer.value(forHTTPHeaderField: "Set-Cookie")
      #expect(cookie?.hasPrefix("__Host-") == true)
      #expect(cookie?.contains("Secure") == true)
    }
  }

  @Test(arguments: [
    "maillage.exemple.fr", "//maillage.exemple.fr", "https:maillage.exemple.fr", "https://", "ftp://maillage.exemple.fr", "",
  ])
  func theAddressOfTheSiteHasASchemeAndAHost(_ url: String) async throws {
    let run = try await Program.ready(.sqlite).run("serve", "--port", "0", environment: ["MAILLAGE_BASE_URL": url])
    #expect(run.isRefusal, "\(run.errors)")
    #expect(run.errors.contains("MAILLAGE_BASE_URL"))
  }

  @Test(arguments: Engine.allCases) func aDemonstrationStaysAtHome(_ engine: Engine) async throws {
    let program = try await Program.fresh(engine)
    #expect(try await program.run("demo").status == 0)
    for host in ["0.0.0.0", "::", "192.168.1.10", "maillage.exemple.fr", "127.0.0.1.exemple.fr", ""] {
      let refused = try await program.run("serve", "--host", host, "--port", "0")
      #expect(refused.isRefusal, "\(host) \(refused.errors)")
      #expect(refused.errors.contains("démonstration"), "\(host)")
      let byEnvironment = try await program.run("serve", "--port", "0", environment: ["MAILLAGE_HOST": host])
      #expect(byEnvironment.isRefusal, "\(host) \(byEnvironment.errors)")
    }
    // Behind a proxy.
    let proxied = try await program.run("serve", "--port", "0", environment: ["MAILLAGE_BASE_URL": "https://maillage.exemple.fr"])
    #expect(proxied.isRefusal && proxied.errors.contains("démonstration"), "\(proxied.errors)")
    try await withServer(program) { address, _ in
      let health = try await get(address.appending(path: "sante"))
      #expect(health.answer.statusCode == 200)
    }
  }

  @Test(arguments: ["http", "-1", "65536", "80 80", ""]) func aPortIsANumber(_ port: String) async throws {
    let run = try await Program.ready(.sqlite).run("serve", environment: ["MAILLAGE_PORT": port])
    #expect(run.isRefusal, "\(run.errors)")
    #expect(run.errors.contains("MAILLAGE_PORT"))
  }
}
