import Foundation
import Store
import TestSupport
import Testing

struct ImportCommandTests {
  private static let structures = """
    reference;type;nom;departement;commune;etat;depuis;nb_professionnels
    S1;msp;Maison de l’Été;38;Grenoble;ouverte;2020-01-01;12
    S2;CPTS;CPTS Bièvre;Isère;38563;Projet de santé en écriture;01/05/2024;
    """

  @Test func theKindsAndTheirColumnsAreListed() async throws {
    let run = try await Program.ready(.sqlite).run("import", "--list")
    #expect(run.status == 0)
    for line in [
      "territoires : code*, nom*, departement*, depuis*, jusqua", "structures : reference*, type*, nom*, departement*, commune, adresse",
      "etats : structure*, etat*, depuis*, jusqua, note", "echanges : date*, canal*, structures, ",
      "  visibilite : equipe, confidentielle", "suivis : structure*, depuis*, compte, note",
      "premiers_contacts : reference*, recu_le*, canal*, nom*, prenom, profession, courriel, telephone, commune",
    ] {
      #expect(run.lines.contains { $0.hasPrefix(line) }, "\(line)")
    }
  }

  @Test(arguments: Engine.allCases) func aFileIsNewThenUnchangedThenChanged(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let path = try file(Self.structures)
    let first = try await program.run("import", "structures", path, "--json")
    #expect(first.status == 0 && first.errors.isEmpty)
    #expect(try first.importAnswer().counts == [2, 0, 0])
    #expect(try first.importAnswer().importID?.count == 13)
    let second = try await program.run("import", "structures", path, "--json").importAnswer()
    #expect(second.counts == [0, 0, 2])
    // An empty cell keeps what was; the columns may come in any order.
    let changes = try file("nom,departement,type,reference,nb_professionnels\nMaison nouvelle,38,msp,S1,\nCPTS Bièvre,38,cpts,S2,\n")
    let preview = try await program.run("import", "structures", changes, "--dry-run")
    #expect(preview.lines.first == "ligne 2 : Nom « Maison de l’Été » → « Maison nouvelle »")
    #expect(try await program.run("import", "structures", changes, "--json").importAnswer().counts == [0, 1, 1])
    let export = try await program.run("export", "structures").text
    #expect(export.contains("S1;msp;Maison nouvelle;38;38185;"))
    #expect(export.contains(";ouverte;2020-01-01;;;;;;;;;12;"))
    #expect(export.contains("S2;cpts;CPTS Bièvre;38;38563;;;;ecriture;2024-05-01;"))
    #expect(try await program.run("check").status == 0)
  }

  @Test func withoutJSONTheOutcomeIsASentence() async throws {
    let program = try await Program.ready(.sqlite)
    let path = try file(Self.structures)
    let dry = try await program.run("import", "structures", path, "--dry-run")
    #expect(dry.text == "Essai à blanc – nouvelles : 2, modifiées : 0, inchangées : 0, refusées : 0\n")
    let run = try await program.run("import", "structures", path)
    #expect(run.text.wholeMatch(of: /Import [0-9A-Z]{13} – nouvelles : 2, modifiées : 0, inchangées : 0, refusées : 0\n/) != nil)
  }

  @Test(arguments: Engine.allCases) func aDryRunWritesNothing(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let path = try file(Self.structures)
    let answer = try await program.run("import", "structures", path, "--dry-run", "--json").importAnswer()
    #expect(answer.importID == nil)
    #expect(answer.counts == [2, 0, 0])
    #expect(try await program.run("export", "structures").lines.count == 1)
    #expect(try await program.run("import", "structures", path, "--json").importAnswer().counts == [2, 0, 0])
  }

  @Test(arguments: Engine.allCases) func oneRefusedLineKeepsEverythingOut(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let path = try file(Self.structures + "\nS3;msp;;38;;;;\nS4;yourte;Équipe;999;;;;")
    let run = try await program.run("import", "structures", path, "--json")
    let answer = try run.importAnswer()
    #expect(run.isRefusal, "\(run.errors)")
    #expect(run.errors.hasPrefix("2 lignes sont refusées : rien n’a été importé"))
    #expect(answer.importID == nil && answer.counts == [0, 0, 0])
    #expect(answer.refused.map { "\($0.line) \($0.column) \($0.value)" } == ["4 nom ", "5 type yourte", "5 departement 999"])
    #expect(answer.refused.allSatisfy { !$0.reason.isEmpty })
    #expect(try await program.run("export", "structures").lines.count == 1)
    // The same file's good lines are still new: nothing of them was kept.
    let text = try await program.run("import", "structures", path)
    #expect(text.lines.prefix(3).map { $0.prefix { $0 != ":" } } == ["ligne 4, nom ", "ligne 5, type ", "ligne 5, departement "])
    let partial = try await program.run("import", "structures", path, "--laisser-refusees", "--json")
    #expect(partial.status == 0 && partial.errors.isEmpty)
    let left = try partial.importAnswer()
    #expect(left.importID != nil && left.counts == [2, 0, 0] && left.refused == answer.refused)
    #expect(try await program.run("export", "structures").lines.count == 3)
    #expect(try await program.run("check").status == 0)
  }

  @Test(arguments: Engine.allCases) func openListsGrowOnlyWhenAsked(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let path = try file("date;canal;themes;nature;reference\n2024-01-02;visio;Soins palliatifs|cpts;Écoute active;E1\n")
    let refused = try await program.run("import", "echanges", path, "--json")
    #expect(refused.isRefusal)
    #expect(try refused.importAnswer().refused.map(\.column) == ["themes", "natures"])
    let grown = try await program.run("import", "echanges", path, "--creer-valeurs", "--json")
    #expect(try grown.importAnswer().counts == [1, 0, 0])
    #expect(try await program.run("export", "echanges").text.contains(";cpts|soins_palliatifs;ecoute_active;"))
    // From now on both the label and the code are known.
    let later = try file("date;canal;themes;reference\n2024-01-03;visio;soins_palliatifs;E2\n2024-01-04;visio;SOINS PALLIATIFS;E3\n")
    #expect(try await program.run("import", "echanges", later, "--json").importAnswer().counts == [2, 0, 0])
    let rows = try await program.run("figures", "--year", "2024", "--figure", "contacts.count", "--by", "theme", "--format", "json")
      .figureRows()
    #expect(rows.map { "\($0.dimensions["theme"] ?? "") \($0.count ?? -1)" } == ["cpts 1", "soins_palliatifs 3"])
    // Rules are written on closed lists: they never grow.
    let closed = try file("date;canal\n2024-01-02;pigeon voyageur\n")
    #expect(try await program.run("import", "echanges", closed, "--creer-valeurs").isRefusal)
  }

  @Test(arguments: Engine.allCases) func linesWithoutReferenceAreRecognised(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let path = try file("date;canal;objet\n2024-01-02;visio;Statuts\n2024-01-02;visio;Statuts\n2024-01-02;telephone;Statuts\n")
    #expect(try await program.run("import", "echanges", path, "--json").importAnswer().counts == [3, 0, 0])
    let again = try file("objet;canal;date\nStatuts; Visio ;02/01/2024\nStatuts;visio;2024-01-02\nStatuts;visio;2024-01-02\n")
    #expect(try await program.run("import", "echanges", again, "--json").importAnswer().counts == [1, 0, 2])
  }

  @Test func windowsFilesAreRead() async throws {
    let program = try await Program.ready(.sqlite)
    let text = "reference;type;nom;departement\r\nÉ1;msp;L’été – œuvre à 10 €;Isère\r\n"
    let data = try #require(text.data(using: .windowsCP1252))
    #expect(try await program.run("import", "structures", try file(data), "--json").importAnswer().counts == [1, 0, 0])
    #expect(try await program.run("export", "structures").text.contains("É1;msp;L’été – œuvre à 10 €;38;"))
    let utf16 = try #require("reference;type;nom;departement\nÉ2;msp;Été;38\n".data(using: .utf16))
    #expect(try await program.run("import", "structures", try file(utf16), "--json").importAnswer().counts == [1, 0, 0])
  }

  @Test func warningsStopAtAHundred() async throws {
    let program = try await Program.ready(.sqlite)
    let lines = (1...150).map { "2024-01-02;visio;Personne \($0);\($0)" }
    let path = try file((["date;canal;personnes;reference"] + lines).joined(separator: "\n"))
    let run = try await program.run("import", "echanges", path, "--dry-run")
    #expect(run.status == 0)
    #expect(run.lines.filter { $0.hasPrefix("attention, ") }.count == 100)
    #expect(run.lines.contains("… et 50 autres remarques"))
    #expect(try await program.run("import", "echanges", path, "--json").importAnswer().warnings.count == 100)
  }
}
