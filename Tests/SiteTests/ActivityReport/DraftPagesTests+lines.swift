import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// What authors type by the line, what of it is refused, and who is known by it.
extension DraftPagesTests {
  /// Every line that cannot be read is told at once, each by its number.
  @Test func faultyLinesAreToldTogether() async throws {
    try await withSite { world async throws in
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let address = try await block("Les temps forts de l’année", visitor)
      let both = try await save(address, [("lignes", "Journée régionale\n2 oct. : Bal\n30/02 : Rien")], by: visitor)
      #expect(both.status == 422 && both.text.contains("ligne 1\u{A0}:") && both.text.contains("ligne 3\u{A0}:"))
      #expect(!both.text.contains("ligne 2\u{A0}:"))
      let lines = "2 oct. : Bal | www.exemple.fr\n1er mars : Assemblée | 120 personnes"
      #expect(try await save(address, [("lignes", lines)], by: visitor).status == 303)
      let page = try await visitor.get("/rapports/2025")
      #expect(page.text.contains("<a href=\"https://www.exemple.fr\"") && page.text.contains("<time datetime=\"2025-03-01\">"))
    }
  }

  /// A block without anything in it is refused; with a title it is to be written, and left out until it is.
  @Test func aBlockWithNothingInItIsRefused() async throws {
    try await withSite { world async throws in
      let visitor = try await world.signedIn()
      try await begin(visitor)
      for nature in ["texte", "citation", "frise", "personnes"] {
        let form = try await visitor.get("/blocs/nouveau?annee=2025&nature=\(nature)&rang=1500")
        let items = form.formItems.filter { !["csrf", "titre", "qui"].contains($0.0) } + [("csrf", form.field("csrf") ?? "")]
        let answer = try await visitor.post("/blocs/nouveau", items)
        #expect(answer.status == 422 && answer.text.contains("pour l’écrire plus tard"), "\(nature)")
        let named = items + [nature == "citation" ? ("qui", "Zoé") : ("titre", "À confier")]
        #expect(try await visitor.post("/blocs/nouveau", named).status == 303, "\(nature)")
      }
      let question = try await visitor.get("/rapports/2025/publication")
      #expect(question.text.contains("Citation\u{A0}: Zoé") && question.text.contains("À confier</a>"))
    }
  }

  /// Who has another name since the publication is the same person, whatever name they are taken out by.
  @Test(arguments: Engine.allCases) func whoHasAnotherNameSinceIsTakenOutToo(_ engine: Engine) async throws {
    try await withSite(engine) { world async throws in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let address = try await block("Qui est qui", visitor)
      let form = try await visitor.get("\(address)/modifier")
      let code = try #require(form.text.components(separatedBy: "name=\"repris\" value=\"").dropFirst().first?.prefix { $0 != "\"" })
      func take(_ lines: String) async throws {
        #expect(try await save(address, [("repris", String(code)), ("lignes", lines)], by: visitor).status == 303)
      }
      try await take("Solène Aubertin | Présidente")
      let csrf = try await visitor.get("/rapports/2025").field("csrf") ?? ""
      func publish(_ number: String) async throws {
        _ = try await visitor.post("/rapports/2025/editions", [("csrf", csrf), ("numero", number), ("quand_meme", "oui")])
      }
      try await publish("1")
      try await world.installation.database.write { connection in
        try connection.execute("UPDATE account SET name = 'Odile Durand' WHERE name = 'Odile Marchandet'")
      }
      try await take("Solène Aubertin | Trésorière")
      try await publish("2")
      let editions = ["/rapports/2025/editions/1", "/rapports/2025/editions/2"]
      #expect(try await visitor.get(editions[0]).text.contains("<b>Odile Marchandet</b><br>"))
      #expect(try await visitor.get(editions[1]).text.contains("<b>Odile Durand</b><br>"))
      let door = try #require(try await visitor.get(editions[0]).links(to: "\(editions[0])/retrait").first)
      let choice = try #require(try await visitor.get(door).links(to: "\(editions[0])/retrait").first)
      let question = try await visitor.get(choice)
      let items = [("csrf", csrf), ("bloc", question.field("bloc") ?? ""), ("personne", "Odile Marchandet")]
      #expect(try await visitor.post("\(editions[0])/retrait", items).location == editions[0])
      for address in editions + ["/rapports/2025"] {
        let text = try await visitor.get(address).text
        #expect(!text.contains("<b>Odile Marchandet</b><br>") && !text.contains("<b>Odile Durand</b><br>"), "\(address)")
        #expect(text.contains("<b>Solène Aubertin</b>"), "\(address)")
      }
    }
  }
}
