import Foundation
import Store
import TestSupport
import Testing

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

  @Test(arguments: Engine.allCases) func aValueMayHoldFromADay(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let key = "demarrage_mois"
    #expect(
      try await program.run("settings", key, "6", "--depuis", "2020-01-01").lines == ["6", "sans date : 12", "depuis le 2020-01-01 : 6"])
    _ = try await program.run("settings", key, "9", "--depuis", "2099-01-01")
    #expect(
      try await program.run("settings", key, "18").lines == ["6", "sans date : 18", "depuis le 2020-01-01 : 6", "depuis le 2099-01-01 : 9"])
    #expect(try await program.run("settings").lines.contains { $0.hasPrefix("demarrage_mois = 6 ") })
    #expect(
      try await program.run("settings", key, "--retirer", "--depuis", "2020-01-01").lines
        == ["18", "sans date : 18", "depuis le 2099-01-01 : 9"])
    #expect(try await program.run("settings", key, "--depuis", "2099-01-01", "--retirer").text == "18\n")
    #expect(try await program.run("settings", key, "--depuis", "2099-01-01", "--retirer").isRefusal)
    #expect(try await program.run("check").status == 0)
  }

  @Test(arguments: [
    ["demarrage_mois", "6", "--depuis", "hier"], ["demarrage_mois", "6", "--depuis", "2024-02-30"],
    ["demarrage_mois", "6", "--depuis", "1024-01-01"], ["demarrage_mois", "0", "--depuis", "2024-01-01"],
    ["demarrage_mois", "--depuis", "2024-01-01"], ["--depuis", "2024-01-01"], ["demarrage_mois", "--retirer"],
    ["demarrage_mois", "6", "--retirer", "--depuis", "2024-01-01"], ["--retirer", "--depuis", "2024-01-01"],
    ["inconnu", "--retirer", "--depuis", "2024-01-01"],
  ]) func aDateThatMakesNoSenseIsRefused(_ arguments: [String]) async throws {
    let program = try await Program.ready(.sqlite)
    let running = try program.start(["settings"] + arguments)
    await running.end()
    #expect(running.outcome.isRefusal && running.outcome.output.isEmpty, "\(running.outcome.errors)")
    #expect(try await program.run("settings", "demarrage_mois").text == "12\n")
  }
}
