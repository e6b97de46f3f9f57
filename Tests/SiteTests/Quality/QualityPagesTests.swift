import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What is to be completed in the directory, and what became of teams, in the browser.
struct QualityPagesTests {
  @Test(arguments: Engine.allCases) func eachNumberOpensItsRecords(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("personnes", "reference;nom;courriel\nP1;Martin;a@exemple.fr\nP2;Durand;\n")
      let visitor = try await world.signedIn(.chargeMission)
      for address in ["/qualite", "/qualite?departement=38"] {
        let page = try await visitor.get(address)
        #expect(page.status == 200 && page.text.contains("depuis 18") && !page.text.contains("composition_…"))
        let lists = page.text.components(separatedBy: "<td class=\"n\"><a href=\"").dropFirst()
        #expect(lists.count >= 11 && page.text.contains("regle_esp_clap=non_financable"))
        for part in lists {
          let link = unescaped(String(part.prefix { $0 != "\"" }))
          let number = part.split(separator: ">", maxSplits: 1).last.flatMap { leadingNumber(String($0)) }
          #expect(try await visitor.get(link).recordCount == number, "\(link)")
        }
      }
      #expect(try await visitor.get("/personnes?qualite=sans_courriel").recordCount == 1)
      #expect(try await world.signedIn(.communication).get("/qualite").status == 403)
    }
  }

  @Test(arguments: Engine.allCases) func aSuccessionIsReadFromBothTeams(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=tilleuls").records(of: "/structures/").first)
      let other = try #require(try await visitor.get("/structures?q=oeillet").records(of: "/structures/").first)
      let adding = try #require(try await visitor.get(team).links(to: "/successions/nouveau").first)
      let form = try await visitor.get(adding)
      func filled(_ changes: [String: String]) -> [(String, String)] { form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) } }
      let made = try await visitor.post(
        adding, filled(["structure": "S3", "nature": "devient", "vers": "S1", "date": "2026-01-01"]) + [("structure", "S3")])
      #expect(made.status == 303)
      let shown = try await visitor.get(team)
      #expect(shown.text.contains("Devient <a href=\"\(other)\">"))
      // At the top of the page, before anything else is read of the team; not of the one that goes on.
      #expect(shown.text.contains("Devient <strong><a href=\"\(other)\">") && shown.text.contains("janvier 2026."))
      #expect(try await !visitor.get(other).text.contains("<strong><a href=\"\(team)\">"))
      #expect(try await visitor.get(other).text.contains("Était <a href=\"\(team)\">"))
      let loop = try await visitor.get("/successions/nouveau?structure=S1")
      let back = try await visitor.post(
        "/successions/nouveau", loop.formItems.map { ($0.0, ["nature": "devient", "vers": "S3", "date": "2026-02-01"][$0.0] ?? $0.1) })
      #expect(back.status == 422 && back.text.contains("revenir sur ses pas"))
      // Thrown away, it comes back from the message that follows.
      let link = try #require(shown.links(to: "/successions/").first { $0.hasSuffix("/modifier") }).dropLast("/modifier".count)
      let csrf = ("csrf", shown.field("csrf") ?? "")
      let removed = try await visitor.post("\(link)/corbeille", [csrf])
      let page = try await visitor.get(try #require(try await visitor.get(removed.location ?? "").location))
      #expect(!page.text.contains("Devient <a") && page.actions(to: "/successions/").count == 1)
      #expect(try await visitor.post(page.actions(to: "/successions/")[0], [csrf]).status == 303)
      #expect(try await visitor.get(team).text.contains("Devient <a"))
    }
  }
}
