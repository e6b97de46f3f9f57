import ArgumentParser
import Documents
import Federation
import Foundation
import Records
import Site
import Store
import WebSupport

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Écrit le rapport d’activité d’une année, le publie, montre ses éditions.",
    subcommands: [WriteReportCommand.self, PublishReportCommand.self, ListEditionsCommand.self],
    defaultSubcommand: WriteReportCommand.self)
}

struct WriteReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Écrit le rapport dans un fichier PDF ou une page web : sa dernière édition, sinon ses chiffres du jour.")

  @Option(help: "Année, par exemple 2023.")
  var year: Int

  @Option(help: "Fichier à écrire, en .pdf ou .html.")
  var output: String

  @Flag(help: "Les chiffres du jour, même si l’année a une édition publiée.")
  var actuel = false

  func run() async throws {
    let file = URL(fileURLWithPath: output)
    guard ["pdf", "html"].contains(file.pathExtension.lowercased()) else {
      throw Refusal("Donnez un fichier en .pdf ou en .html : « \(output) » n’en est pas un.")
    }
    try await withInstallation { installation in
      let reports = ReportFiles(
        installation, files: StaticFiles(folders: try Configuration.staticFolders()), compiler: try Configuration.compiler())
      do {
        let data =
          file.pathExtension.lowercased() == "pdf"
          ? try await reports.pdf(year: year, isLive: actuel) : try await reports.html(year: year, isLive: actuel)
        try WholeFile.write(to: file) { try $0.write(data) }
      } catch let failure as DocumentFailure {
        throw Refusal(failure.description)
      }
    }
    print("Rapport \(year) écrit dans \(output).")
  }
}

struct PublishReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publie le rapport d’une année terminée : ses chiffres sont gardés tels quels, avec leurs fiches.")

  @Option(help: "Année, par exemple 2023.")
  var year: Int

  @Flag(help: "Publie même si des blocs ne sont pas relus ; ceux que personne n’a écrits sont laissés de côté.")
  var quandMeme = false

  @Flag(help: "Répond en JSON.")
  var json = false

  func run() async throws {
    try await withInstallation { installation in
      let edition = try await ReportDesk(installation).publish(year, acceptsUnread: quandMeme)
      if json { return print(try EditionRow(edition, changes: 0).text) }
      print("Rapport \(edition.year) publié : édition \(edition.number)\(edition.isCorrected ? ", corrigée" : "").")
    }
  }
}

struct ListEditionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "editions",
    abstract: "Montre les éditions publiées, et combien de fiches ont été modifiées depuis la dernière de chaque année.")

  @Option(help: "Année ; toutes à défaut.")
  var year: Int?

  @Flag(help: "Répond en JSON.")
  var json = false

  func run() async throws {
    try await withInstallation { installation in
      let rows = try await installation.database.read { [year, model = installation.model] connection in
        var years: Set<Int> = []
        return try ReportEdition.all(of: year, connection).map { edition in
          // Of earlier editions the latest one says what was corrected.
          let isLatest = years.insert(edition.year).inserted
          let changes = try isLatest ? ReportChanges(since: edition, model, connection).count : nil
          return EditionRow(edition, changes: changes)
        }
      }
      if json { return print(try EditionRow.text(rows)) }
      for row in rows {
        let since = row.changes.map { "\($0) \($0 < 2 ? "modification" : "modifications") depuis" } ?? "corrigée depuis"
        print("\(row.year)  édition \(row.edition)  publiée le \(row.publishedOn)  \(since)")
      }
      if rows.isEmpty { print("Aucun rapport n’est publié.") }
    }
  }
}

/// An edition as `--json` prints it.
struct EditionRow: Encodable, Sendable {
  let year: Int
  let edition: Int
  let publishedOn: CivilDate
  /// Since the publication, for the latest edition of its year; else the row has no such key.
  let changes: Int?
  let digest: String

  enum CodingKeys: String, CodingKey {
    case year, edition, changes, digest
    case publishedOn = "published_on"
  }

  init(_ edition: ReportEdition, changes: Int?) {
    (year, self.edition, publishedOn, digest) = (edition.year, edition.number, edition.publishedOn, edition.digest)
    self.changes = changes
  }

  var text: String { get throws { try Self.text(self) } }

  static func text(_ rows: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(rows), as: UTF8.self)
  }
}
