import Federation
import Foundation
import Markup
import Records
import Store
import WebSupport

/// A letter that was said to be sent: held, on its way or gone, and what became of each message.
struct LetterPage {
  let letter: LetterSheet
  let recipients: [LetterRecipient]
  let now: Date
  let frame: Frame

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText(LettersSection.title, LettersSection.path)], current: subject).html)
    \(PageHeader(subject, detail: "<div class=\"rangee\">\(Self.badge(letter.state))<small>\(act)</small></div>").html)
    \(standing)
    <div class="duo"><div class="pile">\(LetterView.card(letter, first?.values, named: first.map { "Ce que reçoit \($0.name)" } ?? "Le courriel"))\
    \(Card("destinataires", "Destinataires", table(recipients.filter { $0.exclusion == nil })).html)</div>
    <div class="pile">\(Card("etats", "Où en est l’envoi", Facts(states).html).html)\(others.isEmpty ? .empty : Card("exclus", "Qui ne le reçoit pas", exclusions).html)</div></div>
    """
  }

  /// Whose letter is shown: each gets their own.
  private var first: LetterRecipient? { recipients.first { $0.exclusion == nil } }
  var subject: String { first?.values.filled(letter.subject) ?? letter.subject }

  private var others: [LetterRecipient] { recipients.filter { $0.exclusion != nil } }

  static func badge(_ state: Letter.State) -> HTML {
    switch state {
    case .draft: Badge.state("Brouillon", .start)
    case .held: Badge.state("Va partir", .underWay)
    case .sent: Badge.state("Envoyé", .complete)
    case .recalled: Badge.state("Rappelé", .ended)
    case .uncertain: Badge.state("Incertain", .attention)
    }
  }

  private var act: String { "Par \(letter.author), le \(frame.moment(letter.savedAt))" }

  /// The countdown is said in words when the page is made; a script keeps it going.
  private var standing: HTML {
    switch letter.state {
    case .held:
      let left = max(0, Int((letter.heldUntil?.date ?? now).timeIntervalSince(now).rounded(.up)))
      let words: HTML =
        left == 0
        ? "<strong>Le courriel part à l’instant.</strong>"
        : "<strong>Le courriel part dans <span role=\"timer\" data-decompte=\"\(left)\">\(Self.duration(left))</span>.</strong> Jusque-là, il ne quitte pas la fédération."
      return Message(.warning, content: "\(words)\(mayRecall ? recall : .empty)").html
    case .recalled:
      return Message(
        .success, content: "L’envoi est rappelé\u{A0}: personne n’a reçu ce courriel.\(mayRecall && mayWrite ? again : .empty)"
      ).html
    case .sent:
      let noted = letter.exchange.map { LinkedText("Voir l’échange noté", .exchange($0)).html }
      let rule = letter.origin == .list ? LetterView.rule(letter, willNote: false) : nil
      return Message(.information, content: "\(noted)\(rule ?? "")\(noted == nil && rule == nil ? "Envoyé depuis une fiche." : "")").html
    case .uncertain:
      return Message(
        .warning,
        "La base a été restaurée alors que ce courriel attendait\u{A0}: il est peut-être parti depuis, et ne partira pas de lui-même."
      ).html
    case .draft: return .empty
    }
  }

  private var mayRecall: Bool { letter.account == frame.session.account.id || frame.session.account.role == .direction }

  private var mayWrite: Bool { frame.session.account.role.scope(.write, .letters) == .all }

  private var again: HTML {
    PostButton("Modifier et renvoyer", action: Link.letter(letter.id).appending("reprise"), csrf: frame.session.csrf).html
  }

  private var recall: HTML {
    PostButton("Rappeler l’envoi", action: Link.letter(letter.id).appending("rappel"), csrf: frame.session.csrf, isDangerous: true).html
  }

  /// « 1 min 52 s ».
  static func duration(_ seconds: Int) -> String {
    let rest = "\(seconds % 60)\u{A0}s"
    return seconds < 60 ? rest : "\(seconds / 60)\u{A0}min \(rest)"
  }

  private var states: [Facts.Fact] {
    LetterRecipient.State.allCases.compactMap { state in
      let count = recipients.count { $0.state == state }
      return count == 0 ? nil : .init(state.label, French.number(count))
    }
  }

  private func table(_ recipients: [LetterRecipient]) -> HTML {
    let rows: [HTML] = recipients.map { one in
      """
      <tr><th scope="row">\(LinkedText(one.name, LetterView.link(one.person, one.structure, one.organisation)).html)\
      <small class="repli">\(one.address ?? "Adresse effacée")</small></th><td class="p2">\(one.address ?? "Adresse effacée")</td>\
      <td>\(Badge.state(one.state.label, Self.tone(one.state)))\(one.reason.map { "<small>\($0)</small>" })</td></tr>

      """
    }
    return DataTable("Destinataires", columns: [.init("Nom"), .init("Adresse", class: "p2"), .init("État")], rows: rows).html
  }

  private static func tone(_ state: LetterRecipient.State) -> Badge.Tone {
    switch state {
    case .waiting: .underWay
    case .sent: .complete
    case .uncertain, .refused: .attention
    case .recalled, .excluded: .ended
    }
  }

  private var exclusions: HTML {
    let rows: [HTML] = others.map { one in
      """
      <li><div class="corps">\(LinkedText(one.name, LetterView.link(one.person, one.structure, one.organisation)).html)\
      <small>\(one.exclusion?.label ?? "")</small></div></li>

      """
    }
    return "<ul class=\"liste\">\(rows)</ul>"
  }
}

/// `/courriels`: the letters, the latest first.
struct LetterListPage {
  struct Row {
    let title: String
    let link: Link
    let state: HTML
    let author: String
    let at: String
    let recipients: String

    init(_ letter: LetterSummary, _ frame: Frame) {
      title = letter.subject.isEmpty ? "Sans objet" : letter.subject
      link = .letter(letter.id)
      state = LetterPage.badge(letter.state)
      author = letter.author
      at = frame.moment(letter.savedAt)
      recipients =
        letter.state == .draft ? French.plural(letter.records, "fiche choisie", "fiches choisies") : French.number(letter.recipients)
    }
  }

  let letters: [Row]
  let pagination: Pagination

  func html() -> HTML {
    """
    \(PageHeader(LettersSection.title, sentence: "Ce que la fédération écrit aux personnes de l’annuaire. On écrit depuis une liste (cochez, puis «\u{202F}Écrire\u{202F}») ou depuis une fiche.", actions: [PageAction("Modèles", .document, LettersSection.templates)]).html)
    \(letters.isEmpty ? EmptyState("Aucun courriel pour l’instant", "Cochez des équipes, des personnes ou des organisations dans leur liste, puis «\u{202F}Écrire\u{202F}».").html : table)
    """
  }

  private var table: HTML {
    let table = DataTable(
      LettersSection.title,
      columns: [
        .init("Objet"), .init("Par", class: "p2"), .init("Le", class: "p2"), .init("Destinataires", class: "n p3"), .init("État"),
      ], rows: letters.map(row))
    return "\(table.html)\n\(pagination.html)"
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><th scope="row"><a href="\(row.link)">\(row.title)</a><small class="repli">\(row.author), \(row.at)</small></th>\
    <td class="p2">\(row.author)</td><td class="p2">\(row.at)</td><td class="n p3">\(row.recipients)</td><td>\(row.state)</td></tr>

    """
  }
}

/// `/modeles-courriels`: the texts that are used again.
struct LetterTemplatesPage {
  static let title = "Modèles de courriel"

  let templates: [LetterTemplate]

  func html() -> HTML {
    let adding = PageAction("Ajouter un modèle", .add, LettersSection.templates.appending("nouveau"), isPrincipal: true)
    return """
      \(Breadcrumb([LinkedText(LettersSection.title, LettersSection.path)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "Des textes à reprendre. Un modèle dont on ne veut plus se met à la corbeille depuis son formulaire.", actions: [adding]).html)
      \(templates.isEmpty ? EmptyState("Aucun modèle", "Ajoutez le texte d’un courriel que vous écrivez souvent.").html : .empty)\
      <div class="pile">\(each: templates, card)</div>
      """
  }

  private func card(_ template: LetterTemplate) -> HTML {
    let link = LettersSection.templates.appending(template.id.description)
    let ways: HTML = """
      <span class="rangee"><a href="\(link.appending("modifier"))">Modifier<span class="sr"> \(template.name)</span></a> \
      <a href="\(link.appending("historique"))">Historique<span class="sr"> de \(template.name)</span></a></span>
      """
    return Card(
      "m\(template.id)", template.name, aside: ways, "<p><strong>\(template.subject)</strong></p><p class=\"texte\">\(template.body)</p>"
    ).html
  }
}
