import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Corners of imports that once went wrong.
@Suite struct ImportEdgeTests {
  private static let teams = "reference;type;nom;departement\nmsp-1;msp;Un;38\nMSP-1;msp;Deux;38\nI1;isole;Seul;38\nE1;esp;Trois;38\n"

  @Test(arguments: Engine.allCases)
  func aCommuneNamedTwiceIsClaimedOnce(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "structures", "reference;type;nom;departement;communes_couvertures\nC1;cpts;CPTS;01;01004|Ambérieu-en-Bugey|Mâcon\n")
      #expect(outcome.created == 1 && outcome.refused.isEmpty)
      // A CPTS over two départements names communes of both.
      #expect(try await world.take("structures").contains("01004|71270"))
    }
  }

  @Test(arguments: Engine.allCases)
  func twoLabelsOfOneCodeAreOneNewValue(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "echanges",
        "date;canal;themes\n2021-01-01;visio;Santé/mentale\n2021-01-02;visio;Santé mentale\n2021-13-01;visio;Jamais vu\n2021-01-03;visio;non renseigné\n",
        ImportOptions(leavesRefused: true, createsValues: true))
      #expect(outcome.created == 2 && outcome.refused.map(\.line) == [4, 5])
      let lists = try await world.database.read { try ReferenceLists($0) }
      #expect(
        lists.code(of: "Santé mentale", in: .theme) == "sante_mentale" || lists.code(of: "Santé/mentale", in: .theme) == "sante_mentale")
      // What only a refused line asked for is not added.
      #expect(lists.code(of: "Jamais vu", in: .theme) == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func anAmbiguousReferenceIsRefused(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      let outcome = try await world.bring("etats", "structure;etat;depuis\nMsp-1;contact;2021-01-01\nMSP-1;contact;2021-01-01\n")
      #expect(outcome.refused.map(\.line) == [2])
    }
  }

  @Test(arguments: Engine.allCases)
  func anACIOpensNoIsolatedProfessional(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      let outcome = try await world.bring("etats", "structure;etat;depuis\nI1;aci;2021-01-01\nE1;aci;2021-01-01\n")
      #expect(outcome.refused.map(\.line) == [2] && outcome.warnings.count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func twoSpellingsOfANameAreOneUnchangedName(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let file = "date;canal;personnes;reference\n2021-01-01 14:30;visio;Dupont|DUPONT;E1\n"
      #expect(try await world.bring("echanges", file).created == 1)
      #expect(try await world.bring("echanges", file).unchanged == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func undoingAnImportLeavesWhatALaterOneSaid(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      let first = try await world.bring("structures", "reference;type;nom;departement;etat;depuis\nE1;;;;ouverte;2020-01-01\n")
      try await world.bring("etats", "structure;etat;depuis;jusqua;note\nE1;ouverte;2020-01-01;2022-12-31;vu\n")
      _ = try await world.importer.undo(try #require(first.importID), world.model.kinds)
      #expect(try await world.take("etats").contains("E1;ouverte;2020-01-01;2022-12-31;vu"))
    }
  }

  @Test(arguments: Engine.allCases)
  func aFacetIsWeighedAgainstTheWholeFile(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      // The facet comes before the stage that it needs: no warning. The last one has none.
      let outcome = try await world.bring(
        "etats",
        "structure;etat;depuis\nmsp-1;reconnue;2021-06-01\nmsp-1;valide;2021-05-01\nE1;contact;2021-01-01\nE1;reconnue;2021-02-01\n")
      #expect(outcome.created == 4)
      #expect(outcome.warnings == ["ligne 5 : le repère « reconnue » contredit l’étape « contact », en cours ce jour-là"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aPhaseIsCorrectedByHand(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      try await world.bring("etats", "structure;etat;depuis\nmsp-1;ecriture;2020-01-01\n")
      let file = "structure;phase;depuis;jusqua;note\nmsp-1;mature;2021-01-01;2021-12-31;équipe ancienne\n"
      let first = try await world.bring("phases", file)
      #expect(first.created == 1)
      #expect(try await world.values("structures.count", Period(year: 2021), by: ["phase"])["mature"] == 1)
      #expect(try await world.values("structures.count", Period(year: 2022), by: ["phase"])["ecriture"] == 1)
      let again = try await world.bring("phases", try await world.take("phases"))
      #expect(again.unchanged == 1)
      let wrong = try await world.bring(
        "phases", "structure;phase;depuis;jusqua\nmsp-1;vieille;2021-01-01;\nmsp-1;mature;2021-02-01;2020-01-01\n")
      #expect(Set(wrong.refused.map(\.line)) == [2, 3])
      _ = try await world.importer.undo(try #require(first.importID), world.model.kinds)
      #expect(try await world.values("structures.count", Period(year: 2021), by: ["phase"])["ecriture"] == 1)
    }
  }

  /// Two corrections do not hold on one day; one without an end lasts until the next one begins.
  @Test(arguments: Engine.allCases)
  func correctionsOfPhasesDoNotOverlap(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      try await world.bring("etats", "structure;etat;depuis\nmsp-1;ecriture;2020-01-01\n")
      let head = "structure;phase;depuis;jusqua\n"
      #expect(try await world.bring("phases", head + "msp-1;mature;2021-01-01;2021-12-31\nmsp-1;avant_aci;2023-01-01;\n").created == 2)
      let inside = try await world.bring("phases", head + "msp-1;demarrage;2021-06-01;\n")
      #expect(
        inside.refused.map(\.fault.reason) == [
          "la phase est déjà corrigée du 2021-01-01 au 2021-12-31 : commencez le 2022-01-01 au plus tôt"
        ])
      let across = try await world.bring("phases", head + "msp-1;demarrage;2022-06-01;2023-06-01\n")
      #expect(
        across.refused.map(\.fault.reason) == ["la phase est déjà corrigée à partir du 2023-01-01 : finissez le 2022-12-31 au plus tard"])
      // Within one file too; side by side they are as many as one likes.
      let twice = try await world.bring("phases", head + "msp-1;demarrage;2022-02-01;2022-04-30\nmsp-1;mature;2022-04-30;2022-05-31\n")
      #expect(twice.refused.map(\.line) == [3] && twice.importID == nil)
      #expect(try await world.bring("phases", head + "msp-1;demarrage;2022-01-01;\nmsp-1;mature;2024-01-01;\n").created == 2)
      let taken = try await world.take("phases")
      #expect(try await world.bring("phases", taken).unchanged == 4)
    }
  }

  @Test(arguments: Engine.allCases)
  func aCommuneIsKnownWithItsArticleAndWithout(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "structures",
        "reference;type;nom;departement;commune\nA;msp;A;72;Le Mans\nB;msp;B;72;Mans\nC;msp;C;38;L'Isle d'Abeau\nD;msp;D;42;St Etienne\n")
      #expect(outcome.refused.isEmpty)
      let file = try await world.take("structures")
      #expect(file.contains("A;msp;A;72;72181") && file.contains("B;msp;B;72;72181") && file.contains("C;msp;C;38;38193"))
      #expect(file.contains("D;msp;D;42;42218"))
    }
  }
}
