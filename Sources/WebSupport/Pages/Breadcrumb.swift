import Markup

/// The way back up, from the section to this page.
public struct Breadcrumb: Sendable {
  public var ancestors: [LinkedText]
  public var current: String

  public init(_ ancestors: [LinkedText], current: String) {
    self.ancestors = ancestors
    self.current = current
  }

  public var html: HTML {
    """
    <nav class="ariane" aria-label="Fil d’Ariane"><ol>\(each: ancestors, item)\
    <li><span aria-current="page">\(current)</span></li></ol></nav>
    """
  }

  private func item(_ ancestor: LinkedText) -> HTML {
    """
    <li>\(ancestor.html)</li>
    """
  }
}
