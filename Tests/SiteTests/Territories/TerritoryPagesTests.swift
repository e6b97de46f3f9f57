import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Territories in the browser: what they are today, their départements over time, making and changing them.
struct TerritoryPagesTests {
  private func bring(into world: SiteWorld) async throws {
    let file = """
      code;nom;departement;depuis;jusqua
      alpes;Alpes;38;2020-01-01;
      alpes;Alpes;73;2020-01-01;2025-12-31
      rhone;Rhône et Loire;69;2020-01-01;
      """
    #expect(try await world.installation.bring("territoires", file).created == 3)
    try await SmallWorld.bring(into: world.installation)
    _ = try await world.installation.accounts.create(
      email: "referente@exemple.fr", name: "Solène Aubertin", role: .referent, territory: "alpes", password: SiteWorld.password)
  }

  @Test(arguments: Engine.allCases) func theListSaysWhatEachHoldsToday(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(into: world)
      let visitor = try await world.signedIn()
      let list = try await visitor.get("/territoires")
      #expect(list.rowTitles == ["Alpes", "Rhône et Loire"])
      #expect(list.text.contains("Isère (38)") && !list.text.contains("Savoie (73)") && list.text.contains("Solène Aubertin"))
      for link in list.links(to: "/structures?territoire=") {
        let number = list.text.components(separatedBy: "href=\"\(link)\">").last.flatMap { leadingNumber($0) }
        #expect(try await visitor.get(link).recordCount == number, "\(link)")
      }
      #expect(try await visitor.get("/territoires.csv").csvRows.map(\.first) == ["alpes", "rhone"])
      let page = try await visitor.get("/territoires/alpes")
      #expect(page.text.contains("depuis le 1er janv. 2020, jusqu’au 31 déc. 2025"))
      #expect(page.links(to: "/structures?territoire=alpes").count == 1)
      #expect(try await visitor.get("/territoires/inconnu").status == 404)
    }
  }

  /// A département has one territory at a time: the one that it leaves says so.
  @Test(arguments: Engine.allCases) func aDepartmentTakenOverIsSaidToLeave(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(into: world)
      let visitor = try await world.signedIn(.chargeMission)
      let adding = try #require(try await visitor.get("/territoires/rhone").links(to: "/territoires/nouveau").first)
      let changes = ["departement": "Isère", "depuis": "2026-01-01"]
      let items = try await visitor.get(adding).formItems.map { ($0.0, changes[$0.0] ?? $0.1) }
      let warned = try await visitor.post("/territoires/nouveau", items)
      #expect(warned.status == 422 && warned.text.contains("est dans «\u{202F}Alpes\u{202F}»") && warned.text.contains("31 déc. 2025"))
      #expect(try await visitor.post("/territoires/nouveau", warned.formItems).status == 303)
      let left = try await visitor.get("/territoires/alpes").text
      #expect(left.contains("depuis le 1er janv. 2020, jusqu’au 31 déc. 2025, puis dans un autre territoire"))
    }
  }

  @Test func aDepartmentIsAddedAndMoved() async throws {
    try await withSite { world in
      try await bring(into: world)
      let visitor = try await world.signedIn(.chargeMission)
      let add = try #require(try await visitor.get("/territoires/alpes").links(to: "/territoires/nouveau").first)
      let form = try await visitor.get(add)
      let items = form.formItems.map { name, value in
        switch name {
        case "departement": (name, "Drôme")
        case "depuis": (name, "2026-01-01")
        default: (name, value)
        }
      }
      let made = try await visitor.post("/territoires/nouveau", items)
      #expect(made.status == 303)
      #expect(try await visitor.get(made.location ?? "").location == "/territoires/alpes?fait=cree")
      let page = try await visitor.get("/territoires/alpes")
      #expect(page.text.contains("Drôme (26)"))
      // The latest stands first.
      let change = try #require(page.links(to: "/territoires/").first { $0.hasSuffix("/modifier") })
      let moved = try await visitor.get(change).formItems.map { $0.0 == "departement" ? ($0.0, "07") : $0 }
      #expect(try await visitor.post(change, moved).status == 303)
      let after = try await visitor.get("/territoires/alpes").text
      #expect(after.contains("Ardèche (07)") && !after.contains("Drôme"))
      let faults = try await world.installation.database.read { [model = world.installation.model] in
        try model.faults($0, today: .lastDay(of: 2026))
      }
      #expect(faults.isEmpty)
      let csrf = try #require(page.field("csrf"))
      let removed = try await visitor.post(change.replacing("modifier", with: "corbeille"), [("csrf", csrf)])
      #expect(removed.location?.hasPrefix("/territoires?fait=corbeille") == true)
      #expect(try await !visitor.get("/territoires/alpes").text.contains("Ardèche"))
      #expect(try await visitor.get("/corbeille").text.contains("Alpes, 07"))
      #expect(try await world.signedIn(.ca).get("/territoires/alpes").links(to: "/territoires/nouveau").isEmpty)
    }
  }
}
