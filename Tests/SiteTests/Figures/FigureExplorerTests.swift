import Federation
import Records
import TestSupport
import Testing

@testable import Site

/// One figure as its address asks for it.
struct FigureExplorerTests {
  private func withSmallWorld(_ body: @Sendable (Visitor) async throws -> Void) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      try await body(try await world.signedIn())
    }
  }

  @Test func aDayIsShownAsAsked() async throws {
    try await withSmallWorld { visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&date=2026-03-04").text
      #expect(page.contains(">2 <small>échanges</small></a>"))
      #expect(page.contains("Toute la fédération, du 1er janv. au 4 mars 2026."))
      #expect(!page.contains("par rapport au"))
      #expect(page.contains("<option value=\"2026-03-04\" selected>2026, au 4 mars</option>"))
      // The form sends it back as a year.
      #expect(try await visitor.get("/chiffres?chiffre=contacts.count&annee=2026-03-04").text.contains("du 1er janv. au 4 mars 2026."))
      let year = try await visitor.get("/chiffres?chiffre=contacts.count").text
      #expect(year.contains("<option value=\"2026\" selected>2026, au 21 nov.</option>"))
      #expect(year.contains("par rapport au 21 nov. 2025 (1)"))
      #expect(try await visitor.get("/chiffres?chiffre=contacts.count&annee=2026").text == year)
    }
  }

  /// What is compared is drawn too: each part beside itself a year before, each number a link.
  @Test func aComparisonIsDrawn() async throws {
    try await withSmallWorld { visitor in
      let address = "/chiffres?chiffre=contacts.count&annee=2026&par=canal"
      let page = try await visitor.get(address).text
      #expect(page.contains("<ul class=\"legende\"><li>") && page.contains("</svg>2026, au 21 nov.</li>"))
      #expect(
        page.contains("<title>Visio, 2025, au 21 nov.\u{A0}: 1</title>")
          && page.contains("<title>Téléphone, 2026, au 21 nov.\u{A0}: 2</title>"))
      let alone = try await visitor.get("\(address)&comparer=aucune").text
      #expect(alone.contains("<title>Téléphone\u{A0}: 2</title>") && !alone.contains("<title>Visio, 2025"))
      let file = try await visitor.get("/chiffres.svg?chiffre=contacts.count&annee=2026&par=canal").text
      #expect(file.contains("<text class=\"t\"") && file.contains("Échanges par canal, du 1er janv."))
    }
  }

  @Test func theButtonIsInSight() async throws {
    try await withSmallWorld { visitor async throws in
      #expect(
        try await visitor.get("/chiffres?chiffre=contacts.count").text.contains("<button class=\"bouton principal suit\">Afficher</button>")
      )
    }
  }

  @Test(arguments: ["annee=2030", "date=2027-01-01", "annee=2026-12-31"]) func whatLiesAheadIsNoFigure(_ query: String) async throws {
    try await withSmallWorld { visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&\(query)").text
      #expect(page.contains("cette période n’est pas appliquée"))
      #expect(page.contains(">4 <small>échanges</small></a>"))
    }
  }

  /// Another year is one of the settings; so all that narrows the figure goes with them.
  @Test func everyFilterStaysInTheForm() async throws {
    try await withSmallWorld { visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2025&canal=visio&canal=visite&departement=38").text
      #expect(
        page.contains("<input type=\"hidden\" name=\"canal\" value=\"visio\"><input type=\"hidden\" name=\"canal\" value=\"visite\">"))
      #expect(!page.contains("<input type=\"hidden\" name=\"departement\""))
      #expect(page.contains("name=\"departement\" value=\"38\" checked>"))
    }
  }

  @Test(arguments: [
    ("chiffre=structures.transitions&par=vers", "Entrées dans une étape par étape ou repère"),
    ("chiffre=structures.count&par=multi_sites&puis=type", "Structures par nombre de sites et type"),
    ("chiffre=contacts.count&par=theme", "Échanges par thème"),
  ]) func aTitleReads(_ query: String, _ title: String) async throws {
    try await withSmallWorld { visitor async throws in
      #expect(try await visitor.get("/chiffres?\(query)").text.contains("<h1>\(title)</h1>"))
    }
  }
}
