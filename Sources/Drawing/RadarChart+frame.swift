import Foundation
import Markup

extension RadarChart {
  /// Where things stand in the drawing: axes around a middle, and labels outside, for which the drawing is as large as they need.
  struct Frame {
    /// Text around an axis: its lines, and how they stand.
    struct Label {
      let lines: [String]
      let anchor: String
      let x: Double
      /// Of the surface that its lines take.
      let top: Double
      let left: Double
      let right: Double
      /// The last line is a number.
      let hasNumber: Bool

      var bottom: Double { top + Double(lines.count) * RadarChart.Frame.line }
    }

    /// As large as the style sheet writes them.
    static let letters = 13.0
    static let line = 17.0
    private static let lettersOfLine = 16
    private static let gap = 14.0
    private static let leastWidth = 440.0

    let width: Double
    let height: Double
    let labels: [Label]
    private let middle: (x: Double, y: Double)
    private let radius: Double
    private let scale: Axis
    private let count: Int

    /// - Parameters:
    ///   - labels: of each axis, with its number when there is one only.
    ///   - largest: what the scale must reach.
    init(labels texts: [(text: String, value: ChartValue?)], upTo largest: Double) {
      count = texts.count
      scale = Axis(upTo: largest, ticks: 5)
      let radius = texts.count > 8 ? 135.0 : 110
      self.radius = radius
      let around = texts.enumerated().map { Self.label($0.offset, of: texts.count, $0.element.text, $0.element.value, radius) }
      let half = around.map { max(-$0.left, $0.right) }.max() ?? 0
      let top = min(-radius - 6, around.map(\.top).min() ?? 0) - 2
      let bottom = max(radius + 6, around.map(\.bottom).max() ?? 0) + 4
      width = max(Self.leastWidth, (2 * half + 8).rounded(.up))
      height = (bottom - top).rounded(.up)
      middle = (width / 2, -top)
      self.labels = around
    }

    private static func direction(_ axis: Int, of count: Int) -> (x: Double, y: Double) {
      let angle = 2 * Double.pi * Double(axis) / Double(count) - Double.pi / 2
      return (cos(angle), sin(angle))
    }

    /// Around a middle at zero.
    private static func label(_ axis: Int, of count: Int, _ text: String, _ value: ChartValue?, _ radius: Double) -> Label {
      let toward = direction(axis, of: count)
      let lines = LetterWidth.lines(text, upTo: lettersOfLine) + (value.map { [$0.short] } ?? [])
      let width = letters * (lines.map(LetterWidth.of).max() ?? 0)
      let tall = Double(lines.count) * line
      let (x, y) = (toward.x * (radius + gap), toward.y * (radius + gap) + toward.y * tall / 2)
      let (anchor, left) = toward.x > 0.1 ? ("start", x) : toward.x < -0.1 ? ("end", x - width) : ("middle", x - width / 2)
      return Label(lines: lines, anchor: anchor, x: x, top: y - tall / 2, left: left, right: left + width, hasNumber: value != nil)
    }

    func point(_ axis: Int, _ amount: Double) -> (x: Double, y: Double) {
      let toward = Self.direction(axis, of: count)
      let length = amount / scale.top * radius
      return (middle.x + toward.x * length, middle.y + toward.y * length)
    }

    static func text(_ point: (x: Double, y: Double)) -> String {
      "\(ChartNumber.coordinate(point.x)) \(ChartNumber.coordinate(point.y))"
    }

    /// Rings with their values, axes and labels, drawn first.
    var grid: [HTML] {
      scale.ticks.dropFirst().map(ring) + (0..<count).map(spoke) + labels.indices.map(label)
    }

    private func ring(_ tick: Double) -> HTML {
      let path = (0..<count).map { Self.text(point($0, tick)) }.joined(separator: "L")
      let top = point(0, tick)
      return """
        <path class="axe" fill="none" d="M\(path)z"/><text aria-hidden="true" x="\(ChartNumber.coordinate(top.x + 4))" \
        y="\(ChartNumber.coordinate(top.y + 14))">\(ChartNumber.text(tick))</text>

        """
    }

    private func spoke(_ axis: Int) -> HTML {
      """
      <path class="axe" d="M\(Self.text(middle))L\(Self.text(point(axis, scale.top)))"/>

      """
    }

    private func label(_ axis: Int) -> HTML {
      let label = labels[axis]
      return """
        \(each: label.lines.dropLast(label.hasNumber ? 1 : 0).enumerated(), { text($0.element, label, line: $0.offset, isNumber: false) })

        """
    }

    /// The number under a label.
    func number(_ axis: Int, _ value: ChartValue) -> HTML {
      text(value.short, labels[axis], line: labels[axis].lines.count - 1, isNumber: true)
    }

    private func text(_ text: String, _ label: Label, line: Int, isNumber: Bool) -> HTML {
      let y = middle.y + label.top + Self.line * Double(line) + 13
      return """
        <text\(attribute: "class", isNumber ? "v" : nil)\(attribute: "aria-hidden", isNumber ? nil : "true") text-anchor="\(label.anchor)" \
        x="\(ChartNumber.coordinate(middle.x + label.x))" y="\(ChartNumber.coordinate(y))">\(text)</text>
        """
    }
  }
}
