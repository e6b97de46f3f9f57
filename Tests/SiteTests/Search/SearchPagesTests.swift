import Federation
import Foundation
import HTTPTypes
import Store
import TestSupport
import Testing

@testable import Site

/// `/recherche` as people ask it, and the same for the palette.
struct SearchPagesTests {
  private struct Group: Decodable {
    struct Item: Decodable {
      let titre: String
      let detail: String
      let type: String?
      let lien: String
    }

    let titre: String
    let nombre: String
    let tout: String?
    let fiches: [Item]
  }

  private func palette(_ visitor: Visitor, _ words: String) async throws -> [Group] {
    let answer = try await visitor.get("/recherche.json?q=\(encoded(words))")
    #expect(answer.status == 200 && answer.headers[.contentType] == "application/json")
    return try JSONDecoder().decode([Group].self, from: Data(answer.text.utf8))
  }

  @Test(arguments: Engine.allCases) func everyKindIsFoundAndOpens(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/recherche?q=maison")
      #expect(page.text.contains("Structures (2)") && page.text.contains("Échanges (2)"))
      #expect(page.links(to: "/structures?q=maison") == ["/structures?q=maison", "/structures?q=maison&etape=fermee"])
      #expect(page.text.contains("Tout voir (1)") && page.text.contains("1 fermée"))
      for link in page.links(to: "/") where !link.hasPrefix("/assets") {
        #expect([200, 303].contains(try await visitor.get(link).status), "\(link)")
      }
      // Each list holds as many records as its link says.
      #expect(try await visitor.get("/structures?q=maison").recordCount == 1)
      #expect(try await visitor.get("/structures?q=maison&etape=fermee").recordCount == 1)
      for year in ["2026", "2025"] {
        let link = "/echanges?q=bievre&annee=\(year)"
        let text = try await visitor.get("/recherche?q=bievre").text
        let count = try #require(try await visitor.get(link).recordCount)
        #expect(text.contains("\(year) (\(count))"), "\(year)")
      }
      // Pages, figures and reports by their names.
      for (words, link) in [
        ("nouvelle équipe", "/structures/nouveau"), ("noter", "/echanges/nouveau"), ("tâches", "/taches"), ("corbeille", "/corbeille"),
        ("nouvelles équipes", "/chiffres?chiffre=contacts.new_structures"), ("rapport 2024", "/rapports/2024"), ("2025", "/rapports/2025"),
        ("contacts.count", "/chiffres?chiffre=contacts.count"), ("compte", "/compte"),
      ] {
        #expect(try await visitor.get("/recherche?q=\(encoded(words))").links(to: "/").contains(link), "\(words)")
      }
      #expect(try await visitor.get("/recherche?q=t&sorte=taches").status == 200)
    }
  }

  @Test(arguments: [
    ("", "Que cherchez-vous"), ("%20%20%C2%A0", "Que cherchez-vous"), ("%25", "Aucun mot à chercher"), ("_", "Aucun mot à chercher"),
    ("%F0%9F%A9%BA", "Aucun mot à chercher"), ("zzz", "Rien ne correspond"), ("%D7%A9%D7%9C%D7%95%D7%9D", "Rien ne correspond"),
    ("%3Cscript%3Ealert(1)%3C%2Fscript%3E", "Rien ne correspond"), (String(repeating: "zz%20", count: 3_000), "Seul le début"),
  ]) func everyQuestionHasAClearPage(_ words: String, _ sentence: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let page = try await world.signedIn().get("/recherche?q=\(words)")
      #expect(page.status == 200 && page.text.contains(sentence), "\(words.prefix(40))")
      #expect(!page.text.contains("<script>alert"))
      #expect(page.text.count < 60_000)
    }
  }

  @Test func thePaletteReadsTheSame() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let groups = try await palette(visitor, "maison")
      #expect(groups.map(\.titre) == ["Structures", "Échanges"])
      #expect(groups.first?.nombre == "2" && groups.first?.tout == "/structures?q=maison")
      #expect(groups.first?.fiches.map(\.titre) == ["Maison de santé de l’Œillet", "Ancienne maison"])
      #expect(groups.first?.fiches.first?.type == "MSP" && groups.first?.fiches.first?.detail == "Tarare (69)")
      // What one may add stands in the palette already.
      #expect(try await !palette(visitor, "nouvelle structure").contains { $0.fiches.contains { $0.lien.hasSuffix("/nouveau") } })
      #expect(try await palette(visitor, "  ").isEmpty)
      for address in ["/recherche?q=maison", "/recherche.json?q=maison"] {
        let refused = try await world.visitor.stranger().get(address)
        #expect(refused.status == 303 && refused.location?.hasPrefix("/connexion") == true && refused.text.isEmpty, "\(address)")
      }
    }
  }

  /// What a role does not open, it does not find: neither a record, nor a count, nor a page.
  @Test func eachRoleFindsWhatItOpens() async throws {
    try await withDemonstration { world, _ in
      for role in Role.allCases {
        let visitor = try await world.visitor.stranger().signedIn(role)
        var links: Set<String> = []
        for words in ["maison", "nouvelle", "rapport 2025", "c"] {
          let answer = try await visitor.get("/recherche?q=\(encoded(words))")
          #expect(answer.status == 200)
          links.formUnion(answer.links(to: "/").filter { !$0.hasPrefix("/assets") })
          if role.scope(.read, .exchanges) == .none { #expect(!answer.text.contains("Échanges (")) }
          if role.scope(.read, .tasks) == .none { #expect(!answer.text.contains("Tâches (")) }
        }
        for link in links { #expect([200, 303].contains(try await visitor.get(link).status), "\(role) \(link)") }
      }
    }
  }

  @Test func theHeaderAsksTheWholeHouse() async throws {
    try await withSite { world in
      let page = try await world.signedIn().get("/recherche?q=voiron")
      #expect(page.text.contains("<form class=\"cherche\" role=\"search\" method=\"get\" action=\"/recherche\">"))
      #expect(page.field("q") == "voiron")
      #expect(page.text.contains("<dialog class=\"palette\" id=\"palette\""))
      #expect(try await !world.signedIn(.jury).get("/accueil").text.contains("id=\"palette\""))
    }
  }
}
