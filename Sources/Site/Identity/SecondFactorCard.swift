import Drawing
import Markup
import WebSupport

/// The part of `/compte` about the code of a telephone.
struct SecondFactorCard: Sendable {
  enum State: Sendable {
    case off
    /// - Parameters:
    ///   - groups: the secret, to be typed.
    ///   - link: opens the application of the same device.
    case enrolling(groups: String, link: Link)
    case on(since: String, recoveryCodesLeft: Int, knowsTelephone: Bool)
  }

  var state: State
  /// Just made: shown this once.
  var recoveryCodes: [String] = []
  var mayForgetPassword = false
  var csrf: String
  /// What was refused in one of the forms.
  var fault: (field: String, sentence: String)?

  var html: HTML {
    Card("code", "Double authentification", aside: badge, content).html
  }

  private var badge: HTML {
    if case .on = state { return Badge.state("Active", .good) }
    return Badge.state("Inactive", .none)
  }

  private var content: HTML {
    switch state {
    case .off: off
    case .enrolling(let groups, let link): enrolling(groups, link)
    case .on(let since, let left, let knowsTelephone): on(since, left, knowsTelephone)
    }
  }

  private var off: HTML {
    """
    <div class="pile"><p>Après le mot de passe, la connexion demande aussi un code que donne une application de votre téléphone\
    \u{A0}: qui trouve votre mot de passe n’entre pas.</p>
    <form method="post" action="/compte/code">\(token)<button class="bouton">Activer</button></form></div>
    """
  }

  private func enrolling(_ groups: String, _ link: Link) -> HTML {
    // What does not fit is typed.
    let square = QRCode(link.address)?.html("Carré à photographier dans l’application de codes")
    return """
      <div class="pile"><p>Dans une application de codes (Aegis, FreeOTP, Google Authenticator…), ajoutez un compte\
      \(square == nil ? " et saisissez cette clé" : ", montrez-lui ce carré, ou saisissez la clé")\u{A0}:</p>
      \(square)<p><code>\(groups)</code></p>
      <p>Sur le téléphone lui-même\u{A0}: <a href="\(link)">ouvrir l’application</a>.</p>
      <form class="pile" method="post" action="/compte/code/confirmation">\(token)
      \(field("code", "Code à six chiffres", .code, help: "Celui que l’application montre maintenant."))
      \(mayForgetPassword ? .empty : field("actuel", "Mot de passe actuel", .password))
      <div class="rangee"><button class="bouton principal">Confirmer</button><small>Vos autres sessions seront fermées.</small></div>
      </form>
      <form method="post" action="/compte/code/abandon">\(token)<button class="bouton discret">Annuler</button></form></div>
      """
  }

  private func on(_ since: String, _ left: Int, _ knowsTelephone: Bool) -> HTML {
    """
    <div class="pile">\(recoveryCodes.isEmpty ? .empty : fresh)<p>Active depuis le \(since). \
    \(French.plural(left, "code de secours reste", "codes de secours restent")), pour le jour où le téléphone manque.</p>
    \(knowsTelephone ? renewal : lost)
    <form class="pile" method="post" action="/compte/code/fin">\(token)
    \(mayForgetPassword ? .empty : field("actuel", "Mot de passe actuel", .password))
    <div class="rangee"><button class="bouton danger">Désactiver</button><small>Vos autres sessions seront fermées.</small></div>
    </form></div>
    """
  }

  private var fresh: HTML {
    Message(
      .success,
      content: """
        <p>Gardez ces dix codes de secours hors du téléphone\u{A0}: ils ne seront plus montrés, et chacun sert une fois.</p>
        <ul class="legende">\(each: recoveryCodes, code)</ul>
        """
    ).html
  }

  private func code(_ code: String) -> HTML {
    """
    <li><code>\(code)</code></li>
    """
  }

  private var renewal: HTML {
    """
    <form class="pile" method="post" action="/compte/code/secours">\(token)
    \(field("code", "Code à six chiffres", .code))
    <div class="rangee"><button class="bouton">Faire dix autres codes de secours</button></div>
    </form>
    """
  }

  private var lost: HTML {
    Message(
      .warning, "Ce site a été restauré depuis une copie, qui ne contient pas la clé du téléphone. Désactivez, puis activez à nouveau."
    ).html
  }

  private func field(_ name: String, _ label: String, _ kind: CredentialField.Kind, help: HTML = .empty) -> HTML {
    let error = fault?.field == name ? fault?.sentence : nil
    return CredentialField(name, label, kind, help: help, error: error, hasFocus: error != nil).html
  }

  private var token: HTML { hidden("csrf", csrf) }
}
