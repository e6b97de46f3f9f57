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

struct SettingsCommandTests {
  @Test(arguments: Engine.allCases) func settingsAreShownAndChanged(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    #expect(try await program.run("settings", "nom").text == "Ma fédération\n")
    for (key, value, kept) in [
      ("nom", "  Fédération d’Auvergne <b>  ", "Fédération d’Auvergne <b>"), ("departements", "38,2a;01", "38 2A 01"),
      ("departements", "", ""),
      ("fuseau", "Indian/Reunion", "Indian/Reunion"), ("demarrage_mois", "18", "18"), ("etape_fonctionnement", "valide", "valide"),
    ] {
      let changed = try await program.run("settings", key, value)
      #expect(changed.status == 0 && changed.text == "\(kept)\n", "\(key) \(changed.errors)")
      #expect(try await program.run("settings", key).text == "\(kept)\n")
    }
    let all = try await program.run("settings").lines
    for line in ["nom = Fédération d’Auvergne <b> ", "fuseau = Indian/Reunion ", "demonstration = non ", "demarrage_mois = 18 "] {
      #expect(all.contains { $0.hasPrefix(line) }, "\(line)")
    }
    #expect(try await program.run("check").status == 0)
  }

  @Test(arguments: [
    ("inconnu", "x"), ("nom", ""), ("nom", "   "), ("nom", String(repeating: "é", count: 121)), ("departements", "38 abc"),
    ("departements", "1"),
    ("fuseau", "Mars/Olympus"), ("fuseau", ""), ("demarrage_mois", "0"), ("demarrage_mois", "61"), ("demarrage_mois", "douze"),
    ("demarrage_mois", "1.5"), ("etape_fonctionnement", "fermee"), ("demonstration", "oui"),
  ]) func aValueThatCannotBeIsRefused(_ key: String, _ value: String) async throws {
    let program = try await Program.ready(.sqlite)
    let before = try await program.run("settings").text
    let run = try await program.run("settings", key, value)
    #expect(run.isRefusal, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(try await program.run("settings").text == before)
  }
}
