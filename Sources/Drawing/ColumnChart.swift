import Markup

/// Columns over the years, each one stacked by series, as an accessible figure.
///
/// At most four series are drawn: beyond, the three largest keep their place and the rest becomes « Autres ».
/// The table under the drawing holds every series.
public struct ColumnChart: Chart {
  /// One year: its label and one value for each series, in the same order.
  public struct Column: Sendable {
    public var label: String
    public var values: [ChartValue]
    /// What stands on top; by default the sum of the values, without a link.
    public var total: ChartValue

    public init(_ label: String, _ values: [ChartValue], total: ChartValue? = nil) {
      self.label = label
      self.values = values
      let amounts = values.compactMap(\.amount)
      self.total = total ?? ChartValue(amounts.isEmpty ? nil : amounts.reduce(0, +))
    }

    /// The same year with one value for each series, unknown where none was given.
    func completed(to count: Int) -> Column {
      var copy = self
      copy.values = (0..<count).map { $0 < values.count ? values[$0] : ChartValue(nil) }
      return copy
    }
  }

  public var title: String
  public var series: [String]
  public var columns: [Column]
  /// A drawing of full width, rather than half a page.
  public var isWide: Bool
  /// What the rows of the table are.
  public var rowTitle: String

  public init(_ title: String, series: [String], columns: [Column], isWide: Bool = false, rowTitle: String = "Année") {
    self.title = title
    self.series = series
    self.columns = columns.map { $0.completed(to: series.count) }
    self.isWide = isWide
    self.rowTitle = rowTitle
  }

  public var html: HTML { figure.html }
  public var image: ChartImage { ChartImage(figure) }

  private var figure: ChartFigure {
    let drawn = folded
    let frame = Frame(
      columns: columns.map(\.label), upTo: columns.map { $0.values.reduce(0) { $0 + $1.height } }.max() ?? 0, isWide: isWide)
    return ChartFigure(
      title: title, description: description, legend: drawn.series.count > 1 ? drawn.series : [],
      width: frame.width, height: frame.height, summary: summary, hasLinks: hasLinks,
      hasTaken: drawn.columns.contains { $0.values.contains { $0.isTaken && $0.height > 0 } },
      drawing: frame.grid + drawn.columns.enumerated().map { column(at: $0.offset, $0.element, in: drawn, frame) },
      header: [rowTitle] + series + (series.count > 1 ? ["Total"] : []), rows: columns.map(row), isWide: isWide)
  }

  private var description: String {
    series.count > 1 ? "Colonnes empilées, une par période, en partant de zéro." : "Une colonne par période, en partant de zéro."
  }

  var summary: String {
    columns.map { column in
      let parts = series.count > 1 ? zip(series, column.values).map { ", \($0) \($1.spoken)" }.joined() : ""
      return "\(column.label)\u{00A0}: \(column.total.spoken)\(parts)"
    }.joined(separator: "\u{202F}; ")
  }

  private var hasLinks: Bool {
    columns.contains { $0.total.link != nil || $0.values.contains { $0.link != nil } }
  }

  private func row(_ column: Column) -> HTML {
    """
    <tr><th scope="row">\(column.label)</th>\(each: column.values, \.cell)\(series.count > 1 ? column.total.cell : .empty)</tr>

    """
  }
}

extension ColumnChart {
  private func column(at index: Int, _ column: Column, in drawn: ColumnChart, _ frame: Frame) -> HTML {
    """
    \(segments(column, x: frame.x(index), in: drawn, frame))\(total(column, middle: frame.middle(index), frame))\
    \(frame.label(column.label, at: index))
    """
  }

  private func segments(_ column: Column, x: Double, in drawn: ColumnChart, _ frame: Frame) -> [HTML] {
    var base = 0.0
    return column.values.enumerated().compactMap { index, value in
      guard value.height > 0 else { return nil }
      let bottom = frame.y(base) - (base > 0 ? Frame.gap : 0)
      base += value.height
      // A small number stays visible, whatever the scale.
      let top = min(frame.y(base), bottom - 1.5)
      let name =
        drawn.series.count > 1
        ? "\(column.label), \(drawn.series[index])\u{00A0}: \(value.spoken)" : "\(column.label)\u{00A0}: \(value.spoken)"
      return value.shape(frame.bar(series: index + 1, isTaken: value.isTaken, x: x, top: top, bottom: bottom), named: name)
    }
  }

  private func total(_ column: Column, middle: String, _ frame: Frame) -> HTML {
    let y = ChartNumber.coordinate(frame.y(column.values.reduce(0) { $0 + $1.height }) - 6)
    let isLink = column.total.link != nil
    let text: HTML = """
      <text class="v"\(attribute: "aria-hidden", isLink ? nil : "true") text-anchor="middle" x="\(middle)" y="\(y)">\(column.total.short)</text>
      """
    return column.total.shape(text, named: "\(column.label)\u{00A0}: \(column.total.spoken)")
  }
}

extension ColumnChart {
  static let largestNumberOfSeries = 4

  /// The same chart with no more series than colours.
  var folded: ColumnChart {
    guard series.count > Self.largestNumberOfSeries else { return self }
    let weights = series.indices.map { index in columns.reduce(0) { $0 + $1.values[index].height } }
    let largest = series.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(Self.largestNumberOfSeries - 1)
    let kept = largest.sorted()
    let rest = series.indices.filter { !kept.contains($0) }
    var copy = self
    copy.series = kept.map { series[$0] } + ["Autres"]
    copy.columns = columns.map { column in
      let others = rest.reduce(0) { $0 + column.values[$1].height }
      let areTaken = !rest.contains { column.values[$0].height > 0 && !column.values[$0].isTaken }
      return Column(column.label, kept.map { column.values[$0] } + [ChartValue(others, isTaken: areTaken)], total: column.total)
    }
    return copy
  }
}
