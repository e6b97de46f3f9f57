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
  /// What one does with them, after the last one.
  public var actions: [PageAction]

  public init(_ label: String, _ tabs: [Tab], actions: [PageAction] = []) {
    self.label = label
    self.tabs = tabs
    self.actions = actions
  }

  public var html: HTML {
    """
    <nav class="onglets" aria-label="\(label)">\(each: tabs, item)\(each: actions, action)</nav>
    """
  }

  private func item(_ tab: Tab) -> HTML {
    """
    <a href="\(tab.link)"\(attribute: "aria-current", tab.isCurrent ? "page" : nil)>\(tab.title)\(tab.count.map(counter))</a>
    """
  }

  private func action(_ action: PageAction) -> HTML {
    """
    <a href="\(action.link)">\(action.icon.html) \(action.label)</a>
    """
  }

  private func counter(_ count: Int) -> HTML {
    """
     <span class="compteur">\(French.number(count))</span>
    """
  }
}
