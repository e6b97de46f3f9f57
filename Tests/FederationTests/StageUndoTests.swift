import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What becomes of a stage when the entry that made it is taken back.
struct StageUndoTests {
  @Test(arguments: Engine.allCases) func aStageThatWasGivenAnEndIsNotTakenBackInSilence(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement;etat;depuis\nA;msp;Du Val;38;ecriture;2020-01-01\n")
      let found: Int64? = try await world.database.read { try $0.value("SELECT id FROM structure") }
      let id = try #require(found)
      let editor = RecordEditor(StructureRecords(), world.database, ids: world.ids, now: world.now, actor: nil)
      func version() async throws -> Int {
        guard let loaded = try await editor.load(id) else { throw TestSetUpError(description: "no structure") }
        return loaded.version
      }
      func stages() async throws -> [String] {
        try await world.database.read { connection in
          try connection.rows("SELECT state, since, until FROM structure_state WHERE removed_at IS NULL ORDER BY since").map {
            row -> String in
            let (state, since, until): (String, CivilDate, CivilDate) = (try row[0], try row[1], try row[2])
            return "\(state) \(since) \(until == .openEnd ? "" : until.description)"
          }
        }
      }
      let added = try await version() + 1
      _ = try await editor.save(id, entering: ["etat": "valide", "depuis": "2021-03-01"], from: added - 1, heedsWarnings: false)
      #expect(try await stages() == ["ecriture 2020-01-01 ", "valide 2021-03-01 "])
      let end = try await world.bring("etats", "structure;etat;depuis;jusqua\nA;valide;2021-03-01;2021-12-31\n")
      #expect(end.changed == 1 && end.refused.isEmpty)
      let before = try await version()
      guard case .refused(let faults) = try await editor.undo(id, version: added) else {
        Issue.record("taken back in silence")
        return
      }
      #expect(faults.count == 1 && faults[0].reason.contains("2021-03-01 a une fin ou une note"))
      #expect(try await stages() == ["ecriture 2020-01-01 ", "valide 2021-03-01 2022-01-01"])
      #expect(try await version() == before)
      // Changes of anything else are saved and taken back as ever.
      guard case .saved(let renamed) = try await editor.save(id, entering: ["nom": "Du Lac"], from: before, heedsWarnings: false) else {
        Issue.record("not saved")
        return
      }
      guard case .saved = try await editor.undo(id, version: renamed) else {
        Issue.record("not taken back")
        return
      }
      // Once the end is taken back, the stage goes.
      #expect(try await world.importer.undo(try #require(end.importID), world.model.kinds).kept.isEmpty)
      guard case .saved = try await editor.undo(id, version: added) else {
        Issue.record("not taken back")
        return
      }
      #expect(try await stages() == ["ecriture 2020-01-01 "])
      let problems = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2026)) }
      #expect(problems == [])
    }
  }
}
