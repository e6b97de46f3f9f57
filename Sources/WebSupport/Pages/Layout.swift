import Markup

/// The page around a page: navigation, header bar, messages, then the content in `<main>`.
///
/// Without a user there is no navigation: the header bar then holds the mark and the way to sign in.
public struct Layout: Sendable {
  /// The search of the header bar; it sends `q` to its page.
  public struct Search: Sendable {
    public var action: Link
    public var label: String
    public var value: String

    public init(action: Link = "/recherche", label: String = "Rechercher une structure, une personne…", value: String = "") {
      self.action = action
      self.label = label
      self.value = value
    }
  }

  public var title: String
  public var organisation: String?
  public var navigation: [NavigationGroup]
  public var user: SignedInUser?
  public var search: Search?
  /// The entries of the « Ajouter » menu.
  public var additions: [PageAction]
  public var messages: [Message]
  public var theme: Theme?
  /// The page answers a form that was sent: its address is not one to come back to.
  public var answersForm = false
  public var scripts: [Link]
  /// At the foot of a small screen.
  public var shortcuts: [NavigationGroup.Item] = []

  public init(
    title: String, organisation: String? = nil, navigation: [NavigationGroup] = [], user: SignedInUser? = nil,
    search: Search? = nil, additions: [PageAction] = [], messages: [Message] = [], theme: Theme? = nil,
    scripts: [Link] = ["/assets/maillage.js"]
  ) {
    self.title = title
    self.organisation = organisation
    self.navigation = navigation
    self.user = user
    self.search = search
    self.additions = additions
    self.messages = messages
    self.theme = theme
    self.scripts = scripts
  }

  /// The whole document around the content of a page.
  public func html(_ content: HTML) -> HTML {
    Skeleton(title: title, theme: theme, scripts: scripts).html(user == nil ? publicBody(content) : body(content))
  }

  private func body(_ content: HTML) -> HTML {
    """
    <div class="app"\(attribute: "data-envoyee", if: answersForm)>
    \(NavigationView(groups: navigation, user: user, organisation: organisation).html)
    <div>
    <header class="haut">
    <button class="bouton carre discret ouvre-nav" popovertarget="nav" aria-label="Ouvrir le menu">\(Icon.menu.html)</button>
    \(search.map(searchForm))\(addMenu)\(themeButton)\(user?.unread.map(bell))\(user.map { AccountMenu(user: $0).html })
    </header>
    \(main(content))
    </div>
    </div>
    \(footBar)\(search.map(Palette.html))
    """
  }

  private var footBar: HTML {
    if shortcuts.isEmpty { return .empty }
    return """
      <nav class="barre-bas" aria-label="Raccourcis">\(each: shortcuts, shortcut)</nav>

      """
  }

  private func shortcut(_ item: NavigationGroup.Item) -> HTML {
    let count: HTML =
      item.count.map { $0 > 0 } ?? false
      ? "<span class=\"pastille\">\(French.number(item.count ?? 0))<span class=\"sr\"> à traiter</span></span>" : .empty
    return """
      <a href="\(item.link)"\(attribute: "aria-current", item.isCurrent ? "page" : nil)>\(item.icon.html)\(item.label)\(count)</a>
      """
  }

  private func publicBody(_ content: HTML) -> HTML {
    """
    <header class="haut">\(Brand.link("/", onDark: false, organisation: organisation))\
    <a class="bouton pousse" href="/connexion">Se connecter</a>\(themeButton)</header>
    \(main(content))
    """
  }

  private func main(_ content: HTML) -> HTML {
    """
    <main class="page" id="contenu">
    \(user == nil ? nil : organisation.map(letterhead))\(each: messages, \.html)\(content)
    </main>
    """
  }

  /// Whose pages these are, on paper, where there is no navigation.
  private func letterhead(_ organisation: String) -> HTML {
    """
    <p class="papier">\(organisation)</p>

    """
  }

  private func searchForm(_ search: Search) -> HTML {
    """
    <form class="cherche" role="search" method="get" action="\(search.action)">\(Icon.search.html)\
    <input type="search" name="q" value="\(search.value)" aria-label="\(search.label)" placeholder="\(search.label)">\
    <kbd>Ctrl K</kbd></form>
    """
  }

  private var addMenu: HTML {
    if additions.isEmpty { return .empty }
    return """
      <details class="menu droite"><summary class="bouton principal">\(Icon.add.html) <span>Ajouter</span></summary>\
      <ul class="choisir">\(each: additions, \.menuItem)</ul></details>
      """
  }

  /// What waits to be read.
  private func bell(_ unread: Int) -> HTML {
    let label = unread == 0 ? "Notifications" : "Notifications\u{A0}: \(French.plural(unread, "non lue", "non lues"))"
    let count: HTML = unread == 0 ? .empty : "<b aria-hidden=\"true\">\(unread > 99 ? "99+" : String(unread))</b>"
    return """
      <a class="bouton carre discret cloche" href="/notifications" aria-label="\(label)">\(Icon.bell.html)\(count)</a>
      """
  }

  private var themeButton: HTML {
    """
    <button class="bouton carre discret\(additions.isEmpty && user != nil ? " pousse" : "")" \
    data-theme-bascule aria-label="Changer de thème\u{00A0}: clair ou sombre">\(Icon.theme.html)</button>
    """
  }
}
