import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Lists and figures read by a program, with a person's key and without a session (REP-07).
struct ProgramTests {
  private func objects(_ answer: Answer) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [[String: Any]])
  }

  private func key(_ visitor: Visitor) async throws -> String {
    let page = try await visitor.get("/compte")
    let made = try await visitor.post(
      "/compte/cle", [("csrf", page.field("csrf") ?? ""), ("actuel_cle", visitor.password)])
    let field = try #require(made.text.range(of: "id=\"cle-programme\" readonly value=\""))
    return String(made.text[field.upperBound...].prefix { $0 != "\"" })
  }

  @Test(arguments: Engine.allCases) func aListIsWhatItsPageShows(_ engine: Engine) async throws {
    try await withDemonstration(engine) { world, direction in
      let stranger = world.visitor.stranger().bearing(try await key(direction))
      let answer = try await stranger.get("/structures.json?type=cpts&colonnes=nom&colonnes=professionnels")
      #expect(answer.status == 200 && answer.headers[.contentType] == "application/json")
      let rows = try objects(answer)
      #expect(try await direction.get("/structures?type=cpts").recordCount == rows.count && !rows.isEmpty)
      #expect(rows.allSatisfy { Set($0.keys) == ["nom", "professionnels"] && $0["professionnels"] is Int })
      #expect(try await stranger.get("/structures.csv?type=cpts").csvRows.count == rows.count)
      let figure = try objects(try await stranger.get("/chiffres.json?chiffre=structures.count&par=type"))
      let cpts = figure.first { ($0["dimensions"] as? [String: String]) == ["type": "cpts"] }
      #expect(cpts?["value"] as? Int == rows.count)
      let all = try objects(try await stranger.get("/chiffres.json?annee=2025"))
      #expect(Set(all.compactMap { $0["figure"] as? String }) == Set(world.installation.model.figures.figures.map(\.id)))
    }
  }

  @Test func aKeyReadsFilesAndNothingElse() async throws {
    try await withDemonstration { world, direction in
      let program = world.visitor.stranger().bearing(try await key(direction))
      for address in ["/structures", "/compte", "/rapports/2025", "/"] {
        let answer = try await program.get(address)
        #expect(answer.status == 403 && answer.text.contains("Une clé ne lit que"), "\(address)")
      }
      #expect(try await program.post("/compte/cle", [("csrf", "x")]).status == 403)
      #expect(try await program.get("/structures.json?type=zzz").status == 400)
      #expect(try await program.get("/chiffres.json?chiffre=structures.count&par=couleur").status == 400)
      #expect(try await program.get("/inconnu.json").status == 404)
      #expect(try await world.visitor.stranger().get("/structures.json").status == 303)
    }
  }

  @Test func aKeyGoesAsFarAsItsRole() async throws {
    try await withDemonstration { world, direction in
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let program = world.visitor.stranger().bearing(try await key(referent))
      let rows = try objects(try await program.get("/echanges.json"))
      #expect(try await referent.get("/echanges").recordCount == rows.count && !rows.isEmpty)
      #expect(try await #require(direction.get("/echanges").recordCount) > rows.count)
      let other = try await world.visitor.stranger().signedIn(.tresorerie)
      let closed = try await world.visitor.stranger().bearing(try await key(other)).get("/echanges.json")
      #expect(closed.status == 403 && closed.text.contains("Le rôle de cette clé"))
    }
  }

  @Test func aKeyWaitsForTheSecondFactorWhereItIsADuty() async throws {
    try await withDemonstration { world, direction in
      let program = world.visitor.stranger().bearing(try await key(direction))
      #expect(try await program.get("/structures.json").status == 200)
      try await world.installation.settings.set("double_authentification", to: "oui")
      let refused = try await program.get("/structures.json")
      #expect(refused.status == 403 && refused.text.contains("double authentification"))
    }
  }

  @Test func aKeyThatIsTakenBackOpensNothing() async throws {
    try await withDemonstration { world, direction in
      let first = try await key(direction)
      let second = try await key(direction)
      #expect(try await world.visitor.stranger().bearing(first).get("/structures.json").status == 401)
      #expect(try await world.visitor.stranger().bearing(second).get("/structures.json").status == 200)
      let page = try await direction.get("/compte")
      #expect(!page.text.contains(second))
      #expect(try await direction.post("/compte/cle/fin", [("csrf", page.field("csrf") ?? "")]).status == 303)
      let gone = try await world.visitor.stranger().bearing(second).get("/structures.json")
      #expect(gone.status == 401 && gone.text.contains("n’ouvre rien"))
      // Whoever guesses is stopped.
      var statuses: Set<Int> = []
      for _ in 0..<45 { statuses.insert(try await world.visitor.stranger().bearing("x").get("/structures.json").status) }
      #expect(statuses.isSuperset(of: [401, 429]))
    }
  }
}
