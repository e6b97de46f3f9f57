import Drawing
import Federation
import Records
import Store
import WebSupport

extension ReportChapters {
  /// A figure by one dimension as its block wants it; `nil` when the figure is known no longer.
  func chart(_ block: WrittenReport.Block) -> ReportChapter.Piece.Content? {
    guard let id = block.figures.first else { return nil }
    let dimensions = block.dimension.map { [$0] } ?? []
    if let second = block.secondDimension { return crossing(id, dimensions + [second], block) }
    if block.form == .years { return years(id, dimensions, block.title).map { .chart($0) } }
    guard let figure = self.figure(id, period, by: dimensions), let dimension = figure.dimensions.first else { return nil }
    let title = block.title ?? "\(figure.label) par \(dimension.label.lowercased())"
    let dated = "\(title), \(period.phrase(isState: figure.manner.isState))"
    // A drawing of nothing would leave the reader with its title.
    guard figure.values.contains(where: { !$0.isNothing }) else {
      let total = figure.total
      let known = total.isNothing ? "\(total.text.lowercased())." : "\(total.phrase(total.spoken)), sans détail."
      return .text(ReportText("\(dated)\u{A0}: \(known)", [:]))
    }
    if block.form == .map, let map = places.map(figure, dimension, dated, links) {
      return .chart(map, data: table(figure, dimension, dated).inNumbers)
    }
    if block.form == .table { return .table(table(figure, dimension, dated)) }
    return .chart(parts(figure, dimension, dated).chart(block.form?.figureForm ?? .bars))
  }

  private func parts(_ figure: ReportFigure, _ dimension: ReportDimension, _ title: String) -> PartsChart {
    PartsChart(
      title: title, rowTitle: dimension.label, valueTitle: valueTitle(figure), series: [String(period.year)],
      rows: dimension.codes.map { code in
        let value = figure.values.first { $0.codes == [code] }
        let link = links(figure, [Filter(dimension.code, code)])
        return .init(dimension.label(code), [ChartValue(part: value, of: figure.total, link: link)])
      }, isRatio: figure.manner.isRatio)
  }

  private func table(_ figure: ReportFigure, _ dimension: ReportDimension, _ title: String) -> FigureTable {
    let overlaps = FigureReading.overlap(figure.values, in: figure.total)
    // The source of all stands over them: in the total's cell it would make the column as wide as itself.
    let source = figure.total.source == nil ? nil : figure.total.note.map { " (\($0))" }
    return FigureTable(
      title + (source ?? ""), rowTitle: dimension.label, columns: [valueTitle(figure)],
      rows: dimension.codes.map { code in
        let value = figure.values.first { $0.codes == [code] }
        return .init(
          LinkedText(dimension.label(code)),
          [LinkedText(cell: value, links(figure, [Filter(dimension.code, code)]), beside: figure.total)])
      },
      total: .init(
        LinkedText(figure.manner.isRatio || overlaps ? "Ensemble" : "Total"),
        [LinkedText(figure.total, links(figure, []), text: figure.total.spoken, beside: figure.total)]))
  }

  func valueTitle(_ figure: ReportFigure) -> String {
    figure.manner.isShare ? "Part" : figure.manner.unit.capitalizedFirst
  }

  /// Up to five years, from the first that has any.
  private func years(_ id: String, _ dimensions: [String], _ title: String?) -> (any Chart)? {
    let year = period.year
    let all = (year - 4..<year).map { Period(year: $0) } + [period]
    let figures = all.compactMap { figure(id, $0, by: dimensions) }
    guard let last = figures.last else { return nil }
    let shown = figures.dropLast().drop { $0.total.isNothing } + [last]
    let merged = ReportDimension.merged(shown.compactMap(\.dimensions.first))
    let label = "\(last.label) par an"
    func column(_ figure: ReportFigure, _ values: [ChartValue], total: ChartValue? = nil) -> ColumnChart.Column {
      ColumnChart.Column(figure.period.name, values, total: total)
    }
    let whole = shown.map { column($0, [ChartValue($0.total, link: links($0, []))]) }
    // A mean over the years is no pile of anything.
    if last.manner.isRatio { return LineChart(title ?? label, series: [last.label], columns: whole) }
    guard let merged, merged.codes.count <= 6 else {
      return ColumnChart(title ?? label, series: [last.label], columns: whole, isWide: true)
    }
    let split = shown.map { figure in
      column(
        figure,
        merged.codes.map { code in
          ChartValue(
            part: figure.values.first { $0.codes == [code] }, of: figure.total, link: links(figure, [Filter(merged.code, code)]))
        }, total: ChartValue(figure.total, link: links(figure, [])))
    }
    let full = title ?? "\(label) et par \(merged.label.lowercased())"
    let series = merged.codes.map(merged.label)
    // Parts that overlap make no whole: a line for each.
    guard !shown.contains(where: { FigureReading.overlap($0.values, in: $0.total) }) else {
      return LineChart(full, series: series, columns: split)
    }
    return ColumnChart(full, series: series, columns: split, isWide: true)
  }
}

extension FigureTable {
  /// Under a drawing of the same numbers.
  var inNumbers: FigureTable {
    var copy = self
    copy.caption += ", en nombres"
    return copy
  }
}
