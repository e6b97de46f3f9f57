import Markup
import WebSupport

/// `/comptes/…`: one account, for those who manage them.
struct AccountSheetPage: Sendable {
  enum State: Sendable {
    case invited, active, closed
  }

  /// In addresses.
  var id: String
  var name: String
  var email: String
  var role: String
  var place: String?
  var lastSignIn: String?
  var state: State
  var badge: HTML
  var isOwn: Bool
  var hasSecondFactor = false
  var passkeys = 0
  /// The reader may hand over what the account follows and has to do.
  var mayHandOver = false
  var form: AccountForm
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Comptes", "/comptes")], current: name).html)
    \(PageHeader(name, detail: "<div class=\"rangee\">\(badge)</div>").html)
    <div class="duo">
    <div class="pile">\(roleCard)</div>
    <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)\(mayHandOver ? portfolio : .empty)\(Card("acces", "Accès", access).html)</div>
    </div>
    """
  }

  private var facts: [Facts.Fact] {
    [
      .init("Courriel", email), .init("Rôle", role), .init("Territoire ou équipe", place ?? "Aucun"),
      .init("Dernière connexion", lastSignIn ?? "Jamais"), .init("Double authentification", hasSecondFactor ? "Active" : "Inactive"),
      .init("Clés d’accès", passkeys == 0 ? "Aucune" : String(passkeys)),
    ]
  }

  private var roleCard: HTML {
    Card(
      "role-du-compte", "Rôle",
      """
      <form class="pile" method="post" action="\(action("role"))">\(hidden("csrf", csrf))
      \(form.place)
      <div class="rangee"><button class="bouton principal">Enregistrer le rôle</button>\
      <small>Ses sessions seront fermées\u{00A0}: le nouveau rôle vaut dès la prochaine connexion.</small></div>
      </form>
      """
    ).html
  }

  private var portfolio: HTML {
    Card(
      "portefeuille", "Ce que ce compte suit",
      """
      <div class="pile"><p class="note">Ses équipes, ses tâches et ses rendez-vous, à confier à quelqu’un d’autre avant de fermer le compte.</p>\
      <div class="rangee"><a class="bouton" href="\(action("passation"))">Passer la main</a></div></div>
      """
    ).html
  }

  private var access: HTML {
    switch state {
    case .invited: "\(step("invitation", "Renvoyer l’invitation", "bouton"))\(closing)"
    case .active: "\((hasSecondFactor || passkeys > 0) && !isOwn ? removal : .empty)\(closing)"
    case .closed: step("reouverture", "Rouvrir le compte", "bouton")
    }
  }

  private var removal: HTML {
    """
    <div class="pile">\(step("code", "Retirer \(factors)", "bouton"))\
    <p class="note">Pour qui a perdu son téléphone\(hasSecondFactor ? " et ses codes de secours" : ""). Ses sessions seront fermées.</p></div>
    """
  }

  private var factors: String {
    [hasSecondFactor ? "la double authentification" : nil, passkeys > 0 ? "les clés d’accès" : nil].compactMap(\.self)
      .joined(separator: " et ")
  }

  private var closing: HTML {
    if isOwn {
      return """
        <p class="note">On ne ferme pas son propre compte\u{00A0}: demandez-le à un autre compte de direction.</p>
        """
    }
    return step("fermeture", "Fermer le compte", "bouton danger")
  }

  private func step(_ name: String, _ label: String, _ style: String) -> HTML {
    """
    <form method="post" action="\(action(name))">\(hidden("csrf", csrf))<button class="\(style)">\(label)</button></form>
    """
  }

  private func action(_ name: String) -> Link { "/comptes/\(id)/\(name)" }
}
