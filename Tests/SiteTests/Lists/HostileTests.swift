import Federation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What people and machines send that was never meant.
struct HostileTests {
  private static let texts =
    [
      "'", "\"", "%", "_", "\\", "'; DROP TABLE structure; --", "🩺👩🏽‍⚕️", "\u{0}", "a\u{0}b", "\u{202E}x", "<script>alert(1)</script>", "-",
      "--",
      "-1", "99999999999999999999", "-9223372036854775808", "٣", "２０２５", "0001-01-01", "9999-12-31", "9999-12-30", "1000", "9999", "0999",
      "2026-02-30", " ", "\r\n", "contacts.count", "structures.professionals", "non_renseigne",
    ].map(encoded) + [
      String(repeating: "a", count: 5_000), encoded(String(repeating: "é", count: 1_700)), String(repeating: "%25", count: 1_700), "%",
      "%zz",
      "%ff%fe", "%C3", "%F0%9F", "%00", "", "&&=&", "a&q=b&q=c", "+",
    ]

  @Test(arguments: Engine.allCases) func noAddressBreaksAPage(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures").records(of: "/structures/").first)
      let lists = ["/structures", "/structures.csv", "/echanges", "/echanges.csv"]
      let questions =
        lists.flatMap { list in ["q", "tri", "page", "annee", "date", "chiffre", "type", "territoire"].map { "\(list)?\($0)=" } }
        + ["chiffre", "annee"].map { "/chiffres?\($0)=" }
        + ["par", "puis", "annee", "date", "departement"].map { "/chiffres?chiffre=contacts.count&\($0)=" }
        + ["/recherche?q=", "/recherche?sorte=", "/recherche.json?q=", "\(team)?avant=", "\(team)?o=", "/connexion?suite=", "/rapports?x="]
      for text in Self.texts {
        for question in questions {
          let answer = try await visitor.get(question + text)
          #expect([200, 303, 400].contains(answer.status), "\(question)\(text.prefix(60))")
          #expect(!answer.text.contains("<script>alert"), "\(question)\(text.prefix(60))")
        }
      }
      #expect(try await visitor.get("/structures").recordCount == 4)
    }
  }

  @Test func noPathBreaksAPage() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      for text in Self.texts where !text.isEmpty && text != "1000" && text != "9999" {
        for path in ["/structures/", "/echanges/", "/rapports/", "/assets/", "/"] {
          let answer = try await visitor.get(path + text)
          #expect([404, 303, 200].contains(answer.status), "\(path)\(text.prefix(60))")
          if path != "/rapports/", path != "/" {
            #expect(answer.status == 404 || text.contains("&") || text == "/", "\(path)\(text.prefix(60))")
          }
        }
      }
    }
  }

  @Test(arguments: ["/structures/", "/echanges/"]) func unknownRecordsAreNotFound(_ path: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let known = try #require(try await visitor.get(path == "/echanges/" ? "/echanges" : "/structures").records(of: path).first)
      #expect(try await visitor.get(known).status == 200)
      #expect(try await visitor.get(known.replacing(path, with: path == "/echanges/" ? "/structures/" : "/echanges/")).status == 404)
      for id in ["0000000000000", "ZZZZZZZZZZZZZ", "7ZZZZZZZZZZZZ", "1", "S1", "é", "0000000000000%00", "00000000000000", known + "0"] {
        let answer = try await visitor.get(path + id)
        #expect(answer.status == 404, "\(id)")
        #expect(answer.text.contains("Cette page n’existe pas"))
      }
    }
  }

  @Test(arguments: [
    "/rapports/abc", "/rapports/1", "/rapports/0", "/rapports/-2025", "/rapports/99999", "/rapports/2025/x", "/rapports/2027",
  ])
  func thereIsNoReportForWhatIsNoYear(_ address: String) async throws {
    try await withSite { world in
      let answer = try await world.signedIn().get(address)
      #expect(answer.status == 404)
    }
  }

  @Test(arguments: [1900, 1999, 2025, 2026]) func anEmptyFederationHasAReportAllTheSame(_ year: Int) async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/rapports/\(year)").status == 200)
      #expect(try await visitor.get("/chiffres?annee=\(year)").status == 200)
      #expect(try await visitor.get("/chiffres?chiffre=structures.count&par=departement&puis=type&annee=\(year)").status == 200)
      #expect(try await visitor.get("/chiffres?chiffre=contacts.count&par=theme&annee=\(year)").status == 200)
    }
  }
}
