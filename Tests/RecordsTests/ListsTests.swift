import Foundation
import Store
import TestSupport
import Testing

@testable import Records

/// Lists of values are data: a federation names and orders them, and the program adds to them.
@Suite struct ListsTests {
  private static let state = ReferenceList(
    "etat", label: "État", isClosed: true, seeds: [.init("bon", "Bon"), .init("use", "Usé"), .init("perdu", "Perdu")])

  private func model(topics: [String] = ["sante", "droit"]) -> Model {
    let topics = ReferenceList("topic", label: "Sujet", seeds: topics.map { .init($0, $0.capitalized) })
    return Model([Capability("books", lists: [topics, Self.state])])
  }

  private func withLists(_ engine: Engine, _ body: (any Database, ListEditor) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await model().migrate(database)
      try await body(database, ListEditor(model(), database, ids: IdentifierSource(), now: { TestClock.now }, actor: 7))
    }
  }

  private func values(_ list: String, _ database: any Database) async throws -> [String] {
    let list = try #require(model().lists.first { $0.name == list })
    return try await database.read { try ReferenceLists($0).values(of: list).map { "\($0.code) \($0.label)" } }
  }

  @Test(arguments: Engine.allCases)
  func aValueIsNamedAndPlacedAndTheTrailSaysSo(_ engine: Engine) async throws {
    try await withLists(engine) { database, editor async throws in
      try await editor.set("etat", "perdu", label: "  Introuvable ", position: 1)
      try await editor.set("etat", "perdu", position: 2)
      try await editor.set("etat", "perdu", label: "Introuvable", position: 2)
      #expect(try await values("etat", database) == ["bon Bon", "perdu Introuvable", "use Usé"])
      try await editor.add("topic", label: "Santé publique", position: 2)
      try await editor.add("topic", label: "Éthique", code: "ethique_soin")
      #expect(
        try await values("topic", database) == ["sante Sante", "sante_publique Santé publique", "droit Droit", "ethique_soin Éthique"])
      let trail = try await database.read { connection in
        try connection.rows(
          """
          SELECT e.operation, e.account_id, i.version, i.created FROM event e JOIN image i ON i.event_id = e.id
          WHERE e.kind = 'listes' ORDER BY e.id
          """
        ).map { "\(try $0[0] as String) \(try $0[1] as Int) \(try $0[2] as Int) \(try $0[3] as Bool)" }
      }
      #expect(trail == ["liste 7 2 false", "liste 7 3 false", "liste 7 1 true", "liste 7 1 true"])
      // What the program brings later comes last, and changes nothing else.
      _ = try await model(topics: ["neuf", "sante", "droit", "encore"]).migrate(database)
      #expect(
        try await values("topic", database)
          == ["sante Sante", "sante_publique Santé publique", "droit Droit", "ethique_soin Éthique", "neuf Neuf", "encore Encore"])
      let positions: [Int] = try await database.read {
        try $0.rows("SELECT position FROM reference_value WHERE list = 'topic' ORDER BY 1").map { try $0[0] }
      }
      #expect(positions == [1, 2, 3, 4, 5, 6])
    }
  }

  @Test(arguments: Engine.allCases)
  func whatWouldConfuseAListIsRefused(_ engine: Engine) async throws {
    try await withLists(engine) { database, editor async throws in
      let before = try await values("etat", database)
      for (code, label, position) in [
        ("bon", "usé", nil), ("bon", "PERDU", nil), ("bon", " ", nil), ("bon", nil, 0), ("bon", nil, 4), ("inconnu", "X", nil),
        ("bon", String(repeating: "é", count: 201), nil),
      ] as [(String, String?, Int?)] {
        await #expect(throws: Refusal.self, "\(code)") { try await editor.set("etat", code, label: label, position: position) }
      }
      await #expect(throws: Refusal.self) { try await editor.set("rien", "bon", label: "X") }
      await #expect(throws: Refusal.self) { try await editor.add("etat", label: "Neuf") }
      for (label, code) in [("Droit", nil), ("Autre", "sante"), ("Autre", "Autre Code"), ("!", nil), ("Non renseigné", nil)]
        as [(String, String?)]
      {
        await #expect(throws: Refusal.self, "\(label)") { try await editor.add("topic", label: label, code: code) }
      }
      #expect(try await values("etat", database) == before)
      #expect(try await values("topic", database).count == 2)
    }
  }
}
