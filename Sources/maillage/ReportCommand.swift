import ArgumentParser
import Federation
import Foundation
import Records
import Store

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Publie le rapport d’activité d’une année et montre ses éditions.",
    subcommands: [PublishReportCommand.self, ListEditionsCommand.self])
}

struct PublishReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publie le rapport d’une année terminée : ses chiffres sont gardés tels quels, avec leurs fiches.")

  @Option(help: "Année, par exemple 2023.")
  var year: Int

  @Flag(help: "Répond en JSON.")
  var json = false

  func run() async throws {
    try await withInstallation { installation in
      let edition = try await ReportDesk(installation).publish(year)
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
          let changes = try isLatest ? ReportChanges(since: edition, edition.report(connection), model, connection).count : nil
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
