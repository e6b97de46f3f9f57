import Markup

/// One axis for each value, all from the same middle: the shape of a few values, or two shapes one over the other. As an accessible figure.
///
/// At most four series are drawn, those that reach farthest; the table under the drawing holds every series. Where nobody knows, the line
/// is broken: a gap is no zero.
public struct RadarChart: Chart {
  /// An axis: its label and one value for each series, in the same order.
  public typealias Spoke = ColumnChart.Column

  /// With fewer there is no surface, with more no reader.
  public static let axes = 3...12

  public let title: String
  public let rowTitle: String
  public let series: [String]
  public let spokes: [Spoke]

  /// - Returns: `nil` for a number of axes of which no radar can be drawn.
  public init?(_ title: String, rowTitle: String, series: [String], spokes: [Spoke]) {
    guard Self.axes.contains(spokes.count) else { return nil }
    (self.title, self.rowTitle, self.series) = (title, rowTitle, series)
    self.spokes = spokes.map { $0.completed(to: series.count) }
  }

  public var html: HTML { figure.html }
  public var image: ChartImage { ChartImage(figure) }

  private var figure: ChartFigure {
    let drawn = ChartSeries.largest(of: series.indices, in: spokes) { $0.map(\.height).max() ?? 0 }
    let largest = drawn.flatMap { index in spokes.map { $0.values[index].height } }.max() ?? 0
    let only = drawn.count == 1 ? drawn.first : nil
    let frame = Frame(labels: spokes.map { ($0.label, only.map($0.value)) }, upTo: largest)
    let lines = drawn.enumerated().map { shape($0.element, style: $0.offset + 1, frame) }
    let points = drawn.enumerated().flatMap { self.points($0.element, style: $0.offset + 1, isAlone: only != nil, frame) }
    return ChartFigure(
      title: title, description: description(drawn.count), legend: drawn.count > 1 ? drawn.map { series[$0] } : [], width: frame.width,
      height: frame.height, summary: summary, hasLinks: spokes.contains { $0.values.contains { $0.link != nil } },
      drawing: frame.grid + lines + points, header: [rowTitle] + series, rows: spokes.map(row), drawingClass: "etoile")
  }

  private func description(_ count: Int) -> String {
    let kind =
      count > 1
      ? "Un axe par ligne du tableau, une forme par série, en partant de zéro au milieu."
      : "Un axe par ligne du tableau, en partant de zéro au milieu."
    let isBroken = spokes.contains { $0.values.contains { $0.amount == nil } }
    return kind + (isBroken ? " La forme est ouverte là où une valeur n’est pas connue." : "")
      + (series.count > count ? " Les \(count) plus hautes sont dessinées\u{A0}; le tableau les a toutes." : "")
  }

  private var summary: String {
    spokes.map { spoke in
      let values = zip(series, spoke.values).map { series.count > 1 ? "\($0) \($1.spoken)" : $1.spoken }
      return "\(spoke.label)\u{00A0}: \(values.joined(separator: ", "))"
    }.joined(separator: "\u{202F}; ")
  }

  /// From one axis to the next where both are known; a surface where all are.
  private func shape(_ index: Int, style: Int, _ frame: Frame) -> HTML {
    let values = spokes.map { $0.values[index] }
    func place(_ axis: Int) -> String { Frame.text(frame.point(axis, values[axis].height)) }
    if values.allSatisfy({ $0.amount != nil }) {
      let path = "M\(values.indices.map(place).joined(separator: "L"))z"
      return """
        <path class="s\(style)" fill-opacity="0.14" d="\(path)"/><path class="l\(style)" d="\(path)"/>

        """
    }
    let sides = values.indices.compactMap { axis -> String? in
      let next = (axis + 1) % values.count
      return values[axis].amount == nil || values[next].amount == nil ? nil : "M\(place(axis))L\(place(next))"
    }
    if sides.isEmpty { return .empty }
    return """
      <path class="l\(style)" d="\(sides.joined())"/>

      """
  }

  // Of a single series the number is part of the link: points of zero lie one on the other in the middle.
  private func points(_ index: Int, style: Int, isAlone: Bool, _ frame: Frame) -> [HTML] {
    spokes.indices.map { axis in
      let value = spokes[axis].values[index]
      let text = isAlone ? frame.number(axis, value) : .empty
      guard value.amount != nil else { return text }
      let place = frame.point(axis, value.height)
      let mark: HTML = """
        <circle class="s\(style)" cx="\(ChartNumber.coordinate(place.x))" cy="\(ChartNumber.coordinate(place.y))" r="4"/>\(text)

        """
      let name = series.count > 1 ? "\(spokes[axis].label), \(series[index])" : spokes[axis].label
      return value.shape(mark, named: "\(name)\u{00A0}: \(value.spoken)")
    }
  }

  private func row(_ spoke: Spoke) -> HTML {
    """
    <tr><th scope="row">\(spoke.label)</th>\(each: spoke.values, \.cell)</tr>

    """
  }
}

extension ColumnChart.Column {
  fileprivate func value(_ series: Int) -> ChartValue { values[series] }
}
