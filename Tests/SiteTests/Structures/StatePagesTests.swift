import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Dated stages and marks of a team, entered and mended on its page (DIR-02).
struct StatePagesTests {
  private func send(_ address: String, _ changes: [String: String], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get(address)
    let items = form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) }
    #expect(Set(changes.keys).isSubset(of: items.map(\.0)), "\(address)")
    return try await visitor.post(address, items)
  }

  private func withTeam(_ engine: Engine, _ body: @Sendable (SiteWorld, Visitor, String) async throws -> Void) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      let team = ["nom": "CPTS du Haut-Pays", "type": "cpts", "departement": "38", "etat": "lettre_intention", "depuis": "2021-03-02"]
      let made = try await send("/structures/nouveau", team, by: visitor)
      try await body(world, visitor, String((made.location ?? "").prefix { $0 != "?" }))
    }
  }

  @Test(arguments: Engine.allCases) func theDateOfAStageIsMendedInTheTeamsForm(_ engine: Engine) async throws {
    try await withTeam(engine) { _, visitor, team in
      #expect(try await send("\(team)/modifier", ["depuis": "2020-11-16"], by: visitor).status == 303)
      let history = try await visitor.get("\(team)?o=etapes").text
      #expect(history.contains("16 nov. 2020") && !history.contains("2 mars 2021"))
      // Another stage needs its own day.
      let refused = try await send("\(team)/modifier", ["etat": "valide"], by: visitor)
      #expect(refused.status == 422 && refused.text.contains("donnez le jour où l’équipe y entre"))
      // And back, from the history of the team.
      let undone = try await visitor.get("\(team)/historique")
      let back = try await visitor.post(
        "\(team)/historique", [("csrf", undone.field("csrf") ?? ""), ("version", undone.field("version") ?? "")])
      #expect(back.status == 303)
      #expect(try await visitor.get("\(team)?o=etapes").text.contains("2 mars 2021"))
    }
  }

  @Test(arguments: Engine.allCases) func aMarkIsAddedMendedAndThrownAway(_ engine: Engine) async throws {
    try await withTeam(engine) { _, visitor, team in
      let page = try await visitor.get("\(team)?o=etapes")
      let adding = try #require(page.links(to: "/etapes/nouveau").first)
      let form = try await visitor.get(adding)
      #expect(form.text.contains(">ACI signé<") && form.text.contains(">Lettre d’intention validée<"))
      let made = try await send(adding, ["etat": "aci", "depuis": "2022-10-01", "note": "Signé à la caisse"], by: visitor)
      #expect(made.status == 303)
      let shown = try await visitor.get(team + "?o=etapes")
      #expect(shown.text.contains("1er oct. 2022") && shown.text.contains("Signé à la caisse"))
      // The team's own form knows it, and changes nothing of it: its note would be lost with its day.
      let kept = try await send("\(team)/modifier", ["depuis": "2022-09-01"], by: visitor)
      #expect(kept.status == 422 && kept.text.contains("a une fin ou une note"))
      #expect(try await send("\(team)/modifier", ["telephone": "04 76 00 00 01"], by: visitor).status == 303)
      let changes = shown.links(to: "/etapes/").filter { $0.hasSuffix("/modifier") }
      #expect(changes.count == 2)
      let mark = try #require(changes.first)
      #expect(try await send(mark, ["depuis": "2022-09-15"], by: visitor).status == 303)
      #expect(try await visitor.get(team + "?o=etapes").text.contains("15 sept. 2022"))
      let refused = try await send(mark, ["jusqua": "2022-01-01"], by: visitor)
      #expect(refused.status == 422)
      // Where it leads, and out of it.
      let record = String(mark.dropLast("/modifier".count))
      #expect(try await visitor.get(record).location == "\(team)?o=etapes")
      let bin = try await visitor.post("\(record)/corbeille", [("csrf", shown.field("csrf") ?? "")])
      #expect(bin.status == 303)
      #expect(!(try await visitor.get(team + "?o=etapes").text.contains("15 sept. 2022")))
      #expect(try await visitor.get("/corbeille").text.contains("CPTS du Haut-Pays, ACI signé"))
      #expect(try await visitor.post("\(record)/retablir", [("csrf", shown.field("csrf") ?? "")]).status == 303)
      #expect(try await visitor.get(team + "?o=etapes").text.contains("15 sept. 2022"))
    }
  }

  /// Who only reads sees no way to change.
  @Test func readersAreOfferedNoChange() async throws {
    try await withTeam(.sqlite) { world, _, team in
      let reader = try await world.signedIn(.ca)
      #expect(try await reader.get("\(team)?o=etapes").links(to: "/etapes/").isEmpty)
    }
  }
}
