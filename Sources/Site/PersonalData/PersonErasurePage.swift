import Federation
import Markup
import Records
import Store
import WebSupport

/// What anonymising somebody does, before it is done: what vanishes, what stays without the name and why, and the texts to mend.
struct PersonErasurePage: Sendable {
  static let title = "Anonymiser une personne"

  let dossier: PersonDossier
  /// The reader's own account, which nobody takes from themselves.
  let own: Identifier<Account>
  let csrf: String
  let texts: Set<String>
  let accounts: Set<String>
  let reason: String
  let fault: (field: String, sentence: String)?

  private var link: Link { .person(dossier.id) }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Personnes", "/personnes"), LinkedText(dossier.name, link), LinkedText(DossierPage.title, link.appending("donnees"))], current: "Anonymiser").html)
    \(PageHeader("Anonymiser \(dossier.name)", sentence: "Son nom disparaît\u{202F}; ce qui a eu lieu reste, et les chiffres ne changent pas.").html)
    \(Message(.warning, content: "<strong>Cela ne se reprend pas.</strong> Téléchargez d’abord ses données si elle les demande.").html)\
    \(DossierPage.homonyms(dossier))
    <form class="pile" method="post" action="\(link.appending("anonymisation"))" data-garde><input type="hidden" name="csrf" value="\(csrf)">
    <div class="duo"><div class="pile">\(Card("disparait", "Ce qui disparaît", list(gone)).html)\(textCard)</div>\
    <div class="pile">\(Card("reste", "Ce qui reste, sans son nom", list(kept)).html)\(accountCard)</div></div>
    \(Self.confirmation(reason: reason, note: staying, fault: fault, submit: "Anonymiser pour toujours", cancel: link.appending("donnees")))</form>
    """
  }

  private func list(_ lines: [String]) -> HTML { "<ul class=\"liste\">\(each: lines, { "<li>\($0)</li>" })</ul>" }

  private func count(_ matter: PersonDossier.Matter) -> Int { dossier.held.first { $0.matter == matter }?.count ?? 0 }

  private var gone: [String] {
    var lines = [
      "Sur sa fiche\u{A0}: nom, prénom, référence, courriel, téléphone, RPPS. La fiche quitte l’annuaire et ne passe pas par la corbeille.",
      "Dans l’historique et la recherche\u{A0}: les mêmes, et toute valeur passée qui donne son nom.",
    ]
    if count(.messages) > 0 {
      lines.append("Dans la boîte d’envoi\u{A0}: les messages qui lui sont adressés\u{202F}; ceux qui attendent ne partent pas.")
    }
    if count(.firstContacts) > 0 { lines.append("Dans les premiers contacts\u{A0}: son nom, ses coordonnées et ce qu’elle a demandé.") }
    if count(.views) > 0 { lines.append("Dans les vues enregistrées\u{A0}: les mots qui la cherchent.") }
    if count(.fileNames) > 0 { lines.append("Dans les noms de pièces jointes et de fichiers importés.") }
    if count(.waiting) > 0 { lines.append("Les fichiers d’import en attente qui la nomment peut-être.") }
    if dossier.signatures > 0, dossier.homonyms.isEmpty {
      lines.append("Dans le rapport et ses éditions publiées\u{A0}: sa signature et sa place parmi les personnes.")
    }
    if count(.merged) > 0 { lines.append("Les fiches fusionnées avec la sienne sont anonymisées avec elle.") }
    return lines
  }

  private var kept: [String] {
    var lines = ["Profession et commune\u{A0}: des chiffres déjà rendus en dépendent."]
    if count(.exchanges) > 0 {
      lines.append(
        "\(French.plural(count(.exchanges), "échange", "échanges")) avec «\u{202F}Personne anonymisée\u{202F}»\u{A0}: ils ont eu lieu.")
    }
    if count(.functions) + count(.contacts) > 0 { lines.append("Ses fonctions et leurs dates, que plus aucune page ne montre.") }
    if dossier.signatures > 0, !dossier.homonyms.isEmpty {
      lines.append("Sa signature dans le rapport\u{A0}: une autre personne porte ce nom, retirez-la vous-même depuis le rapport.")
    }
    if !dossier.consents.isEmpty { lines.append("La preuve de ses consentements\u{202F}; ceux qui tiennent encore sont retirés.") }
    lines.append("La date de l’anonymisation, votre nom et le motif.")
    return lines
  }

  // MARK: - Texts

  private var textCard: HTML {
    if dossier.texts.isEmpty {
      return Card("textes", "Textes qui la nomment", "<p>Aucun.</p><p class=\"note\">\(DossierPage.unread)</p>").html
    }
    let content: HTML = """
      <p class="note">Dans ceux qui sont cochés, «\u{202F}\(NamedPerson.replacement)\u{202F}» prend la place du nom, et les notifications qui les citent suivent\u{202F}; \
      les autres restent tels quels. \(DossierPage.unread)</p>
      <div class="coches">\(each: dossier.texts, tick)</div>
      """
    return Card("textes", "Textes qui la nomment", content).html
  }

  private func tick(_ text: NamingText) -> HTML {
    """
    <label><input type="checkbox" name="textes" value="\(text.code)"\(attribute: "checked", if: texts.contains(text.code))> \
    <span>\(DossierPage.excerpt(text)) <small>(\(text.label)\(DossierPage.doubt(text)))</small></span></label>
    """
  }

  /// What goes on naming the person, said before the word that confirms.
  private var staying: String? {
    if dossier.texts.isEmpty { return nil }
    let sure = dossier.tickedTexts.count
    let doubtful = dossier.texts.count - sure
    let ticked =
      sure == 0
      ? nil : French.plural(sure, "texte qui donne son nom est coché d’avance", "textes qui donnent son nom sont cochés d’avance")
    let left =
      doubtful == 0
      ? nil
      : French.plural(
        doubtful, "texte parle peut-être de quelqu’un d’autre et n’est pas coché d’avance",
        "textes parlent peut-être de quelqu’un d’autre et ne sont pas cochés d’avance")
    return "\([ticked, left].compactMap(\.self).joined(separator: "\u{202F}; ")). Un texte que vous laissez sans coche garde son nom."
  }

  private var accountCard: HTML {
    let others = dossier.accounts.filter { $0.id != own }
    if dossier.accounts.isEmpty { return .empty }
    if others.isEmpty {
      return Card("compte", "Son compte", "<p>C’est le vôtre\u{A0}: une autre personne de la direction peut le fermer.</p>").html
    }
    let content: HTML = """
      <p class="note">Coché, le compte est fermé et se lit «\u{202F}Compte fermé\u{202F}» suivi d’un numéro, partout où il a agi.</p>
      <div class="coches">\(each: others, accountTick)</div>
      """
    return Card("compte", "Son compte", content).html
  }

  private func accountTick(_ account: PersonAccount) -> HTML {
    let value = account.id.description
    return """
      <label><input type="checkbox" name="comptes" value="\(value)"\(attribute: "checked", if: accounts.contains(value))> \
      \(account.name), \(account.email)\(account.isCertain ? "" : " (peut-être quelqu’un d’autre)")</label>
      """
  }

  // MARK: - Meaning it

  /// - Parameters:
  ///   - reason: the one that is chosen at first; `nil` where there is only one.
  ///   - note: what is to be known before.
  static func confirmation(
    reason: String?, note: String? = nil, fault: (field: String, sentence: String)?, submit: String, cancel: Link
  ) -> HTML {
    let reasons = Erasure.Reason.allCases.map { FormField.Choice($0.rawValue, $0.label) }
    var why = FormField("motif", "Pourquoi", .segments(reasons), value: reason ?? "", isRequired: true)
    var word = FormField(
      "mot", "Pour confirmer, écrivez «\u{202F}\(PersonalDataDesk.word)\u{202F}»", .line(limit: 40), isRequired: true)
    if fault?.field == "motif" { why.error = fault?.sentence }
    if fault?.field == "mot" { word.error = fault?.sentence }
    let before: HTML = note.map { "<p>\($0)</p>" as HTML } ?? .empty
    return """
      <section class="carte pile" aria-label="Confirmation">\(before)<div class="champs">\(reason == nil ? .empty : why.html)\(word.html)</div>
      <footer class="rangee"><button class="bouton danger">\(submit)</button><a href="\(cancel)">Annuler</a></footer></section>
      """
  }
}
