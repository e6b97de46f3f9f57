import Markup

/// The pages of a list, by previous and next: a page starts after a record, not at a number.
public struct Pagination: Sendable {
  public var summary: String
  public var previous: Link?
  public var next: Link?

  /// « 51 à 100 sur 312 ».
  public init(from first: Int, to last: Int, of total: Total, previous: Link? = nil, next: Link? = nil) {
    self.init(
      summary: "\(French.number(first)) à \(French.number(last)) sur \(total.text)", previous: previous, next: next)
  }

  /// « 50 sur plus de 1 000 », when the page does not know its place in the list.
  public init(showing count: Int, of total: Total, previous: Link? = nil, next: Link? = nil) {
    self.init(summary: "\(French.number(count)) sur \(total.text)", previous: previous, next: next)
  }

  public init(summary: String, previous: Link? = nil, next: Link? = nil) {
    self.summary = summary
    self.previous = previous
    self.next = next
  }

  public var html: HTML {
    """
    <nav class="pagination" aria-label="Pages de résultats"><span>\(summary)</span>\
    <ul>\(previous.map { item($0, "Précédente", rel: "prev") })\(next.map { item($0, "Suivante", rel: "next") })</ul></nav>
    """
  }

  private func item(_ link: Link, _ label: String, rel: String) -> HTML {
    """
    <li><a href="\(link)" rel="\(rel)">\(label)</a></li>
    """
  }
}
