import Markup

/// Horizontal bars with their labels and values, as an accessible figure.
public struct BarChart: Chart {
  public struct Bar: Sendable {
    public var label: String
    public var value: ChartValue

    public init(_ label: String, _ value: ChartValue) {
      self.label = label
      self.value = value
    }
  }

  /// Beyond, the largest are drawn; the table under the drawing holds all.
  static let mostBars = 40

  public var title: String
  /// What the bars are and what they measure, as the headings of the table.
  public var rowTitle: String
  public var valueTitle: String
  public var bars: [Bar]
  /// A drawing of full width, rather than half a page.
  public var isWide: Bool

  public init(_ title: String, rowTitle: String, valueTitle: String, bars: [Bar], isWide: Bool = false) {
    self.title = title
    self.rowTitle = rowTitle
    self.valueTitle = valueTitle
    self.bars = bars
    self.isWide = isWide
  }

  public var html: HTML { figure(line: line).html }
  /// By itself its letters keep their size: two lines of them stand in a thin row.
  public var image: ChartImage { ChartImage(figure(line: Self.thin)) }

  private static let thin = 33.0

  private func figure(line: Double) -> ChartFigure {
    let drawn = self.drawn
    return ChartFigure(
      title: title, description: description, width: width, height: Double(max(1, drawn.count)) * line, summary: summary,
      hasLinks: bars.contains { $0.value.link != nil },
      drawing: drawn.enumerated().map { bar(top: Double($0.offset) * line + (line - 19) / 2, $0.element) },
      header: [rowTitle, valueTitle], rows: bars.map(row), isWide: isWide)
  }

  private var line: Double { isWide ? max(Self.thin, ChartLabel.height(of: drawn.map(\.label))) : Self.thin }
  private var width: Double { isWide ? 650 : 340 }
  private var labelWidth: Double { isWide ? Self.room(for: bars.map(\.label)) : 156 }

  private var description: String {
    "Une barre par ligne, en partant de zéro."
      + (bars.count > Self.mostBars ? " Les \(Self.mostBars) plus grandes sont dessinées\u{A0}; le tableau les a toutes." : "")
  }

  /// In their order.
  private var drawn: [Bar] {
    guard bars.count > Self.mostBars else { return bars }
    let largest = bars.indices.sorted { (bars[$1].value.height, $0) < (bars[$0].value.height, $1) }.prefix(Self.mostBars)
    return largest.sorted().map { bars[$0] }
  }

  private var summary: String {
    bars.map { "\($0.label)\u{00A0}: \($0.value.spoken)" }.joined(separator: "\u{202F}; ")
  }

  private func bar(top: Double, _ bar: Bar) -> HTML {
    """
    \(ChartLabel(bar.label, middle: top + 9.5, isWrapped: isWide).html)\
    \(bar.value.shape(shape(bar.value, top: top), named: "\(bar.label)\u{00A0}: \(bar.value.spoken)"))

    """
  }

  // The number is part of the link: a bar of zero has nothing else to press.
  private func shape(_ value: ChartValue, top: Double) -> HTML {
    let length = value.height > 0 ? max(1.5, value.height / largest * barSpace) : 0
    return """
      <rect class="s1" x="\(ChartNumber.coordinate(labelWidth))" y="\(ChartNumber.coordinate(top))" \
      width="\(ChartNumber.coordinate(length))" height="19" rx="3"/>\
      <text class="v" x="\(ChartNumber.coordinate(labelWidth + length + 7))" y="\(ChartNumber.coordinate(top + 14))">\
      \(value.text)</text>
      """
  }

  private var largest: Double {
    max(bars.map(\.value.height).max() ?? 0, .leastNormalMagnitude)
  }

  // A value stands after its bar: the longest bar that leaves room for every value.
  private var barSpace: Double {
    bars.filter { $0.value.height > 0 }.reduce(width - labelWidth) { space, bar in
      let room = width - labelWidth - 12 - 7.5 * Double(bar.value.text.count)
      return min(space, max(20, room) / (bar.value.height / largest))
    }
  }

  private func row(_ bar: Bar) -> HTML {
    """
    <tr><th scope="row">\(bar.label)</th>\(bar.value.cell)</tr>

    """
  }

  /// For the labels of a wide drawing, whose letters are larger on a small screen.
  static func room(for labels: [String]) -> Double {
    min(270, 24 + 10 * Double(labels.flatMap { ChartLabel.lines($0) }.map(\.count).max() ?? 0))
  }
}
