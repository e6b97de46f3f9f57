import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From the programme to its teams, their steps and its workshops (SUP-12), over the whole router.
struct ProgrammePagesTests {
  /// The form filled in, and sent again once what it doubts was read.
  private func save(_ visitor: Visitor, _ address: String, _ typed: [String: String]) async throws -> Answer {
    let form = try await visitor.get(address)
    #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil, "\(address)")
    let path = String(address.prefix { $0 != "?" })
    let items = form.formItems.filter { typed[$0.0] == nil } + typed.map { ($0.key, $0.value) }
    var answer = try await visitor.post(path, items)
    if answer.status == 422, answer.text.contains("Enregistrer quand même") { answer = try await visitor.post(path, answer.formItems) }
    return answer
  }

  @Test(arguments: Engine.allCases) func aTeamEntersAndComesToItsSteps(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.bring(
        "structures",
        "reference;type;nom;departement;etat;depuis\nS1;msp;Les Tilleuls;38;ecriture;2025-01-01\nS2;msp;Les Ormes;38;ecriture;2025-01-01\n")
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/programmes").text.contains("Aucun programme cette année"))
      let made = try await save(
        visitor, "/programmes/nouveau",
        [
          "nom": "Écrire son projet", "nature": "ecriture", "debut": "2026-01-05", "places": "1", "financeur": "Fonds local",
          "etapes": "Diagnostic\nÉcriture",
        ])
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      let address = String(try #require(made.location).prefix { $0 != "?" })
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil && page.text.contains("Fonds local"))
      let adding = try #require(page.links(to: "/inscriptions/nouveau?").first).replacing("&amp;", with: "&")
      let enrolled = try await save(visitor, adding, ["structure": "S1", "entree_le": "2026-01-12"])
      #expect(enrolled.status == 303, "\(enrolled.text.prefix(1_500))")
      // The only place is taken: it is said, and what was typed is there still.
      let refused = try await save(visitor, adding, ["structure": "S2", "entree_le": "2026-01-12"])
      #expect(refused.status == 422 && refused.text.contains("est complet") && refused.text.contains("Les Ormes (S2)"))
      let listed = try await visitor.get(address)
      #expect(listed.text.contains("Complet") && listed.text.contains("aucune ne reste"))
      let step = try #require(listed.links(to: "/inscriptions/").first { $0.hasSuffix("/etape") })
      let form = try await visitor.get(step)
      #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil)
      func typed(_ changes: [String: String]) -> [(String, String)] { form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) } }
      for (changes, words) in [(["le": "2090-01-01"], "à venir"), (["le": ""], "Donnez le jour"), (["etape": ""], "à quelle étape")] {
        let answer = try await visitor.post(step, typed(changes))
        #expect(answer.status == 422 && answer.text.contains(words), "\(words)")
      }
      let noted = try await visitor.post(step, typed(["le": "2026-02-02"]))
      let told = try #require(noted.location)
      #expect(noted.status == 303)
      let sheet = try await visitor.get(try #require(try await visitor.get(told).location))
      #expect(sheet.text.contains("Diagnostic le 2 févr. 2026") && sheet.text.contains("Annuler"), "\(told)")
      // Its teams stand in the form of a workshop, to be ticked.
      let workshop = try #require(sheet.links(to: "/seances-programme/nouveau?").first).replacing("&amp;", with: "&")
      #expect(try await visitor.get(workshop).text.contains("type=\"checkbox\" name=\"structures\" value=\"S1\""))
      let early = try await save(visitor, workshop, ["date": "2090-02-05", "structures": "S1"])
      #expect(early.status == 422 && early.text.contains("est à venir"))
      let held = try await save(
        visitor, workshop, ["date": "2026-02-05", "duree_minutes": "180", "objet": "Le diagnostic", "structures": "S1", "personnes": "7"])
      #expect(held.status == 303, "\(held.text.prefix(1_500))")
      let over = try await visitor.get(address)
      #expect(over.text.contains("Séance 1\u{A0}: Le diagnostic") && over.text.contains("7 personnes") && over.text.contains("Tenue"))
      #expect(TagBalance.fault(in: over.text) == nil)
      #expect(try await visitor.get("/seances-programme?annee=2026").recordCount == 1)
      #expect(try await visitor.get("/programmes?annee=2026&q=tilleuls").recordCount == 1)
      #expect(try await visitor.get("/programmes?annee=2025").recordCount ?? 0 == 0)
      #expect(try await visitor.get("/recherche?q=ecrire+projet").links(to: address).count == 1)
      let team = try #require(over.records(of: "/structures/").first)
      let history = try await visitor.get(team)
      // Its entry, its step and its workshop, each leads there.
      #expect(history.text.components(separatedBy: "href=\"\(address)\"").count > 3 && TagBalance.fault(in: history.text) == nil)
      // The bin takes the programme with its teams and its workshops, and back.
      let csrf = ("csrf", over.field("csrf") ?? "")
      #expect(try await visitor.post("\(address)/corbeille", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 404)
      #expect(try await visitor.get("/seances-programme?annee=2026").recordCount ?? 0 == 0)
      #expect(try await visitor.get(team).links(to: address).isEmpty)
      #expect(try await visitor.post("\(address)/retablir", [csrf]).status == 303)
      #expect(try await visitor.get(address).text.contains("Les Tilleuls"))
    }
  }

  @Test func whoOnlyReadsNotesNothing() async throws {
    try await withDemonstration { world, direction in
      let board = try await world.visitor.stranger().signedIn(.ca)
      let programme = try #require(try await direction.get("/programmes").records(of: "/programmes/").first)
      let page = try await board.get(programme)
      #expect(page.status == 200 && page.links(to: "/inscriptions/nouveau").isEmpty && !page.text.contains("Noter une étape"))
      #expect(try await board.get("/programmes/nouveau").status == 403)
      #expect(try await board.get("/seances-programme/nouveau").status == 403)
      #expect(try await direction.get("/aujourdhui").text.contains("Séances de programme"))
    }
  }
}
