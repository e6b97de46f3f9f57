import Markup
import WebSupport

/// A part of `/compte` about a secret that stands for the person elsewhere: made, shown once, changed, taken back.
struct PersonalKeyCard: Sendable {
  struct Words: Sendable {
    /// The card's anchor, and where its forms go: `/compte/cle`, `/compte/cle/fin`.
    let anchor: String
    let path: Link
    let title: String
    /// What it is for, and who reads with it.
    let purpose: String
    /// The field that shows the secret.
    let field: (id: String, label: String, hint: String)
    /// « Clé créée »
    let made: String
    /// What becomes of the one before.
    let earlier: String
    let make: String
    let change: String
    let withdraw: String
  }

  let words: Words
  /// It outlives the session, and only the account's owner may make it.
  var asksPassword = false
  /// When it was made, and under which role, when there is one.
  var standing: (madeAt: String, role: String)?
  /// Just made: shown this once.
  var secret: String?
  /// Whether the role that one works under has what it reads.
  var mayMake = true
  /// What was refused in its form.
  var fault: (field: String, sentence: String)?
  var csrf: String

  var html: HTML {
    Card(
      words.anchor, words.title,
      """
      <div class="pile"><p>\(words.purpose)</p>
      \(secret.map(shown))\(standing.map(known))\(asksPassword && mayMake ? passwordForm : .empty)
      <div class="rangee">\(asksPassword || !mayMake ? .empty : button(words.path, make, "bouton"))\
      \(standing == nil ? .empty : button(words.path.appending("fin"), words.withdraw, "bouton danger"))</div></div>
      """
    ).html
  }

  private var make: String { standing == nil ? words.make : words.change }

  private var passwordForm: HTML {
    let name = "actuel_\(words.anchor)"
    let error = fault?.field == name ? fault?.sentence : nil
    return """
      <form class="pile" method="post" action="\(words.path)">\(hidden("csrf", csrf))
      \(CredentialField(name, "Mot de passe actuel", .password, error: error, hasFocus: error != nil).html)
      <div class="rangee"><button class="bouton">\(make)</button></div></form>
      """
  }

  private func shown(_ secret: String) -> HTML {
    """
    <div class="champ"><label for="\(words.field.id)">\(words.field.label)</label>\
    <input id="\(words.field.id)" readonly value="\(secret)"><small>\(words.field.hint)</small></div>

    """
  }

  private func known(_ standing: (madeAt: String, role: String)) -> HTML {
    """
    <p class="note">\(words.made) le \(standing.madeAt), sous le rôle \(standing.role). \(words.earlier)</p>
    """
  }

  private func button(_ action: Link, _ label: String, _ style: String) -> HTML {
    """
    <form method="post" action="\(action)">\(hidden("csrf", csrf))<button class="\(style)">\(label)</button></form>
    """
  }
}
