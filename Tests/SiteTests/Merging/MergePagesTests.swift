import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Duplicates found, told apart, merged and put back apart, in the browser.
struct MergePagesTests {
  private static let teams = """
    reference;type;nom;departement;commune;telephone;notes
    A;msp;Maison de santé du Val;38;Voiron;04 76 00 00 01;Ouvre le samedi
    B;msp;MSP du Val;38;Voiron;;Parking derrière
    C;cds;De la Gare;69;;;

    """

  private func bring(_ world: SiteWorld) async throws {
    try await world.installation.bring("structures", Self.teams)
    try await world.installation.bring(
      "echanges", "date;canal;structures;objet;reference\n2026-03-01;visio;B;Premier pas;E1\n2026-03-02;visio;C;Autre;E2\n")
  }

  /// What the only form of a preview sends.
  private func sent(_ page: Answer) -> [(String, String)] {
    let names = ["csrf", "a", "b", "garder", "fusion", "vu"]
    let picks = page.text.components(separatedBy: "name=\"c_").dropFirst().map { "c_" + $0.prefix { $0 != "\"" } }
    return (names + Set(picks).sorted()).compactMap { name in page.field(name).map { (name, $0) } }
  }

  @Test(arguments: Engine.allCases) func twoTeamsBecomeOneAndTwoAgain(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(world)
      let visitor = try await world.signedIn(.chargeMission)
      #expect(try await visitor.get("/structures").links(to: "/structures/doublons").count == 1)
      let found = try await visitor.get("/structures/doublons")
      #expect(found.text.contains("Noms proches, même département, même commune"))
      let compare = try #require(found.links(to: "/structures/fusionner?").first)
      let teams = found.records(of: "/structures/")
      #expect(teams.count == 2)
      let choice = try await visitor.get(compare)
      #expect(choice.text.contains("Fiche à garder") && choice.text.contains("Les deux") && choice.text.contains("04 76 00 00 01"))
      let preview = try await visitor.get(
        compare.replacing("/fusionner?", with: "/fusionner/apercu?") + "&garder=a&c_nom=b&c_notes=deux")
      #expect(preview.status == 200 && preview.text.contains("Échanges") && preview.text.contains("Rien n’est encore enregistré"))
      #expect(preview.text.contains("Parking derrière"))
      let items = sent(preview)
      let done = try await visitor.post("/structures/fusionner", items)
      #expect(done.status == 303 && done.location?.hasPrefix("/structures/fusions/") == true)
      #expect(try await visitor.post("/structures/fusionner", items).location == done.location)
      let sheet = try await visitor.get(done.location ?? "")
      #expect(sheet.text.contains("n’en font plus qu’une") && sheet.text.contains("Défaire la fusion"))

      // The old address leads to the kept team; the bin says why it does not come back.
      let moved = try await visitor.get(teams[1])
      #expect(moved.status == 303 && moved.location == teams[0])
      let kept = try await visitor.get(teams[0])
      #expect(kept.text.contains("MSP du Val") && kept.text.contains("Premier pas"))
      let bin = try await visitor.get("/corbeille")
      #expect(bin.text.contains("Fusionnée, voir la fiche gardée") && bin.actions(to: teams[1]).isEmpty)
      #expect(try await visitor.post("\(teams[1])/retablir", [("csrf", bin.field("csrf") ?? "")]).text.contains("défaites la fusion"))
      let history = try await visitor.get("\(teams[0])/historique")
      let link = try #require(history.links(to: "/structures/fusions/").first)
      #expect(try await visitor.get("/structures/doublons").text.contains("Aucun doublon en vue"))
      // One merged already is not merged again.
      let again = try await visitor.get(compare)
      #expect(again.status >= 400 && again.text.contains("déjà fusionnée"))

      let undone = try await visitor.post("\(link)/defaire", [("csrf", history.field("csrf") ?? "")])
      #expect(undone.status == 303)
      #expect(try await visitor.get(undone.location ?? "").text.contains("Cette fusion est défaite"))
      #expect(try await visitor.get(teams[1]).text.contains("Premier pas"))
      #expect(try await visitor.get(teams[0]).text.contains("Maison de santé du Val"))
    }
  }

  @Test(arguments: Engine.allCases) func aStalePreviewIsShownAgainAndWhatChangedSinceIsNamed(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(world)
      let visitor = try await world.signedIn()
      let compare = try #require(try await visitor.get("/structures/doublons").links(to: "/structures/fusionner?").first)
      let address = compare.replacing("/fusionner?", with: "/fusionner/apercu?")
      let items = sent(try await visitor.get(address))
      try await world.installation.bring("structures", "reference;type;nom;departement;siret\nB;msp;MSP du Val Vert;38;\n")
      let stale = try await visitor.post("/structures/fusionner", items)
      #expect(stale.status == 409 && stale.text.contains("a changé depuis l’aperçu"))
      let done = try await visitor.post("/structures/fusionner", sent(stale))
      #expect(done.status == 303)
      try await world.installation.bring("echanges", "date;canal;structures;objet;reference\n2026-03-01;visio;A|C;Premier pas;E1\n")
      let sheet = try await visitor.get(done.location ?? "")
      let action = try #require(sheet.actions(to: "/structures/fusions/").first)
      let undone = try await visitor.post(action, [("csrf", sheet.field("csrf") ?? "")])
      #expect(undone.status == 200 && undone.text.contains("1 élément reste avec la fiche gardée") && undone.text.contains("Premier pas"))
    }
  }

  @Test(arguments: Engine.allCases) func aPairIsToldApart(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(world)
      let visitor = try await world.signedIn(.assistance)
      let page = try await visitor.get("/structures/doublons")
      let pair = [("csrf", page.field("csrf") ?? ""), ("a", page.field("a") ?? ""), ("b", page.field("b") ?? "")]
      let told = try await visitor.post("/structures/doublons/ecarter", pair)
      #expect(told.status == 303)
      let after = try await visitor.get(told.location ?? "")
      #expect(after.text.contains("Aucun doublon en vue") && after.text.contains("C’est retenu"))
      let apart = try await visitor.get("/structures/doublons?ecartes=oui")
      #expect(apart.text.contains("Écartée le") && apart.text.contains("MSP du Val"))
      #expect(try await visitor.post("/structures/doublons/reprendre", pair).status == 303)
      #expect(try await visitor.get("/structures/doublons").text.contains("Comparer et fusionner"))
      // A reader of the directory decides nothing about it, and is not shown the way.
      let reader = try await world.signedIn(.communication)
      #expect(try await reader.get("/structures").links(to: "/structures/doublons").isEmpty)
      #expect(try await reader.get("/structures/doublons").status == 403)
      let own = [("csrf", try await reader.get("/structures").field("csrf") ?? ""), pair[1], pair[2]]
      #expect(try await reader.post("/structures/doublons/ecarter", own).status == 403)
    }
  }

  @Test func theOtherRecordIsNamed() async throws {
    try await withSite { world in
      try await bring(world)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=gare").records(of: "/structures/").first)
      let form = try await visitor.get("\(team)/modifier")
      let start = try #require(form.links(to: "/structures/fusionner?a=").first)
      #expect(try await visitor.get(start).text.contains("Avec quelle fiche"))
      let unknown = try await visitor.get("\(start)&avec=zzz")
      #expect(unknown.status == 422 && unknown.text.contains("aucune fiche n’a ce nom"))
      let found = try await visitor.get("\(start)&avec=maison")
      #expect(found.status == 303)
      #expect(try await visitor.get(found.location ?? "").text.contains("Fiche à garder"))
      let own = try await visitor.get("\(start)&avec=C")
      #expect(try await visitor.get(own.location ?? "").text.contains("deux fiches différentes"))
    }
  }
}
