import Markup

/// One number of a chart, with the list that it opens.
public struct ChartValue: Sendable, Hashable {
  /// `nil` when nobody knows, which is not zero.
  public var amount: Double?
  public var text: String
  public var link: Link?
  /// What must be said beside it: where the number was taken from.
  public var note: String?
  /// It comes from a document, not from records: it is drawn otherwise.
  public var isTaken: Bool

  /// The text defaults to the amount in French digits.
  public init(_ amount: Double?, text: String? = nil, link: Link? = nil, note: String? = nil, isTaken: Bool = false) {
    self.amount = amount
    self.text = text ?? amount.map(ChartNumber.text) ?? Self.unknown
    self.link = link
    self.note = note
    self.isTaken = isTaken
  }

  public init(_ count: Int, link: Link? = nil) {
    self.init(Double(count), link: link)
  }

  /// The number with its note, where it is read aloud.
  var spoken: String { note.map { "\(text) (\($0))" } ?? text }

  /// Where there is room for a few letters only.
  var short: String { text == Self.unknown ? "?" : text }

  private static let unknown = "Non renseigné"

  var height: Double { max(0, amount ?? 0) }

  var cell: HTML {
    """
    <td class="n">\(linked(HTML(text: text)))\(note.map(small))</td>
    """
  }

  private func small(_ note: String) -> HTML {
    """
     <small class="note">(\(note))</small>
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
