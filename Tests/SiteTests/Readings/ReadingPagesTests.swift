import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From the request to the reading that is rendered (SUP-05), over the whole router.
struct ReadingPagesTests {
  private func filled(_ page: Answer, _ typed: [String: String]) -> [(String, String)] {
    page.formItems.filter { typed[$0.0] == nil } + typed.map { ($0.key, $0.value) }
  }

  @Test(arguments: Engine.allCases) func aProjectIsReadAgain(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.bring(
        "structures", "reference;type;nom;departement;etat;depuis\nS1;msp;Les Tilleuls;38;ecriture;2025-01-01\n")
      try await world.installation.bring("seances", "reference;commission;date\nC1;ecd;2027-01-15\n")
      try await world.installation.bring("dossiers", "reference;seance;structure\nD1;C1;S1\n")
      let visitor = try await world.signedIn(.chargeMission)
      #expect(try await visitor.get("/relectures").text.contains("Aucune relecture demandée cette année"))
      let form = try await visitor.get("/relectures/nouveau?structure=S1")
      #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil && form.text.contains("ECD du 15"))
      // A day after the sitting is refused, and what was typed is there still.
      let late = try await visitor.post(
        "/relectures/nouveau", filled(form, ["dossier": "D1", "a_rendre_le": "2027-02-01", "note": "Très <b>attendue</b>"]))
      #expect(late.status == 422 && late.text.contains("c’est après la séance") && late.text.contains("Très &lt;b&gt;attendue"))
      let made = try await visitor.post("/relectures/nouveau", filled(form, ["dossier": "D1", "a_rendre_le": "2026-11-22"]))
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      let address = String(try #require(made.location).prefix { $0 != "?" })
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil && page.text.contains("Demandée"))
      // Whoever reads has it among what they have to do.
      #expect(try await visitor.get("/aujourdhui").text.contains("Relire le projet de santé"))
      for text in ["première", "deuxième"] {
        let action = try #require(try await visitor.get(address).actions(to: "/pieces?").first)
        let joined = try await visitor.upload(action, [("csrf", page.field("csrf") ?? "")], files: [("projet.txt", Array(text.utf8))])
        #expect(joined.status == 303)
      }
      let versions = try await visitor.get(address)
      #expect(versions.text.contains("Version 1") && versions.text.contains("Version 2") && TagBalance.fault(in: versions.text) == nil)
      let adding = try #require(versions.links(to: "/remarques-relecture/nouveau?").first).replacing("&amp;", with: "&")
      let blank = try await visitor.get(adding)
      #expect(blank.formItems.contains { $0 == ("version_lue", "2") } && TagBalance.fault(in: blank.text) == nil)
      let empty = try await visitor.post("/remarques-relecture/nouveau", filled(blank, ["partie": "diagnostic"]))
      #expect(empty.status == 422)
      let noted = try await visitor.post(
        "/remarques-relecture/nouveau", filled(blank, ["partie": "diagnostic", "texte": "Compléter l’offre & les besoins"]))
      #expect(noted.status == 303, "\(noted.text.prefix(1_500))")
      let part = try await visitor.get(try #require(noted.location))
      let told = try await visitor.get(try #require(part.location))
      #expect(told.text.contains("l’offre &amp; les besoins") && told.text.contains("1 remarque, dont 1 à traiter"))
      #expect(told.text.contains("Diagnostic") && told.text.contains("Version 2"))
      let csrf = ("csrf", page.field("csrf") ?? "")
      let settling = try #require(told.actions(to: "/remarques-relecture/").first)
      let settled = try await visitor.post(settling, [csrf, ("reglee", "oui")])
      let after = try await visitor.get(try #require(settled.location))
      #expect(after.text.contains("1 remarque, réglée") && after.text.contains("Annuler"))
      for (state, words) in [("en_cours", "En cours"), ("rendue", "Rendue le")] {
        let moved = try await visitor.post("\(address)/avancement", [csrf, ("etat", state)])
        let page = try await visitor.get(try #require(moved.location))
        #expect(moved.status == 303 && page.text.contains(words) && page.text.contains("Annuler"), "\(state)")
      }
      #expect(try await visitor.post("\(address)/avancement", [csrf, ("etat", "perdue")]).status == 400)
      #expect(try await !visitor.get("/aujourdhui").text.contains("Relire le projet de santé"))
      #expect(try await visitor.get("/relectures?avancement=rendue&q=tilleuls").recordCount == 1)
      let team = try #require(try await visitor.get("/structures").records(of: "/structures/").first)
      let sheet = try await visitor.get(team)
      #expect(sheet.links(to: address).count == 1 && TagBalance.fault(in: sheet.text) == nil)
      // The bin and back.
      #expect(try await visitor.post("\(address)/corbeille", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 404)
      #expect(try await visitor.post("\(address)/retablir", [csrf]).status == 303)
      #expect(try await visitor.get(address).text.contains("Compléter"))
    }
  }

  @Test func whoDoesNotReadThemFindsNone() async throws {
    try await withDemonstration { world, direction in
      let reading = try #require(try await direction.get("/relectures").records(of: "/relectures/").first)
      let team = try #require(try await direction.get(reading).records(of: "/structures/").first)
      #expect(try await direction.get(team).links(to: "/relectures/").contains { $0 == reading })
      let board = try await world.visitor.stranger().signedIn(.ca)
      #expect(try await board.get(reading).status == 403)
      #expect(try await board.get(team).links(to: "/relectures/").isEmpty)
      #expect(try await direction.get("/relectures?avancement=demandee&avancement=en_cours").text.contains("En retard"))
    }
  }
}
