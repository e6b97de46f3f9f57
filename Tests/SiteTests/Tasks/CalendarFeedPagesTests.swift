import Federation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

struct CalendarFeedPagesTests {
  private let tasks = """
    titre;echeance;nature;heure;structure;affectee_a;note;reference
    Rappeler la mairie, puis l’ARS;2026-11-18;tache;;S1;referent@exemple.fr;Mme X est malade;T1
    Comité technique;2026-11-25;rendez_vous;14:00;;referent@exemple.fr;;T3
    Mettre le site à jour;2026-11-23;tache;;;direction@exemple.fr;;T4
    """

  private func withWorld(
    _ engine: Engine = .sqlite, siteURL: String? = "https://maillage.exemple.fr",
    _ body: @Sendable (SiteWorld, Visitor) async throws -> Void
  ) async throws {
    try await withSite(engine, siteURL: siteURL) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.account(.direction)
      let visitor = try await world.signedIn(.referent)
      #expect(try await world.installation.bring("taches", tasks).created == 3)
      try await body(world, visitor)
    }
  }

  /// The path of an address just made.
  private func make(_ visitor: Visitor) async throws -> String {
    let csrf = try await visitor.get("/compte").field("csrf") ?? ""
    let page = try await visitor.post("/compte/agenda", [("csrf", csrf)])
    #expect(page.status == 200 && page.headers[.cacheControl] == "private, no-store" && TagBalance.fault(in: page.text) == nil)
    return String(try #require(page.text.firstMatch(of: /readonly value="[^"]*?(\/agenda\/[0-9a-f]{64}\.ics)"/)).1)
  }

  @Test(arguments: Engine.allCases) func aCalendarReadsOnesTasksWithoutASession(_ engine: Engine) async throws {
    try await withWorld(engine) { world, visitor async throws in
      let path = try await make(visitor)
      let calendar = world.visitor.stranger()
      let answer = try await calendar.get(path)
      #expect(answer.status == 200 && answer.headers[.contentType] == "text/calendar; charset=utf-8")
      #expect(answer.headers[.cacheControl] == "private, max-age=300" && calendar.cookies.isEmpty)
      #expect(answer.text.hasPrefix("BEGIN:VCALENDAR\r\n") && answer.text.hasSuffix("END:VCALENDAR\r\n"))
      let text = answer.text.replacing("\r\n ", with: "")
      for line in [
        "SUMMARY:Rappeler la mairie\\, puis l’ARS", "DTSTART;VALUE=DATE:20261118", "SUMMARY:Comité technique",
        "DTSTART;TZID=Europe/Paris:20261125T140000", "CATEGORIES:Rendez-vous", "TRANSP:OPAQUE",
      ] { #expect(text.contains("\(line)\r\n"), "\(line)") }
      let page = try #require(text.firstMatch(of: /URL:https:\/\/maillage\.exemple\.fr(\/taches\/[0-9A-Z]{13}\/modifier)\r\n/)).1
      #expect(try await visitor.get(String(page)).status == 200)
      // Nothing that the tasks' page does not show: neither notes, nor people, nor what others have to do.
      for word in ["malade", "Mme", "referent@", "Odile", "Mettre le site"] { #expect(!text.contains(word), "\(word)") }
      // Asked again, it is the same.
      #expect(try await calendar.get(path).text == answer.text)
      #expect(try await calendar.send(path, .head, [:], nil).status == 200)
      #expect(try await !visitor.get("/compte").text.contains(path))
    }
  }

  @Test func whatIsNoAddressAnyMoreIsAnsweredLikeWhatNeverWas() async throws {
    try await withWorld { world, visitor async throws in
      let (first, second) = (try await make(visitor), try await make(visitor))
      let calendar = world.visitor.stranger()
      #expect(try await calendar.get(second).status == 200)
      let csrf = try await visitor.get("/compte").field("csrf") ?? ""
      #expect(try await visitor.post("/compte/agenda/fin", []).status == 403)
      #expect(try await visitor.post("/compte/agenda/fin", [("csrf", csrf)]).location == "/compte?fait=fin-agenda")
      #expect(try await visitor.get("/compte?fait=fin-agenda").text.contains("ne répond plus"))
      let unknown = try await calendar.get("/agenda/\(String(repeating: "0", count: 64)).ics")
      #expect(unknown.status == 404)
      for path in [first, second, "/agenda/x.ics", "/agenda/.ics", String(second.dropLast(4)), "/agenda/x"] {
        let answer = try await calendar.get(path)
        #expect(answer.status == 404 && answer.text == unknown.text, "\(path)")
      }
      #expect(try await calendar.post(second, []).status == 404)
    }
  }

  @Test func calendarsAskNotWithoutEnd() async throws {
    try await withWorld { world, visitor async throws in
      let path = try await make(visitor)
      for _ in 0..<60 { #expect(try await world.visitor.get(path).status == 200) }
      let refused = try await world.visitor.get(path)
      #expect(refused.status == 429 && refused.headers[.retryAfter] == "900")
    }
  }

  @Test func withoutTheSitesAddressThePathIsShown() async throws {
    try await withWorld(siteURL: nil) { world, visitor async throws in
      let path = try await make(visitor)
      let text = try await world.visitor.stranger().get(path).text
      #expect(text.contains("BEGIN:VEVENT") && !text.contains("URL:"))
    }
  }

  @Test func aRoleWithoutTasksHasNoAddress() async throws {
    try await withSite { world async throws in
      let visitor = try await world.signedIn(.ca)
      let page = try await visitor.get("/compte")
      #expect(page.actions(to: "/compte/agenda").isEmpty)
      let refused = try await visitor.post("/compte/agenda", [("csrf", page.field("csrf") ?? "")])
      #expect(refused.status == 422 && refused.text.contains("Votre rôle n’ouvre pas les tâches\u{A0}:"))
    }
  }
}
