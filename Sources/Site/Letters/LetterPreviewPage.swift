import Federation
import Markup
import Records
import Store
import WebSupport

/// A draft before it is sent: exactly who gets it, who does not and why, and what the first one reads.
struct LetterPreviewPage {
  static let title = "Aperçu du courriel"

  let letter: LetterSheet
  let audience: LetterAudience
  let frame: Frame

  func html() -> HTML {
    let recipients = audience.recipients
    return """
      \(Breadcrumb([LinkedText(LettersSection.title, LettersSection.path)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "Rien n’est parti. Après l’envoi, vous aurez deux minutes pour le rappeler.").html)
      \(Message(recipients.isEmpty ? .warning : .information, content: "<strong>\(counts)</strong> \(rule)").html)\(missing)
      <div class="rangee">\(letter.faults.isEmpty && !recipients.isEmpty ? sending : .empty)\
      <a class="bouton" href="\(Link.letter(letter.id).appending("modifier"))">\(Icon.edit.html) Modifier</a>\
      \(PostButton("Abandonner ce brouillon", action: Link.letter(letter.id).appending("abandon"), csrf: frame.session.csrf).html)</div>
      \(LetterView.card(letter, recipients.first?.values, named: recipients.first.map { "Ce que reçoit \($0.name)" } ?? "Le courriel"))
      \(recipients.isEmpty ? .empty : Card("destinataires", "Qui le reçoit (\(French.number(recipients.count)))", LetterView.table(recipients, frame)).html)
      \(audience.others.isEmpty ? .empty : Card("exclus", "Qui ne le reçoit pas, et pourquoi (\(French.number(audience.others.count)))", others).html)
      """
  }

  private var counts: String {
    let (yes, no) = (audience.recipients.count, audience.others.count)
    let first = yes == 0 ? "Personne ne recevrait ce courriel" : French.plural(yes, "destinataire", "destinataires")
    return first + (no == 0 ? "." : ", \(French.plural(no, "autre ne le reçoit pas", "autres ne le reçoivent pas")).")
  }

  private var rule: String { LetterView.rule(letter, willNote: frame.session.account.role.scope(.write, .exchanges) == .all) }

  /// What is left out of some letters, because it is not known.
  private var missing: HTML {
    let text = letter.subject + "\n" + letter.body
    let lines = MergeField.used(in: text).compactMap { field -> String? in
      let count = audience.recipients.count { $0.values.missing(in: text).contains(field) }
      return count == 0 ? nil : "\(field.written) n’est pas connu de \(French.plural(count, "destinataire", "destinataires"))"
    }
    if lines.isEmpty { return .empty }
    return Message(.warning, "\(lines.joined(separator: ", "))\u{A0}: le mot est laissé de côté dans leur courriel.").html
  }

  private var sending: HTML {
    """
    <form method="post" action="\(Link.letter(letter.id).appending("envoi"))" data-garde>\(hidden("csrf", frame.session.csrf))\
    \(hidden("vu", audience.digest(letter)))<button class="bouton principal">\(Icon.letter.html) \
    Envoyer à \(French.plural(audience.recipients.count, "destinataire", "destinataires"))</button></form>
    """
  }

  private var others: HTML {
    let rows: [HTML] = audience.others.map { one in
      """
      <li><div class="corps">\(LinkedText(one.name, LetterView.link(one.person, one.structure, one.organisation)).html)\
      <small>\(one.exclusion?.label ?? "")\(one.address.map { ", \($0)" } ?? "")</small></div></li>

      """
    }
    return "<ul class=\"liste\">\(rows)</ul>"
  }
}

/// What the pages of a letter have in common.
enum LetterView {
  static func link(
    _ person: Identifier<Person>?, _ structure: Identifier<Structure>?, _ organisation: Identifier<Organisation>?
  ) -> Link? {
    person.map(Link.person) ?? structure.map(Link.structure) ?? organisation.map(Link.organisation)
  }

  /// What is counted of it, and who may refuse it.
  static func rule(_ letter: LetterSheet, willNote: Bool) -> String {
    switch letter.origin {
    case .list:
      "Écrit à une liste, il n’est pas un échange et n’entre dans aucun chiffre\u{202F}; il se lit dans le fil de chaque équipe, et porte un lien de désinscription."
    case .record where willNote: "Écrit depuis une fiche, il est noté comme un échange par courriel quand il part."
    case .record: "Écrit depuis une fiche\u{202F}; votre rôle n’écrit pas d’échanges, il n’en est pas noté."
    }
  }

  /// The letter as somebody reads it; as it is written without anybody.
  static func card(_ letter: LetterSheet, _ values: MergeValues?, named title: String) -> HTML {
    let (subject, body) = (values?.filled(letter.subject) ?? letter.subject, values?.filled(letter.body) ?? letter.body)
    let files = letter.files.map { "\($0.name) (\(French.fileSize($0.size)))" }
    let facts =
      [Facts.Fact("Objet", subject.isEmpty ? nil : subject), .init("Réponses à", letter.author)]
      + (files.isEmpty ? [] : [.init("Pièces jointes", files.joined(separator: ", "))])
    return Card("courriel", title, "<div class=\"pile\">\(Facts(facts).html)<p class=\"recit texte\">\(body)</p></div>").html
  }

  static func table(_ recipients: [Addressee], _ frame: Frame) -> HTML {
    let rows: [HTML] = recipients.map { one in
      """
      <tr><th scope="row">\(LinkedText(one.name, link(one.person, one.structure, one.organisation)).html)</th>\
      <td>\(one.address ?? "")</td><td class="p2">\(teams(one.values))</td></tr>

      """
    }
    return DataTable("Qui le reçoit", columns: [.init("Nom"), .init("Adresse"), .init("Équipe", class: "p2")], rows: rows).html
  }

  static func teams(_ values: MergeValues) -> String { values.teams.isEmpty ? "Aucune" : values.teams.joined(separator: ", ") }
}
