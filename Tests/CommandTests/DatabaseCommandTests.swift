import Foundation
import Store
import TestSupport
import Testing

struct DatabaseCommandTests {
  @Test(arguments: Engine.allCases) func migratingTwiceChangesNothingTheSecondTime(_ engine: Engine) async throws {
    let program = try await Program.fresh(engine)
    let early = try await program.run("check")
    #expect(early.isRefusal)
    #expect(early.errors.contains("maillage migrate"))
    let first = try await program.run("migrate")
    #expect(first.status == 0 && first.errors.isEmpty)
    #expect(first.text.hasPrefix("Base mise à jour : "))
    let second = try await program.run("migrate")
    #expect(second.status == 0)
    #expect(second.text == "La base est à jour.\n")
    let check = try await program.run("check")
    #expect(check.status == 0, "\(check.text)\(check.errors)")
    #expect(check.text == "Tout est en ordre.\n")
  }

  @Test(arguments: [
    ["serve", "--port", "0"], ["settings"], ["export", "structures"], ["figures", "--year", "2020"],
    ["user", "create", "--email", "a@b.fr", "--role", "ca"], ["import", "structures", "x.csv"],
  ]) func nothingWorksBeforeMigrating(_ arguments: [String]) async throws {
    let running = try await Program.fresh(.sqlite).start(arguments)
    await running.end()
    #expect(running.outcome.isRefusal, "\(running.outcome.errors)")
    #expect(running.outcome.errors.contains("« maillage migrate »"))
  }

  @Test(arguments: ["mysql://x", "sqlite:", "data.sqlite", "", "postgres://test@127.0.0.1:1/x", "sqlite:/proc/rien/x.sqlite"])
  func aDatabaseThatCannotBeReachedIsSaid(_ address: String) async throws {
    let run = try await Program.fresh(.sqlite).run("check", environment: ["MAILLAGE_DATABASE": address])
    #expect(run.isRefusal, "\(run.errors)")
  }

  @Test func aFileThatIsNoDatabaseIsLeftAlone() async throws {
    let path = try file("reference;type\nA;msp\n")
    for arguments in [["migrate"], ["check"]] {
      let running = try await Program.fresh(.sqlite).start(arguments, environment: ["MAILLAGE_DATABASE": "sqlite:\(path)"])
      await running.end()
      #expect(running.outcome.isRefusal, "\(running.outcome.errors)")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "reference;type\nA;msp\n")
  }

  @Test(arguments: [
    ["chanter"], ["migrate", "--vite"], ["figures", "--year", "abc"], ["figures", "--year"], ["export"],
    ["user", "create", "--email", "a@b.fr"],
    ["settings", "a", "b", "c"], ["serve", "--port", "http"],
  ]) func aBadlyWrittenCommandIsExplainedInFrench(_ arguments: [String]) async throws {
    let running = try await Program.ready(.sqlite).start(arguments)
    await running.end()
    #expect(running.outcome.isRefusal, "\(running.outcome.errors)")
    #expect(running.outcome.errors.contains("maillage help"))
    #expect(running.outcome.output.isEmpty)
  }

  @Test func helpIsNoFailure() async throws {
    for arguments in [["help"], ["--help"], ["import", "--help"]] {
      let running = try await Program.fresh(.sqlite).start(arguments)
      await running.end()
      #expect(running.outcome.status == 0)
      #expect(running.outcome.errors.isEmpty && !running.outcome.output.isEmpty)
    }
  }
}
