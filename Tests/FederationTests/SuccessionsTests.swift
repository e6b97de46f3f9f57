import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What became of teams in other ones.
struct SuccessionsTests {
  private static let teams = "reference;type;nom;departement\nA;esp;Du Val;38\nB;msp;Du Lac;38\nC;msp;Du Bois;38\n"

  @Test(arguments: Engine.allCases) func theyAreReadFromBothEnds(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      let file = "structure;nature;vers;date;partie;note\nA;devient;B;2024-01-01;non;Vote du 3\nA;rejoint;C;2025-02-01;oui;\n"
      #expect(try await world.bring("successions", file).created == 2)
      let taken = try await world.take("successions")
      #expect(taken.contains("A;rejoint;C;2025-02-01;oui") && taken.contains("Vote du 3"))
      #expect(try await world.bring("successions", file).unchanged == 2)
      let rows: [String] = try await world.database.read { connection in
        let id: Identifier<Structure>? = try connection.value("SELECT id FROM structure WHERE reference = 'A'")
        return try Succession.all(in: connection.rows("\(Succession.rows(of: try #require(id))) ORDER BY 2 DESC")).map {
          "\($0.nature.label) \($0.name) \($0.isAfter) \($0.isPartial)"
        }
      }
      #expect(rows == ["Rejoint Du Bois true true", "Devient Du Lac true false"])
      let other: [String] = try await world.database.read { connection in
        let id: Identifier<Structure>? = try connection.value("SELECT id FROM structure WHERE reference = 'C'")
        return try Succession.all(in: connection.rows(Succession.rows(of: try #require(id)))).map { "\($0.nature.reverse) \($0.name)" }
      }
      #expect(other == ["Rejointe par Du Val"])
    }
  }

  @Test(arguments: Engine.allCases) func aLoopIsRefused(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      try await world.bring("successions", "structure;nature;vers;date\nA;devient;B;2024-01-01\nB;fusionne;C;2025-01-01\n")
      let outcome = try await world.bring("successions", "structure;nature;vers;date\nC;rejoint;A;2026-01-01\nB;devient;B;2026-01-01\n")
      #expect(outcome.created == 0 && outcome.refused.map(\.line) == [2, 3])
      #expect(
        outcome.refused[0].fault.reason.contains("« Du Bois » vient déjà de « Du Val » : une succession ne peut pas revenir sur ses pas"))
      // Of one file as well.
      try await world.bring("structures", "reference;type;nom;departement\nD;msp;Du Mas;38\nE;msp;Du Parc;38\n")
      let both = try await world.bring("successions", "structure;nature;vers;date\nD;devient;E;2024-01-01\nE;devient;D;2025-01-01\n")
      #expect(both.refused.map(\.line) == [3])
    }
  }
}
