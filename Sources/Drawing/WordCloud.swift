import Markup

/// Words, each as large as what it counts: the surface of its letters grows with the number. As an accessible figure.
///
/// What nobody knows or what is kept back has no size: it stands in the table only, and the drawing says so.
public struct WordCloud: Chart {
  /// Under this many words bars say more.
  public static let least = 8
  /// Beyond, the largest are drawn; the table under the drawing holds all.
  public static let most = 60

  public let title: String
  public let rowTitle: String
  public let valueTitle: String
  public let words: [BarChart.Bar]

  public init(_ title: String, rowTitle: String, valueTitle: String, words: [BarChart.Bar]) {
    (self.title, self.rowTitle, self.valueTitle, self.words) = (title, rowTitle, valueTitle, words)
  }

  public var html: HTML { figure.html }
  public var image: ChartImage { ChartImage(figure) }

  private static let line = 22.0

  private var figure: ChartFigure {
    let layout = self.layout
    let notes = self.notes
    let lines = notes.enumerated().map { note($0.element, y: layout.height + Self.line * Double($0.offset) + 14) }
    return ChartFigure(
      title: title, description: "Plus le nombre est grand, plus son mot l’est. \(notes.joined(separator: " "))", width: CloudLayout.width,
      height: layout.height + Self.line * Double(notes.count), summary: summary, hasLinks: words.contains { $0.value.link != nil },
      drawing: zip(drawn, layout.places).map { word($0, $1) } + lines, header: [rowTitle, valueTitle], rows: words.map(row),
      drawingClass: "nuage")
  }

  /// The largest first.
  var drawn: [BarChart.Bar] {
    let known = words.filter { $0.value.height > 0 }
    return known.indices.sorted { (known[$1].value.height, $0) < (known[$0].value.height, $1) }.prefix(Self.most).map { known[$0] }
  }

  var layout: CloudLayout { CloudLayout(drawn.map { ($0.label, $0.value.height) }) }

  private var notes: [String] {
    let unknown = words.count { $0.value.amount == nil }
    let left = words.count { $0.value.height > 0 } - Self.most
    return [
      left > 0 ? "Les \(Self.most) plus grands sont dessinés\u{A0}; le tableau a tout." : nil,
      unknown > 0 ? "Sans nombre connu, dans le tableau seulement\u{A0}: \(unknown)." : nil,
    ].compactMap(\.self)
  }

  private var summary: String {
    words.map { "\($0.label)\u{00A0}: \($0.value.spoken)" }.joined(separator: "\u{202F}; ")
  }

  // Letters of one size, enlarged: the style sheet of the page says how large letters are, and knows no numbers.
  private func word(_ word: BarChart.Bar, _ place: CloudLayout.Place) -> HTML {
    let shape: HTML = """
      <text class="v" text-anchor="middle" transform="translate(\(ChartNumber.coordinate(place.x)) \(ChartNumber.coordinate(place.baseline))) \
      scale(\(ChartNumber.factor(place.size / CloudLayout.letters)))">\(word.label)</text>

      """
    return word.value.shape(shape, named: "\(word.label)\u{00A0}: \(word.value.spoken)")
  }

  private func note(_ text: String, y: Double) -> HTML {
    """
    <text text-anchor="middle" x="\(ChartNumber.coordinate(CloudLayout.width / 2))" y="\(ChartNumber.coordinate(y))">\(text)</text>

    """
  }

  private func row(_ word: BarChart.Bar) -> HTML {
    """
    <tr><th scope="row">\(word.label)</th>\(word.value.cell)</tr>

    """
  }
}
