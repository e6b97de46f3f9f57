import Records
import Store
import TestSupport
import Testing

@testable import Federation

@Suite struct StructureTagTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;etiquettes
    A;msp;Maison A;38;ouverte;2019-01-01;Site pilote, À visiter
    B;msp;Maison B;38;ouverte;2019-01-01;site  PILOTE|Été
    C;msp;Maison C;38;ouverte;2019-01-01;

    """

  /// A word in use is not spelled in a second way, and a team of two tags is in both groups, once each.
  @Test(arguments: Engine.allCases) func teamsAreGatheredByTheirTags(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.structures)
      let day = Period(asOf: .lastDay(of: 2025))
      #expect(
        try await world.values("structures.count", day, by: ["etiquette"])
          == ["Site pilote": 2, "À visiter": 1, "Été": 1, "non_renseigne": 1])
      #expect(try await world.values("structures.count", day, where: [("etiquette", "Site pilote")])[""] == 2)
      #expect(try await world.values("structures.count", day)[""] == 3)
    }
  }

  /// What is in use is offered in forms, spelled as it is; a team in the bin offers nothing.
  @Test(arguments: Engine.allCases) func wordsInUseAreOffered(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.structures)
      func offered(_ words: String) async throws -> [String] {
        try await world.database.read { try Naming.tags.suggestions(words, $0).map(\.offered) }
      }
      #expect(try await offered("") == ["À visiter", "Été", "Site pilote"])
      #expect(try await offered("PILOTE s") == ["Site pilote"])
      try await world.database.write {
        _ = try $0.execute("UPDATE structure SET removed_at = '2026-01-01T00:00:00.000Z' WHERE reference = 'B'")
      }
      #expect(try await offered("") == ["À visiter", "Site pilote"])
      // What a file gives back is what it takes.
      let file = try await world.take("structures")
      #expect(file.contains("Site pilote|À visiter"))
      #expect(try await world.bring("structures", file).unchanged == 2)
    }
  }

  @Test(arguments: Engine.allCases) func tooLongOrTooManyAreRefused(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.structures)
      let long = String(repeating: "x", count: 41)
      let many = (1...21).map { "mot \($0)" }.joined(separator: ",")
      for text in [long, many] {
        let refused = try await world.bring("structures", "reference;type;nom;departement;etiquettes\nC;;;;\"\(text)\"\n")
        #expect(refused.refused.map(\.fault.column) == ["etiquettes"], "\(text.prefix(20))")
      }
    }
  }
}
