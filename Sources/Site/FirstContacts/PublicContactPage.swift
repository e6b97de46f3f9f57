import Federation
import Markup
import Records
import Store
import WebSupport

/// `/parler-de-mon-projet`: whoever has a project, or only a question, says so without an account.
struct PublicContactPage {
  static let path: Link = "/parler-de-mon-projet"
  static let title = "Parler de mon projet"
  /// A field that nobody sees: whatever fills it in is no person.
  static let trap = "site"
  /// The commune, of several of one name.
  static let chosenCommune = "commune_choisie"
  static let fields = ["nom", "prenom", "profession", "courriel", "telephone", "commune", "projet", "demande"]

  let opened: FirstContactDoor.Opened
  let csrf: String
  var sent = FormItems.none
  /// A sentence for each field that was refused.
  var faults: [String: String] = [:]
  /// Communes of the name that was typed, as forms offer them.
  var communes: [FormField.Choice] = []
  var messages: [Message] = []
  let theme: Theme?

  func html() -> HTML {
    PublicPage(title: Self.title, federation: opened.federation, theme: theme).html(
      """
      <section><h1>\(Self.title)</h1>
      <p>Vous voulez travailler en équipe, ou vous vous posez simplement la question\u{202F}? Dites-nous où vous exercez et ce que vous \
      cherchez\u{A0}: quelqu’un de la fédération vous répond.</p>
      \(each: messages, \.html)\(refusals)\(form)</section>
      """)
  }

  private var form: HTML {
    """
    <form class="carte ordre pile" method="post" action="\(Self.path)">\
    \(hidden("csrf", csrf))\(hidden("fiche", opened.id.description))\(hidden("sceau", opened.stamp))
    <div class="champs">
    \(each: formFields, \.html)</div>
    <div class="sr" aria-hidden="true"><label>Ne rien écrire ici <input name="\(Self.trap)" tabindex="-1" autocomplete="off"></label></div>
    <div class="champ"><div class="coches"><label><input type="checkbox" id="c-accord" name="accord" value="oui"\
    \(attribute: "checked", if: sent["accord"] == "oui")\(attribute: "aria-invalid", faults["accord"].map { _ in "true" })\
    \(attribute: "aria-describedby", faults["accord"].map { _ in "e-accord" })> <span>\(French.typeset(opened.consent))</span></label></div>\
    \(faults["accord"].map { "<span class=\"erreur\" id=\"e-accord\">\($0)</span>" })</div>
    <footer class="rangee"><button class="bouton grand principal">Envoyer ma demande</button></footer></form>
    """
  }

  private var formFields: [FormField] {
    func line(_ name: String, _ label: String, type: String = "text", isRequired: Bool = false, help: String? = nil) -> FormField {
      FormField(
        name, label, .line(type: type, limit: 254), value: sent[name], isRequired: isRequired, help: help, error: faults[name])
    }
    var fields = [
      line("nom", "Nom", isRequired: true), line("prenom", "Prénom"),
      FormField(
        "profession", "Profession", .choice(opened.professions.map { .init($0.code, $0.label) }), value: sent["profession"],
        error: faults["profession"]),
      FormField(
        "commune", "Commune où vous exercez", .completed(.init(source: Self.path.appending("communes"))),
        value: sent["commune"], isRequired: true, help: "Son nom, ou son code INSEE.", error: faults["commune"]),
    ]
    if communes.count > 1, faults["commune"] != nil {
      fields.append(FormField(Self.chosenCommune, "Laquelle\u{202F}?", .choice(communes, none: "Aucune de celles-ci"), isRequired: true))
    }
    fields += [
      line("courriel", "Courriel", type: "email", help: "Un courriel ou un téléphone suffit."), line("telephone", "Téléphone", type: "tel"),
      FormField(
        "projet", "Où en êtes-vous\u{202F}?", .segments([.init("oui", "J’ai déjà un projet"), .init("non", "Pas encore de projet")]),
        value: sent["projet"], isWide: true, error: faults["projet"]),
      FormField(
        "demande", "Ce que vous cherchez", .paragraph(limit: 5_000), value: sent["demande"], isRequired: true, isWide: true,
        help: "Quelques phrases suffisent. N’écrivez rien sur vos patients.", error: faults["demande"]),
    ]
    if let first = fields.firstIndex(where: { $0.error != nil }) { fields[first].hasFocus = true }
    return fields
  }

  private var refusals: HTML {
    let refused =
      formFields.filter { $0.error != nil }.map { (name: $0.name, label: $0.label) }
      + (faults["accord"] == nil ? [] : [(name: "accord", label: "Votre accord")])
    guard !refused.isEmpty else { return .empty }
    let links = refused.map { LinkedText($0.label, Link("#c-\($0.name)")).html }
    return Message(
      .error, content: "<strong>Rien n’est envoyé\u{A0}: vérifiez ce qui suit.</strong> \(each: links, separator: ", ", { $0 })"
    ).html
  }
}

/// What follows: the same whoever wrote.
struct PublicThanksPage {
  let federation: String
  let theme: Theme?

  func html() -> HTML {
    PublicPage(title: "Merci", federation: federation, theme: theme).html(
      """
      <section><h1>Merci, votre demande est arrivée</h1>
      <p>Quelqu’un de la fédération vous répondra. Vous pouvez fermer cette page.</p></section>
      """)
  }
}

/// A page for everybody, without navigation.
struct PublicPage {
  let title: String
  let federation: String
  let theme: Theme?

  func html(_ content: HTML) -> HTML {
    var skeleton = Skeleton(title: title, theme: theme)
    skeleton.bodyClass = "public"
    return skeleton.html(
      """
      <header>\(Brand.link(PublicContactPage.path, onDark: false, organisation: federation))\
      <nav class="rangee" aria-label="Navigation principale"><a class="bouton" href="/connexion">Se connecter</a></nav></header>
      <main id="contenu">
      \(content)
      </main>
      """)
  }
}
