import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What happened to a record, as people read it, and what cannot be taken back.
struct HistoryPagesTests {
  private func change(_ record: String, _ values: [(String, String)], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get("\(record)/modifier")
    return try await visitor.post("\(record)/modifier", ["csrf", "version"].map { ($0, form.field($0) ?? "") } + values)
  }

  @Test(arguments: Engine.allCases) func anOlderChangeOfAFieldThatChangedAgainIsExplained(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      for name in ["Équipe des Ormes", "Équipe des Chênes"] {
        #expect(try await change(record, [("nom", name)], by: visitor).status == 303)
      }
      let csrf = try await visitor.get("\(record)/historique").field("csrf") ?? ""
      let refused = try await visitor.post("\(record)/historique", [("csrf", csrf), ("version", "2")])
      #expect(refused.status == 409 && refused.text.contains("«\u{202F}Nom\u{202F}» a changé encore depuis"))
      #expect(refused.text.contains("Ce qui a changé") && TagBalance.fault(in: refused.text) == nil)
      #expect(try await visitor.get("\(record)/modifier").field("nom") == "Équipe des Chênes")
    }
  }

  @Test(arguments: Engine.allCases) func codesAndDaysAreReadAsOnThePage(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let values = [("etat", "ecriture"), ("depuis", "2026-05-06"), ("type", "esp")]
      #expect(try await change(record, values, by: visitor).status == 303)
      let history = try await visitor.get("\(record)/historique").text
      #expect(history.contains("6 mai 2026") && !history.contains("2026-05-06") && !history.contains("</span>ecriture<"))
      #expect(history.contains("par une commande de l’administrateur"))
    }
  }
}
