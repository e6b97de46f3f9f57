import ArgumentParser
import Federation
import Foundation
import Records
import Store
import Tables

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Importe un fichier : tout ou rien, chaque refus est expliqué.")

  @Argument(help: "Sorte de fiche, par exemple structures ; ou undo pour annuler un import.")
  var kind: String?

  @Argument(help: "Fichier CSV, XLSX ou ODS ; ou numéro de l’import à annuler.")
  var file: String?

  @Flag(help: "Montre les sortes de fiches et leurs colonnes.")
  var list = false

  @Flag(help: "Dit ce qui serait fait, sans rien écrire.")
  var dryRun = false

  @Flag(help: "Laisse de côté les lignes refusées au lieu de tout refuser.")
  var laisserRefusees = false

  @Option(help: "Fichier .csv ou .xlsx à écrire : les lignes refusées telles qu’elles étaient, avec leurs motifs.")
  var refusees: String?

  @Flag(help: "Ajoute aux listes ouvertes les valeurs qu’elles n’ont pas.")
  var creerValeurs = false

  @Flag(help: "Répond en JSON.")
  var json = false

  private static let sizeLimit = 100_000_000

  func run() async throws {
    if list { return try printKinds() }
    if kind == "undo" { return try await undo() }
    guard let kind, let file else { throw Refusal("Donnez la sorte de fiche et le fichier : maillage import structures fichier.csv") }
    try await withInstallation { installation in
      let kind = try installation.model.kind(kind)
      let refusals = try refusees.map { try RefusedFile(at: $0) }
      let table = try Self.table(at: file)
      let options = ImportOptions(isDryRun: dryRun, leavesRefused: laisserRefusees, createsValues: creerValeurs)
      let outcome = try await installation.importer.run(
        kind, table: table, fileName: URL(fileURLWithPath: file).lastPathComponent, options: options)
      print(json ? try ImportReport(outcome).json() : text(outcome))
      if let refusals, try refusals.write(RefusedLines(outcome, of: table, kind)), !json {
        print("Lignes refusées, à corriger : \(refusals.path)")
      }
      let lines = Set(outcome.refused.map(\.line)).count
      if lines > 0, !laisserRefusees {
        throw Refusal(
          lines == 1
            ? "Une ligne est refusée : rien n’a été importé (--laisser-refusees pour importer les autres)."
            : "\(lines) lignes sont refusées : rien n’a été importé (--laisser-refusees pour importer les autres).")
      }
    }
  }

  /// `maillage import undo ID`
  private func undo() async throws {
    guard let id = file.flatMap({ Identifier<Import>($0) }) else {
      throw Refusal("Donnez le numéro de l’import à annuler : 13 lettres et chiffres.")
    }
    try await withInstallation { installation in
      let outcome = try await installation.importer.undo(id, installation.model.kinds)
      for kept in outcome.kept { print("gardée, \(kept.key) : \(kept.reason)") }
      print("Import annulé – fiches remises comme avant : \(outcome.undone), gardées : \(outcome.kept.count)")
    }
  }

  private func printKinds() throws {
    let model = Model.federation(geography: Geography(folder: try Configuration.assets()))
    for kind in model.kinds {
      print("\(kind.name) : \(kind.columnList)")
      for (column, codes) in kind.columnCodes { print("  \(column) : \(codes.joined(separator: ", "))") }
    }
  }

  static func table(at path: String) throws -> Table {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Refusal("Le fichier « \(path) » est introuvable.") }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw Refusal("« \(path) » est un dossier : donnez le fichier à importer.")
    // Opening a pipe would wait for somebody to write into it.
    default: throw Refusal("« \(path) » n’est pas un fichier ordinaire.")
    }
    let tooLarge = Refusal("Le fichier « \(path) » dépasse 100 Mo : coupez-le en plusieurs.")
    guard status.st_size <= sizeLimit else { throw tooLarge }
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    // No more than that, even of a file that grows or does not say its size.
    let bytes = try handle.read(upToCount: sizeLimit + 1) ?? Data()
    guard bytes.count <= sizeLimit else { throw tooLarge }
    do {
      return try TableFile.read(Array(bytes))
    } catch let error as TableError {
      throw Refusal(error.description)
    }
  }

  private func text(_ outcome: ImportOutcome) -> String {
    var lines = outcome.refused.map { "ligne \($0.line), \($0.fault.column) : \($0.fault.reason)" }
    lines += outcome.preview.prefix(ImportReport.warningLimit).map { line in
      let changes = line.changes.map { "\($0.label) « \($0.before) » → « \($0.after) »" }
      return "ligne \(line.line) : \(changes.joined(separator: " ; "))"
    }
    lines += outcome.warnings.prefix(ImportReport.warningLimit).map { "attention, \($0)" }
    if outcome.warnings.count > ImportReport.warningLimit {
      lines.append("… et \(outcome.warnings.count - ImportReport.warningLimit) autres remarques")
    }
    let refused = Set(outcome.refused.map(\.line)).count
    let counts = "nouvelles : \(outcome.created), modifiées : \(outcome.changed), inchangées : \(outcome.unchanged), refusées : \(refused)"
    lines.append(outcome.importID.map { "Import \($0) – \(counts)" } ?? (dryRun ? "Essai à blanc – \(counts)" : counts))
    return lines.joined(separator: "\n")
  }
}

/// The outcome as `--json` prints it.
struct ImportReport: Encodable {
  static let warningLimit = 100

  struct Refused: Encodable {
    let line: Int
    let column: String
    let value: String
    let reason: String
  }

  let importID: String?
  let created: Int
  let changed: Int
  let unchanged: Int
  let refused: [Refused]
  let warnings: [String]

  enum CodingKeys: String, CodingKey {
    case importID = "import"
    case created, changed, unchanged, refused, warnings
  }

  init(_ outcome: ImportOutcome) {
    importID = outcome.importID?.description
    (created, changed, unchanged) = (outcome.created, outcome.changed, outcome.unchanged)
    refused = outcome.refused.map { Refused(line: $0.line, column: $0.fault.column, value: $0.fault.value, reason: $0.fault.reason) }
    warnings = Array(outcome.warnings.prefix(Self.warningLimit))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(importID, forKey: .importID)  // null, not absent
    try container.encode(created, forKey: .created)
    try container.encode(changed, forKey: .changed)
    try container.encode(unchanged, forKey: .unchanged)
    try container.encode(refused, forKey: .refused)
    try container.encode(warnings, forKey: .warnings)
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Exporte des fiches en CSV, dans les colonnes de l’import.")

  @Argument(help: "Sorte de fiche, par exemple structures.")
  var kind: String

  @Option(help: "Fichier à écrire ; à défaut la sortie standard.")
  var output: String?

  func run() async throws {
    try await withInstallation { installation in
      let kind = try installation.model.kind(kind)
      let (header, rows) = try await installation.database.read { try Exporter.rows(kind, $0) }
      let bytes = Data(CSV.write(header: header, rows: rows))
      if let output {
        try WholeFile.write(to: URL(fileURLWithPath: output)) { try $0.write(bytes) }
      } else {
        try FileHandle.standardOutput.answer(bytes)
      }
    }
  }
}
