import Markup

/// Something to do from a page or from the header bar. One action of a page at most is the principal one.
public struct PageAction: Sendable {
  public var label: String
  public var icon: Icon
  public var link: Link
  public var isPrincipal: Bool
  /// The form of that page is shown over this one, with JavaScript.
  public var opensDialog: Bool
  public var isSmall: Bool

  public init(
    _ label: String, _ icon: Icon, _ link: Link, isPrincipal: Bool = false, opensDialog: Bool = false, isSmall: Bool = false
  ) {
    self.isSmall = isSmall
    self.label = label
    self.icon = icon
    self.link = link
    self.isPrincipal = isPrincipal
    self.opensDialog = opensDialog
  }

  public var button: HTML {
    """
    <a class="bouton\(isPrincipal ? " principal" : "")\(isSmall ? " petit" : "")" href="\(link)"\(attribute: "data-dialogue", if: opensDialog)>\(icon.html) \(label)</a>
    """
  }

  public var menuItem: HTML {
    """
    <li><a href="\(link)"\(attribute: "data-dialogue", if: opensDialog)>\(icon.html) \(label)</a></li>
    """
  }

  /// The list as it is shown, as a file for spreadsheets.
  public static func exportCSV(_ link: Link) -> PageAction {
    PageAction("Exporter (.csv)", .download, link)
  }
}

/// The top of a page: its only `h1`, what it says about itself, and what one can do there.
public struct PageHeader: Sendable {
  public var title: String
  /// A sentence, or the badges of a record.
  public var detail: HTML
  public var actions: [PageAction]
  /// What opens beside the actions.
  public var menus: [HTML]

  public init(_ title: String, detail: HTML = .empty, actions: [PageAction] = [], menus: [HTML] = []) {
    self.title = title
    self.detail = detail
    self.actions = actions
    self.menus = menus
  }

  public init(_ title: String, sentence: String, actions: [PageAction] = []) {
    self.init(title, detail: "<p>\(sentence)</p>", actions: actions)
  }

  public var html: HTML {
    """
    <div class="entete"><div><h1>\(title)</h1>\(detail)</div>\(buttons)</div>
    """
  }

  private var buttons: HTML {
    if actions.isEmpty, menus.isEmpty { return .empty }
    return """
      <div class="actions">\(menus)\(each: actions, \.button)</div>
      """
  }
}
