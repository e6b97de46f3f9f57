import Markup

/// The menu at the right end of the header bar: who one is, what one works as, and the way out.
struct AccountMenu {
  let user: SignedInUser

  var html: HTML {
    """
    <details class="menu droite"><summary class="bouton discret"><span class="rond b\(hasChoice ? " cache-mobile" : "")" \
    aria-hidden="true">\(user.initials)</span>\(label)</summary>\
    <ul class="choisir">\(user.profile.map(profile))\(present)\(each: user.otherRoles, other)<li>\(signOut)</li></ul></details>
    """
  }

  /// Whoever has one role for good need not read it on a small screen.
  private var hasChoice: Bool { !user.otherRoles.isEmpty }

  private var label: HTML {
    """
     <span class="sr">Mon compte, rôle\u{A0}: \(user.role)</span><span class="qui\(hasChoice ? "" : " cache-mobile")" aria-hidden="true">\
    \(user.role)</span>
    """
  }

  private func profile(_ link: Link) -> HTML {
    """
    <li><a href="\(link)">\(Icon.person.html) <span>Mon compte<br><small>\(user.name)</small></span></a></li>
    """
  }

  private var present: HTML {
    if !hasChoice { return .empty }
    return """
      <li><a aria-current="true">\(Icon.check.html) \(user.role)</a></li>
      """
  }

  private func other(_ role: CodedLabel) -> HTML {
    """
    <li><form method="post" action="\(user.changeRole)">\(token)<input type="hidden" name="role" value="\(role.code)">\
    <button>\(Icon.arrow.html) Travailler comme \(role.label)</button></form></li>
    """
  }

  private var signOut: HTML {
    """
    <form method="post" action="\(user.signOut)">\(token)<button>\(Icon.signOut.html) Se déconnecter</button></form>
    """
  }

  private var token: HTML {
    """
    <input type="hidden" name="csrf" value="\(user.csrf)">
    """
  }
}
