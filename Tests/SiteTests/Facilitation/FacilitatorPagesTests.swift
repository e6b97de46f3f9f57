import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The network on its pages (FAC-04), over the whole router.
struct FacilitatorPagesTests {
  @Test(arguments: Engine.allCases) func aProfileIsMadeChangedAndLooked(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("personnes", "reference;nom;prenom;commune\nFA1;Quintarel;Zoé;38185\nFA2;Lantieri;Hervé;\n")
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/facilitateurs").text.contains("Aucun facilitateur pour l’instant"))
      func filled(_ items: [(String, String)], _ typed: [String: String]) -> [(String, String)] {
        items.map { ($0.0, typed[$0.0] ?? $0.1) }
      }
      let form = try await visitor.get("/facilitateurs/nouveau").formItems
      let refused = try await visitor.post(
        "/facilitateurs/nouveau", filled(form, ["personne": "FA1", "rayon_km": "40", "absences": "un jour prochain"]))
      #expect(refused.status == 422 && refused.text.contains("écrivez une période") && TagBalance.fault(in: refused.text) == nil)
      #expect(refused.formItems.contains { $0 == ("rayon_km", "40") })
      let made = try await visitor.post(
        "/facilitateurs/nouveau",
        filled(
          form,
          ["personne": "FA1", "rayon_km": "40", "absences": "01/07/2090 au 31/08/2090\n24/12/2090", "expertises_texte": "CPTS, Médiation"]))
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      let address = String(try #require(made.location).prefix { $0 != "?" })
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      for words in ["Zoé Quintarel", "Médiation", "40\u{A0}km", "31 août 2090", "Actif"] { #expect(page.text.contains(words), "\(words)") }
      // One profile a person.
      let again = try await visitor.post(
        "/facilitateurs/nouveau", filled(try await visitor.get("/facilitateurs/nouveau").formItems, ["personne": "FA1"]))
      #expect(again.status == 422)
      #expect(try await visitor.get("/facilitateurs?expertise=mediation&etat=actif").recordCount == 1)
      #expect(try await visitor.get("/facilitateurs?etat=pause").recordCount == 0)
      // The form of a facilitation offers the network; who is not of it is doubted once.
      let suggested = try await visitor.get("/suggestions/facilitateurs?q=quint")
      #expect(suggested.text.contains("Zoé Quintarel") && !suggested.text.contains("Hervé"))
      let asking = filled(
        try await visitor.get("/facilitations/nouveau").formItems, ["besoin": "Un besoin", "facilitateurs_texte": "FA1, FA2"])
      let doubted = try await visitor.post("/facilitations/nouveau", asking)
      #expect(doubted.status == 422 && doubted.text.contains("Hervé Lantieri n’a pas encore de fiche de facilitateur"))
      #expect(try await visitor.post("/facilitations/nouveau", doubted.formItems).status == 303)
      #expect(try await visitor.get(address).text.contains("Attribuée"))
      // The bin, and back out of it.
      let csrf = ("csrf", page.field("csrf") ?? "")
      #expect(try await visitor.post("\(address)/corbeille", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 404)
      #expect(try await visitor.get("/corbeille").text.contains("Zoé Quintarel, facilitateur"))
      #expect(try await visitor.post("\(address)/retablir", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 200)
      let board = try await world.signedIn(.ca).get(address)
      #expect(board.status == 403 || board.status == 404)
    }
  }
}
