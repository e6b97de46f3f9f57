import Markup

/// The pages of a list, by previous and next: each starts at a number, of as many records as are counted when it is read.
public struct Pagination: Sendable {
  public var summary: String
  public var previous: Link?
  public var next: Link?

  /// « 51 à 100 sur 312 ».
  public init(from first: Int, to last: Int, of total: Int, previous: Link? = nil, next: Link? = nil) {
    self.init(
      summary: "\(French.number(first)) à \(French.number(last)) sur \(French.number(total))", previous: previous, next: next)
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
