import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

/// Several `maillage serve` and `maillage jobs` on one PostgreSQL are one installation.
struct SeveralServersTests {
  private func withTwoServers(_ program: Program, _ body: (Server, Server, Browser) async throws -> Void) async throws {
    let browser = Browser()
    let one = try await Server.start(program)
    do {
      let two = try await Server.start(program)
      do {
        try await body(one, two, browser)
      } catch {
        await two.process.kill()
        throw error
      }
      await two.process.terminate()
    } catch {
      await one.process.kill()
      throw error
    }
    await one.process.terminate()
    browser.close()
    #expect(one.process.outcome.status == 0)
  }

  @Test func aSessionIsOpenedAndClosedOnAllOfThem() async throws {
    let program = try await Program.ready(.postgres)
    try await program.makeAccount()
    try await withTwoServers(program) { one, two, browser async throws in
      #expect(one.address != two.address)
      let secret = try #require(try await browser.signIn(one, Program.email, Program.password).cookie("maillage"))
      for server in [one, two] { #expect(try await browser.isSignedIn(server, secret)) }
      // The form of one, sent to the other: a balancer may do that.
      let crossed = try #require(try await browser.signIn(one, sendingTo: two, Program.email, Program.password).cookie("maillage"))
      #expect(try await browser.isSignedIn(one, crossed))
      #expect(try await browser.signOut(two, secret))
      for server in [one, two] { #expect(try await !browser.isSignedIn(server, secret)) }
      #expect(try await browser.isSignedIn(two, crossed))
    }
  }

  @Test func whatACommandBringsIsSeenOnAllOfThem() async throws {
    let program = try await Program.ready(.postgres)
    try await program.makeAccount()
    try await withTwoServers(program) { one, two, browser async throws in
      let secret = try #require(try await browser.signIn(one, Program.email, Program.password).cookie("maillage"))
      let cookies = ["maillage": secret]
      for name in ["Maison de la Source", "Maison du Pré"] {
        for server in [one, two] { #expect(try await !browser.ask(server, "/structures", cookies: cookies).text.contains(name)) }
        let path = try file("reference;type;nom;departement\nS1;msp;\(name);38\n")
        #expect(try await program.run("import", "structures", path).status == 0)
        for server in [one, two] { #expect(try await browser.ask(server, "/structures", cookies: cookies).text.contains(name)) }
      }
      #expect(try await program.run("settings", "nom", "Fédération des deux portes").status == 0)
      for server in [one, two] {
        #expect(try await browser.ask(server, "/structures", cookies: cookies).text.contains("Fédération des deux portes"))
      }
    }
  }

  @Test func aJobThatIsPostedOnceRunsOnce() async throws {
    let program = try await Program.ready(.postgres)
    let count = 30
    try await TestMailServer.with(.accept) { mail async throws in
      let environment = [
        "MAILLAGE_SMTP_URL": "smtp://127.0.0.1:\(mail.port)?tls=aucun", "MAILLAGE_MAIL_FROM": "contact@federation.example",
      ]
      let runners = try (0..<3).map { _ in try program.start(["jobs", "run"], environment: environment) }
      while runners.contains(where: { $0.isRunning && !$0.outcome.text.contains("à mesure") }) {
        try await Task.sleep(for: .milliseconds(20))
      }
      let database = try program.location.open()
      let outbox = Outbox(ids: IdentifierSource(), now: { Date() }, domain: "exemple.fr")
      try await database.write { connection in
        for number in 0..<count {
          let letter = OutgoingMail(to: [.init("camille@exemple.fr")], subject: "Lettre \(number)", text: "Bonjour,\n")
          try outbox.post(letter, as: .letter, connection)
        }
      }
      while try await database.read({ try PostedMail.list([.sent], $0).count }) < count, runners.allSatisfy(\.isRunning) {
        try await Task.sleep(for: .milliseconds(50))
      }
      // Whoever looks once more finds nothing left.
      #expect(try await program.run("jobs", "once", environment: environment).lines.first?.hasPrefix("Travaux faits : 0") == true)
      for runner in runners {
        kill(runner.identifier, SIGTERM)
        await runner.end()
        #expect(runner.outcome.status == 0, "\(runner.outcome.errors)")
      }
      await database.close()
      #expect(try mail.messages().compactMap { $0.header("Subject") }.sorted() == (0..<count).map { "Lettre \($0)" }.sorted())
    }
  }
}
