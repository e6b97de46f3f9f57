import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// The network of facilitators (FAC-04).
@Suite struct FacilitatorTests {
  private static let people = """
    reference;nom;prenom;commune;courriel
    P1;Quintarel;Zoé;38185;zoe@exemple.fr
    P2;Lantieri;Hervé;;
    P3;Barandon;Adèle;38421;
    P4;Cormier;Diane;;
    P5;Galand;Basile;;
    P6;Rosset;Flore;;

    """

  private func listed(_ world: Installation, _ filters: FacilitatorFilters = .init(), search: String = "") async throws
    -> [FacilitatorSummary]
  {
    let today = try #require(CivilDate(iso: "2026-06-01"))
    return try await world.database.read {
      try FacilitatorListing(filters, on: today, search: search, order: .name, descending: false, offset: 0, limit: 50, $0).rows
    }
  }

  /// What a file says comes back unchanged, and a bad line says why.
  @Test(arguments: Engine.allCases) func profilesComeAndGoInFiles(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      let outcome = try await world.bring(
        "facilitateurs",
        """
        personne;expertises;commune;departement;rayon_km;absences;formations;en_pause_depuis
        P1;cpts|juridique;;;60;01/07/2026 au 31/08/2026|2026-12-24;Formation initiale;
        Hervé Lantieri;Immobilier;38185;69;;;;2026-05-01
        P9;cpts;;;;;;
        P3;cpts;;;0;;;
        P4;cpts;;;;31/08/2026 au 01/07/2026;;
        P5;cpts;;;;demain;;
        P6;cpts;;;;01/07/2026 au 31/07/2026|2026-07-31;;

        """, ImportOptions(leavesRefused: true))
      #expect(outcome.created == 2, "\(outcome)")
      #expect(
        outcome.refused.map(\.fault.column) == ["personne", "rayon_km", "absences", "absences", "absences"], "\(outcome.refused)")
      let file = try await world.take("facilitateurs")
      let again = try await world.bring("facilitateurs", file)
      #expect(again.unchanged == 2 && again.refused.isEmpty, "\(again)")
      let rows = try await listed(world)
      #expect(rows.map(\.name) == ["Hervé Lantieri", "Zoé Quintarel"])
      // A place says its département; without one, that of the person's record.
      #expect(rows.map(\.department) == ["38", "38"] && rows.map(\.radius) == [nil, 60])
      #expect(rows[1].expertises == ["cpts", "juridique"])
      var filters = FacilitatorFilters()
      filters.states = ["pause"]
      #expect(try await listed(world, filters).map(\.reference) == ["P2"])
      filters.states = ["actif"]
      #expect(try await listed(world, filters).map(\.reference) == ["P1"])
      filters = FacilitatorFilters()
      filters.expertises = ["immobilier"]
      #expect(try await listed(world, filters).map(\.reference) == ["P2"])
      filters = FacilitatorFilters()
      filters.departments = ["69"]
      #expect(try await listed(world, filters).isEmpty)
      #expect(try await listed(world, search: "quint").map(\.reference) == ["P1"])
    }
  }

  /// Who is asked twice as much as the others, and who is not asked at all.
  @Test(arguments: Engine.allCases) func whoIsAskedTooMuchIsSeen(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      try await world.bring("facilitateurs", "personne;expertises;en_pause_depuis\nP1;cpts;\nP2;;\nP3;;\nP4;;2026-01-01\n")
      try await world.bring(
        "facilitations",
        """
        reference;demandee_le;besoin;facilitateurs;date;etat;motif
        F1;2026-01-05;A;P1;2026-02-01;tenue;
        F2;2026-01-05;B;P1;2026-03-01;tenue;
        F3;2026-01-05;C;P1;2026-09-01;;
        F4;2026-01-05;D;P2;2026-03-02;tenue;
        F5;2025-01-05;E;P3;2025-03-02;tenue;
        F6;2026-01-05;F;P3;2026-04-02;annulee;Trouvé sans nous

        """)
      #expect(
        try await listed(world).map { "\($0.reference) \($0.use?.rawValue ?? "")" }.sorted() == [
          "P1 forte", "P2 ", "P3 aucune", "P4 aucune",
        ])
      var filters = FacilitatorFilters()
      filters.uses = ["aucune"]
      filters.states = ["actif"]
      #expect(try await listed(world, filters).map(\.reference) == ["P3"])
      filters.uses = ["forte", "zzz"]
      #expect(try await listed(world, filters).map(\.reference) == ["P1"])
    }
  }

  /// Held ones are counted, and their time; the load of a year holds what is to come too, and nothing that was given up.
  @Test(arguments: Engine.allCases) func theyAreCountedByWhatTheyDid(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      try await world.bring("facilitateurs", "personne;expertises\nP1;cpts\nP2;\n")
      let outcome = try await world.bring(
        "facilitations",
        """
        reference;demandee_le;besoin;facilitateurs;date;duree_minutes;etat;motif
        F1;2025-01-05;Un;P1|P2;2025-03-01;60;tenue;
        F2;2026-01-05;Deux;P1;2026-02-01;90;tenue;
        F3;2026-01-06;Trois;P1|P3;2026-09-01;;;
        F4;2026-01-06;Quatre;P1;2026-03-01;;annulee;La neige

        """)
      #expect(outcome.created == 4, "\(outcome)")
      // Somebody who is not of the network is taken, and said.
      #expect(outcome.warnings.contains { $0.contains("Adèle Barandon") && $0.contains("fiche de facilitateur") }, "\(outcome.warnings)")
      let rows = try await listed(world)
      let first = try #require(rows.first { $0.reference == "P1" })
      #expect(first.held == 2 && first.load == 2 && first.minutes == 90 && first.lastHeld == CivilDate(iso: "2026-02-01"))
      let second = try #require(rows.first { $0.reference == "P2" })
      #expect(second.held == 1 && second.load == 0 && second.minutes == 0)
    }
  }

  /// Two records of one person are two profiles: the kept one's stays, and taking the merge back brings the other.
  @Test(arguments: Engine.allCases) func theyFollowTheirPersonInAMerge(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      try await world.bring("facilitateurs", "personne;expertises\nP1;cpts\nP2;juridique\n")
      let ids = try await world.database.read { connection in
        try ["P1", "P2", "P3"].map { reference in
          try connection.value("SELECT id FROM person WHERE reference = \(reference)", as: Int64.self) ?? 0
        }
      }
      let editor = MergeEditor(PersonRecords(), among: world.model.kinds, world.database, ids: world.ids, now: world.now, actor: nil)
      for (merged, kept, left) in [(ids[1], ids[2], ["P1", "P3"]), (ids[2], ids[0], ["P1"])] {
        let preview = try await world.database.read { try editor.preview(merged, into: kept, [:], $0) }
        #expect(try await editor.apply(world.ids.next(), merged, into: kept, [:], seen: preview.digest) == .done)
        #expect(try await listed(world).map(\.reference).sorted() == left)
      }
    }
  }

  /// Whoever helped a team before there were profiles has one.
  @Test(arguments: Engine.allCases) func whoHelpedBeforeIsOne(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      try await world.bring("facilitations", "reference;demandee_le;besoin;facilitateurs\nF1;2025-01-05;Un;P1|Inconnue\n")
      try await world.database.write { connection in
        for statement in Facilitator.migration.statements.suffix(1) { try connection.execute(statement) }
      }
      #expect(try await listed(world).map(\.reference) == ["P1"])
    }
  }
}
