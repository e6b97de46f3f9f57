import Markup

/// One number of a chart, with the list that it opens.
public struct ChartValue: Sendable, Hashable {
  /// `nil` when nobody knows, which is not zero.
  public var amount: Double?
  public var text: String
  public var link: Link?

  /// The text defaults to the amount in French digits.
  public init(_ amount: Double?, text: String? = nil, link: Link? = nil) {
    self.amount = amount
    self.text = text ?? amount.map(ChartNumber.text) ?? "Non renseigné"
    self.link = link
  }

  public init(_ count: Int, link: Link? = nil) {
    self.init(Double(count), link: link)
  }

  var height: Double { max(0, amount ?? 0) }

  var cell: HTML {
    """
    <td class="n">\(linked(HTML(text: text)))</td>
    """
  }

  private func linked(_ content: HTML) -> HTML {
    guard let link else { return content }
    return """
      <a href="\(link)">\(content)</a>
      """
  }

  /// The drawing of the value, as a link named in full when it opens something.
  func shape(_ drawing: HTML, named name: String) -> HTML {
    guard let link else { return drawing }
    return """
      <a href="\(link)" aria-label="\(name)"><title>\(name)</title>\(drawing)</a>
      """
  }
}
