import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-01 and DIR-02: sites with their dates, beside those that a file only names.
@Suite struct SitesTests {
  private static let structures = """
    reference;type;nom;departement;commune;etat;depuis;sites
    A;msp;Une commune, deux sites nommés;38;38185;contact;2020-01-01;Grenoble|Annexe nord
    B;msp;Secondaire datée;38;38185;contact;2020-01-01;
    C;msp;Un site nommé;38;38185;contact;2020-01-01;Cabinet du pont
    D;msp;Rien;38;;contact;2020-01-01;
    E;cpts;Sa commune;73;73065;contact;2020-01-01;73065

    """

  private static let sites = """
    structure;commune;nom;adresse;code_postal;principal;depuis;jusqua
    B;38421;;"1, rue du Pré";38400;non;2022-03-01;2023-12-31
    B;Voiron;Antenne;;;;2024-06-01;
    A;Grenoble;Siège;;;oui;;
    E;Chambéry;;;;oui;2020-01-01;

    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      try await body(world)
    }
  }

  private func several(_ world: Installation, _ day: String) async throws -> [String] {
    let period = Period(asOf: try #require(CivilDate(iso: day)))
    let query = try FigureQuery(world.model.figures.figure("structures.count"), period, where: [Filter("multi_sites", "oui")])
    return try await world.database.read { try query.records($0)[[]]?.compactMap(\.reference) ?? [] }
  }

  @Test(arguments: Engine.allCases)
  func aTeamHasSeveralSitesOnTheDaysWhenItHas(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      #expect(try await several(world, "2022-12-31") == ["A"])
      let outcome = try await world.bring("sites", Self.sites)
      #expect(outcome.created == 4 && outcome.refused.isEmpty && outcome.warnings.isEmpty, "\(outcome)")
      #expect(try await several(world, "2022-02-28") == ["A"])
      // Its own commune and the dated one.
      #expect(try await several(world, "2022-03-01") == ["A", "B"])
      #expect(try await several(world, "2023-12-31") == ["A", "B"])
      #expect(try await several(world, "2024-01-01") == ["A"])
      #expect(try await several(world, "2024-06-01") == ["A", "B"])
      // The named annex opens later than one thought, and the dated site speaks for it.
      try await world.bring("sites", "structure;commune;nom;depuis\nA;38421;Annexe nord;2025-01-01\n")
      #expect(try await several(world, "2024-12-31") == ["B"])
      #expect(try await several(world, "2025-01-01") == ["A", "B"])
    }
  }

  @Test(arguments: Engine.allCases)
  func sitesGoOutComeBackAndAreUndone(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let outcome = try await world.bring("sites", Self.sites)
      let files = try await [world.take("structures"), world.take("sites")]
      #expect(files[1].contains("B;38421;;1, rue du Pré;38400;non;2022-03-01;2023-12-31"))
      for (kind, file) in zip(["structures", "sites"], files) {
        let again = try await world.bring(kind, file)
        #expect(again.created == 0 && again.changed == 0 && again.refused.isEmpty && again.unchanged > 0, "\(kind) \(again)")
      }
      #expect(try await world.bring("sites", Self.sites).unchanged == 4)
      let closing = try await world.bring("sites", "structure;commune;nom;jusqua\nB;38563;antenne;2024-12-31\n")
      #expect(closing.changed == 1, "\(closing)")
      _ = try await world.importer.undo(try #require(closing.importID), world.model.kinds)
      #expect(try await world.take("sites") == files[1])
      let undone = try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
      // What was touched since, and brought back, is as it was made.
      #expect(undone.undone == 4 && undone.kept.isEmpty)
      #expect(try await world.take("structures") == files[0])
      #expect(try await several(world, "2022-12-31") == ["A"])
    }
  }

  @Test(arguments: Engine.allCases)
  func theMainSiteIsInTheTeamsCommune(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let wrong = try await world.bring(
        "sites",
        """
        structure;commune;nom;principal;depuis;jusqua
        B;Voiron;;oui;;
        B;Nulle-Part;;;;
        B;38185;;oui;;
        B;38185;Bis;oui;;
        D;38421;;;2022-01-01;2021-01-01
        Z;38421;;;;
        """)
      #expect(
        wrong.refused.map { "\($0.line) \($0.fault.column)" } == ["2 principal", "3 commune", "5 principal", "6 jusqua", "7 structure"])
      #expect(wrong.refused.first?.fault.reason == "la structure est à Grenoble : changez d’abord sa commune")
      // A team that moved: where it was has an end.
      let moved = try await world.bring(
        "sites", "structure;commune;principal;depuis;jusqua\nB;Voiron;oui;2020-01-01;2021-12-31\nB;38185;oui;2022-01-01;\n")
      #expect(moved.created == 2 && moved.refused.isEmpty)
      #expect(try await several(world, "2021-06-30") == ["A"])
      #expect(try await several(world, "2022-06-30") == ["A"])
      let elsewhere = try await world.bring("structures", "reference;type;nom;departement;commune\nB;;;;38421\n")
      #expect(elsewhere.warnings == ["ligne 2 : le site principal est à Grenoble, pas à Saint-Martin-d’Hères : corrigez aussi les sites"])
    }
  }

  @Test(arguments: Engine.allCases)
  func theSheetShowsTheMainSiteFirst(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring("sites", Self.sites)
      func sites(_ reference: String) async throws -> [String] {
        try await world.database.read { connection in
          let id: Identifier<Structure> = try #require(
            try connection.value("SELECT id FROM structure WHERE reference = \(reference)"))
          return try StructureSite.all(of: id, connection).map { "\($0.name) \($0.isMain) \($0.through?.description ?? "ouvert")" }
        }
      }
      #expect(try await sites("A") == ["Siège true ouvert", "Annexe nord false ouvert"])
      #expect(try await sites("B") == ["Antenne false ouvert", "Saint-Martin-d’Hères false 2023-12-31"])
      #expect(try await sites("E") == ["Chambéry true ouvert"])
    }
  }
}
