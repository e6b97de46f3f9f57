import Foundation
import Store
import TestSupport
import Testing

/// Historical values by command: in, out, and beside the counted ones.
struct SeriesCommandTests {
  private static let series = """
    figure;periode;valeur;source;dimensions
    contacts.count;2019;340;"Rapport 2019 ; p. 4";
    contacts.count;2019;127;"Rapport 2019 ; p. 4";canal=Téléphone
    contacts.count;2019;9;"Rapport 2019 ; p. 4";canal=visio
    contacts.count;2019;31;"Rapport 2019 ; p. 4";departement=Isère (38)|canal=telephone
    structures.count;2019;112;Rapport 2019;
    """

  private func world(_ engine: Engine) async throws -> Program {
    let program = try await Program.ready(engine)
    let answer = try await program.run("import", "series", try file(Self.series), "--json").importAnswer()
    #expect(answer.counts == [5, 0, 0] && answer.refused.isEmpty, "\(answer)")
    return program
  }

  private func rows(_ program: Program, _ arguments: String...) async throws -> [String] {
    let running = try program.start(["figures", "--format", "json", "--year", "2019"] + arguments)
    await running.end()
    #expect(running.outcome.status == 0, "\(running.outcome.errors)")
    return try running.outcome.figureRows().map { row in
      ([row.dimensions["canal"], row.count.map(String.init), row.source, row.records.map { "\($0.count)" }] as [String?])
        .compactMap(\.self).joined(separator: " ")
    }
  }

  @Test(arguments: Engine.allCases) func aValueShowsWithItsSourceUntilThereIsARecord(_ engine: Engine) async throws {
    let program = try await world(engine)
    #expect(try await rows(program, "--figure", "contacts.count", "--records") == ["340 Rapport 2019 ; p. 4 0"])
    #expect(
      try await rows(program, "--figure", "contacts.count", "--by", "canal", "--records") == [
        "telephone 127 Rapport 2019 ; p. 4 0", "visio 9 Rapport 2019 ; p. 4 0",
      ])
    #expect(
      try await rows(program, "--figure", "contacts.count", "--by", "canal", "--where", "departement=38") == [
        "telephone 31 Rapport 2019 ; p. 4"
      ])
    #expect(try await rows(program, "--figure", "structures.count") == ["112 Rapport 2019"])
    #expect(try await program.run("check").text == "Tout est en ordre.\n")
    let exchange = try file("date;canal;reference\n2019-05-02;visio;E1\n")
    #expect(try await program.run("import", "echanges", exchange).status == 0)
    #expect(try await rows(program, "--figure", "contacts.count", "--records") == ["1 1"])
    #expect(
      try await rows(program, "--figure", "contacts.count", "--by", "canal", "--records") == [
        "telephone 127 Rapport 2019 ; p. 4 0", "visio 1 1",
      ])
    #expect(try await program.run("check").text == "Tout est en ordre.\n")
  }

  @Test(arguments: Engine.allCases) func anExportComesBackUnchangedAndAnImportIsTakenBack(_ engine: Engine) async throws {
    let program = try await world(engine)
    let export = try await program.run("export", "series").output
    let again = try await program.run("import", "series", try file(export), "--json").importAnswer()
    #expect(again.counts == [0, 0, 5] && again.warnings.isEmpty)
    let more = try await program.run(
      "import", "series", try file("figure;periode;valeur;source\ncontacts.count;2018;12;Carnet\n"), "--json"
    ).importAnswer()
    #expect(try await program.run("import", "undo", try #require(more.importID)).status == 0)
    #expect(try await program.run("export", "series").output == export)
  }

  @Test func tablesAndFilesNameTheSource() async throws {
    let program = try await world(.sqlite)
    let question = ["figures", "--year", "2019", "--figure", "contacts.count", "--figure", "contacts.people"]
    let csv = try program.start(question + ["--format", "csv"])
    await csv.end()
    #expect(
      csv.outcome.text
        == "\u{FEFF}chiffre;periode;valeur;unite;source\r\ncontacts.count;2019;340;échanges;\"Rapport 2019 ; p. 4\"\r\n"
        + "contacts.people;2019;0;personnes;\r\n")
    let table = try program.start(question)
    await table.end()
    #expect(
      table.outcome.lines == [
        "contacts.count  2019  340 échanges  (source : Rapport 2019 ; p. 4)", "contacts.people  2019  0 personne",
      ])
    let list = try await program.run("import", "--list")
    #expect(list.lines.contains("series : figure*, periode*, valeur*, source*, dimensions"))
  }
}
