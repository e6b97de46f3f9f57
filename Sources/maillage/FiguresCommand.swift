import ArgumentParser
import Federation
import Foundation
import Records
import Store
import Tables

struct FiguresCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "figures", abstract: "Donne les chiffres d’une année ou à une date.")

  @Option(help: "Année, par exemple 2023.")
  var year: Int?

  @Option(help: "Date AAAA-MM-JJ : l’état de ce jour, les faits depuis le 1er janvier.")
  var asOf: String?

  @Option(help: "Chiffre, par exemple contacts.count (répétable ; tous à défaut).")
  var figure: [String] = []

  @Option(help: "Dimension, ou deux séparées par une virgule.")
  var by: String?

  @Option(help: "Filtre DIMENSION=VALEUR (répétable).")
  var `where`: [String] = []

  @Flag(help: "Ajoute les fiches derrière chaque valeur (JSON).")
  var records = false

  @Option(help: "table, json ou csv.")
  var format = "table"

  func run() async throws {
    let period = try period()
    guard ["table", "json", "csv"].contains(format) else { throw Refusal("Le format « \(format) » n’existe pas : table, json ou csv.") }
    let dimensions = by?.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    guard dimensions.count <= 2 else { throw Refusal("Un chiffre se ventile par deux dimensions au plus.") }
    let conditions = try self.where.map(Self.condition)
    try await withInstallation { installation in
      let registry = installation.model.figures
      let wanted = figure.isEmpty ? try Self.figures(having: dimensions + conditions.map(\.0), registry) : try figure.map(registry.figure)
      let rows = try await installation.database.read { [records] connection in
        let lists = try ReferenceLists(connection)
        return try wanted.flatMap { figure in
          let filters = try conditions.map { try registry.filter($0.0, $0.1, for: figure, lists, connection) }
          let query = try FigureQuery(figure, period, by: dimensions, where: filters)
          return try FigureRow.rows(query, withRecords: records, connection)
        }
      }
      try write(rows, dimensions: dimensions)
    }
  }

  private func period() throws -> Period {
    switch (year, asOf) {
    case (let year?, nil):
      guard (1000...9998).contains(year) else { throw Refusal("« \(year) » n’est pas une année.") }
      return Period(year: year)
    case (nil, let text?):
      guard let day = CivilDate(iso: text) else { throw Refusal("« \(text) » n’est pas une date (AAAA-MM-JJ).") }
      return Period(asOf: day)
    default: throw Refusal("Donnez --year ANNÉE ou --as-of DATE.")
    }
  }

  private static func condition(_ text: String) throws -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { throw Refusal("« \(text) » : écrivez --where DIMENSION=VALEUR.") }
    return (parts[0], parts[1])
  }

  /// Without `--figure`, those that can answer the question.
  private static func figures(having dimensions: [String], _ registry: FigureRegistry) throws -> [Figure] {
    let figures = registry.figures.filter { figure in dimensions.allSatisfy { figure.factSet.dimension($0) != nil } }
    guard !figures.isEmpty else { throw Refusal("Aucun chiffre n’a toutes ces dimensions : \(dimensions.joined(separator: ", ")).") }
    return figures
  }

  private func write(_ rows: [FigureRow], dimensions: [String]) throws {
    switch format {
    case "json":
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(rows), as: UTF8.self))
    case "csv":
      // Only where there is something to say in it.
      let hasSources = rows.contains { $0.source != nil }
      let hasShares = rows.contains { $0.value.share != nil }
      let bytes = CSV.write(
        header: ["chiffre", "periode"] + dimensions + ["valeur", "unite"] + (hasShares ? ["numerateur", "denominateur"] : [])
          + (hasSources ? ["source"] : []),
        rows: rows.map { row in
          let share = [row.value.share?.numerator, row.value.share?.denominator].map { $0.map(String.init) ?? "" }
          return [row.figure, row.period] + dimensions.map { row.dimensions[$0] ?? "" } + [row.value.digits ?? "", row.unit]
            + (hasShares ? share : []) + (hasSources ? [row.source ?? ""] : [])
        })
      try FileHandle.standardOutput.answer(Data(bytes))
    default:
      for row in rows {
        let place = dimensions.map { "  \(row.dimensions[$0] ?? "")" }.joined()
        let parts = row.value.share.map { "\($0.numerator) sur \($0.denominator), " } ?? ""
        let digits = row.value.digits.map { "\($0) \(row.value.unit ?? "")" } ?? "non renseigné"
        print("\(row.figure)  \(row.period)\(place)  \(parts)\(digits)\(row.source.map { "  (source : \($0))" } ?? "")")
      }
    }
  }
}
