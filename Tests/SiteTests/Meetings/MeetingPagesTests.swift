import Documents
import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From the minutes to the task and to the team's timeline (GOV-08), over the whole router.
struct MeetingPagesTests {
  private func written(_ visitor: Visitor, _ changes: [String: String] = [:]) async throws -> String {
    let form = try await visitor.get("/comptes-rendus/nouveau")
    #expect(TagBalance.fault(in: form.text) == nil)
    let typed = [
      "titre": "Conseil <b>", "nature": "ca", "lieu": "https://visio.example/1", "texte": "## Suite\n\n- **Un**\n- <script>x</script>",
    ]
    .merging(changes) { $1 }
    var items = form.formItems.map { ($0.0, typed[$0.0] ?? $0.1) }
    items += [("presents_texte", "Zoé Quintarel"), ("accepte", "")].filter { item in !items.contains { $0.0 == item.0 } }
    items = items.map { $0.0 == "presents_texte" ? ("presents_texte", "Zoé Quintarel") : $0 }
    var answer = try await visitor.post("/comptes-rendus/nouveau", items)
    // A name that is nobody's is told first.
    if answer.status == 422 { answer = try await visitor.post("/comptes-rendus/nouveau", answer.formItems) }
    #expect(answer.status == 303, "\(answer.text.prefix(2_000))")
    return String(try #require(answer.location).prefix { $0 != "?" })
  }

  @Test(arguments: Engine.allCases) func aDecisionBecomesATaskAndStandsOnTheTimeline(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let address = try await written(visitor)
      let page = try await visitor.get(address)
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("Conseil &lt;b&gt;") && page.text.contains("<strong>Un</strong>") && !page.text.contains("<script>x"))
      #expect(page.text.contains("Zoé Quintarel") && page.text.contains("Projet de compte rendu"))
      let form = try await visitor.get("\(address)/decision")
      #expect(TagBalance.fault(in: form.text) == nil)
      let account = try #require(form.text.matches(of: /<option value="([0-9A-Z]{13})"/).first).output.1
      func filled(_ changes: [String: String]) -> [(String, String)] {
        form.formItems.filter { $0.0 != "structures_texte" }.map { ($0.0, changes[$0.0] ?? $0.1) }
          + (changes["structures_texte"].map { [("structures_texte", $0)] } ?? [])
      }
      // Nothing typed is lost when it is refused, beside the field.
      for (changes, words) in [
        (["texte": "Sans suite"], "Dites qui"), (["texte": "Sans jour", "responsable": String(account)], "Donnez le jour"),
        (["texte": "Ailleurs", "structures_texte": "Nulle part"], "n’est pas dans l’annuaire"), (["texte": ""], "Écrivez la décision"),
      ] {
        let refused = try await visitor.post("\(address)/decision", filled(changes))
        #expect(
          refused.status == 422 && refused.text.contains(words) && refused.formItems.contains { $0 == ("texte", changes["texte"] ?? "") },
          "\(words)")
      }
      let order = filled([
        "texte": "Écrire à l’équipe", "responsable": String(account), "echeance": "2026-12-24", "structures_texte": "tilleuls",
      ])
      for _ in 0..<2 { #expect(try await visitor.post("\(address)/decision", order).location?.hasPrefix(address) == true) }
      let decided = try await visitor.get(address)
      #expect(decided.text.contains("Décisions (1)") && decided.text.contains("À faire"))
      let decision = String(try #require(decided.links(to: "/decisions/").first).prefix("/decisions/".count + 13))
      #expect(try await visitor.get(decision).location == address)
      #expect(try await visitor.get("/taches").text.contains("Écrire à l’équipe"))
      let team = try #require(try await visitor.get("/structures?q=tilleuls").records(of: "/structures/").first)
      #expect(try await visitor.get(team).text.contains("<a href=\"\(decision)\">Écrire à l’équipe</a>"))
      let list = try await visitor.get("/decisions?etat=a_faire")
      #expect(list.recordCount == 1 && TagBalance.fault(in: list.text) == nil)
      #expect(try await visitor.get("/decisions?etat=faite").recordCount == 0)
      #expect(
        try await visitor.get("/decisions?reunion=\(address.suffix(13))&responsable=\(account)&equipe=\(team.suffix(13))").recordCount == 1)
      let csrf = ("csrf", page.field("csrf") ?? "")
      let done = try #require(decided.actions(to: "/taches/").first)
      #expect(try await visitor.post(done, [csrf, ("retour", address)]).location?.hasPrefix(address) == true)
      #expect(try await visitor.get("/decisions?etat=faite").recordCount == 1)
      for words in ["conseil", "écrire équipe"] {
        let found = try await visitor.get("/recherche?q=\(encoded(words))")
        #expect(found.links(to: words == "conseil" ? address : decision).count == 1, "\(words)")
      }
      #expect(try await visitor.get("/comptes-rendus?nature=ca").recordCount == 1)
      #expect(try await visitor.get("/decisions.csv").csvRows.count == 1)
    }
  }

  @Test(arguments: Engine.allCases) func minutesAreApprovedThenCorrected(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      let address = try await written(visitor)
      let page = try await visitor.get(address)
      let csrf = ("csrf", page.field("csrf") ?? "")
      let day = try #require(page.field("jour"))
      #expect(try await visitor.post("\(address)/approbation", [csrf, ("jour", "hier")]).text.contains("n’est pas une date"))
      #expect(try await visitor.post("\(address)/approbation", [csrf, ("jour", day)]).status == 303)
      let approved = try await visitor.get(address)
      #expect(approved.text.contains("Approuvé le") && !approved.text.contains("Corrections depuis"))
      let form = try await visitor.get("\(address)/modifier")
      let saved = try await visitor.post(
        "\(address)/modifier", form.formItems.map { $0.0 == "texte" ? ("texte", "Corrigé") : $0 })
      #expect(saved.status == 303)
      #expect(try await visitor.get(address).text.contains("Corrections depuis l’approbation (1)"))
      #expect(try await visitor.post("\(address)/approbation", [csrf, ("retirer", "oui")]).status == 303)
      #expect(!(try await visitor.get(address).text.contains("Corrections depuis")))
      // The bin, and back out of it.
      #expect(try await visitor.post("\(address)/corbeille", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 404)
      #expect(try await visitor.get("/corbeille").text.contains("Conseil &lt;b&gt;"))
      #expect(try await visitor.post("\(address)/retablir", [csrf]).status == 303)
      #expect(try await visitor.get(address).status == 200)
    }
  }

  @Test(arguments: Engine.allCases) func theBoardsMinutesAreForItsReaders(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let address = try await written(visitor)
      let mission = try await world.signedIn(.chargeMission)
      for page in [address, "\(address)/modifier", "\(address)/historique", "\(address)/decision"] {
        #expect(try await mission.get(page).status != 200, "\(page)")
      }
      let csrf = ("csrf", try await mission.get("/comptes-rendus").field("csrf") ?? "")
      for action in ["approbation", "corbeille", "decision"] {
        let answer = try await mission.post(
          "\(address)/\(action)", [csrf, ("jour", "2026-01-01"), ("decision", "0000000000001"), ("texte", "x")])
        #expect(answer.status >= 400, "\(action)")
      }
      #expect(try await mission.get("/comptes-rendus").recordCount == 0)
      #expect(try await visitor.get("/comptes-rendus").recordCount == 1)
      #expect(try await world.signedIn(.ca).get(address).status == 200)
      let form = try await mission.get("/comptes-rendus/nouveau")
      let refused = try await mission.post(
        "/comptes-rendus/nouveau", form.formItems.map { ($0.0, ["titre": "X", "nature": "bureau"][$0.0] ?? $0.1) })
      #expect(refused.status == 422 && refused.text.contains("votre rôle ne lit pas"))
    }
  }

  @Test func theyArePrintedAsATaggedDocument() async throws {
    let tools =
      ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(filePath: $0) } ?? TestDatabases.root.appending(path: ".tools")
    let compiler = TypstCompiler(tools: tools, templates: TestDatabases.root.appending(path: "Typst"), patience: .seconds(600))
    try await withDemonstration { demonstration, _ in
      try await serve(demonstration.installation, compiler: compiler) { world in
        let visitor = try await world.visitor.stranger().signedIn(.direction)
        let address = try #require(try await visitor.get("/comptes-rendus?nature=partenaires").records(of: "/comptes-rendus/").first)
        let paper = try await visitor.get("\(address)/compte-rendu.pdf")
        #expect(paper.status == 200 && paper.headers[.contentType] == "application/pdf")
        #expect(paper.text.contains("%PDF-") && paper.headers[.contentDisposition]?.contains("compte-rendu-") == true)
      }
    }
  }
}
