import Foundation
import Store
import TestSupport
import Testing

struct DemoCommandTests {
  private static let kinds = ["territoires", "structures", "etats", "echanges"]

  private func exports(_ program: Program) async throws -> [Data] {
    var exports: [Data] = []
    for kind in Self.kinds {
      let run = try await program.run("export", kind)
      #expect(run.status == 0 && run.lines.count > 10, "\(kind)")
      exports.append(run.output)
    }
    return exports
  }

  /// The records behind the figures, identifiers included.
  private func figures(_ program: Program) async throws -> Data {
    let lastYear = Calendar(identifier: .gregorian).component(.year, from: Date()) - 1
    let run = try await program.run("figures", "--year", String(lastYear), "--format", "json", "--records")
    #expect(run.status == 0 && run.output.count > 1_000)
    return run.output
  }

  @Test func theDemonstrationIsTheSameEachTimeOnEachEngine() async throws {
    var made: [[Data]] = []
    var known: [Data] = []
    for engine in [Engine.sqlite, .sqlite, .postgres] {
      let program = try await Program.fresh(engine)
      let run = try await program.run("demo")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.lines.filter { $0.contains("@demonstration.example  mot de passe : ") }.count == 16)
      made.append(try await exports(program))
      known.append(try await figures(program))
      #expect(try await program.run("check").status == 0)
    }
    #expect(made[0] == made[1] && made[0] == made[2])
    #expect(known[0] == known[1] && known[0] == known[2])
  }

  @Test(arguments: Engine.allCases) func aDemonstrationIsMadeAgainOnlyWhenAsked(_ engine: Engine) async throws {
    let program = try await Program.fresh(engine)
    #expect(try await program.run("demo").status == 0)
    let before = try await exports(program)
    let refused = try await program.run("demo")
    #expect(refused.isRefusal, "\(refused.errors)")
    #expect(refused.errors.contains("--reset"))
    // Whatever was done to it is gone afterwards.
    _ = try await program.run(
      "import", "structures", try file("reference;type;nom;departement\nX;msp;Intruse;38\nDEMO-001;msp;Autre nom;38\n"))
    _ = try await program.run("settings", "demarrage_mois", "24")
    #expect(try await exports(program) != before)
    let reset = try await program.run("demo", "--reset")
    #expect(reset.status == 0, "\(reset.errors)")
    #expect(try await exports(program) == before)
    #expect(try await program.run("settings", "demarrage_mois").text == "12\n")
    #expect(try await program.run("check").status == 0)
  }

  /// What makes a database a federation's own.
  enum Belonging: String, CaseIterable, Sendable {
    case structure, account, territory, name
  }

  @Test(arguments: Engine.allCases, Belonging.allCases) func aFederationsOwnDatabaseIsLeftAlone(_ engine: Engine, _ belonging: Belonging)
    async throws
  {
    let program = try await Program.ready(engine)
    switch belonging {
    case .structure: _ = try await program.run("import", "structures", try file("reference;type;nom;departement\nS1;msp;La vraie;38\n"))
    case .account: _ = try await program.run("user", "create", "--email", "a@exemple.fr", "--role", "direction")
    case .territory: _ = try await program.run("import", "territoires", try file("code;nom;departement;depuis\nest;Est;38;2020-01-01\n"))
    case .name: _ = try await program.run("settings", "nom", "La vraie fédération")
    }
    for arguments in [["demo"], ["demo", "--reset"]] {
      let running = try program.start(arguments)
      await running.end()
      #expect(running.outcome.isRefusal, "\(arguments) \(running.outcome.errors)")
      #expect(running.outcome.output.isEmpty)
    }
    #expect(try await program.run("settings", "demonstration").text == "non\n")
    #expect(try await program.run("settings", "nom").text == (belonging == .name ? "La vraie fédération\n" : "Ma fédération\n"))
    #expect(try await program.run("export", "structures").lines.count == (belonging == .structure ? 2 : 1))
    #expect(try await program.run("export", "territoires").lines.count == (belonging == .territory ? 2 : 1))
  }
}
