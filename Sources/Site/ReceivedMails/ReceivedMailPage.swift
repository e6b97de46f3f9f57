import Federation
import Markup
import Records
import Store
import WebSupport

/// One received message: why it waits, what it says, and the form that files it.
struct ReceivedMailPage {
  let mail: ReceivedMailSheet
  let sent: FormItems
  let fault: FieldRefusal?
  let frame: Frame

  private var summary: ReceivedMailSummary { mail.summary }
  private var path: Link { ReceivedMailsSection.path.appending(summary.id.description) }

  var title: String { Self.title(summary) }

  static func title(_ mail: ReceivedMailSummary) -> String { mail.subject.isEmpty ? "Courriel sans objet" : mail.subject }

  /// What became of it, with a way to the exchange.
  static func state(_ mail: ReceivedMailSummary) -> HTML {
    let who = mail.settledBy.map { " <small>par \($0)</small>" as HTML } ?? .empty
    return switch mail.state {
    case .waiting: Badge.state("À classer", .attention)
    case .filed: "\(Badge.state("Classé", .complete)) \(mail.exchange.map { LinkedText("L’échange", .exchange($0)).html } ?? .empty)\(who)"
    case .dismissed: "\(Badge.state("Écarté", .ended))\(who)"
    case .automatic: Badge.state("Message automatique", .start)
    }
  }

  /// What the form asks for.
  static func order(_ form: FormItems) -> ReceivedMailDesk.Order {
    func text(_ field: String) -> String { form[field].split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    return .init(
      teams: Set(form.all("equipes").compactMap { Identifier<Structure>($0) }),
      people: Set(form.all("personnes").compactMap { Identifier<Person>($0) }), team: text("structure"), person: text("personne"))
  }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Échanges", "/echanges"), LinkedText(ReceivedMailsSection.title, ReceivedMailsSection.path)], current: title).html)
    \(PageHeader(title, detail: "<div class=\"rangee\">\(Self.state(summary))</div>").html)
    \(reason)
    <div class="duo"><div class="pile">\(Card("texte", "Le courriel", Facts(facts).html).html)\(Card("message", "Son texte", text).html)</div>
    <div class="pile">\(summary.state == .waiting ? form : back)</div></div>
    """
  }

  private var reason: HTML {
    guard summary.state == .waiting, let reason = summary.reason else { return .empty }
    let forgery = "L’adresse d’un expéditeur peut être imitée\u{A0}: vérifiez que le texte lui ressemble."
    return Message(.information, French.typeset("\(reason.sentence) \(forgery)")).html
  }

  private var facts: [Facts.Fact] {
    let name = [summary.senderName, summary.sender].compactMap(\.self).joined(separator: ", ")
    return [
      .init("De", summary.author.map { "\($0) (\(summary.sender))" } ?? name),
      .init("Envoyé le", French.fullDay(summary.sentOn.description)),
      .init("Avec", mail.parties.map { LinkedText($0) }),
    ] + (mail.files.isEmpty ? [] : [.init("Pièces jointes", mail.files.joined(separator: ", "))])
  }

  private var text: HTML {
    let note: HTML = mail.detail.map { "<p class=\"note texte\">\($0)</p>" } ?? .empty
    let words =
      summary.reason == .tooLarge && mail.body.isEmpty
      ? "Son texte et ses pièces jointes sont restés dans la boîte (\(French.fileSize(summary.size)))." : mail.body
    return "\(note)<p class=\"recit texte\">\(words.isEmpty ? "Sans texte." : words)</p>"
  }

  private var form: HTML {
    let view = RecordFormView(
      action: path, csrf: frame.session.csrf, fields: fields, submit: "Classer dans les échanges", cancel: ReceivedMailsSection.path)
    return """
      \(view.refusals)\(view.html)
      \(PostButton("Écarter ce courriel", action: path.appending("ecarter"), csrf: frame.session.csrf).html)
      """
  }

  private var back: HTML {
    let label = summary.state == .filed ? "Annuler le classement" : "Remettre à classer"
    let button = PostButton(label, action: path.appending("reprendre"), csrf: frame.session.csrf)
    return Card("suite", "Revenir en arrière", "<p>\(button.html)</p>").html
  }

  private var fields: [FormField] {
    var fields: [FormField] = []
    func ticked(_ field: String, _ usual: [String]) -> Set<String> {
      Set(sent.value(FormField.typedName(field)) == nil ? usual : sent.all(field))
    }
    if !mail.teams.isEmpty {
      fields.append(
        FormField(
          "equipes", "Équipes reconnues",
          .ticks(
            mail.teams.map { .init($0.id.description, $0.name) },
            chosen: ticked("equipes", mail.teams.filter(\.isChosen).map(\.id.description))), isWide: true))
    }
    if !mail.people.isEmpty {
      fields.append(
        FormField(
          "personnes", "Personnes reconnues",
          .ticks(
            mail.people.map { .init($0.id.description, $0.name) },
            chosen: ticked("personnes", mail.people.filter(\.isChosen).map(\.id.description))), isWide: true))
    }
    fields += [
      FormField(
        "structure", mail.teams.isEmpty ? "Équipe" : "Autre équipe", .completed(.init(source: "/suggestions/structures")),
        value: sent["structure"], isWide: true),
      FormField(
        "personne", mail.people.isEmpty ? "Personne" : "Autre personne", .completed(.init(source: "/suggestions/personnes")),
        value: sent["personne"], isWide: true),
    ]
    if let fault, let index = fields.firstIndex(where: { $0.name == fault.field }) {
      fields[index].error = French.typeset(fault.sentence)
      fields[index].hasFocus = true
    }
    return fields
  }
}
