import Markup

/// Horizontal bars with their labels and values, as an accessible figure.
public struct BarChart: Sendable {
  public struct Bar: Sendable {
    public var label: String
    public var value: ChartValue

    public init(_ label: String, _ value: ChartValue) {
      self.label = label
      self.value = value
    }
  }

  public var title: String
  /// What the bars are and what they measure, as the headings of the table.
  public var rowTitle: String
  public var valueTitle: String
  public var bars: [Bar]

  public init(_ title: String, rowTitle: String, valueTitle: String, bars: [Bar]) {
    self.title = title
    self.rowTitle = rowTitle
    self.valueTitle = valueTitle
    self.bars = bars
  }

  public var html: HTML {
    ChartFigure(
      title: title, description: "Une barre par ligne, en partant de zéro.", width: Self.width,
      height: Double(max(1, bars.count)) * Self.line, summary: summary, hasLinks: bars.contains { $0.value.link != nil },
      drawing: bars.enumerated().map { bar(at: $0.offset, $0.element) }, header: [rowTitle, valueTitle],
      rows: bars.map(row)
    ).html
  }

  private static let width = 340.0
  private static let line = 33.0
  private static let labelWidth = 156.0

  private var summary: String {
    bars.map { "\($0.label)\u{00A0}: \($0.value.spoken)" }.joined(separator: "\u{202F}; ")
  }

  private func bar(at index: Int, _ bar: Bar) -> HTML {
    let top = Double(index) * Self.line + 7
    return """
      <text aria-hidden="true" x="0" y="\(ChartNumber.coordinate(top + 14))">\(Self.shortened(bar.label))</text>\
      \(bar.value.shape(shape(bar.value, top: top), named: "\(bar.label)\u{00A0}: \(bar.value.spoken)"))

      """
  }

  // The number is part of the link: a bar of zero has nothing else to press.
  private func shape(_ value: ChartValue, top: Double) -> HTML {
    let length = value.height > 0 ? max(1.5, value.height / largest * barSpace) : 0
    return """
      <rect class="s1" x="\(ChartNumber.coordinate(Self.labelWidth))" y="\(ChartNumber.coordinate(top))" \
      width="\(ChartNumber.coordinate(length))" height="19" rx="3"/>\
      <text class="v" x="\(ChartNumber.coordinate(Self.labelWidth + length + 7))" y="\(ChartNumber.coordinate(top + 14))">\
      \(value.text)</text>
      """
  }

  private var largest: Double {
    max(bars.map(\.value.height).max() ?? 0, .leastNormalMagnitude)
  }

  // A value stands after its bar: the longest bar that leaves room for every value.
  private var barSpace: Double {
    bars.filter { $0.value.height > 0 }.reduce(Self.width - Self.labelWidth) { space, bar in
      let room = Self.width - Self.labelWidth - 12 - 7.5 * Double(bar.value.text.count)
      return min(space, max(20, room) / (bar.value.height / largest))
    }
  }

  private func row(_ bar: Bar) -> HTML {
    """
    <tr><th scope="row">\(bar.label)</th>\(bar.value.cell)</tr>

    """
  }

  /// Text does not wrap in a drawing: the whole label is in the name of the bar and in the table.
  static func shortened(_ label: String) -> String {
    label.count <= 25 ? label : label.prefix(24) + "…"
  }
}
