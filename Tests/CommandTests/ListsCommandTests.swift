import Store
import TestSupport
import Testing

struct ListsCommandTests {
  @Test(arguments: Engine.allCases) func listsAreShownAndChanged(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let all = try await program.run("lists")
    #expect(all.status == 0 && all.lines.contains("theme  Thème (ouverte, 12 valeurs)"), "\(all.errors)")
    #expect(all.lines.contains("stage  Étape (fermée, 10 valeurs)"))
    #expect(try await program.run("lists", "show", "theme").lines.first == "1  montage_msp  Montage MSP")
    #expect(try await program.run("lists", "set", "theme", "covid", "--label", "Épidémies", "--position", "1").status == 0)
    #expect(try await program.run("lists", "add", "theme", "--label", "Accès aux soins").status == 0)
    let themes = try await program.run("lists", "show", "theme").lines
    #expect(themes.first == "1  covid  Épidémies" && themes.last == "13  acces_aux_soins  Accès aux soins")
    // What a file may now say.
    let outcome = try await program.run("import", "echanges", try file("date;canal;themes\n2021-01-01;visio;épidémies|accès aux soins\n"))
    #expect(outcome.status == 0, "\(outcome.text) \(outcome.errors)")
    #expect(try await program.run("check").status == 0)
  }

  @Test(arguments: [
    ["show", "rien"], ["set", "theme", "covid"], ["set", "theme", "rien", "--label", "X"], ["set", "stage", "contact", "--position", "99"],
    ["add", "stage", "--label", "Neuve"], ["add", "theme", "--label", "COVID"], ["add", "theme"],
  ]) func whatCannotBeIsRefused(_ arguments: [String]) async throws {
    let program = try await Program.ready(.sqlite)
    let running = try program.start(["lists"] + arguments)
    await running.end()
    #expect(running.outcome.isRefusal && running.outcome.output.isEmpty, "\(running.outcome.errors)")
  }
}
