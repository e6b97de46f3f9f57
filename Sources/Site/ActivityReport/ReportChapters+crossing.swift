import Drawing
import Federation
import Records
import Store
import WebSupport

/// A figure by two dimensions in a report: totals are those of the figure, not sums of cells, for a record may stand in several.
extension ReportChapters {
  func crossing(_ id: String, _ codes: [String], _ block: WrittenReport.Block) -> ReportChapter.Piece.Content? {
    guard let crossing = crossing(id, codes, titled: block.title) else { return nil }
    if block.form == .table { return .table(crossing.table) }
    let chart = crossing.chart
    return .chart(chart, data: chart.drawsAll ? nil : crossing.table.inNumbers)
  }

  /// The teams of a map, counted.
  func teamTable() -> FigureTable? { crossing(ReportTeam.figure, ReportTeam.dimensions, titled: nil)?.table }

  private func crossing(_ id: String, _ codes: [String], titled title: String?) -> Crossing? {
    guard codes.count == 2, let crossed = figure(id, period, by: codes), let rows = figure(id, period, by: [codes[0]]),
      let columns = figure(id, period, by: [codes[1]]), let down = rows.dimensions.first, let across = columns.dimensions.first
    else { return nil }
    let title = title ?? "\(crossed.label) par \(down.label.lowercased()) et \(across.label.lowercased())"
    return Crossing(
      title: "\(title), \(period.phrase(isState: crossed.manner.isState))", crossed: crossed, rows: rows, columns: columns, down: down,
      across: across, links: links)
  }

  private struct Crossing {
    let title: String
    let crossed: ReportFigure
    let rows: ReportFigure
    let columns: ReportFigure
    let down: ReportDimension
    let across: ReportDimension
    let links: ReportPageBuilder.Links

    private var total: FigureValue { crossed.total }

    private func filters(_ row: String, _ column: String) -> [Filter] { [Filter(down.code, row), Filter(across.code, column)] }

    private var overlaps: Bool { FigureReading.overlap(crossed.values, in: total) }

    var table: FigureTable {
      let ensemble = crossed.manner.isRatio || overlaps ? "Ensemble" : "Total"
      return FigureTable(
        title, rowTitle: down.label, columns: across.codes.map(across.label) + [ensemble],
        rows: down.codes.map { row in
          .init(
            LinkedText(down.label(row)),
            across.codes.map { LinkedText(cell: crossed.value([row, $0]), links(crossed, filters(row, $0)), beside: total) }
              + [LinkedText(cell: rows.value([row]), links(rows, [Filter(down.code, row)]), beside: total)])
        },
        total: .init(
          LinkedText(ensemble),
          across.codes.map { LinkedText(cell: columns.value([$0]), links(columns, [Filter(across.code, $0)]), beside: total) }
            + [LinkedText(total, links(crossed, []), text: total.spoken)]))
    }

    var chart: CrossChart {
      let isKnown = total.source == nil && !(crossed.values + [total]).contains { $0.source != nil || $0.suppression != nil }
      return CrossChart(
        title, rowTitle: down.label, series: across.codes.map(across.label),
        rows: down.codes.map { row in
          CrossChart.Row(
            down.label(row),
            across.codes.map { ChartValue(part: crossed.value([row, $0]), of: total, link: links(crossed, filters(row, $0))) },
            total: ChartValue(rows.value([row]), link: links(rows, [Filter(down.code, row)]), beside: total))
        }, layout: isKnown && !crossed.manner.isRatio && !overlaps ? .stacked : .grouped)
    }
  }
}
