import Foundation
import Store
import TestSupport
import Testing

/// Files as people really send them.
struct RefusedFilesTests {
  /// - Returns: what is refused, as `ligne colonne`; nothing may be written.
  private func refused(_ program: Program, _ kind: String, _ text: String) async throws -> [String] {
    let run = try await program.run("import", kind, try file(text), "--json")
    #expect(run.isRefusal, "\(run.errors)")
    let answer = try run.importAnswer()
    #expect(answer.importID == nil && answer.counts == [0, 0, 0])
    #expect(try await program.run("export", kind).lines.count == 1)
    return answer.refused.map { "\($0.line) \($0.column)" }
  }

  @Test(arguments: Engine.allCases) func wrongDates(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let dates = [
      "2024-13-01", "2024-02-30", "31/04/2024", "2024", "hier", "1/2/24", "0001-01-01", "2024-1-1", "2200-01-01", "<b>", "45292",
    ]
    let lines = dates.enumerated().map { "\($1);visio;E\($0)" }
    #expect(
      try await refused(program, "echanges", (["date;canal;reference"] + lines).joined(separator: "\n"))
        == (2..<(2 + dates.count)).map { "\($0) date" })
  }

  @Test func unknownCodesAndNumbers() async throws {
    let program = try await Program.ready(.sqlite)
    let text = """
      reference;type;nom;departement;commune;etat;depuis;finess;siret;courriel;nb_professionnels;population
      S1;yourte;a;38;Nulleville;volante;2024-01-01;123;456;pas une adresse;douze;-1
      S2;esp;b;2C;;faisabilite;2024-01-01;;;;1,5;99999999999999999999
      """
    #expect(
      Set(try await refused(program, "structures", text))
        == Set(
          ["type", "commune", "etat", "finess", "siret", "courriel", "nb_professionnels", "population"].map { "2 \($0)" }
            + ["departement", "etat", "nb_professionnels", "population"].map { "3 \($0)" }))
  }

  @Test(arguments: Engine.allCases) func referencesGivenTwice(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    #expect(
      try await refused(program, "structures", "reference;type;nom;departement\nS1;msp;a;38\nS2;msp;b;38\nS1;msp;c;38\n") == ["4 reference"]
    )
    #expect(try await refused(program, "echanges", "date;canal;reference\n2024-01-01;visio;E\n2024-01-02;visio;E\n") == ["3 reference"])
  }

  @Test(arguments: Engine.allCases) func statesBeforeTheirStructures(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let states = "structure;etat;depuis\nS1;contact;2020-01-01\nS2;aci;2021-01-01\n"
    #expect(try await refused(program, "etats", states) == ["2 structure", "3 structure"])
    #expect(try await refused(program, "echanges", "date;canal;structures\n2024-01-01;visio;S1|S2\n") == ["2 structures"])
  }

  @Test func statesWithoutADateOrBackwards() async throws {
    let program = try await Program.ready(.sqlite)
    _ = try await program.run("import", "structures", try file("reference;type;nom;departement\nS1;esp;a;38\n"))
    let text =
      "structure;etat;depuis;jusqua\nS1;contact;;\nS1;contact;2020-01-01;2019-12-31\nS1;formalisation;2020-01-01;\n;contact;2020-01-01;\nS1;;2020-01-01;\n"
    #expect(Set(try await refused(program, "etats", text)) == ["2 depuis", "3 jusqua", "4 etat", "5 structure", "6 etat"])
    let territories =
      "code;nom;departement;depuis;jusqua\nest;Est;38;2020-01-01;2019-01-01\n???;Est;38;2020-01-01;\nest;Est;99;2020-01-01;\n"
    #expect(Set(try await refused(program, "territoires", territories)) == ["2 jusqua", "3 code", "4 departement"])
  }

  @Test func namesOfFiveHundredLetters() async throws {
    let program = try await Program.ready(.sqlite)
    let name = String(repeating: "é", count: 500)
    #expect(try await refused(program, "structures", "reference;type;nom;departement\nS1;msp;\(name);38\n") == ["2 nom"])
    #expect(try await refused(program, "structures", "reference;type;nom;departement\n\(name);msp;a;38\n") == ["2 reference"])
    let exchange = "date;canal;auteur;personnes\n2024-01-01;visio;\(name);\(name)\n"
    #expect(Set(try await refused(program, "echanges", exchange)) == ["2 personnes", "2 auteur"])
    let fits = String(repeating: "é", count: 200)
    let run = try await program.run("import", "structures", try file("reference;type;nom;departement\nS1;msp;\(fits);38\n"))
    #expect(run.status == 0)
    #expect(try await program.run("export", "structures").text.contains(fits))
  }

  @Test(arguments: Engine.allCases) func markupIsOnlyText(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let html = "<script>alert('x')</script> & \"\"guillemets\"\""
    let header = "reference;type;nom;departement;adresse;telephone;site_web;logiciel;sites;notes"
    let path = try file(
      "\(header)\n\"<b>S1</b>\";msp;\"\(html)\";38;\"\(html)\";\"<i>04</i>\";\"\(html)\";\"\(html)\";\"\(html)\";\"\(html)\"\n")
    #expect(try await program.run("import", "structures", path, "--json").importAnswer().counts == [1, 0, 0])
    let exchange = try file(
      "date;canal;structures;organisations;personnes;objet;auteur\n2024-01-01;visio;\"<b>S1</b>\";\"\(html)\";\"\(html)\";\"\(html)\";\"\(html)\"\n"
    )
    #expect(try await program.run("import", "echanges", exchange, "--json").importAnswer().counts == [1, 0, 0])
    #expect(try await program.run("export", "structures").text.components(separatedBy: html).count == 7)
    #expect(try await program.run("export", "echanges").text.components(separatedBy: html).count == 5)
    let bad = try file("reference;type;nom;departement\nS2;<b>msp</b>;x;<i>38</i>\n")
    #expect(
      try await program.run("import", "structures", bad, "--json").importAnswer().refused.map(\.value) == ["<b>msp</b>", "<i>38</i>"])
  }

  @Test func filesThatAreNoTable() async throws {
    let program = try await Program.ready(.sqlite)
    let folder = try temporaryFolder()
    let large = folder.appending(path: "large.csv").path
    #expect(FileManager.default.createFile(atPath: large, contents: nil))
    // A hole in the file: 100 MB and one byte that take no room on the disk.
    #expect(truncate(large, 100_000_001) == 0)
    let files = [
      folder.path, folder.appending(path: "absent.csv").path, large, try file(""), try file("\n\n\n"), try file(";;;\nA;B;C\n"),
      try file("type;nom;departement\nmsp;a;38\n"), try file("reference;type;nom;departement;nom\nA;msp;a;38;b\n"),
      try file("reference;type;nom;departement\n\"A;msp;a;38\n"), try file(Data([0x50, 0x4B, 3, 4, 0, 0, 0, 0])), "/dev/null", "",
    ]
    for path in files {
      for options in [[], ["--json"], ["--laisser-refusees"], ["--dry-run"]] {
        let running = try program.start(["import", "structures", path] + options)
        await running.end()
        #expect(running.outcome.isRefusal, "\(path) \(running.outcome.errors)")
        #expect(running.outcome.output.isEmpty, "\(path)")
      }
    }
    #expect(try await program.run("import", "structures", large).errors.contains("100 Mo"))
    #expect(try await program.run("export", "structures").lines.count == 1)
  }

  /// How many bytes the program read, by the system's own count, is written to the file `$MEASURE`.
  private static let measured = "\"$0\" \"$@\"; status=$?; cat /proc/$$/io > \"$MEASURE\"; exit $status"

  private func bytesRead(_ program: Program, importing path: String, contains words: String) async throws -> Int {
    let measure = try temporaryFolder().appending(path: "io").path
    let run = try await program.run("import", "structures", path, environment: ["MEASURE": measure], script: Self.measured)
    #expect(run.isRefusal && run.errors.contains(words), "\(path) \(run.errors)")
    let counts = try String(contentsOfFile: measure, encoding: .utf8)
    return try #require(counts.firstMatch(of: /rchar: ([0-9]+)/).flatMap { Int($0.1) })
  }

  @Test(arguments: ["tableau.csv", "tableau.xlsx", "tableau.ods", "tableau"]) func aHugeFileIsRefusedWithoutBeingRead(_ name: String)
    async throws
  {
    let program = try await Program.ready(.sqlite)
    let path = try file(Data([0x50, 0x4B, 3, 4]), named: name)
    // Holes take no room on the disk, but whoever reads them gets their bytes.
    #expect(truncate(path, 30_000_000) == 0)
    let whole = try await bytesRead(program, importing: path, contains: "classeur")
    #expect(whole > 30_000_000)
    #expect(truncate(path, 300_000_000) == 0)
    let huge = try await bytesRead(program, importing: path, contains: "100 Mo")
    #expect(huge < whole - 29_000_000)
  }

  /// Opening a pipe would wait for ever.
  @Test func whatIsNoOrdinaryFileIsRefused() async throws {
    let program = try await Program.ready(.sqlite)
    let empty = try await Program.fresh(.sqlite)
    let folder = try temporaryFolder()
    let pipe = folder.appending(path: "tuyau.csv").path
    #expect(mkfifo(pipe, 0o600) == 0)
    let link = folder.appending(path: "lien.csv").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: pipe)
    for (path, words) in [
      (folder.path, "dossier"), (pipe, "ordinaire"), (link, "ordinaire"), ("/dev/null", "ordinaire"), ("/dev/zero", "ordinaire"),
      (folder.appending(path: "absent.xlsx").path, "introuvable"),
    ] {
      let imported = try await program.run("import", "structures", path)
      #expect(imported.isRefusal && imported.errors.contains(words), "\(path) \(imported.errors)")
      let restored = try await empty.run("restore", path)
      #expect(restored.isRefusal && restored.errors.contains("introuvable"), "\(path) \(restored.errors)")
    }
    #expect(try await program.run("export", "structures").lines.count == 1)
  }

  @Test(arguments: [["chats", "x.csv"], ["", "x.csv"], ["structures"], []]) func commandsWithoutAKindOrAFile(_ arguments: [String])
    async throws
  {
    let running = try await Program.ready(.sqlite).start(["import"] + arguments)
    await running.end()
    #expect(running.outcome.isRefusal, "\(running.outcome.errors)")
    #expect(running.outcome.output.isEmpty)
  }
}
