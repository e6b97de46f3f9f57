import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-14: lists of communes that public policy names.
struct ZoningTests {
  private static let structures = """
    reference;type;nom;departement;commune;etat;depuis;communes_couvertures
    A;msp;À Grenoble;38;38185;ouverte;2018-01-01;
    B;msp;À Voiron;38;38563;ouverte;2018-01-01;
    C;cpts;CPTS du Val;38;38185;ouverte;2018-01-01;38185

    """
  private static let zonings = """
    zonage;commune;depuis;jusqua
    ZIP;Voiron;;2023-12-31
    zac;38563;2024-01-01;
    pvd;38563;;
    zip;38185;2024-01-01;

    """

  @Test(arguments: Engine.allCases) func theyAreFiltersOfTeamsAndCommunes(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.settings.set("departements", to: "38")
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      let outcome = try await world.bring("zonages", Self.zonings)
      #expect(outcome.created == 4 && outcome.refused.isEmpty, "\(outcome)")
      #expect(try await world.bring("zonages", try await world.take("zonages")).unchanged == 4)
      func teams(_ year: Int) async throws -> [String: Int] {
        try await world.values("structures.count", Period(asOf: .lastDay(of: year)), by: ["zonage"])
      }
      #expect(try await teams(2023) == ["zip": 1, "pvd": 1, "aucun": 2])
      #expect(try await teams(2024) == ["zac": 1, "pvd": 1, "zip": 2])
      // On two lists, it is one team.
      let day = Period(asOf: .lastDay(of: 2024))
      #expect(try await world.values("structures.count", day)[""] == 3)
      #expect(try await world.values("structures.count", day, where: [("zonage", "zac"), ("zonage", "pvd")])[""] == 1)
      // What no CPTS claims of a list.
      #expect(try await world.values("coverage.communes", day, where: [("zonage", "zip")])[""] == 1)
      let white = try await world.values("coverage.communes_share", day, by: ["zonage"])
      #expect(white["zip"] == 1000 && white["zac"] == 0 && white["pvd"] == 0)
    }
  }

  @Test(arguments: Engine.allCases) func whatIsNoListOrNoCommuneIsRefused(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "zonages", "zonage;commune;depuis;jusqua\naucun;38185;;\nzip;Nullepart-sur-Rien;;\nzrr;38185;;\nzip;38185;2024-01-01;2023-01-01\n")
      #expect(outcome.created == 0 && outcome.refused.count == 4)
      let reasons = outcome.refused.map { "\($0)" }.joined()
      #expect(reasons.contains("une commune sans zonage n’a pas de ligne") && reasons.contains("finit avant d’avoir commencé"))
    }
  }
}
