import Foundation
import Records
import Store
import Tables
import TestSupport
import Testing

@testable import Federation

/// The reports of 2023 of two federations, made again of the files of `samples/rapport-*` (REP-01, REP-08): row by row, each printed
/// number that `tri.csv` does not leave aside.
@Suite struct RebuiltReportsTests {
  struct Report: Sendable, CustomTestStringConvertible {
    let folder: String
    let departments: String
    /// How many printed numbers come back.
    let numbers: Int

    var testDescription: String { folder }

    static let all = [
      Report(
        folder: "rapport-auvergne-rhone-alpes-2023", departments: "01 03 07 15 26 38 42 43 63 69 73 74", numbers: 110),
      Report(folder: "rapport-pays-de-la-loire-2023", departments: "44 49 53 72 85", numbers: 171),
    ]

    var url: URL { TestDatabases.root.appending(path: "samples").appending(path: folder) }

    /// The files of the folder in the order of their numbers, with the kind that each holds.
    var files: [(kind: String, url: URL)] {
      get throws {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted().compactMap { name in
          guard let match = name.wholeMatch(of: /\d\d-([a-z]+)\.csv/) else { return nil }
          return (String(match.1), url.appending(path: name))
        }
      }
    }

    /// What is printed, a row each.
    var printed: [[String: String]] {
      get throws {
        let table = try CSV.read(Array(Data(contentsOf: url.appending(path: "tri.csv"))))
        return table.rows.map { row in Dictionary(zip(table.header, row.cells), uniquingKeysWith: { first, _ in first }) }
      }
    }
  }

  private func rebuild(_ report: Report, _ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.settings.set("departements", to: report.departments)
      for (kind, url) in try report.files {
        let outcome = try await world.importer.run(
          try world.model.kind(kind), table: CSV.read(Array(Data(contentsOf: url))), fileName: url.lastPathComponent,
          options: ImportOptions(createsValues: true))
        #expect(outcome.refused.isEmpty && outcome.warnings.isEmpty && outcome.created > 0, "\(url.lastPathComponent) \(outcome.refused)")
      }
      try await body(world)
    }
  }

  @Test(arguments: Report.all, Engine.allCases)
  func everyPrintedNumberComesBack(_ report: Report, _ engine: Engine) async throws {
    try await rebuild(report, engine) { world async throws in
      let rows = try report.printed
      let asked = rows.filter { !["hors", "contredit"].contains($0["traitement"]) }
      #expect(asked.count == report.numbers)
      // What is left aside says why.
      #expect(rows.allSatisfy { $0["chiffre"]?.isEmpty == false || $0["remarque"]?.isEmpty == false })
      let wanted = try Dictionary(grouping: asked) { [$0["chiffre"], $0["annee"], $0["filtres"], $0["traitement"]].map { $0 ?? "" } }
        .map { key, lines in
          let numbers = try lines.map { try #require($0["valeur"].flatMap(Double.init)) }
          let sum = key[3] == "somme" ? numbers.reduce(0, +) : numbers[0]
          #expect(key[3] == "somme" || Set(numbers).count == 1, "\(key)")
          return Printed(figure: key[0], year: key[1], cell: key[2], treatment: key[3], bound: lines[0]["borne"] ?? "", number: sum)
        }
      try await world.database.read { [model = world.model] connection in
        let lists = try ReferenceLists(connection)
        for printed in wanted { try printed.check(model.figures, lists, connection) }
      }
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2024)) }
      #expect(faults == [])
    }
  }

  /// The texts name figures alone: each reference has a value, and no block stops the publication.
  @Test(arguments: Report.all, Engine.allCases)
  func theReportSaysThem(_ report: Report, _ engine: Engine) async throws {
    try await rebuild(report, engine) { world async throws in
      try await world.database.read { [model = world.model] connection in
        let lists = try ReferenceLists(connection)
        #expect(try BlockFault.all(of: 2023, model.figures, lists, connection).map(\.sentence) == [])
        let made = try ActivityReport(year: 2023, today: .lastDay(of: 2024), model.figures, lists, connection)
        let document = try #require(made.document)
        #expect(document.references.count > 20)
        for reference in document.references {
          let period = reference.aspect == .former ? made.period.previous : made.period
          let figure = try #require(made.figures.first { $0.answers(reference.figure, period, reference.dimensions) })
          #expect(figure.value(reference.codes).value != nil, "\(reference.written)")
        }
      }
    }
  }

  /// One line that cannot be read keeps the whole file out, and says why in French.
  @Test(arguments: Engine.allCases)
  func aDamagedLineIsRefusedAndNothingIsWritten(_ engine: Engine) async throws {
    let report = Report.all[1]
    try await withInstallation(engine) { world async throws in
      let url = try #require(try report.files.first { $0.kind == "series" }).url
      let damaged = [
        ("events.cuont;2019;3;Rapport;", "figure"), ("events.count;2019;trois;Rapport;", "valeur"), ("events.count;2019;3;;", "source"),
        ("events.count;2019;2,5;Rapport;", "valeur"), ("events.count;2019;3;Rapport;departement=Atlantide", "dimensions"),
        ("events.count;l’an dernier;3;Rapport;", "periode"),
      ]
      let text = try String(contentsOf: url, encoding: .utf8)
      for (line, column) in damaged {
        let outcome = try await world.bring("series", text + line + "\n", ImportOptions(createsValues: true))
        #expect(outcome.refused.map(\.fault.column) == [column], "\(line)")
        #expect(outcome.importID == nil && outcome.refused.allSatisfy { !$0.fault.reason.isEmpty })
      }
      // What no list holds is refused too, until one asks for it to be added; asked, it is one value whoever writes it.
      let unknown = try await world.bring("series", text)
      #expect(unknown.importID == nil && unknown.refused.contains { $0.fault.reason.contains("est inconnu dans la liste « Indicateur »") })
      #expect(try await world.take("series").split(whereSeparator: \.isNewline).count == 1)
      #expect(try await world.bring("series", text, ImportOptions(createsValues: true)).refused.isEmpty)
      let again = try await world.bring("series", try await world.take("series"))
      #expect(again.refused.isEmpty && again.changed == 0 && again.created == 0)
    }
  }

  /// Without a value a figure of no records is unknown, which is not 0; of a closed list nothing is added.
  @Test(arguments: Engine.allCases)
  func whatNobodyTookOverIsUnknown(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      for figure in world.model.figures.figures where figure.isReported {
        #expect(try await world.values(figure.id, Period(year: 2023)) == [:], "\(figure.id)")
      }
      let closed = try await world.bring(
        "series", "figure;periode;valeur;source;dimensions\ncontacts.count;2019;3;Rapport;canal=pigeon\n",
        ImportOptions(createsValues: true))
      #expect(closed.refused.map(\.fault.reason) == ["« pigeon » n’est pas une valeur de « canal »"])
    }
  }
}

/// A printed number and where it must come back.
private struct Printed {
  let figure: String
  let year: String
  let cell: String
  let treatment: String
  let bound: String
  let number: Double

  func check(_ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection) throws {
    let figure = try registry.figure(self.figure)
    let pairs = cell.split(separator: "|").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    let parts = pairs.filter { $0[0] == "par" }.map { $0[1] }
    let filters = try pairs.filter { $0[0] != "par" }.map { try registry.filter($0[0], $0[1], for: figure, lists, connection) }
    let query = try FigureQuery(figure, Period(year: try #require(Int(year))), by: parts, where: filters)
    let values = try query.values(connection)
    let records = try query.records(connection).values.flatMap(\.self)
    if treatment == "lignes" {
      #expect(Double(values.count) == number, "\(cell)")
      return
    }
    let value = try #require(values.first)
    let isTakenOver = treatment == "serie" || treatment == "somme"
    #expect((value.source != nil) == isTakenOver && records.isEmpty == isTakenOver, "\(self)")
    let said = Double(try #require(value.value)) / Double(figure.scale)
    switch bound {
    case "plus de": #expect(said >= number, "\(self)")
    case "avoisine": #expect((0.95..<1).contains(said), "\(self)")
    default: #expect(said == number, "\(self)")
    }
    // List and figure: as many records as the number says.
    if !isTakenOver, !figure.isShare { #expect(records.count == value.value, "\(self)") }
  }
}
