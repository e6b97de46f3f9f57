import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// What somebody typed for a block that was thrown away meanwhile.
extension DraftPagesTests {
  /// Somebody threw the block away while two people typed.
  @Test func whatIsTypedForABlockInTheBinIsKept() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let address = try await block("Nos priorités", visitor)
      let form = try await visitor.get("\(address)/modifier")
      let page = try await visitor.get(address)
      let csrf = page.field("csrf") ?? ""
      #expect(try await visitor.post("\(address)/corbeille", [("csrf", csrf)]).status == 303)
      let items = form.formItems.filter { $0.0 != "texte" } + [("csrf", csrf), ("texte", "Recruter <vite>.")]
      let kept = try await visitor.post("\(address)/modifier", items)
      #expect(kept.status == 409 && kept.text.contains("Recruter &lt;vite&gt;.") && kept.text.contains("Rétablir la fiche et enregistrer"))
      let comment = [("csrf", csrf), ("commentaire", page.field("commentaire") ?? ""), ("texte", "À préciser.")]
      let said = try await visitor.post("\(address)/commentaires", comment)
      #expect(said.status == 409 && said.text.contains("À préciser.") && said.field("retablir") == "oui")
      #expect(try await visitor.post("\(address)/modifier", items + [("retablir", "oui")]).status == 303)
      #expect(try await visitor.get(address).text.contains("Recruter &lt;vite&gt;."))
      #expect(try await visitor.post("\(address)/corbeille", [("csrf", csrf)]).status == 303)
      #expect(try await visitor.post("\(address)/commentaires", comment + [("retablir", "oui")]).status == 303)
      #expect(try await visitor.get(address).text.contains("À préciser."))
    }
  }

  /// Whoever only comments keeps their words, without the way to restore.
  @Test func aReaderKeepsTheirWords() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let address = try await block("Nos priorités", visitor)
      let csrf = try await visitor.get(address).field("csrf") ?? ""
      #expect(try await visitor.post("\(address)/corbeille", [("csrf", csrf)]).status == 303)
      let member = try await world.signedIn(.ca)
      let own = try await member.get("/rapports/2025/redaction").field("csrf") ?? ""
      let comment = [("csrf", own), ("commentaire", "0000000000007"), ("texte", "À préciser."), ("retablir", "oui")]
      let said = try await member.post("\(address)/commentaires", comment)
      #expect(said.status == 409 && said.text.contains("À préciser.") && !said.text.contains("Rétablir la fiche"))
    }
  }
}
