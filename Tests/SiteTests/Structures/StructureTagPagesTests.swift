import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The words that gather teams, in their form: those in use are offered, a new one is as good, with or without JavaScript.
struct StructureTagPagesTests {
  @Test(arguments: Engine.allCases) func wordsAreOfferedAndKept(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let form = try await visitor.get("\(record)/modifier")
      let base = ["csrf", "version"].map { ($0, form.field($0) ?? "") }
      let saved = try await visitor.post("\(record)/modifier", base + [("etiquettes_texte", "Site pilote, À <b>voir")])
      #expect(saved.status == 303)
      let again = try await visitor.get("\(record)/modifier")
      #expect(TagBalance.fault(in: again.text) == nil && again.text.contains("data-libre"))
      #expect(again.text.contains("name=\"etiquettes\" value=\"Site pilote\" checked"))
      #expect(again.text.contains("À &lt;b&gt;voir"))
      // On another team’s form they are offered, and a word that one of them begins with is another word.
      let other = try #require(try await visitor.get("/structures?q=Œillet").records(of: "/structures/").first)
      let offers = try await visitor.get("\(other)/modifier")
      #expect(offers.text.contains("<option value=\"Site pilote\">"))
      let typed = [("etiquettes", "site PILOTE"), ("etiquettes_texte", "Site")]
      let kept = ["csrf", "version"].map { ($0, offers.field($0) ?? "") } + typed
      #expect(try await visitor.post("\(other)/modifier", kept).status == 303)
      let tags: [String] = try await world.installation.database.read {
        try $0.rows("SELECT DISTINCT tag FROM structure_tag ORDER BY tag").map { try $0[0] }
      }
      #expect(Set(tags) == ["Site", "Site pilote", "À <b>voir"])
      #expect(try await visitor.get("/suggestions/etiquettes?q=pilote").text == "[\"Site pilote\"]")
    }
  }
}
