import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From the next sitting to the opinion and the team's stage (SUP-10), over the whole router.
struct CommissionPagesTests {
  /// The form filled in, and sent again once what it doubts was read.
  private func save(_ visitor: Visitor, _ address: String, _ typed: [String: String]) async throws -> Answer {
    let form = try await visitor.get(address)
    #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil, "\(address)")
    let path = String(address.prefix { $0 != "?" })
    // What nobody has chosen of several has no item yet.
    let items = form.formItems.filter { typed[$0.0] == nil } + typed.map { ($0.key, $0.value) }
    var answer = try await visitor.post(path, items)
    if answer.status == 422 { answer = try await visitor.post(path, answer.formItems) }
    return answer
  }

  @Test(arguments: Engine.allCases) func aFileGoesFromTheSittingToTheTeam(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.bring(
        "structures", "reference;type;nom;departement;etat;depuis\nS1;msp;Les Tilleuls;38;ecriture;2025-01-01\n")
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/seances").text.contains("Aucune séance pour l’instant"))
      let made = try await save(
        visitor, "/seances/nouveau", ["commission": "ecd", "date": "2026-03-02", "depot_avant": "2026-02-10", "departement": "38"])
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      let address = String(try #require(made.location).prefix { $0 != "?" })
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil && page.text.contains("ECD du 2 mars 2026"))
      let adding = try #require(page.links(to: "/dossiers/nouveau?").first).replacing("&amp;", with: "&")
      let filed = try await save(visitor, adding, ["structure": "S1", "depose_le": "2026-02-01"])
      #expect(filed.status == 303, "\(filed.text.prefix(1_500))")
      let listed = try await visitor.get(address)
      let opinion = try #require(listed.links(to: "/dossiers/").first { $0.hasSuffix("/avis") })
      // A change of the file is told on the page of its sitting, with the way back.
      let file = String(opinion.dropLast("/avis".count))
      let changed = try await save(visitor, "\(file)/modifier", ["depose_le": "2026-02-02"])
      let saved = try #require(changed.location)
      let sitting = try #require(try await visitor.get(saved).location)
      let told = try await visitor.get(sitting).text
      #expect(sitting.hasPrefix(address) && told.contains("Annuler") && told.contains("/historique"))
      let form = try await visitor.get(opinion)
      #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil)
      func typed(_ changes: [String: String]) -> [(String, String)] { form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) } }
      for (changes, words) in [
        (["avis": "", "motif": "Gardé"], "Choisissez l’avis"),
        (["avis": "favorable", "avis_le": "2026-01-02", "motif": "Gardé"], "Donnez un jour entre"),
      ] {
        let refused = try await visitor.post(opinion, typed(changes))
        #expect(refused.status == 422 && refused.text.contains(words) && refused.text.contains("Gardé"), "\(words)")
      }
      #expect(try await visitor.post(opinion, typed(["avis": "favorable", "motif": ""])).status == 303)
      let over = try await visitor.get(address)
      #expect(over.text.contains("Favorable") && over.text.contains("1 sur 1") && TagBalance.fault(in: over.text) == nil)
      let team = try #require(over.records(of: "/structures/").first)
      let sheet = try await visitor.get(team)
      #expect(sheet.text.contains("Projet validé") && sheet.links(to: address).count >= 1)
      #expect(try await visitor.get("/dossiers?annee=2026&avis=favorable").recordCount == 1)
      #expect(try await visitor.get(file).location?.hasPrefix(address) == true)
      let csrf = ("csrf", over.field("csrf") ?? "")
      #expect(try await visitor.post("\(file)/avis-retire", [csrf]).status == 303)
      #expect(try await visitor.get(address).text.contains("Sans avis"))
      #expect(try await visitor.post("\(file)/avis-retire", [csrf]).status == 422)
      // The bin takes the sitting with its files, and back.
      #expect(try await visitor.post("\(address)/corbeille", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 404)
      #expect(try await visitor.get("/dossiers?annee=2026").recordCount ?? 0 == 0)
      #expect(try await visitor.post("\(address)/retablir", [csrf]).status == 303)
      #expect(try await visitor.get("/dossiers?annee=2026").recordCount == 1)
    }
  }

  @Test func whoOnlyReadsNotesNothing() async throws {
    try await withDemonstration { world, direction in
      let board = try await world.visitor.stranger().signedIn(.ca)
      let sitting = try #require(try await direction.get("/seances").records(of: "/seances/").first)
      let page = try await board.get(sitting)
      #expect(page.status == 200 && page.links(to: "/dossiers/nouveau").isEmpty && !page.text.contains("Noter l’avis"))
      #expect(try await board.get("/seances/nouveau").status == 403)
      #expect(try await direction.get("/aujourdhui").text.contains("Commissions à préparer"))
    }
  }
}
