import Foundation
import Store

/// Series values in files: `contacts.count;2019;340;Rapport d’activité 2019;canal=telephone` (REP-07, REP-08).
struct SeriesRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var figure: String?
    /// The last day of the period.
    var through: CivilDate?
    /// Thousandths of the figure's unit: exact on both engines for shares and money as for counts.
    var thousandths: Int?
    var source: String?
    /// What the line says of each dimension; codes once it is checked.
    var cell: [String: String] = [:]
  }

  private let figures: FigureRegistry

  init(_ figures: FigureRegistry) {
    self.figures = figures
  }

  let name = "series"
  let label = "Valeurs reprises"
  let table = "series_value"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "figure"
  let blank = Draft()

  let fields: [Field<Draft, SeriesContext>] = [
    .value("figure", label: "Chiffre", \.figure, isRequired: true, print: { id, _ in id }) { text, reading in
      try reading.context.figure(text).id
    },
    .value("periode", label: "Période", \.through, isRequired: true, print: { day, _ in SeriesRecords.period(day) }) { text, _ in
      try SeriesRecords.lastDay(of: text)
    },
    .value("valeur", label: "Valeur", \.thousandths, isRequired: true, print: { number, _ in Thousandths.text(number) }) { text, _ in
      try Thousandths.reading(text)
    },
    .text("source", label: "Source", \.source, isRequired: true),
    Field(
      "dimensions", label: "Dimensions",
      parse: { text, draft, _ in
        // What cannot be read is not the whole figure.
        draft.cell = ["": text]
        draft.cell = try SeriesRecords.cell(text)
      },
      print: { draft, _ in SeriesCell(codes: draft.cell).description },
      merge: { new, old in if !new.cell.isEmpty { old.cell = new.cell } },
      clear: { $0.cell = [:] }),
  ]

  func context(_ connection: any Connection) throws -> SeriesContext { try SeriesContext(figures, connection) }

  func key(of draft: Draft, _ context: SeriesContext) -> String? {
    guard let figure = context.figure(id: draft.figure), let through = draft.through, let cell = context.cell(of: figure, draft.cell) else {
      return nil
    }
    return "\(figure.id)|\(through)|\(cell)"
  }

  func stored(
    _ connection: any Connection, _ selection: RecordSelection, _ context: SeriesContext
  ) throws -> [StoredRecord<Draft>] {
    let key: SQL = "figure || '|' || through || '|' || cell"
    return try connection.rows(
      """
      SELECT id, figure, through, cell, thousandths, source FROM series_value
      WHERE removed_at IS NULL \(selection.clause(id: "id", key: key)) ORDER BY figure, through, cell
      """
    ).map { row in
      let draft = Draft(
        figure: try row[1], through: try row[2], thousandths: try row[4], source: try row[5], cell: SeriesCell(try row[3]).codes)
      return StoredRecord(id: try row[0], key: "\(try row[1] as String)|\(try row[2] as String)|\(try row[3] as String)", draft: draft)
    }
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<SeriesContext>) -> [Fault] {
    guard let figure = reading.context.figure(id: draft.figure) else { return [] }
    var faults: [Fault] = []
    for (dimension, text) in draft.cell.sorted(by: { $0.key < $1.key }) {
      do {
        if let known = try? reading.context.code(of: text, in: dimension, of: figure) {
          draft.cell[dimension] = known
        } else if let list = reading.context.openList(of: dimension, of: figure) {
          draft.cell[dimension] = try reading.code(of: text, in: list)
        } else {
          draft.cell[dimension] = try reading.context.code(of: text, in: dimension, of: figure)
        }
      } catch {
        faults.append(Fault("dimensions", value: "\(dimension)=\(text)", "\(error)"))
      }
    }
    if let thousandths = draft.thousandths, figure.amount(ofThousandths: thousandths) == nil {
      let unit = figure.scale == 1 ? "se compte en \(figure.unit), sans décimales" : "n’a pas autant de décimales"
      faults.append(Fault("valeur", "« \(figure.id) » \(unit)"))
    }
    return faults
  }

  func write(
    _ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: SeriesContext, ids: IdentifierSource
  ) throws {
    try connection.insert(
      into: "series_value (id, figure, through, cell, thousandths, source)", records,
      suffix: "ON CONFLICT (id) DO UPDATE SET thousandths = excluded.thousandths, source = excluded.source"
    ) { record in
      let draft = record.draft
      let cell = SeriesCell(codes: draft.cell).description
      return "\(record.id), \(draft.figure), \(draft.through), \(cell), \(draft.thousandths), \(draft.source)"
    }
  }
}

extension SeriesRecords {
  /// A year is its last day.
  private static func period(_ day: CivilDate) -> String {
    day == .lastDay(of: day.year) ? Period(year: day.year).label : day.description
  }

  private static func lastDay(of text: String) throws -> CivilDate {
    if text.utf8.count == 4, let year = Int(text), (1900...2100).contains(year) { return .lastDay(of: year) }
    do { return try .reading(text) } catch {
      throw Refusal("« \(text) » n’est ni une année ni une date (AAAA, AAAA-MM-JJ ou JJ/MM/AAAA)")
    }
  }

  private static func cell(_ text: String) throws -> [String: String] {
    var cell: [String: String] = [:]
    for part in text.split(separator: "|").map({ $0.trimmingCharacters(in: .whitespaces) }) where !part.isEmpty {
      let words = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard words.count == 2, !words[1].isEmpty else { throw Refusal("« \(part) » : écrivez dimension=valeur") }
      guard cell.updateValue(words[1], forKey: Fold.code(words[0])) == nil else {
        throw Refusal("la dimension « \(words[0]) » est donnée deux fois")
      }
    }
    return cell
  }
}
