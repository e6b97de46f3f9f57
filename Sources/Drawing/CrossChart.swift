import Markup

/// Two dimensions: a horizontal bar for each row, split by series; or, where the parts make no whole, a thin bar for each series.
///
/// At most four series are drawn: of parts of a whole the rest becomes « Autres », of others the largest are kept. The table under the
/// drawing holds every series.
public struct CrossChart: Chart {
  public typealias Row = ColumnChart.Column

  public enum Layout: Sendable { case stacked, grouped }

  /// Beyond, the first are drawn; the table under the drawing holds all.
  static let mostRows = 40

  public var title: String
  public var rowTitle: String
  public var series: [String]
  public var rows: [Row]
  public var layout: Layout
  /// Whether the series make something together, which the table says.
  public var hasTotal: Bool

  public init(_ title: String, rowTitle: String, series: [String], rows: [Row], layout: Layout, hasTotal: Bool = true) {
    self.title = title
    self.rowTitle = rowTitle
    self.series = series
    self.rows = rows.map { $0.completed(to: series.count) }
    self.layout = layout
    self.hasTotal = hasTotal
  }

  /// Whether each series and each row has its place in the drawing.
  public var drawsAll: Bool { figure.undrawn == nil }

  public var html: HTML { figure.html }
  public var image: ChartImage { ChartImage(figure) }

  private var figure: ChartFigure {
    let (names, drawn) = self.drawn
    let scale = (Self.width - labelWidth - Self.room) / max(drawn.map(length).max() ?? 0, .leastNormalMagnitude)
    let thin = layout == .stacked ? 33.0 : 12 + Self.thinLine * Double(max(1, names.count))
    let line = max(thin, ChartLabel.height(of: drawn.map(\.label)))
    return ChartFigure(
      title: title, description: description, legend: names.count > 1 ? names : [], width: Self.width,
      height: Double(max(1, drawn.count)) * line, summary: hasTotal ? table.summary : summary,
      hasLinks: rows.contains { $0.total.link != nil || $0.values.contains { $0.link != nil } },
      undrawn: ChartFigure.undrawn(series: layout == .stacked ? 0 : series.count - names.count, rows: rows.count - drawn.count),
      drawing: drawn.enumerated().map { row(top: Double($0.offset) * line, line, $0.element, names, scale) },
      header: [rowTitle] + series + (hasTotal ? ["Total"] : []), rows: rows.map(row), isWide: true)
  }

  private static let width = 650.0
  private var labelWidth: Double { BarChart.room(for: rows.map(\.label)) }
  /// From one thin bar to the next: letters are larger on a small screen.
  private static let thinLine = 22.0
  /// After the longest bar, for its number.
  private static let room = 64.0

  private var summary: String {
    rows.map { row in
      "\(row.label)\u{00A0}: \(zip(series, row.values).map { "\($0) \($1.spoken)" }.joined(separator: ", "))"
    }.joined(separator: "\u{202F}; ")
  }

  private var table: ColumnChart { ColumnChart(title, series: series, columns: rows) }

  /// What there are colours for.
  private var drawn: (series: [String], rows: [Row]) {
    let first = Array(rows.prefix(Self.mostRows))
    if layout == .stacked {
      let folded = ColumnChart(title, series: series, columns: first).folded
      return (folded.series, folded.columns)
    }
    let kept = ChartSeries.largest(of: series.indices, in: first) { $0.reduce(0) { $0 + $1.height } }
    return (kept.map { series[$0] }, first.map { row in Row(row.label, kept.map { row.values[$0] }, total: row.total) })
  }

  private func length(_ row: Row) -> Double {
    layout == .stacked ? row.values.reduce(0) { $0 + $1.height } : row.values.map(\.height).max() ?? 0
  }

  private var description: String {
    layout == .stacked
      ? "Barres empilées, une par ligne, en partant de zéro." : "Une barre par série dans chaque ligne, en partant de zéro."
  }

  private func row(top: Double, _ line: Double, _ row: Row, _ names: [String], _ scale: Double) -> HTML {
    let shapes =
      layout == .stacked ? stacked(row, top: top + (line - 19) / 2, names, scale) : grouped(row, top: top + 6, names, scale)
    return """
      \(ChartLabel(row.label, middle: top + line / 2).html)\(shapes)

      """
  }

  private func stacked(_ row: Row, top: Double, _ names: [String], _ scale: Double) -> [HTML] {
    var x = labelWidth
    var shapes: [HTML] = row.values.enumerated().compactMap { index, value in
      guard value.height > 0 else { return nil }
      let width = max(1.5, value.height * scale - ColumnChart.Frame.gap)
      defer { x += width + ColumnChart.Frame.gap }
      return value.shape(bar(index, x: x, top: top, width, height: 19), named: name(row, names, index, value))
    }
    let text: HTML = """
      <text class="v" x="\(ChartNumber.coordinate(x + 5))" y="\(ChartNumber.coordinate(top + 14))">\(row.total.text)</text>
      """
    shapes.append(row.total.shape(text, named: "\(row.label)\u{00A0}: \(row.total.spoken)"))
    return shapes
  }

  private func grouped(_ row: Row, top: Double, _ names: [String], _ scale: Double) -> [HTML] {
    row.values.enumerated().map { index, value in
      let y = top + Double(index) * Self.thinLine
      let width = value.height > 0 ? max(1.5, value.height * scale) : 0
      let shape: HTML = """
        \(bar(index, x: labelWidth, top: y, width, height: 17))<text class="v" \
        x="\(ChartNumber.coordinate(labelWidth + width + 7))" y="\(ChartNumber.coordinate(y + 13))">\(value.text)</text>
        """
      return value.shape(shape, named: name(row, names, index, value))
    }
  }

  private func bar(_ index: Int, x: Double, top: Double, _ width: Double, height: Double) -> HTML {
    """
    <rect class="s\(index + 1)" x="\(ChartNumber.coordinate(x))" y="\(ChartNumber.coordinate(top))" \
    width="\(ChartNumber.coordinate(width))" height="\(ChartNumber.coordinate(height))" rx="2"/>
    """
  }

  private func name(_ row: Row, _ names: [String], _ index: Int, _ value: ChartValue) -> String {
    names.count > 1 ? "\(row.label), \(names[index])\u{00A0}: \(value.spoken)" : "\(row.label)\u{00A0}: \(value.spoken)"
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><th scope="row">\(row.label)</th>\(each: row.values, \.cell)\(hasTotal ? row.total.cell : .empty)</tr>

    """
  }
}
