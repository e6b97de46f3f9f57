import Federation
import Markup
import WebSupport

/// `/connexion/lien`: asks for a link by e-mail, instead of a password or because it is forgotten.
struct LinkRequestPage: Sendable {
  var csrf: String
  var email = ""
  /// What was wrong in the address.
  var fault: String?
  var messages: [Message] = []
  /// The answer, the same whether or not an account has that address.
  var isSent = false
  var theme: Theme?

  func html() -> HTML {
    if isSent {
      return DoorPage(
        title: "Regardez vos courriels",
        note: "Si un compte existe pour cette adresse, un lien de connexion vient d’y partir. Il sert une fois, pendant 15\u{00A0}minutes.",
        messages: messages, theme: theme
      ).html(back)
    }
    return DoorPage(
      title: "Recevoir un lien de connexion",
      note: "Il remplace le mot de passe. S’il est oublié, vous pourrez ensuite en choisir un autre dans «\u{202F}Mon compte\u{202F}».",
      messages: messages, theme: theme
    ).html(form)
  }

  private var form: HTML {
    """
    <form class="pile" method="post" action="/connexion/lien">\(hidden("csrf", csrf))
    \(CredentialField("courriel", "Adresse de courriel", .email, value: email, error: fault, hasFocus: true).html)
    <button class="bouton grand principal">Recevoir un lien</button>
    </form>
    \(back)
    """
  }

  private var back: HTML {
    """
    <p class="note"><a href="/connexion">Revenir à la connexion</a></p>
    """
  }
}

/// `/lien/…`: what a link opens, behind a button: mail scanners follow links, and press none.
struct LinkPage: Sendable {
  var secret: String
  var csrf: String
  var purpose: AccountLink.Purpose
  var name: String
  var email: String
  var fault: (field: String, sentence: String)?
  var messages: [Message] = []
  var theme: Theme?

  func html() -> HTML {
    switch purpose {
    case .invitation:
      DoorPage(
        title: "Bienvenue, \(name)", note: "Choisissez le mot de passe de votre compte \(email).", messages: messages, theme: theme
      ).html(form(passwords, "Entrer dans Maillage"))
    case .signIn:
      DoorPage(title: "Se connecter", note: "Avec le compte de \(name), \(email).", messages: messages, theme: theme)
        .html(form(.empty, "Entrer dans Maillage"))
    }
  }

  private func form(_ fields: HTML, _ label: String) -> HTML {
    let action: Link = "/lien/\(secret)"
    return """
      <form class="pile" method="post" action="\(action)">\(hidden("csrf", csrf))
      \(fields)<button class="bouton grand principal">\(label)</button>
      </form>
      """
  }

  private var passwords: HTML {
    """
    \(field("nouveau", "Mot de passe", help: "Au moins 12 caractères\u{00A0}: une phrase se retient bien."))
    \(field("encore", "Mot de passe, encore une fois"))

    """
  }

  private func field(_ name: String, _ label: String, help: HTML = .empty) -> HTML {
    let error = fault?.field == name ? fault?.sentence : nil
    return CredentialField(
      name, label, .newPassword, help: help, error: error, hasFocus: error != nil || (fault == nil && name == "nouveau")
    )
    .html
  }
}

/// A link that opens nothing, or nothing any more, and the way on.
struct DeadLinkPage: Sendable {
  var state: AccountLink.State
  var offersLink: Bool
  var theme: Theme?

  var status: Int {
    switch state {
    case .unknown, .open: 404
    case .used, .expired: 410
    case .closedAccount: 403
    }
  }

  func html() -> HTML {
    DoorPage(title: title, note: sentence, theme: theme).html(actions)
  }

  private var title: String {
    switch state {
    case .unknown, .open: "Ce lien n’est pas le bon"
    case .used: "Ce lien a déjà servi"
    case .expired: "Ce lien est trop ancien"
    case .closedAccount: "Ce compte est fermé"
    }
  }

  private var sentence: String {
    switch state {
    case .unknown, .open: "Il est peut-être coupé\u{00A0}: copiez-le en entier depuis le courriel, ou demandez-en un autre."
    case .used: "Un lien sert une seule fois, et le plus récent remplace les autres. Connectez-vous, ou demandez-en un autre."
    case .expired: "Demandez-en un autre\u{00A0}: il arrive en quelques minutes. Pour une invitation, demandez-la à la fédération."
    case .closedAccount: "Si vous en avez besoin, demandez à la direction de le rouvrir."
    }
  }

  private var actions: HTML {
    if case .closedAccount = state { return .empty }
    return """
      <div class="pile"><a class="bouton grand principal" href="/connexion">Se connecter</a>\(offersLink ? another : .empty)</div>
      """
  }

  private var another: HTML {
    """
    <a class="bouton grand" href="/connexion/lien">\(Icon.letter.html) Recevoir un lien par courriel</a>
    """
  }
}
