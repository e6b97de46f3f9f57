import Markup

/// A chart by itself, for paper and for files: its drawing with colours of its own, and what it says in words.
public struct ChartImage: Sendable {
  public let title: String
  /// All values in one sentence, for those who do not see the drawing.
  public let alternative: String
  /// A whole SVG file, for paper that writes the title beside it.
  public let svg: String
  /// In points of the drawing.
  public let width: Double
  /// The same with its title over the drawing: a file that goes its way alone.
  public let titledSVG: String

  init(title: String, alternative: String, svg: String, titledSVG: String, width: Double) {
    (self.title, self.alternative, self.svg, self.titledSVG, self.width) = (title, alternative, svg, titledSVG, width)
  }

  init(_ figure: ChartFigure) {
    title = figure.title
    width = figure.width
    alternative = "\(figure.title). \(figure.summary)"
    svg = figure.file(isTitled: false).description
    titledSVG = figure.file(isTitled: true).description
  }
}

extension ChartFigure {
  /// The colours of the screen's light theme, which paper takes too.
  private static let style: HTML = """
    <style>text{font:12px Inter,sans-serif;fill:#4a6066}.v,.t{fill:#13272c;font-weight:600}.t{font-size:15px}.axe{stroke:#d8e2e2;fill:none}\
    .s1{fill:#0b6b7d}.s2{fill:#bd7d0b}.s3{fill:#7a4fa3}.s4{fill:#7f9299}\
    .h1,.h2,.h3,.h4{fill-opacity:.18;stroke-width:1.5;stroke-dasharray:4 3}.h1{fill:#0b6b7d;stroke:#0b6b7d}.h2{fill:#bd7d0b;stroke:#bd7d0b}\
    .h3{fill:#7a4fa3;stroke:#7a4fa3}.h4{fill:#7f9299;stroke:#7f9299}\
    .l1,.l2,.l3,.l4{fill:none;stroke-width:2.5;stroke-linejoin:round}.l1{stroke:#0b6b7d}.l2{stroke:#bd7d0b;stroke-dasharray:8 4}\
    .l3{stroke:#7a4fa3;stroke-dasharray:2 4}.l4{stroke:#7f9299}\
    .geo path{fill:#0b6b7d;stroke:#fff;stroke-width:1.5;stroke-linejoin:round}.geo text{fill:#13272c;font-weight:600;text-anchor:middle}\
    .etoile text{font-size:13px}.nuage .v{fill:#0b6b7d}</style>
    """

  fileprivate func file(isTitled: Bool) -> HTML {
    let lines = isTitled ? titleLines : []
    let names = legendPlaces.last.map { 26 + Self.legendLine * $0.y } ?? 0
    let top = names + (lines.isEmpty ? 0 : 8 + Self.titleLine * Double(lines.count))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 \(ChartNumber.coordinate(-top)) \(ChartNumber.coordinate(width)) \
      \(ChartNumber.coordinate(height + top))"\(attribute: "class", drawingClass)><title>\(title)</title><desc>\(description)</desc>\(Self.style)
      \(each: lines.enumerated(), { titleText($0.offset, $0.element, top: -top) })\(legend(at: -names + 10))\(drawing)</svg>

      """
  }

  private static let titleLine = 20.0

  /// Cut between words where the drawing ends.
  private var titleLines: [String] {
    let most = Int(width / 8)
    return title.split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= most {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }

  private func titleText(_ index: Int, _ text: String, top: Double) -> HTML {
    """
    <text class="t" x="0" y="\(ChartNumber.coordinate(top + 15 + Self.titleLine * Double(index)))">\(text)</text>
    """
  }

  private static let legendLine = 18.0

  /// The legend, which stands beside the drawing on a page, above it: on as many lines as it takes, the last of them nearest.
  private var legendPlaces: [(style: String, name: String, x: Double, y: Double)] {
    let items =
      legend.enumerated().map { ("s\($0.offset + 1)", $0.element) } + (hasTaken ? [("h1", Self.taken)] : [])
      + (undrawn.map { [("", $0)] } ?? [])
    var (x, line) = (0.0, 0.0)
    return items.map { style, name in
      let room = 32 + 6.6 * Double(name.count)
      if x > 0, x + room > width { (x, line) = (0, line + 1) }
      defer { x += room }
      return (style, name, x, line)
    }
  }

  private func legend(at top: Double) -> [HTML] {
    legendPlaces.map { place in
      let y = top + Self.legendLine * place.y
      let mark: HTML =
        place.style.isEmpty
        ? .empty
        : """
        <rect class="\(place.style)" x="\(ChartNumber.coordinate(place.x))" y="\(ChartNumber.coordinate(y - 9))" width="10" height="10" rx="2"/>
        """
      return """
        \(mark)<text x="\(ChartNumber.coordinate(place.x + (place.style.isEmpty ? 0 : 15)))" y="\(ChartNumber.coordinate(y))">\(place.name)</text>
        """
    }
  }
}
