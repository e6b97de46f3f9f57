import Markup
import WebSupport

/// `/connexion`: the door.
struct SignInPage: Sendable {
  var csrf: String
  /// The path to return to.
  var next: Link?
  /// What was typed, when the form comes back.
  var email = ""
  /// Why the form comes back, in one sentence.
  var error: String?
  var hasNoAccount = false
  /// Whether a link by e-mail may stand in for a password.
  var offersLink = false
  /// Whether those who have no account find a page for them.
  var isOpenToAll = false
  /// The name under which browsers keep passkeys for the site, where there are any.
  var passkeySite: String?
  var messages: [Message] = []
  var theme: Theme?

  func html() -> HTML {
    DoorPage(
      title: "Se connecter", note: "Réservé à l’équipe, aux facilitateurs et aux structures adhérentes.",
      messages: messages + [noAccount, error.map { Message(.error, $0) }].compactMap(\.self), theme: theme
    ).html(form)
  }

  private var noAccount: Message? {
    if !hasNoAccount { return nil }
    return Message(
      .information,
      content: """
        Aucun compte n’existe encore\u{00A0}: créez le premier avec la commande <code>maillage user create</code>.
        """)
  }

  private var form: HTML {
    """
    <form class="pile" method="post" action="/connexion">
    \(hidden("csrf", csrf))\(next.map { hidden("suite", $0.address) })
    <div class="champ"><label for="courriel">Adresse de courriel</label>\
    <input id="courriel" name="courriel" type="email" autocomplete="\(passkeySite == nil ? "username" : "username webauthn")" required value="\(email)" \
    placeholder="prenom.nom@exemple.fr"\(attribute: "autofocus", if: email.isEmpty)></div>
    <div class="champ"><label for="mot_de_passe">Mot de passe</label>\
    <input id="mot_de_passe" name="mot_de_passe" type="password" autocomplete="current-password" required\
    \(attribute: "autofocus", if: !email.isEmpty)>\(offersLink ? forgotten : .empty)</div>
    <button class="bouton grand principal">Se connecter</button>
    \(offersLink ? linkButton : .empty)</form>
    \(passkeySite.map(passkeyForm))
    \(isOpenToAll ? elsewhere : .empty)
    """
  }

  /// Shown by the script, where the browser has passkeys: it fills in what an authenticator answers.
  private func passkeyForm(_ site: String) -> HTML {
    """
    <form class="pile" method="post" action="/connexion/cle-acces" data-cle="entrer" data-site="\(site)" hidden>
    \(hidden("csrf", csrf))\(next.map { hidden("suite", $0.address) })\(each: PasskeySection.fields, { hidden($0, "") })
    <button class="bouton grand" type="button">\(Icon.passkey.html) Se connecter avec une clé d’accès</button>
    <p class="erreur" role="alert" hidden></p></form>
    <script src="/assets/cles.js" type="module"></script>

    """
  }

  private var elsewhere: HTML {
    """
    <p class="note">Vous n’avez pas de compte\u{202F}? <a href="\(PublicContactPage.path)">Parler de mon projet</a></p>

    """
  }

  private var forgotten: HTML {
    """
    <small><a href="/connexion/lien">Mot de passe oublié</a></small>
    """
  }

  private var linkButton: HTML {
    """
    <button class="bouton grand" formaction="/connexion/lien" formnovalidate>\(Icon.letter.html) Recevoir un lien par courriel</button>

    """
  }
}
