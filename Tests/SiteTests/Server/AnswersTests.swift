import Federation
import Foundation
import HTTPTypes
import Store
import TestSupport
import Testing

@testable import Site

/// What every answer has in common, whatever it answers.
struct AnswersTests {
  private func expectHeaders(_ answer: Answer, _ what: String) {
    let policy = answer.headers[.contentSecurityPolicy] ?? ""
    for part in [
      "default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
    ] {
      #expect(policy.contains(part), "\(what): \(part)")
    }
    #expect(!policy.contains("unsafe"), "\(what)")
    #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(what)")
    #expect(header("Referrer-Policy", answer) == "same-origin", "\(what)")
    #expect(header("Cross-Origin-Opener-Policy", answer) == "same-origin", "\(what)")
  }

  private func header(_ name: String, _ answer: Answer) -> String? {
    HTTPField.Name(name).flatMap { answer.headers[$0] }
  }

  @Test func everyAnswerCarriesTheSecurityHeaders() async throws {
    try await withDemonstration { world, direction in
      let door = world.visitor
      expectHeaders(try await door.get("/connexion"), "door")
      expectHeaders(try await door.get("/structures"), "redirect")
      expectHeaders(try await door.get("/sante"), "health")
      expectHeaders(try await door.get("/robots.txt"), "robots")
      expectHeaders(try await door.get("/assets/maillage.css"), "style sheet")
      expectHeaders(try await door.get("/assets/inconnu.css"), "missing file")
      expectHeaders(try await door.signIn("x@exemple.fr", "un mot de passe faux"), "refused sign-in")
      expectHeaders(try await door.signIn("direction@demonstration.example", "demonstration-direction"), "sign-in")
      for address in [
        "/structures", "/structures.csv", "/echanges", "/chiffres", "/rapports", "/rapports/2025", "/inconnue", "/structures/x", "/compte",
      ] {
        expectHeaders(try await direction.get(address), address)
      }
      expectHeaders(try await direction.get("/chiffres?chiffre=inconnu"), "refusal")
      expectHeaders(try await direction.post("/deconnexion", []), "forbidden")
      expectHeaders(try await direction.post("/structures", []), "no such form")
      expectHeaders(try await direction.send("/structures", .delete, [:], nil), "no such method")
      expectHeaders(try await direction.send("/structures", .head, [:], nil), "head")
    }
  }

  @Test func overHttpsBrowsersAreToldToStayThere() async throws {
    try await withSite(isSecure: true) { world in
      let door = try await world.visitor.get("/connexion")
      #expect(header("Strict-Transport-Security", door)?.hasPrefix("max-age=") == true)
    }
    try await withSite { world in
      let door = try await world.visitor.get("/connexion")
      #expect(header("Strict-Transport-Security", door) == nil)
    }
  }

  @Test func everyPageIsInFrenchAndIsNotKept() async throws {
    try await withDemonstration { world, direction in
      let structure = try await direction.get("/structures").records(of: "/structures/").first ?? ""
      let exchange = try await direction.get("/echanges").records(of: "/echanges/").first ?? ""
      let pages = [
        "/structures", structure, structure + "?o=etapes", "/echanges", exchange, "/chiffres", "/chiffres?chiffre=contacts.count",
        "/rapports/2025", "/inconnue", "/structures/x", "/chiffres?chiffre=inconnu", "/compte",
      ]
      var answers = [try await world.visitor.get("/connexion")]
      for page in pages { answers.append(try await direction.get(page)) }
      for answer in answers {
        #expect(answer.isPage)
        #expect(answer.text.contains("<html lang=\"fr\""))
        #expect(answer.text.components(separatedBy: "<h1").count == 2)
        #expect(answer.headers[.cacheControl]?.contains("no-store") == true)
        #expect(TagBalance.fault(in: answer.text) == nil)
      }
    }
  }

  @Test func theThemeThatWasChosenIsWrittenByTheServer() async throws {
    try await withSite { world in
      world.visitor.setCookie("theme", "sombre")
      let chosen = try await world.visitor.get("/connexion")
      #expect(chosen.text.contains("<html lang=\"fr\" data-theme=\"sombre\">"))
      world.visitor.setCookie("theme", "x\"><script>")
      #expect(try await world.visitor.get("/connexion").text.contains("<html lang=\"fr\">"))
    }
  }

  @Test(arguments: Engine.allCases) func aFailureShowsAReferenceAndNothingElse(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      await world.installation.database.close()
      for address in ["/structures", "/structures.csv", "/connexion", "/rapports/2025"] {
        let answer = try await visitor.get(address)
        #expect(answer.status == 500, "\(address)")
        expectHeaders(answer, address)
        #expect(answer.text.contains("Numéro de référence"))
        #expect(answer.text.contains("<html lang=\"fr\""))
        for word in ["SELECT", "Error", "error", "sqlite", "postgres", "Database"] {
          #expect(!answer.text.contains(word), "\(address) \(word)")
        }
      }
      #expect(try await visitor.get("/sante").status == 500)
    }
  }

  @Test func robotsAreSentAway() async throws {
    let counter = StatementCounter()
    try await withSite(counting: counter) { world in
      counter.reset()
      let answer = try await world.visitor.get("/robots.txt")
      #expect(answer.status == 200 && answer.text == "User-agent: *\nDisallow: /\n")
      #expect(answer.headers[.contentType] == "text/plain; charset=utf-8" && answer.cookies.isEmpty)
      #expect(counter.count == 0)
    }
  }

  @Test func filesOfTheSiteAreServedAndNoOthers() async throws {
    try await withSite { world in
      let style = try await world.visitor.get("/assets/maillage.css")
      #expect(style.headers[.contentType] == "text/css; charset=utf-8")
      let tag = try #require(style.headers[.eTag])
      let again = try await world.visitor.get("/assets/maillage.css", headers: [.ifNoneMatch: tag])
      #expect(again.status == 304)
      #expect(again.text.isEmpty)
      for address in [
        "/assets/..%2fPackage.swift", "/assets/..%2f..%2fetc%2fpasswd", "/assets/geography", "/assets/geography%2fcommunes.csv", "/assets/",
        "/assets/%00", "/assets/maillage.css%00", "/assets/MAILLAGE.CSS",
      ] {
        let answer = try await world.visitor.get(address)
        #expect([303, 404].contains(answer.status), "\(address)")
        #expect(!answer.text.contains("root:"))
      }
    }
  }
}
