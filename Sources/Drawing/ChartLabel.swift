import Markup

/// The label of a row, left of its bar. Text does not wrap by itself in a drawing: a long label stands on two lines, and what is longer
/// still is whole in its tooltip, in the name of the bar and in the table.
struct ChartLabel {
  private let label: String
  /// The height around which it stands.
  private let middle: Double
  private let isWrapped: Bool

  init(_ label: String, middle: Double, isWrapped: Bool = true) {
    self.label = label
    self.middle = middle
    self.isWrapped = isWrapped
  }

  private static let width = 25

  var html: HTML {
    let lines = isWrapped ? Self.lines(label) : [Self.cut(label)]
    let title: HTML = lines.joined(separator: " ") == label ? .empty : "<title>\(label)</title>"
    let first = middle + 4.5
    guard lines.count > 1 else {
      return """
        <text aria-hidden="true" x="0" y="\(ChartNumber.coordinate(first))">\(title)\(lines[0])</text>
        """
    }
    // In letters, which are larger on a small screen.
    return """
      <text aria-hidden="true" x="0" y="\(ChartNumber.coordinate(first))">\(title)<tspan x="0" dy="-.55em">\(lines[0])</tspan>\
      <tspan x="0" dy="1.1em">\(lines[1])</tspan></text>
      """
  }

  /// What rows of these labels need: two lines of the largest letters.
  static func height(of labels: [String]) -> Double { labels.contains { lines($0).count > 1 } ? 50 : 0 }

  /// One line or two, cut between words.
  static func lines(_ label: String) -> [String] {
    guard label.count > width else { return [label] }
    var (first, rest) = ("", label.split(separator: " ")[...])
    while let word = rest.first, first.isEmpty || first.count + 1 + word.count <= width {
      first += first.isEmpty ? String(word) : " \(word)"
      rest.removeFirst()
    }
    return rest.isEmpty ? [cut(first)] : [cut(first), cut(rest.joined(separator: " "))]
  }

  private static func cut(_ text: String) -> String { text.count <= width ? text : text.prefix(width - 1) + "…" }
}
