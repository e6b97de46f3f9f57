import Store
import Tables

/// The lines of a file as a kind of record reads them: the cells of another program read, and values given their meaning.
struct LineTranslation {
  private struct Cell {
    let position: Int?
    let field: ImportColumn
    let reading: CellReading.Function?
  }

  private let cells: [Cell]
  private let positions: [String: Int]
  private let target: ImportSource.Target?
  private let meanings: ValueMeanings
  private let lists: ReferenceLists

  /// - Parameter columns: the field of each column of the file, empty for one that is left out.
  init(
    _ columns: [String], _ header: [String], _ kind: some RecordKind, _ target: ImportSource.Target?, _ meanings: ValueMeanings,
    _ connection: any Connection
  ) throws {
    (self.target, self.meanings) = (target, meanings)
    lists = try ReferenceLists(connection)
    let fields = Dictionary(kind.importColumns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var cells: [Cell] = []
    for (position, name) in columns.enumerated() {
      guard let field = fields[name] else { continue }
      cells.append(Cell(position: position, field: field, reading: try target?.reading(name, under: header[position])?.prepare(connection)))
    }
    for (column, position) in target?.additions(header) ?? [] where !columns.contains(column.field) {
      guard let field = fields[column.field] else { continue }
      cells.append(Cell(position: position, field: field, reading: try column.reading.prepare(connection)))
    }
    let filled = Set(cells.map(\.field.name))
    for field in kind.importColumns where !filled.contains(field.name) && (field.isRequired || meanings.byField[field.name] != nil) {
      guard field.mayGoForAll else { continue }
      cells.append(Cell(position: nil, field: field, reading: nil))
    }
    self.cells = cells
    positions = Dictionary(header.enumerated().map { (Fold.code($1), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// With the names of fields for a header, and how many lines are none of those to import.
  func table(_ whole: Table) -> (table: Table, leftOut: Int) {
    let rows = whole.rows.compactMap(row)
    return (Table(header: cells.map(\.field.name), rows: rows), whole.rows.count - rows.count)
  }

  private func row(_ row: Table.Row) -> Table.Row? {
    let source = SourceRow(positions: positions, cells: row.cells)
    if let keeps = target?.keeps {
      let value = Fold.key(source.cell(keeps.titles))
      if !value.isEmpty, !keeps.values.contains(value) { return nil }
    }
    var texts: [String] = []
    texts.reserveCapacity(cells.count)
    for cell in cells {
      let written = cell.position.map { $0 < row.cells.count ? row.cells[$0] : "" } ?? ""
      let text = cell.reading.map { $0(CellText.cleaned(written), source) } ?? written
      guard let meant = meaning(text, of: cell.field) else { return nil }
      if meant.isEmpty, target?.needs.contains(cell.field.name) == true { return nil }
      texts.append(meant)
    }
    return Table.Row(number: row.number, cells: texts)
  }

  private func meaning(_ text: String, of field: ImportColumn) -> String? {
    guard meanings.byField[field.name] != nil else { return text }
    return meanings.translated(CellText.cleaned(text), of: field.name, isList: field.isSeveral) { part in
      field.lists.contains { lists.code(of: part, in: $0) != nil }
    }
  }

  // MARK: - What is to be said

  /// What of the values nothing is known of, or something was said of before.
  func questions(_ header: [String], _ tallies: [ColumnTally], lineCount: Int) -> [ValueQuestion] {
    cells.compactMap { cell -> ValueQuestion? in
      guard let position = cell.position else { return forAll(cell.field, lineCount) }
      guard !cell.field.lists.isEmpty, tallies.indices.contains(position) else { return nil }
      return question(cell, tallies[position], header[position])
    }
  }

  private func forAll(_ field: ImportColumn, _ lineCount: Int) -> ValueQuestion {
    let value = ValueQuestion.Value(text: "", count: lineCount, meaning: meanings[field.name, ""] ?? "")
    return ValueQuestion(field: field, title: nil, values: [value], options: options(field))
  }

  private func question(_ cell: Cell, _ tally: ColumnTally, _ title: String) -> ValueQuestion? {
    let (field, nobody) = (cell.field, SourceRow(positions: [:], cells: []))
    var (order, counts): ([String], [String: Int]) = ([], [:])
    for (value, count) in zip(tally.values, tally.counts) {
      let read = cell.reading.map { $0(value, nobody) } ?? value
      for part in field.isSeveral ? read.split(separator: "|").map(\.withoutSpacesAround) : [read] where !part.isEmpty {
        let isKnown = field.lists.contains { lists.code(of: part, in: $0) != nil }
        guard !isKnown || meanings[field.name, part] != nil else { continue }
        if counts[Fold.key(part)] == nil { order.append(part) }
        counts[Fold.key(part), default: 0] += count
      }
    }
    var values = order.map {
      ValueQuestion.Value(text: $0, count: counts[Fold.key($0)], meaning: meanings[field.name, $0] ?? "")
    }
    if tally.blanks > 0, field.isRequired || meanings[field.name, ""] != nil {
      values.append(.init(text: "", count: tally.blanks, meaning: meanings[field.name, ""] ?? ""))
    }
    let others = meanings[field.name, ValueMeaning.others]
    if values.count > Self.fewValues || tally.isPartial || others != nil {
      values.append(.init(text: ValueMeaning.others, count: nil, meaning: others ?? ""))
    }
    return values.isEmpty ? nil : ValueQuestion(field: field, title: title, values: values, options: options(field))
  }

  private static let fewValues = 8

  private func options(_ field: ImportColumn) -> [ReferenceValue] { field.lists.flatMap { lists.values(of: $0) } }
}
