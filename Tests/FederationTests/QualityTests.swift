import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What is to be completed in the directory.
struct QualityTests {
  @Test(arguments: Engine.allCases) func eachRuleCountsTheRecordsOfItsList(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;commune;courriel;finess;etat;depuis
        A;msp;Du Val;38;Grenoble;a@exemple.fr;;ouverte;2020-01-01
        B;msp;Du Lac;38;;;;ecriture;2020-01-01
        C;msp;Du Bois;38;Grenoble;c@exemple.fr;690000013;ouverte;2020-01-01
        D;esp;Du Pré;69;;d@exemple.fr;;contact;2026-10-01

        """)
      try await world.bring("personnes", "reference;nom;profession\nP;Martin;\nQ;Durand;infirmier\n")
      try await world.bring(
        "fonctions", "personne;structure;fonction;depuis;jusqua\nP;A;coordinateur;2020-01-01;\nP;B;coordinateur;2020-01-01;2021-01-01\n")
      let day = Period(asOf: CivilDate(of: TestClock.now, in: .gmt))
      let counts = try await world.values("structures.count", day, by: ["qualite"])
      #expect(counts["sans_coordination"] == 3)
      #expect(counts["sans_commune"] == 2 && counts["sans_courriel"] == 1 && counts["sans_finess"] == 1)
      #expect(counts["etape_inchangee"] == 1)
      try await world.settings.set("etape_inchangee", to: "120")
      #expect(try await world.values("structures.count", day, by: ["qualite"])["etape_inchangee"] == nil)
      let people = try await world.database.read { try PersonQuality.counts($0) }
      #expect(people.map { $0.count } == [2, 1])
      let listed = try await world.database.read {
        try PersonListing(
          search: "", professions: [], functions: [], quality: ["sans_courriel", "sans_profession"], on: day.through, offset: 0, limit: 10,
          $0
        ).rows.map(\.reference)
      }
      #expect(listed == ["P"])
      let today = day.through
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: today) }
      #expect(faults == [])
    }
  }
}
