import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From an exchange to the write-up and its tasks (FAC-01, FAC-08), over the whole router.
struct FacilitationPagesTests {
  /// The form filled in, and sent again once what it doubts was read.
  private func save(_ visitor: Visitor, _ address: String, _ typed: [String: String]) async throws -> Answer {
    let form = try await visitor.get(address)
    #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil, "\(address)")
    var answer = try await visitor.post("/facilitations/nouveau", form.formItems.map { ($0.0, typed[$0.0] ?? $0.1) })
    if answer.status == 422 { answer = try await visitor.post("/facilitations/nouveau", answer.formItems) }
    return answer
  }

  @Test(arguments: Engine.allCases) func anExchangeBecomesAFacilitation(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let empty = try await visitor.post("/facilitations/nouveau", visitor.get("/facilitations/nouveau").formItems)
      #expect(empty.status == 422 && empty.text.contains("écrivez le besoin"))
      let exchange = try #require(try await visitor.get("/echanges?annee=2025").records(of: "/echanges/").first)
      let source = try await visitor.get(exchange)
      let asking = try #require(source.links(to: "/facilitations/nouveau?").first).replacing("&amp;", with: "&")
      #expect(asking.contains("echange=\(exchange.suffix(13))") && asking.contains("structures="))
      let made = try await save(visitor, asking, ["type_facilitation": "conseil_sisa", "besoin": "Statuts & locaux"])
      #expect(made.status == 303, "\(made.text.prefix(2_000))")
      let address = String(try #require(made.location).prefix { $0 != "?" })
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("Conseil sur la SISA") && page.text.contains("Qualifiée") && page.text.contains("Statuts &amp; locaux"))
      #expect(page.text.contains("1 échange lié") && !page.links(to: exchange).isEmpty)
      let csrf = ("csrf", page.field("csrf") ?? "")
      // A day ahead was not held; what was typed is there.
      let early = try await visitor.post("\(address)/tenue", [csrf, ("date", "2090-01-02"), ("duree_minutes", "90")])
      #expect(
        early.status == 422 && early.text.contains("ne s’est pas encore tenue") && early.text.contains("value=\"2090-01-02\"")
      )
      for minutes in ["0", "2400", "beaucoup"] {
        let wrong = try await visitor.post("\(address)/tenue", [csrf, ("date", "2026-01-05"), ("duree_minutes", minutes)])
        #expect(wrong.status == 422 && wrong.text.contains("5 à 1") && TagBalance.fault(in: wrong.text) == nil, "\(minutes)")
      }
      #expect(try await visitor.get("\(address)/bilan").status == 200)
      #expect(try await visitor.post("\(address)/tenue", [csrf, ("date", "2026-01-05"), ("duree_minutes", "90")]).status == 303)
      #expect(try await visitor.get("/facilitations?periode=2000-01-02..2030-01-01&etat=tenue").recordCount == 1)
      try await writeUp(visitor, address)
      let over = try await visitor.get(address)
      #expect(over.text.contains("Tenue, bilan fait") && over.text.contains("Rappeler l’équipe") && over.text.contains("4 sur 5"))
      #expect(TagBalance.fault(in: over.text) == nil && !over.text.contains("<script>x"))
      #expect(try await visitor.get("/taches").text.contains("Rappeler l’équipe"))
      let team = try #require(over.records(of: "/structures/").first)
      #expect(try await visitor.get(team).links(to: address).count >= 1)
      #expect(try await visitor.get("/facilitations?chiffre=facilitations.count&annee=2026").recordCount == 1)
      // The bin, and back out of it.
      #expect(try await visitor.post("\(address)/corbeille", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 404)
      #expect(try await visitor.post("\(address)/retablir", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 200)
    }
  }

  private func writeUp(_ visitor: Visitor, _ address: String) async throws {
    let form = try await visitor.get("\(address)/bilan")
    #expect(TagBalance.fault(in: form.text) == nil && form.text.contains("## Contexte"))
    let account = try #require(form.text.matches(of: /<option value="([0-9A-Z]{13})"/).first).output.1
    func filled(_ changes: [String: String]) -> [(String, String)] { form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) } }
    let text = "## Contexte\n\n- **Bien** <script>x</script>"
    for (changes, words) in [
      ([:], "Le modèle est encore vide"), (["bilan": text, "suite_1": "Rappeler"], "Dites qui"),
      (["bilan": text, "suite_1": "Rappeler", "suite_1_qui": String(account)], "Donnez le jour"),
    ] as [([String: String], String)] {
      let refused = try await visitor.post("\(address)/bilan", filled(changes))
      #expect(refused.status == 422 && refused.text.contains(words), "\(words)")
      #expect(refused.formItems.contains { $0 == ("suite_1", changes["suite_1"] ?? "") })
    }
    let whole = filled([
      "bilan": text, "satisfaction": "4", "suite_1": "Rappeler l’équipe", "suite_1_qui": String(account), "suite_1_date": "2026-12-24",
    ])
    for _ in 0..<2 { #expect(try await visitor.post("\(address)/bilan", whole).location?.hasPrefix(address) == true) }
  }

  @Test(arguments: Engine.allCases) func itIsPutOffGivenUpAndTakenBack(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let outcome = try await world.installation.bring(
        "facilitations", "reference;demandee_le;besoin;date\nF1;2026-01-05;Un besoin;2026-03-01\n")
      #expect(outcome.created == 1 && outcome.refused.isEmpty, "\(outcome)")
      let visitor = try await world.signedIn()
      let address = try #require(
        try await visitor.get("/facilitations?periode=2000-01-02..2030-01-01").records(of: "/facilitations/").first)
      let csrf = ("csrf", try await visitor.get(address).field("csrf") ?? "")
      let empty = try await visitor.post("\(address)/suspension", [csrf, ("quoi", "reporter"), ("motif", " ")])
      #expect(empty.status == 422 && empty.text.contains("Dites pourquoi"))
      for (what, words) in [("reporter", "Reportée"), ("annuler", "Annulée")] {
        #expect(try await visitor.post("\(address)/suspension", [csrf, ("quoi", what), ("motif", "La neige")]).status == 303)
        let page = try await visitor.get(address)
        #expect(page.text.contains("\(words)\u{A0}: La neige") && TagBalance.fault(in: page.text) == nil, "\(what)")
      }
      #expect(try await visitor.post("\(address)/suspension", [csrf, ("quoi", "annuler"), ("motif", "Encore")]).status == 422)
      #expect(try await visitor.post("\(address)/reprise", [csrf]).status == 303)
      #expect(try await visitor.get(address).text.contains("Demandée"))
      // Whoever reads none is told of none.
      let board = try await world.signedIn(.ca)
      let closed = try await board.get(address)
      #expect(closed.status == 403 || closed.status == 404)
    }
  }
}
