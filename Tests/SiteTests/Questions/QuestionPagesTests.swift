import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From an exchange to what all teams may read (SUP-06), over the whole router.
struct QuestionPagesTests {
  private func filled(_ page: Answer, _ typed: [String: String]) -> [(String, String)] {
    page.formItems.filter { typed[$0.0] == nil } + typed.map { ($0.key, $0.value) }
  }

  @Test(arguments: Engine.allCases) func aQuestionIsAskedAnsweredAndShared(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("personnes", "reference;nom;prenom;courriel\nX1;Poncetti;Jeanne;jeanne@exemple.fr\n")
      let visitor = try await world.signedIn(.chargeMission)
      #expect(try await visitor.get("/questions").text.contains("Aucune question cette année"))
      let exchange = try #require(try await visitor.get("/echanges?q=etapes").records(of: "/echanges/").first)
      let asking = try #require(try await visitor.get(exchange).links(to: "/questions/nouveau?").first).replacing("&amp;", with: "&")
      let form = try await visitor.get(asking)
      #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil && form.text.contains("Étapes de création"))
      let none = try await visitor.post("/questions/nouveau", filled(form, ["question": "La <b>TVA</b> ?"]))
      #expect(none.status == 422 && none.text.contains("La &lt;b&gt;TVA"))
      let made = try await visitor.post(
        "/questions/nouveau", filled(form, ["question": "La <b>TVA</b> ?", "domaine": "fiscal", "expert": "X1"]))
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      let address = String(try #require(made.location).prefix { $0 != "?" })
      let page = try await visitor.get(address)
      #expect(page.text.contains("Reçue") && page.text.contains("jeanne@exemple.fr") && TagBalance.fault(in: page.text) == nil)
      let csrf = ("csrf", page.field("csrf") ?? "")
      #expect(try await visitor.post("\(address)/transmission", [csrf, ("envoi", "pigeon")]).status == 400)
      #expect(try await visitor.post("\(address)/transmission", [csrf, ("envoi", "courriel")]).status == 303)
      #expect(try await visitor.get(address).text.contains("Transmise le"))
      let answer = try await visitor.get("\(address)/reponse")
      #expect(answer.status == 200 && TagBalance.fault(in: answer.text) == nil)
      for (typed, words) in [
        (["reponse": ""], "Écrivez la réponse"), (["reponse": "Non", "duree_minutes": "-3"], "temps passé en minutes"),
        (["reponse": "Non", "repondue_le": "2090-01-01"], "à venir"),
      ] {
        let refused = try await visitor.post("\(address)/reponse", filled(answer, typed))
        #expect(refused.status == 422 && refused.text.contains(words), "\(words)")
      }
      let answered = try await visitor.post(
        "\(address)/reponse", filled(answer, ["reponse": "Non & jamais.", "duree_minutes": "45"]))
      let told = try await visitor.get(try #require(answered.location))
      #expect(told.text.contains("Non &amp; jamais") && told.text.contains("Annuler") && told.text.contains("À connaître"))
      // What is shared names the team: it is said before it is saved.
      let change = try await visitor.get("\(address)/modifier")
      let doubted = try await visitor.post(
        "\(address)/modifier",
        filled(change, ["adherente": "oui", "partage": "L’Équipe des Tilleuls demande la TVA : non.", "partagee_le": "2026-11-21"]))
      #expect(doubted.status == 422 && doubted.text.contains("il nomme") && doubted.text.contains("Enregistrer quand même"))
      let saved = try await visitor.post(
        "\(address)/modifier",
        filled(change, ["adherente": "oui", "partage": "Une équipe demande la TVA : non.", "partagee_le": "2026-11-21"]))
      #expect(saved.status == 303, "\(saved.text.prefix(1_500))")
      let over = try await visitor.get(address)
      #expect(over.text.contains("Partagée") && over.text.contains("112,50"))
      #expect(try await visitor.get("/questions?q=tva&expert=X1").recordCount == 1)
      #expect(try await visitor.get("/questions.csv?expert=X1").text.contains("jamais"))
      let team = try #require(over.records(of: "/structures/").first)
      #expect(try await visitor.get(team).links(to: address).count == 1)
    }
  }

  @Test func anExpertOpensTheirQuestionsAndNothingElse() async throws {
    try await withDemonstration { world, direction in
      let expert = try await world.visitor.stranger().signedIn(.expert)
      #expect(try await expert.get("/").location == "/questions")
      let all = try await direction.get("/questions?periode=2025-01-01..2026-12-31")
      let own = try await expert.get("/questions?periode=2025-01-01..2026-12-31")
      // All but the one that was not sent yet.
      #expect(own.recordCount.map { $0 + 1 } == all.recordCount && own.text.contains("Répondue"))
      #expect(own.links(to: "/structures/").isEmpty && own.links(to: "/questions/nouveau").isEmpty)
      let waiting = try #require(try await direction.get("/questions?avancement=recue").records(of: "/questions/").first)
      #expect(try await expert.get(waiting).status == 404)
      #expect(try await expert.get("\(waiting)/reponse").status == 404)
      let open = try #require(try await expert.get("/questions?avancement=transmise").records(of: "/questions/").first)
      let page = try await expert.get(open)
      #expect(page.status == 200 && page.links(to: "\(open)/modifier").isEmpty && TagBalance.fault(in: page.text) == nil)
      let form = try await expert.get("\(open)/reponse")
      let sent = try await expert.post("\(open)/reponse", filled(form, ["reponse": "Oui.", "duree_minutes": "15"]))
      #expect(sent.status == 303)
      #expect(try await expert.get(open).text.contains("Oui."))
      #expect(try await direction.get("/droits").text.contains("Répond aux siennes"))
    }
  }
}
