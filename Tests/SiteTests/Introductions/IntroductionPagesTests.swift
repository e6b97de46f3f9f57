import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From an exchange to whom its team was put in touch with (SUP-11), over the whole router.
struct IntroductionPagesTests {
  private func filled(_ page: Answer, _ typed: [String: String]) -> [(String, String)] {
    page.formItems.filter { typed[$0.0] == nil } + typed.map { ($0.key, $0.value) }
  }

  @Test(arguments: Engine.allCases) func aTeamIsPutInTouch(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      #expect(try await visitor.get("/mises-en-relation").text.contains("Aucune mise en relation cette année"))
      let exchange = try #require(try await visitor.get("/echanges?nature=juridique").records(of: "/echanges/").first)
      let page = try await visitor.get(exchange)
      #expect(page.text.contains("Juridique") && TagBalance.fault(in: page.text) == nil)
      let address = try #require(page.links(to: "/mises-en-relation/nouveau?").first).replacing("&amp;", with: "&")
      let form = try await visitor.get(address)
      #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil)
      // Nobody is named: it is said beside the field, and what was typed is there still.
      let alone = try await visitor.post("/mises-en-relation/nouveau", filled(form, ["objet": "Visiter leurs locaux & bureaux"]))
      #expect(alone.status == 422 && alone.text.contains("dites avec qui") && alone.text.contains("locaux &amp; bureaux"))
      let made = try await visitor.post(
        "/mises-en-relation/nouveau", filled(form, ["autre_structure": "S2", "objet": "Visiter leurs locaux & bureaux"]))
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      let back = try #require(made.location)
      #expect(back.hasPrefix(exchange), "\(back)")
      let told = try await visitor.get(back)
      #expect(
        told.text.contains("Mises en relation") && told.text.contains("CPTS Bièvre") && told.text.contains("La fiche est enregistrée"))
      let list = try await visitor.get("/mises-en-relation")
      #expect(list.recordCount == 1 && list.text.contains("locaux &amp; bureaux") && TagBalance.fault(in: list.text) == nil)
      #expect(try await visitor.get("/mises-en-relation?q=bievre").recordCount == 1)
      #expect(try await visitor.get("/mises-en-relation?q=locaux").recordCount == 1)
      #expect(try await visitor.get("/mises-en-relation?suite=sans_suite").recordCount ?? 0 == 0)
      // On both teams' pages.
      for team in list.records(of: "/structures/") {
        let sheet = try await visitor.get(team)
        #expect(sheet.text.contains("Mise en relation avec") && TagBalance.fault(in: sheet.text) == nil, "\(team)")
      }
      let change = try #require(list.links(to: "/mises-en-relation/").first { $0.hasSuffix("/modifier") })
      let saved = try await visitor.post(change, filled(try await visitor.get(change), ["suite": "fait_suite"]))
      #expect(saved.status == 303)
      let after = try await visitor.get(try #require(saved.location))
      #expect(after.text.contains("A fait suite") && after.text.contains("Annuler"))
      #expect(try await visitor.get("/chiffres?chiffre=introductions.count&par=suite").text.contains("A fait suite"))
    }
  }

  @Test func whoOnlyReadsPutsNobodyInTouch() async throws {
    try await withDemonstration { world, _ in
      let board = try await world.visitor.stranger().signedIn(.ca)
      let list = try await board.get("/mises-en-relation?periode=2025-01-01..2026-12-31")
      #expect(list.status == 200 && list.recordCount ?? 0 > 10 && !list.text.contains("/modifier"))
      #expect(try await board.get("/mises-en-relation/nouveau").status == 403)
    }
  }

  @Test(arguments: Engine.allCases) func severalNaturesAreNotedAndFiltered(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let form = try await visitor.get("/echanges/nouveau?structures=S1")
      let noted = try await visitor.post(
        "/echanges/nouveau",
        form.formItems.filter { !["objet", "natures_texte"].contains($0.0) } + [
          ("objet", "Deux choses"), ("natures_texte", "Juridique, Immobilier"),
        ])
      #expect(noted.status == 303, "\(noted.text.prefix(1_500))")
      for nature in ["juridique", "immobilier"] {
        #expect(try await visitor.get("/echanges?nature=\(nature)").text.contains("Deux choses"), "\(nature)")
      }
      let page = try await visitor.get(try #require(noted.location))
      #expect(page.links(to: "/echanges?").contains { $0.contains("nature=immobilier") })
      let file = try await visitor.get("/echanges.csv?nature=immobilier&colonnes=natures")
      #expect(file.text.contains("Immobilier|Juridique"), "\(file.text.prefix(300))")
    }
  }
}
