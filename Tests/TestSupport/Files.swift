import Federation
import Records
import Store
import Tables

extension Installation {
  /// Brings a file in, given as text.
  @discardableResult
  public func bring(_ kind: String, _ text: String, _ options: ImportOptions = ImportOptions()) async throws -> ImportOutcome {
    try await importer.run(try model.kind(kind), table: try CSV.read(Array(text.utf8)), fileName: "essai.csv", options: options)
  }

  /// The kind's export, as text.
  public func take(_ kind: String) async throws -> String {
    let kind = try model.kind(kind)
    let (header, rows) = try await database.read { try Exporter.rows(kind, $0) }
    return String(decoding: CSV.write(header: header, rows: rows), as: UTF8.self)
  }

  /// A figure's values by the codes of its dimensions, joined by a space; the whole figure under the empty text, unless it has none.
  public func values(
    _ figure: String, _ period: Period, by dimensions: [String] = [], where filters: [(String, String)] = []
  ) async throws -> [String: Int] {
    let query = try FigureQuery(
      try model.figures.figure(figure), period, by: dimensions, where: filters.map { Filter($0.0, $0.1) })
    return try await database.read { connection in
      Dictionary(
        uniqueKeysWithValues: try query.values(connection).compactMap { value in
          value.value.map { (value.codes.joined(separator: " "), $0) }
        })
    }
  }
}

extension FederationSize {
  /// Enough of everything, and made quickly.
  public static let sample = FederationSize(teams: 60, people: 240, exchanges: 600, years: 3)
}
