import Markup

/// Links to the parts of a record or to preset lists. Each one has its own address.
public struct Tabs: Sendable {
  public struct Tab: Sendable {
    public var title: String
    public var link: Link
    public var isCurrent: Bool
    public var count: Int?

    public init(_ title: String, _ link: Link, isCurrent: Bool = false, count: Int? = nil) {
      self.title = title
      self.link = link
      self.isCurrent = isCurrent
      self.count = count
    }
  }

  public var label: String
  public var tabs: [Tab]

  public init(_ label: String, _ tabs: [Tab]) {
    self.label = label
    self.tabs = tabs
  }

  public var html: HTML {
    """
    <nav class="onglets" aria-label="\(label)">\(each: tabs, item)</nav>
    """
  }

  private func item(_ tab: Tab) -> HTML {
    """
    <a href="\(tab.link)"\(attribute: "aria-current", tab.isCurrent ? "page" : nil)>\(tab.title)\(tab.count.map(counter))</a>
    """
  }

  private func counter(_ count: Int) -> HTML {
    """
     <span class="compteur">\(French.number(count))</span>
    """
  }
}
