import Markup

/// One large number that opens its list. A row of them stands at the top of a report or of the day page.
public struct KeyFigure: Sendable {
  public var label: String
  public var value: String
  public var unit: String?
  public var link: Link?
  public var trend: Trend?
  public var note: String?
  /// Where it comes from, drawn beside the number.
  public var drawing: HTML = .empty

  public init(
    _ label: String, value: String, unit: String? = nil, link: Link?, trend: Trend? = nil, note: String? = nil
  ) {
    self.label = label
    self.value = value
    self.unit = unit
    self.link = link
    self.trend = trend
    self.note = note
  }

  /// The cells, side by side.
  public static func row(_ figures: [KeyFigure]) -> HTML {
    """
    <div class="chiffres">\(each: figures, \.html)</div>
    """
  }

  public var html: HTML {
    """
    <div class="chiffre"><span>\(LinkedText(label, link).html)</span><strong>\(value)\(unit.map(small))</strong>\(drawing)\
    <span>\(trend?.html)\(trend != nil && note != nil ? "<br>" : .empty)\(note.map(HTML.init(text:)))</span></div>
    """
  }

  private func small(_ unit: String) -> HTML {
    """
     <small>\(unit)</small>
    """
  }
}
