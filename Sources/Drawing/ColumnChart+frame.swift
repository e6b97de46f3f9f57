import Markup

extension ColumnChart {
  /// Where things stand in the drawing: the scale, the places of the columns, the lines of the axis.
  struct Frame {
    /// Between two stacked series, so that they part without their colours.
    static let gap = 2.0

    let width: Double
    let height: Double
    private let left: Double
    private let top = 20.0
    private let bottom: Double
    private let axis: Axis
    private let step: Double
    private let barWidth: Double

    /// - Parameters:
    ///   - columns: their labels.
    ///   - largest: what the scale must reach.
    init(columns: [String], upTo largest: Double, isWide: Bool) {
      width = isWide ? 650 : 340
      bottom = isWide ? 202 : 190
      height = bottom + 14 + Self.labelLine * Double(columns.map { Self.lines(of: $0).count }.max() ?? 1)
      axis = Axis(upTo: largest)
      left = 14 + 7 * Double(ChartNumber.text(axis.top).count)
      step = (width - left - 6) / Double(max(1, columns.count))
      barWidth = min(52, step * 0.66)
    }

    func x(_ index: Int) -> Double { left + step * Double(index) + (step - barWidth) / 2 }

    func middle(_ index: Int) -> String { ChartNumber.coordinate(left + step * (Double(index) + 0.5)) }

    func y(_ amount: Double) -> Double { bottom - amount / axis.top * (bottom - top) }

    private static let labelLine = 16.0

    /// « 2026, au 4 mars » is said on two lines.
    private static func lines(of label: String) -> [String] { label.split(separator: ", ").map(String.init) }

    /// Under a column.
    func label(_ text: String, at index: Int) -> [HTML] {
      Self.lines(of: text).enumerated().map { line, words in
        """
        <text aria-hidden="true" text-anchor="middle" x="\(middle(index))" \
        y="\(ChartNumber.coordinate(bottom + 18 + Self.labelLine * Double(line)))">\(words)</text>

        """
      }
    }

    func bar(series: Int, isTaken: Bool, x: Double, top: Double, bottom: Double) -> HTML {
      """
      <rect class="\(isTaken ? "h" : "s")\(series)" x="\(ChartNumber.coordinate(x))" y="\(ChartNumber.coordinate(top))" \
      width="\(ChartNumber.coordinate(barWidth))" height="\(ChartNumber.coordinate(bottom - top))" rx="2"/>
      """
    }

    /// The lines of the axis with their values, drawn first.
    var grid: [HTML] {
      axis.ticks.map(line)
    }

    private func line(_ tick: Double) -> HTML {
      """
      <path class="axe" d="M\(ChartNumber.coordinate(left)) \(ChartNumber.coordinate(y(tick)))\
      H\(ChartNumber.coordinate(width))"/><text aria-hidden="true" text-anchor="end" x="\(ChartNumber.coordinate(left - 6))" \
      y="\(ChartNumber.coordinate(y(tick) + 4))">\(ChartNumber.text(tick))</text>

      """
    }
  }
}
