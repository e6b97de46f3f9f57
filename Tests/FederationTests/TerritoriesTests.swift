import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-03: territories in files, one line a département and period, one name a territory.
@Suite struct TerritoriesTests {
  private static let file = "code;nom;departement;depuis\nest;Est;38;2020-01-01\nest;Est;73;2020-01-01\n"

  private func undo(_ outcome: ImportOutcome, _ world: Installation) async throws -> UndoOutcome {
    try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
  }

  private func names(_ world: Installation) async throws -> [String] {
    try await world.database.read { try $0.rows("SELECT name FROM territory ORDER BY code").map { try $0[0] } }
  }

  @Test(arguments: Engine.allCases)
  func aNewNameIsTheWholeTerritorysAndIsTakenBack(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("territoires", Self.file)
      let before = try await world.take("territoires")
      let renaming = try await world.bring(
        "territoires", "code;nom;departement;depuis\nest;Grand Est;26;2021-01-01\nouest;Ouest;01;2020-01-01\n")
      #expect(renaming.created == 2)
      #expect(renaming.warnings == ["ligne 2 : le territoire « Est » s’appelle maintenant « Grand Est » partout"])
      #expect(try await names(world) == ["Grand Est", "Ouest"])
      let again = try await world.bring("territoires", try await world.take("territoires"))
      #expect(again.unchanged == 4 && again.warnings.isEmpty)
      // A row that only followed has an image of it.
      let row: Int64? = try await world.database.read { try $0.value("SELECT id FROM territory_department WHERE department = '73'") }
      let history = try await world.database.read { [row] in try RecordHistory(row ?? 0, of: TerritoryRecords(), $0).entries }
      #expect(history.first?.changes.map { "\($0.before) \($0.after)" } == ["Est Grand Est"])
      let undone = try await undo(renaming, world)
      #expect(undone.kept.isEmpty, "\(undone)")
      #expect(try await world.take("territoires") == before)
      // No filter offers a territory that an undone import alone had made.
      #expect(try await names(world) == ["Est"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aTerritoryHasOneName(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "territoires", "code;nom;departement;depuis\nest;Est;38;2020-01-01\nest;Levant;73;2020-01-01\nsud;Sud;26;2021-01-01\n")
      #expect(outcome.refused.map { "\($0.line) \($0.fault.column)" } == ["3 nom"])
      try await world.bring("territoires", Self.file)
      // A line that says nothing of the name follows the one that does.
      let mixed = try await world.bring(
        "territoires", "code;nom;departement;depuis;jusqua\nest;Grand Est;38;2020-01-01;\nest;;73;2020-01-01;2025-12-31\n")
      #expect(mixed.changed == 2 && mixed.refused.isEmpty, "\(mixed)")
      #expect(try await names(world) == ["Grand Est"])
    }
  }
}
