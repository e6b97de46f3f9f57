import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-13: the type of a structure is dated.
@Suite struct TypesTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis
    A;esp_clap;Devient une MSP;38;ouverte;2019-01-01
    B;msp;Toujours une MSP;38;ouverte;2019-01-01
    I;isole;Rejoint une équipe;73;contact;2019-01-01

    """

  private static let types = "structure;type;depuis\nA;msp;2023-05-01\nI;esp;2024-01-01\n"

  private func withWorld(_ engine: Engine, _ body: (Installation, ImportOutcome) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      #expect(try await world.bring("echanges", "date;canal;structures\n2022-06-01;visio;A\n2024-06-01;visio;A\n").created == 2)
      let outcome = try await world.bring("types", Self.types)
      #expect(outcome.created == 2 && outcome.refused.isEmpty, "\(outcome)")
      try await body(world, outcome)
    }
  }

  private func faults(_ world: Installation) async throws -> [String] {
    try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2024)) }
  }

  @Test(arguments: Engine.allCases)
  func aPastCountGivesTheTypeOfThatDate(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      func types(_ day: String) async throws -> [String: Int] {
        try await world.values("structures.count", Period(asOf: try #require(CivilDate(iso: day))), by: ["type"])
      }
      #expect(try await types("2023-04-30") == ["esp_clap": 1, "msp": 1])
      #expect(try await types("2023-05-01") == ["msp": 2])
      // An isolated professional counts from the day when there is a team.
      #expect(try await types("2024-01-01") == ["msp": 2, "esp": 1])
      #expect(try await world.values("structures.count", Period(year: 2022), by: ["situation"]) == ["fonctionnement": 1, "hors_aci": 1])
      #expect(try await world.values("structures.count", Period(year: 2023), by: ["situation"]) == ["hors_aci": 2])
      #expect(try await world.values("contacts.count", Period(year: 2022), by: ["type"]) == ["esp_clap": 1])
      #expect(try await world.values("contacts.count", Period(year: 2024), by: ["type"]) == ["msp": 1])
      #expect(
        try await world.values("structures.transitions", Period(year: 2019), by: ["type", "vers"]) == [
          "esp_clap ouverte": 1, "msp ouverte": 1,
        ])
      #expect(try await world.take("structures").contains("A;msp;Devient une MSP"))
      #expect(try await faults(world) == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func typesGoOutComeBackAndAreUndone(_ engine: Engine) async throws {
    try await withWorld(engine) { world, first async throws in
      for kind in ["structures", "types"] {
        let again = try await world.bring(kind, try await world.take(kind))
        #expect(again.created == 0 && again.changed == 0 && again.refused.isEmpty && again.unchanged > 0, "\(kind) \(again)")
      }
      let second = try await world.bring("types", "structure;type;depuis\nA;esp;2021-01-01\nA;msp;2030-01-01\n", .init(leavesRefused: true))
      #expect(second.created == 1 && second.refused.map(\.fault.column) == ["depuis"])
      #expect(
        try await world.values("structures.count", Period(year: 2021), by: ["type"]) == ["esp": 1, "msp": 1])
      for outcome in [second, first] {
        let undone = try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
        #expect(undone.kept.isEmpty, "\(undone.kept)")
      }
      #expect(try await world.take("structures").contains("A;esp_clap;Devient une MSP"))
      #expect(try await world.values("structures.count", Period(year: 2024), by: ["type"]) == ["esp_clap": 1, "msp": 1])
      #expect(try await faults(world) == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func aFileOfStructuresCorrectsThePresentType(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let correction = try await world.bring("structures", "reference;type;nom;departement\nA;cds;;\nB;cds;;\n")
      #expect(try await world.values("structures.count", Period(year: 2022), by: ["type"]) == ["esp_clap": 1, "cds": 1])
      #expect(try await world.values("structures.count", Period(year: 2023), by: ["type"]) == ["cds": 2])
      #expect(try await world.take("types").contains("A;cds;2023-05-01"))
      #expect(try await faults(world) == [])
      _ = try await world.importer.undo(try #require(correction.importID), world.model.kinds)
      #expect(try await world.take("types").contains("A;msp;2023-05-01"))
      #expect(try await faults(world) == [])
      try await world.database.write { try $0.execute("UPDATE structure SET type = 'cpts' WHERE reference = 'A'") }
      #expect(try await faults(world).contains("Les types actuels des structures ne sont plus à jour."))
    }
  }

  @Test(arguments: Engine.allCases)
  func aStageIsThatOfTheTypeOfItsDay(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let outcome = try await world.bring("etats", "structure;etat;depuis\nA;faisabilite;2018-01-01\nA;faisabilite;2023-06-01\n")
      #expect(outcome.refused.map(\.line) == [2])
    }
  }
}
