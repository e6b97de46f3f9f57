import Markup
import WebSupport

/// The part of `/compte` about passkeys.
struct PasskeyCard: Sendable {
  struct Passkey: Sendable {
    /// In addresses.
    var id: String
    var name: String
    /// « 21 nov. 2026 à 11 h 05 ».
    var made: String
    var used: String?
  }

  /// The name under which browsers keep passkeys for the site.
  var site: String
  var passkeys: [Passkey]
  var asksPassword = true
  var csrf: String
  /// The name of a new one, when its form comes back.
  var typed = ""
  /// What was refused in one of the forms.
  var fault: (field: String, sentence: String)?

  var html: HTML {
    Card(
      "cles-acces", "Clés d’accès",
      """
      <div class="pile"><p>Entrez avec le doigt, le visage ou le code de votre appareil, sans mot de passe ni code à recopier.</p>
      \(passkeys.isEmpty ? .empty : list)\(form)</div>
      <script src="/assets/cles.js" type="module"></script>
      """
    ).html
  }

  private var list: HTML {
    """
    <ul class="liste">\(each: passkeys, row)</ul>

    """
  }

  private func row(_ passkey: Passkey) -> HTML {
    let path: Link = "/compte/cles-acces/\(passkey.id)"
    let use: String = passkey.used.map { "utilisée le \($0)" } ?? "jamais utilisée"
    let isAtFault = fault?.field.hasSuffix("-\(passkey.id)") == true
    return """
      <li><div class="corps"><span class="titre">\(passkey.name)</span>\
      <small>Créée le \(passkey.made), \(use)</small></div>
      <details class="corps"\(attribute: "open", if: isAtFault)><summary>Renommer ou retirer<span class="sr"> \(passkey.name)</span></summary>
      <div class="pile"><form class="pile" method="post" action="\(path.appending("nom"))">\(hidden("csrf", csrf))
      \(field("nom-\(passkey.id)", "Nom", value: passkey.name))
      <div class="rangee"><button class="bouton">Renommer</button></div></form>
      <form class="pile" method="post" action="\(path.appending("retrait"))">\(hidden("csrf", csrf))
      \(asksPassword ? field("actuel-\(passkey.id)", "Mot de passe actuel", .password) : .empty)
      <div class="rangee"><button class="bouton danger">Retirer</button></div></form></div></details></li>
      """
  }

  /// Shown by the script, where the browser has passkeys; without it a sentence stands there.
  private var form: HTML {
    """
    <p class="note" data-sans-cle>Pour en ajouter une, il faut un navigateur récent, avec JavaScript, à l’adresse habituelle du site.</p>
    <form class="pile" method="post" action="/compte/cles-acces" data-cle="ajouter" data-site="\(site)" hidden>\(hidden("csrf", csrf))\
    \(hidden("donnees", ""))\(hidden("preuve", ""))
    \(field("nom_acces", "Nom de la nouvelle clé", value: typed, help: "Pour la reconnaître\u{A0}: «\u{202F}Téléphone\u{202F}», «\u{202F}Ordinateur du bureau\u{202F}»."))
    \(asksPassword ? field("actuel_acces", "Mot de passe actuel", .password) : .empty)
    <p class="erreur" role="alert" hidden></p>
    <div class="rangee"><button class="bouton">Ajouter une clé d’accès</button></div></form>
    """
  }

  private func field(
    _ name: String, _ label: String, _ kind: CredentialField.Kind = .text, value: String = "", help: HTML = .empty
  ) -> HTML {
    let error = fault?.field == name ? fault?.sentence : nil
    return CredentialField(name, label, kind, value: value, help: help, error: error, hasFocus: error != nil).html
  }
}
