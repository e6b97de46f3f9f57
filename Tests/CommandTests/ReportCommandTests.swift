import Foundation
import Store
import TestSupport
import Testing

struct ReportCommandTests {
  private struct Edition: Decodable, Equatable {
    let year: Int
    let edition: Int
    let publishedOn: String
    let changes: Int?
    let digest: String

    enum CodingKeys: String, CodingKey {
      case year, edition, changes, digest
      case publishedOn = "published_on"
    }
  }

  private func editions(_ program: Program) async throws -> [Edition] {
    try JSONDecoder().decode([Edition].self, from: try await program.run("report", "editions", "--json").output)
  }

  @Test(arguments: Engine.allCases) func aReportIsPublishedAndCorrected(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    #expect(try await program.run("report", "editions").text == "Aucun rapport n’est publié.\n")
    #expect(try await program.run("report", "editions", "--json").text == "[]\n")
    _ = try await program.run(
      "import", "structures", try file("reference;type;nom;departement;etat;depuis\nS1;msp;Un;38;ouverte;2020-01-01\n"))
    _ = try await program.run("import", "echanges", try file("date;canal;structures;reference\n2023-02-01;visio;S1;E1\n"))
    let first = try await program.run("report", "publish", "--year", "2023")
    #expect(first.status == 0 && first.text == "Rapport 2023 publié : édition 1.\n", "\(first.errors)")
    let same = try await program.run("report", "publish", "--year", "2023")
    #expect(same.isRefusal && same.errors.contains("Rien n’a changé depuis l’édition 1"), "\(same.errors)")
    _ = try await program.run("import", "echanges", try file("date;canal;structures;reference\n2023-06-01;visio;S1;E2\n"))
    #expect(try await editions(program).map(\.changes) == [1])
    let lines = try await program.run("report", "editions", "--year", "2023").lines
    #expect(lines.count == 1 && lines[0].hasPrefix("2023  édition 1  publiée le ") && lines[0].hasSuffix("  1 modification depuis"))
    let second = try await program.run("report", "publish", "--year", "2023", "--json")
    let answer = try JSONDecoder().decode(Edition.self, from: second.output)
    #expect(second.status == 0 && answer.edition == 2 && answer.changes == 0 && answer.digest.count == 64)
    let both = try await editions(program)
    #expect(both.map(\.edition) == [2, 1] && both.map(\.changes) == [0, nil] && both[0].digest != both[1].digest)
    #expect(try await program.run("report", "editions").lines.last?.hasSuffix("  corrigée depuis") == true)
    #expect(try await program.run("report", "editions", "--year", "2022").text == "Aucun rapport n’est publié.\n")
    #expect(try await program.run("check").text == "Tout est en ordre.\n")
  }

  @Test func aYearThatIsNotOverIsRefused() async throws {
    let program = try await Program.ready(.sqlite)
    for year in ["9998", "20", "-1"] {
      let running = try program.start(["report", "publish", "--year", year])
      await running.end()
      #expect(running.outcome.isRefusal && running.outcome.output.isEmpty, "\(year) \(running.outcome.errors)")
    }
    for arguments in [["report", "publish"], ["report", "publish", "--year", "deux"], ["report", "corriger"]] {
      let running = try program.start(arguments)
      await running.end()
      #expect(running.outcome.isRefusal && running.outcome.errors.contains("maillage help"), "\(running.outcome.errors)")
    }
    for arguments in [["report", "--help"], ["report", "publish", "--help"]] {
      let running = try program.start(arguments)
      await running.end()
      #expect(running.outcome.status == 0 && running.outcome.text.contains("USAGE : maillage report"), "\(running.outcome.errors)")
    }
  }

  /// `maillage report --year 2023 --output …`: what goes to a funder.
  @Test func aReportIsWrittenAsAFile() async throws {
    let program = try await Program.ready(.sqlite)
    _ = try await program.run(
      "import", "structures", try file("reference;type;nom;departement;etat;depuis\nS1;msp;Un;38;ouverte;2020-01-01\n"))
    _ = try await program.run("import", "echanges", try file("date;canal;structures;reference\n2023-02-01;visio;S1;E1\n"))
    let folder = FileManager.default.temporaryDirectory.appending(path: "maillage-rapport-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (paper, page) = (folder.appending(path: "r.pdf"), folder.appending(path: "r.html"))
    let written = try await program.run("report", "--year", "2023", "--output", paper.path)
    #expect(written.status == 0, "\(written.errors)")
    let pdf = try Data(contentsOf: paper)
    #expect(pdf.starts(with: Data("%PDF-".utf8)) && pdf.range(of: Data("/StructTreeRoot".utf8)) != nil)
    #expect(try await program.run("report", "--year", "2023", "--output", page.path).status == 0)
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains("Rapport d’activité 2023") && text.contains("1\u{A0}échange") && !text.contains("href=\"/"))
    // What people wrote is words on paper, whatever it looks like.
    let blocks = try file(
      "annee;nature;rang;titre;texte\n2023;chapitre;1;\"#panic(\"\"non\"\")\";\n2023;texte;2;;\"#panic(\"\"non\"\") $x$ *gras* [lien](https://exemple.fr) [[contacts.count]]\"\n"
    )
    #expect(try await program.run("import", "blocs", blocks).status == 0)
    let drafted = try await program.run("report", "--year", "2023", "--output", paper.path)
    #expect(drafted.status == 0, "\(drafted.errors)")
    #expect(try Data(contentsOf: paper) != pdf)
    #expect(try await program.run("report", "--year", "2023", "--output", page.path).status == 0)
    let words = try String(contentsOf: page, encoding: .utf8)
    #expect(
      words.contains("<h2 id=") && words.contains("#panic(&quot;non&quot;)") && words.contains("<em>gras</em>")
        && !words.contains("href=\"/"))
    // No sign that somebody typed keeps the paper from being made: a heading under none, one without a word, what no letter of ours draws.
    let odd = try file(
      "annee;nature;rang;titre;qui;texte\n2023;texte;3;;;\"### Intertitre\n\nMots 🎉 中\n\n###\n\n#### Plus bas\n\n- un\n- deux\"\n"
        + "2023;citation;4;;Zoé;\"### Dit\n\nBravo ✅\"\n")
    #expect(try await program.run("import", "blocs", odd).status == 0)
    // Dates, people, a map and two dimensions.
    let parts = try file(
      "annee;nature;rang;titre;lignes;chiffres;dimension;puis;presentation\n2023;frise;5;Dates;\"15/03 : #panic() | *gras*\n01/06 : Fin\";;;;\n"
        + "2023;personnes;6;Qui;\"Zoé | Présidente\nAli\";;;;\n2023;graphique;7;Carte;;structures.count;departement;;carte\n"
        + "2023;graphique;8;Croisé;;structures.count;type;situation;tableau\n2023;graphique;9;Barres;;structures.count;type;situation;barres\n"
    )
    #expect(try await program.run("import", "blocs", parts).status == 0)
    let printed = try await program.run("report", "--year", "2023", "--output", paper.path)
    #expect(printed.status == 0, "\(printed.errors)")
    let last = try Data(contentsOf: paper)
    // What it cannot be, it says.
    let word = try await program.run("report", "--year", "2023", "--output", "r.docx")
    #expect(word.isRefusal && word.errors.contains(".pdf ou en .html"), "\(word.errors)")
    let later = try await program.run("report", "--year", "2999", "--output", paper.path)
    #expect(later.isRefusal && later.errors.contains("n’a pas commencé"), "\(later.errors)")
    #expect(try await program.run("report", "--year", "2023").status != 0)
    #expect(try Data(contentsOf: paper) == last)
  }
}
