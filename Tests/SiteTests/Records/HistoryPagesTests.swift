import Federation
import Foundation
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

  /// Right after a change, the message takes it back; an address that names no change offers nothing.
  @Test(arguments: Engine.allCases) func aChangeIsTakenBackWhereItIsTold(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let before = try await visitor.get("\(record)/modifier").field("nom") ?? ""
      let saved = try await change(record, [("nom", "Équipe des Ormes")], by: visitor)
      let told = try await visitor.get(try #require(saved.location))
      #expect(TagBalance.fault(in: told.text) == nil && told.text.contains("Les modifications sont enregistrées."))
      #expect(told.text.components(separatedBy: "Les modifications sont enregistrées.").count == 2)
      #expect(told.actions(to: "\(record)/historique") == ["\(record)/historique"])
      let fields = ["csrf", "version"].map { ($0, told.field($0) ?? "") }
      let back = try await visitor.post("\(record)/historique", fields)
      #expect(back.status == 303)
      #expect(try await visitor.get(try #require(back.location)).text.contains("La modification est annulée."))
      #expect(try await visitor.get("\(record)/modifier").field("nom") == before)
      for odd in ["", "structures", "comptes.\(record.suffix(13)).2", "structures.x.2", "structures.\(record.suffix(13)).<b>"] {
        let page = try await visitor.get("\(record)?fait=modifie&modification=\(odd)")
        #expect(page.status == 200 && page.actions(to: "\(record)/historique").isEmpty, "\(odd)")
      }
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
