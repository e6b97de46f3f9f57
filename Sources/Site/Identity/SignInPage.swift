import Markup
import WebSupport

/// `/connexion`: the door. A whole document, for there is no navigation before signing in.
struct SignInPage: Sendable {
  var csrf: String
  /// The path to return to.
  var next: Link?
  /// What was typed, when the form comes back.
  var email = ""
  /// Why the form comes back, in one sentence.
  var error: String?
  var hasNoAccount = false
  var messages: [Message] = []
  var theme: Theme?

  func html() -> HTML {
    Skeleton(title: "Se connecter", theme: theme).html(
      """
      <div class="connexion">
      <main id="contenu">
      \(Brand.link("/", onDark: false))
      <div class="pile fine"><h1>Se connecter</h1>\
      <p class="note">Réservé à l’équipe, aux facilitateurs et aux structures adhérentes.</p></div>
      \(each: messages, \.html)\(noAccount)\(refusal)
      \(form)
      </main>
      \(aside)
      </div>
      """)
  }

  private var noAccount: HTML? {
    if !hasNoAccount { return nil }
    return Message(
      .information,
      content: """
        Aucun compte n’existe encore\u{00A0}: créez le premier avec la commande <code>maillage user create</code>.
        """
    ).html
  }

  private var refusal: HTML? {
    error.map { Message(.error, $0).html }
  }

  private var form: HTML {
    """
    <form class="pile" method="post" action="/connexion">
    <input type="hidden" name="csrf" value="\(csrf)">\(next.map(returnPath))
    <div class="champ"><label for="courriel">Adresse de courriel</label>\
    <input id="courriel" name="courriel" type="email" autocomplete="username" required value="\(email)" \
    placeholder="prenom.nom@exemple.fr"\(attribute: "autofocus", if: email.isEmpty)></div>
    <div class="champ"><label for="mot_de_passe">Mot de passe</label>\
    <input id="mot_de_passe" name="mot_de_passe" type="password" autocomplete="current-password" required\
    \(attribute: "autofocus", if: !email.isEmpty)></div>
    <button class="bouton grand principal">Se connecter</button>
    </form>
    """
  }

  private func returnPath(_ next: Link) -> HTML {
    """
    <input type="hidden" name="suite" value="\(next)">
    """
  }

  private var aside: HTML {
    """
    <aside class="nuit" aria-label="Maillage"><img src="/assets/maille.svg" alt="">\
    <div><b>Un seul carnet de bord pour la fédération.</b>\
    <p>Chaque échange noté aujourd’hui évite une recherche demain et nourrit le rapport d’activité.</p></div></aside>
    """
  }
}
