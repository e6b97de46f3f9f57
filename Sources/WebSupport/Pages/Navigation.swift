import Markup

/// A titled part of the navigation; the first one usually has no title.
public struct NavigationGroup: Sendable {
  public struct Item: Sendable {
    public var label: String
    public var icon: Icon
    public var link: Link
    public var isCurrent: Bool
    /// What waits there, if anything.
    public var count: Int?

    public init(_ label: String, _ icon: Icon, _ link: Link, isCurrent: Bool = false, count: Int? = nil) {
      self.label = label
      self.icon = icon
      self.link = link
      self.isCurrent = isCurrent
      self.count = count
    }
  }

  public var title: String?
  public var items: [Item]

  public init(_ title: String? = nil, _ items: [Item]) {
    self.title = title
    self.items = items
  }
}

/// The person signed in, at the foot of the navigation and in the account menu, with the way out.
public struct SignedInUser: Sendable {
  public var name: String
  public var role: String
  public var csrf: String
  public var profile: Link?
  public var signOut: Link
  /// What the person may work as instead.
  public var otherRoles: [CodedLabel]
  public var changeRole: Link
  /// How many notices wait to be read; `nil` for whoever is told nothing.
  public var unread: Int?

  public init(
    name: String, role: String, csrf: String, profile: Link? = nil, signOut: Link = "/deconnexion", otherRoles: [CodedLabel] = [],
    changeRole: Link = "/compte/role", unread: Int? = nil
  ) {
    self.unread = unread
    self.name = name
    self.role = role
    self.csrf = csrf
    self.profile = profile
    self.signOut = signOut
    self.otherRoles = otherRoles
    self.changeRole = changeRole
  }

  var initials: String {
    let words = name.split(separator: " ")
    let first = words.first?.first.map(String.init) ?? "?"
    return (first + (words.count > 1 ? String(words[words.count - 1].prefix(1)) : "")).uppercased()
  }
}

/// The navigation: a column on a wide screen, a drawer on a small one.
struct NavigationView {
  var groups: [NavigationGroup]
  var user: SignedInUser?
  var organisation: String?

  var html: HTML {
    """
    <nav class="nav" id="nav" popover aria-label="Navigation principale">
    \(Brand.link("/", onDark: true, organisation: organisation))
    \(each: groups, group)
    \(user.map(foot))
    </nav>
    """
  }

  private func group(_ group: NavigationGroup) -> HTML {
    """
    <div>\(group.title.map(heading))<ul>\(each: group.items, item)</ul></div>

    """
  }

  private func heading(_ title: String) -> HTML {
    """
    <h2>\(title)</h2>
    """
  }

  private func item(_ item: NavigationGroup.Item) -> HTML {
    """
    <li><a href="\(item.link)"\(attribute: "aria-current", item.isCurrent ? "page" : nil)>\(item.icon.html) \
    \(item.label)\(item.count.flatMap(waiting))</a></li>
    """
  }

  private func waiting(_ count: Int) -> HTML? {
    guard count > 0 else { return nil }
    return """
       <span class="compte">\(French.number(count))<span class="sr"> à traiter</span></span>
      """
  }

  private func foot(_ user: SignedInUser) -> HTML {
    """
    <div>\(identity(user))<form method="post" action="\(user.signOut)">\
    <input type="hidden" name="csrf" value="\(user.csrf)">\
    <button>\(Icon.signOut.html) Se déconnecter</button></form></div>
    """
  }

  private func identity(_ user: SignedInUser) -> HTML {
    let content: HTML = """
      <span class="rond b" aria-hidden="true">\(user.initials)</span> \
      <span>\(user.name)<br><small>\(user.role)</small></span>
      """
    guard let profile = user.profile else {
      return """
        <p class="moi">\(content)</p>
        """
    }
    return """
      <a href="\(profile)">\(content)</a>
      """
  }
}
