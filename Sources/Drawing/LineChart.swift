import Markup

/// Lines over the years, for what makes no sum: means, shares, parts that overlap. As an accessible figure.
///
/// At most four lines are drawn, those that reach highest; the table under the drawing holds every series.
public struct LineChart: Chart {
  public typealias Column = ColumnChart.Column

  public var title: String
  public var series: [String]
  /// One for each period, with one value for each series.
  public var columns: [Column]
  /// What the rows of the table are.
  public var rowTitle: String

  public init(_ title: String, series: [String], columns: [Column], rowTitle: String = "Année") {
    self.title = title
    self.series = series
    self.columns = columns.map { $0.completed(to: series.count) }
    self.rowTitle = rowTitle
  }

  public var html: HTML { figure.html }
  public var image: ChartImage { ChartImage(figure) }

  private var figure: ChartFigure {
    let drawn = ChartSeries.largest(of: series.indices, in: columns) { $0.map(\.height).max() ?? 0 }
    let largest = drawn.flatMap { index in columns.map { $0.values[index].height } }.max() ?? 0
    let frame = ColumnChart.Frame(columns: columns.map(\.label), upTo: largest, isWide: true)
    let lines = drawn.enumerated().map { line($0.element, style: $0.offset + 1, frame) }
    let marks = drawn.enumerated().flatMap { points($0.element, style: $0.offset + 1, isAlone: drawn.count == 1, frame) }
    return ChartFigure(
      title: title, description: description(drawn.count), legend: drawn.count > 1 ? drawn.map { series[$0] } : [],
      width: frame.width, height: frame.height, summary: summary,
      hasLinks: columns.contains { $0.values.contains { $0.link != nil } },
      undrawn: ChartFigure.undrawn(series: series.count - drawn.count), drawing: frame.grid + lines + marks + labels(frame),
      header: [rowTitle] + series, rows: columns.map(row), isWide: true)
  }

  private func description(_ count: Int) -> String {
    let left = series.count > count ? " Les \(count) plus hautes sont dessinées\u{A0}; le tableau les a toutes." : ""
    return (count > 1 ? "Une ligne par série, un point par période, en partant de zéro." : "Un point par période, en partant de zéro.")
      + left
  }

  private var summary: String {
    columns.map { column in
      let values = zip(series, column.values).map { series.count > 1 ? "\($0) \($1.spoken)" : $1.spoken }
      return "\(column.label)\u{00A0}: \(values.joined(separator: ", "))"
    }.joined(separator: "\u{202F}; ")
  }

  /// Broken where nobody knows.
  private func line(_ index: Int, style: Int, _ frame: ColumnChart.Frame) -> HTML {
    var path = ""
    var isOn = false
    for (place, column) in columns.enumerated() {
      let value = column.values[index]
      if value.amount != nil { path += "\(isOn ? "L" : "M")\(frame.middle(place)) \(ChartNumber.coordinate(frame.y(value.height)))" }
      isOn = value.amount != nil
    }
    if path.isEmpty { return .empty }
    return """
      <path class="l\(style)" d="\(path)"/>

      """
  }

  private func points(_ index: Int, style: Int, isAlone: Bool, _ frame: ColumnChart.Frame) -> [HTML] {
    columns.enumerated().map { place, column in
      let value = column.values[index]
      let (x, y) = (frame.middle(place), frame.y(value.height))
      let text: HTML =
        isAlone || value.amount == nil
        ? """
        <text class="v" text-anchor="middle" x="\(x)" y="\(ChartNumber.coordinate(y - 10))">\(value.short)</text>
        """ : .empty
      guard value.amount != nil else { return isAlone ? text : .empty }
      let point: HTML = """
        <circle class="s\(style)" cx="\(x)" cy="\(ChartNumber.coordinate(y))" r="5"/>\(text)
        """
      let name = series.count > 1 ? "\(column.label), \(series[index])" : column.label
      return value.shape(point, named: "\(name)\u{00A0}: \(value.spoken)")
    }
  }

  private func labels(_ frame: ColumnChart.Frame) -> [HTML] {
    columns.enumerated().flatMap { frame.label($0.element.label, at: $0.offset) }
  }

  private func row(_ column: Column) -> HTML {
    """
    <tr><th scope="row">\(column.label)</th>\(each: column.values, \.cell)</tr>

    """
  }
}

/// Which series a drawing has colours for.
enum ChartSeries {
  /// In their order, those that weigh most in the columns.
  static func largest(
    of series: Range<Int>, in columns: [ColumnChart.Column], weight: ([ChartValue]) -> Double
  ) -> [Int] {
    guard series.count > ColumnChart.largestNumberOfSeries else { return Array(series) }
    let weights = series.map { index in weight(columns.map { $0.values[index] }) }
    return series.sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(ColumnChart.largestNumberOfSeries).sorted()
  }
}
