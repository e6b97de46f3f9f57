import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Federations of any size, invented: the same each time, whatever the engine.
@Suite struct InventedFederationTests {
  private static let kinds = ["territoires", "structures", "etats", "personnes", "fonctions", "echanges"]

  private func made(_ size: FederationSize, on engine: Engine, _ body: (Installation) async throws -> Void = { _ in }) async throws
    -> [String]
  {
    try await withInstallation(engine) { world async throws in
      _ = try await Demonstration(world).make(reset: false, size: size)
      try await body(world)
      var files: [String] = []
      for kind in Self.kinds { files.append(try await world.take(kind)) }
      return files
    }
  }

  @Test func aSizeGivesTheSameFederationOnEachEngine() async throws {
    let size = FederationSize(teams: 130, people: 300, exchanges: 900, years: 8)
    let files = try await made(size, on: .sqlite) { world async throws in
      let counts: [Int?] = try await world.database.read { connection in
        let tables: [SQL] = ["structure", "person", "exchange"]
        return try tables.map { try connection.value("SELECT count(*) FROM \($0)") }
      }
      // Three more who left their teams years ago, an expert, and an exchange that came by mail.
      #expect(counts == [130, 304, 901])
      let today = CivilDate(of: TestClock.now, in: .gmt)
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: today) }
      #expect(faults.isEmpty)
      // Years that all have something in them, up to today.
      for year in today.year - 7...today.year {
        #expect(try await world.values("contacts.count", Period(year: year))["", default: 0] > 40, "\(year)")
      }
      #expect(try await world.values("contacts.people", Period(year: today.year))["", default: 0] > 10)
      let span = try await world.database.read { try $0.first("SELECT MIN(date), MAX(date) FROM exchange") }
      let (first, last): (CivilDate, CivilDate) = (try #require(span)[0], try #require(span)[1])
      #expect(first >= .firstDay(of: today.year - 7) && last <= today)
    }
    #expect(try await made(size, on: .postgres) == files)
    // References are counted on, not cut.
    #expect(files[1].contains("DEMO-130;") && files[3].contains("PERS-000300;"))
  }

  /// What the product is shown with: every département has its CPTS, and each team a name of its own.
  @Test func theDemonstrationIsAWholeRegion() async throws {
    let files = try await made(.demonstration, on: .sqlite) { world async throws in
      let departments: Int? = try await world.database.read {
        try $0.value("SELECT count(DISTINCT department) FROM structure WHERE type = 'cpts'")
      }
      #expect(departments == 12)
      let names: Int? = try await world.database.read { try $0.value("SELECT count(DISTINCT name_fold) FROM structure") }
      #expect(names == 220)
      let today = Period(asOf: CivilDate(of: TestClock.now, in: .gmt))
      let covered = try await world.values("coverage.communes", today)["", default: 0]
      let claims: Int? = try await world.database.read { try $0.value("SELECT count(*) FROM coverage_claim") }
      #expect(covered > 100 && covered < claims ?? 0, "some communes are claimed twice")
    }
    let lines: [Int] = files.map { $0.split(whereSeparator: \.isNewline).count }
    // The exchange that came by mail is one of four lines.
    #expect(lines[0...1] == [13, 221] && lines[3] == 2_405 && lines[5] == 1_505 && lines[2] > 500 && lines[4] > 600)
  }
}
