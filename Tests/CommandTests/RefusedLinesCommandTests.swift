import Foundation
import Store
import TestSupport
import Testing

/// `import --refusees`: the refused lines as a file.
struct RefusedLinesCommandTests {
  private static let structures = """
    reference;type;nom;departement
    S1;msp;Maison;38
    S2;yourte;"Équipe ; du ""Val"" vert";999
    S3;esp;;38
    """
  private static let refused =
    "\u{FEFF}reference;type;nom;departement;motif\r\n"
    + "S2;yourte;\"Équipe ; du \"\"Val\"\" vert\";999;\"Type\u{A0}: « yourte » n’existe pas ; valeurs possibles : MSP, CPTS, ESP, ESP-CLAP, CdS, Professionnel isolé"
    + "\u{202F}; Département\u{A0}: « 999 » n’est pas un département\"\r\nS3;esp;;38;Nom\u{A0}: obligatoire\r\n"

  private func target(_ name: String) throws -> String { try temporaryFolder().appending(path: name).path }

  private func content(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test(arguments: Engine.allCases) func theRefusedLinesComeBackAsAFile(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let path = try file(Self.structures)
    let dry = try target("essai.csv")
    let run = try await program.run("import", "structures", path, "--dry-run", "--refusees", dry)
    #expect(run.isRefusal && run.lines.last == "Lignes refusées, à corriger : \(dry)")
    #expect(try content(dry) == Self.refused)
    let whole = try target("tout.CSV")
    #expect(try await program.run("import", "structures", path, "--refusees", whole).isRefusal)
    #expect(try content(whole) == Self.refused)
    #expect(try await program.run("export", "structures").lines.count == 1)
    let rest = try target("reste.csv")
    let left = try await program.run("import", "structures", path, "--laisser-refusees", "--refusees", rest, "--json")
    #expect(left.status == 0)
    #expect(try left.importAnswer().counts == [1, 0, 0])
    #expect(try content(rest) == Self.refused)
    // Mended by hand, and brought again as it is.
    let mended = try file(
      content(rest).replacing("yourte", with: "msp").replacing("999", with: "38").replacing("S3;esp;;", with: "S3;esp;Trois;"))
    let answer = try await program.run("import", "structures", mended, "--json").importAnswer()
    #expect(answer.counts == [2, 0, 0] && answer.refused.isEmpty && answer.warnings.isEmpty)
  }

  @Test func aWorkbookHoldsTheSame() async throws {
    let program = try await Program.ready(.sqlite)
    let workbook = try target("refus.xlsx")
    #expect(try await program.run("import", "structures", try file(Self.structures), "--refusees", workbook).isRefusal)
    let again = try target("encore.csv")
    #expect(try await program.run("import", "structures", workbook, "--refusees", again).isRefusal)
    #expect(try content(again) == Self.refused)
  }

  @Test func nothingRefusedMakesNoFile() async throws {
    let program = try await Program.ready(.sqlite)
    let path = try target("rien.csv")
    let run = try await program.run(
      "import", "structures", try file("reference;type;nom;departement\nS1;msp;Maison;38\n"), "--refusees", path)
    #expect(run.status == 0 && run.lines.count == 1)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// Before anything is imported, even what is good.
  @Test func aFileThatCannotBeWrittenStopsTheImport() async throws {
    let program = try await Program.ready(.sqlite)
    let path = try file(Self.structures)
    let other = try file("à garder", named: "ancien.csv")
    for bad in [other, path, try target("refus.ods"), try target("refus"), "/proc/rien/refus.csv", ""] {
      let run = try await program.run("import", "structures", path, "--laisser-refusees", "--refusees", bad)
      #expect(run.isRefusal && run.output.isEmpty, "\(bad) \(run.errors)")
    }
    #expect(try content(other) == "à garder")
    #expect(try await program.run("export", "structures").lines.count == 1)
  }
}
