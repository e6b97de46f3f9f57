import Markup

/// A line without axes, beside a number: where it comes from. What it draws is said in words too.
public struct Sparkline: Sendable {
  public struct Point: Sendable {
    public var label: String
    /// Nothing where it is not known, or kept back.
    public var value: Double?
    /// As people read it.
    public var text: String

    public init(_ label: String, _ value: Double?, text: String) {
      (self.label, self.value, self.text) = (label, value, text)
    }
  }

  /// The oldest first.
  public var points: [Point]

  public init(_ points: [Point]) {
    self.points = points
  }

  private static let (width, height, margin) = (88.0, 32.0, 4.0)

  /// Nothing for less than two numbers: there is no line between them.
  public var html: HTML {
    let known = points.enumerated().compactMap { index, point in point.value.map { (index, $0) } }
    guard known.count > 1, let least = known.map(\.1).min(), let most = known.map(\.1).max() else { return .empty }
    let (low, range) = (min(0, least), max(most, 0) - min(0, least))
    let step = (Self.width - 2 * Self.margin) / Double(max(1, points.count - 1))
    let places = known.map { index, value in
      let rise = range == 0 ? 0.5 : (value - low) / range
      return (x: Self.margin + Double(index) * step, y: Self.height - Self.margin - rise * (Self.height - 2 * Self.margin))
    }
    let line = places.map { "\(ChartNumber.coordinate($0.x)),\(ChartNumber.coordinate($0.y))" }.joined(separator: " ")
    let last = places[places.count - 1]
    let words = points.map { "\($0.label)\u{A0}: \($0.text)" }.joined(separator: "\u{202F}; ")
    return """
      <svg viewBox="0 0 88 32" role="img" aria-label="\(words)"><title>\(words)</title><polyline class="l1" points="\(line)"/>\
      <circle class="s1" cx="\(ChartNumber.coordinate(last.x))" cy="\(ChartNumber.coordinate(last.y))" r="3.5"/></svg>
      """
  }
}
