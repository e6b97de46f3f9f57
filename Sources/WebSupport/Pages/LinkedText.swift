import Markup

/// A number or a name, with the list or the record that it opens.
public struct LinkedText: Sendable, Hashable {
  public var text: String
  public var link: Link?

  public init(_ text: String, _ link: Link? = nil) {
    self.text = text
    self.link = link
  }

  /// A number in French digits; `nil` is « Non renseigné ».
  public init(_ number: Int?, _ link: Link? = nil) {
    self.init(number.map(French.number) ?? French.unknown, link)
  }

  public var html: HTML {
    guard let link else { return HTML(text: text) }
    return """
      <a href="\(link)">\(text)</a>
      """
  }
}
