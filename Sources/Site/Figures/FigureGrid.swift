import Markup
import Records
import Tables
import WebSupport

/// The table of a figure: on its page with links, in files with plain numbers.
struct FigureGrid: Sendable {
  struct Cell: Sendable {
    var shown: LinkedText
    var plain: XLSX.Cell
  }

  struct Row: Sendable {
    var label: String
    var cells: [Cell]
  }

  var caption: String
  var rowTitle: String
  var columns: [String]
  var rows: [Row]
  var total: Row?

  var table: FigureTable {
    FigureTable(
      caption, rowTitle: rowTitle, columns: columns, rows: rows.map { Self.row($0) }, total: total.map { Self.row($0) })
  }

  private static func row(_ row: Row) -> FigureTable.Row { FigureTable.Row(LinkedText(row.label), row.cells.map(\.shown)) }

  /// Of a file: the rows and the total, as the page has them.
  var header: [String] { [rowTitle] + columns }
  var lines: [[XLSX.Cell]] { (rows + [total].compactMap(\.self)).map { [.text($0.label)] + $0.cells.map(\.plain) } }
}

extension FigureReading {
  /// - Parameter links: none in files.
  func grid(_ links: RecordLinks?) -> FigureGrid {
    switch names.count {
    case 0: yearsGrid(links)
    case 1: partsGrid(links)
    default: crossing(links)
    }
  }

  /// Without a dimension, one row for each year.
  private func yearsGrid(_ links: RecordLinks?) -> FigureGrid {
    FigureGrid(
      caption: "\(figure.label) par an", rowTitle: "Période", columns: [valueTitle],
      rows: years.map { year in
        .init(label: year.query.period.heading(isState: figure.isState), cells: [.init(year.total, links?(year.query))])
      })
  }

  private func partsGrid(_ links: RecordLinks?) -> FigureGrid {
    let dimension = names[0].dimension.code
    let (present, past) = (Self.byCode(parts), Self.byCode(formerParts))
    let codes = names[0].ordered(Set(present.keys).union(past.keys))
    let rows = codes.map { code in
      let filter = Filter(dimension, code)
      let value = present[code] ?? nothing(in: total)
      let cell = FigureGrid.Cell(part: value, links?(query, filter), beside: total)
      guard let former, let formerQuery else { return FigureGrid.Row(label: names[0].label(code), cells: cells(cell, of: value, nil)) }
      let before = past[code] ?? nothing(in: former)
      let beforeCell = FigureGrid.Cell(part: before, links?(formerQuery, filter), beside: former)
      return FigureGrid.Row(label: names[0].label(code), cells: cells(cell, of: value, (beforeCell, before)))
    }
    let before = former.flatMap { former in
      formerQuery.map { query in (cell: FigureGrid.Cell(former, links?(query)), value: former) }
    }
    let whole = cells(FigureGrid.Cell(total, links?(query)), of: total, before)
    return FigureGrid(
      caption: caption, rowTitle: names[0].dimension.label, columns: titles, rows: rows, total: .init(label: totalTitle, cells: whole))
  }

  private func nothing(in whole: FigureValue) -> FigureValue {
    whole.leavesPartsUnknown ? FigureValue(figure.manner, codes: [], value: nil) : .nothing(in: figure.manner)
  }

  private var titles: [String] {
    let share = addsUp ? ["Part du total"] : []
    guard former != nil else { return [valueTitle] + share }
    return [query.period.heading(isState: figure.isState)] + share + [query.period.previous.heading(isState: figure.isState), "Évolution"]
  }

  private func cells(
    _ cell: FigureGrid.Cell, of value: FigureValue, _ former: (cell: FigureGrid.Cell, value: FigureValue)?
  ) -> [FigureGrid.Cell] {
    [cell] + (addsUp ? [.init(share: value, of: total)] : []) + (former.map { [$0.cell, .init(change: value, since: $0.value)] } ?? [])
  }

  /// Each cell opens its list. Totals are those of the figure, not sums of cells, for a record may stand in several.
  private func crossing(_ links: RecordLinks?) -> FigureGrid {
    let (rows, columns) = (names[0], names[1])
    let columnCodes = codes(1)
    let values = Dictionary(parts.map { ($0.codes, $0) }, uniquingKeysWith: { first, _ in first })
    func row(_ code: String) -> Filter { Filter(rows.dimension.code, code) }
    func column(_ code: String) -> Filter { Filter(columns.dimension.code, code) }
    return FigureGrid(
      caption: caption, rowTitle: rows.dimension.label, columns: columnCodes.map(columns.label) + [totalTitle],
      rows: codes(0).map { code in
        let cells = columnCodes.map { other in
          FigureGrid.Cell(part: values[[code, other]] ?? nothing(in: total), links?(query, row(code), column(other)), beside: total)
        }
        let margin = FigureGrid.Cell(part: margins[0][code] ?? nothing(in: total), links?(query, row(code)), beside: total)
        return FigureGrid.Row(label: rows.label(code), cells: cells + [margin])
      },
      total: .init(
        label: totalTitle,
        cells: columnCodes.map { .init(part: margins[1][$0] ?? nothing(in: total), links?(query, column($0)), beside: total) }
          + [.init(total, links?(query))]))
  }

  var caption: String { "\(figure.label), \(query.period.phrase(isState: figure.isState))" }
  private var valueTitle: String { figure.isShare ? "Part" : figure.unit.capitalizedFirst }
  /// A sum is a total; a mean, and records that stand in several parts, have none.
  private var totalTitle: String { figure.isRatio || partsOverlap ? "Ensemble" : "Total" }
}

extension FigureGrid.Cell {
  init(_ value: FigureValue, _ link: Link?) {
    self.init(shown: LinkedText(value, link), plain: XLSX.Cell(value))
  }

  /// Nothing counted opens nothing.
  init(part value: FigureValue, _ link: Link?, beside total: FigureValue) {
    self.init(shown: LinkedText(cell: value, link, beside: total), plain: XLSX.Cell(value))
  }

  /// How much of the total it is.
  init(share value: FigureValue, of total: FigureValue) {
    guard let part = value.value, let whole = total.value, whole > 0 else {
      self.init(shown: LinkedText(value.isNothing ? French.percent(0) : value.text), plain: .text(""))
      return
    }
    let share = Double(part) / Double(whole)
    self.init(shown: LinkedText(French.percent(share)), plain: .decimal((share * 1000).rounded() / 1000))
  }

  init(change value: FigureValue, since former: FigureValue) {
    guard let now = value.value, let before = former.value else {
      let kept = [value, former].first { $0.suppression != nil }.map { _ in "masqué" }
      self.init(shown: LinkedText(kept ?? French.unknown), plain: .text(kept ?? ""))
      return
    }
    let text = now == before ? "Stable" : Trend.change(now - before, value.manner)
    self.init(shown: LinkedText(text), plain: XLSX.Cell(FigureValue(value.manner, codes: [], value: now - before)))
  }
}

extension XLSX.Cell {
  /// The plain number; the words where there is none.
  init(_ value: FigureValue) {
    guard let number = value.value else {
      self = .text(value.text)
      return
    }
    self = value.manner.scale == 1 ? .integer(number) : .decimal(Double(number) / Double(value.manner.scale))
  }
}
