import Markup
import WebSupport

/// `/connexion/code`: the second question at the door.
struct CodePage: Sendable {
  var csrf: String
  /// The path to go to.
  var next: Link?
  /// A code that was kept for the day the telephone is lost: it has letters too.
  var isRecovery = false
  var fault: String?
  var messages: [Message] = []
  var theme: Theme?

  func html() -> HTML {
    DoorPage(title: isRecovery ? "Code de secours" : "Code du téléphone", note: note, messages: messages, theme: theme).html(form)
  }

  private var note: String {
    isRecovery
      ? "Un des dix codes donnés à l’activation. Chacun sert une fois."
      : "Les six chiffres que montre l’application de votre téléphone. Ils changent toutes les trente secondes."
  }

  private var form: HTML {
    """
    <form class="pile" method="post" action="/connexion/code">
    \(hidden("csrf", csrf))\(next.map { hidden("suite", $0.address) })\(isRecovery ? hidden("secours", "oui") : .empty)
    \(CredentialField("code", isRecovery ? "Code de secours" : "Code à six chiffres", isRecovery ? .text : .code, error: fault, hasFocus: true).html)
    <button class="bouton grand principal">Entrer</button>
    </form>
    <p class="note"><a href="\(other)">\(isRecovery ? "Saisir le code du téléphone" : "Utiliser un code de secours")</a></p>
    <p class="note"><a href="/connexion">Revenir à la connexion</a></p>
    """
  }

  private var other: Link {
    CodeSection.path(then: next ?? "/", isRecovery: !isRecovery)
  }
}
