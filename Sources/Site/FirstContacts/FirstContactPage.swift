import Federation
import Markup
import Records
import Store
import WebSupport

/// `/premiers-contacts/…`: who asks for what, who is likely known, and what becomes of it.
struct FirstContactPage {
  let sheet: FirstContactSheet
  let frame: Frame
  /// Whether the reader answers, and makes teams.
  let writes: Bool
  let opensDirectory: Bool
  var comments = HTML.empty
  /// What stayed as it is when the conversion was taken back, and why.
  var kept: [(title: String, reason: String)] = []

  private var contact: FirstContactSummary { sheet.summary }
  private var link: Link { .firstContact(contact.id) }
  private var csrf: String { frame.session.csrf }

  func html(_ actions: [PageAction]) -> HTML {
    """
    \(Breadcrumb([LinkedText("Premiers contacts", "/premiers-contacts")], current: contact.name).html)
    \(PageHeader(contact.name, detail: detail, actions: (converts ? [conversion] : []) + actions).html)
    \(kept.isEmpty ? .empty : keptMessage)\(became)
    <div class="duo"><div class="pile">\(request)\(writes ? answerForm : answer)\(comments)</div>\
    <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)\(opensDirectory ? known : .empty)\(consent)</div></div>
    """
  }

  private var detail: HTML {
    """
    <div class="rangee">\(FirstContactWords.badge(contact.state, frame.lists))\
    <small>Reçu le \(French.fullDay(contact.receivedOn.description)), \(frame.lists.label(contact.channel).lowercased())</small>\
    \(contact.state.isOver ? .empty : FirstContactWords.delay(contact, on: frame.today))\(takes ? take : .empty)</div>
    """
  }

  private var takes: Bool { writes && contact.assignee == nil && !contact.state.isOver }
  private var take: HTML { PostButton("Je m’en charge", action: link.appending("prendre"), csrf: csrf).html }

  private var converts: Bool { writes && contact.team == nil }
  private var conversion: PageAction { PageAction("En faire une équipe", .structure, link.appending("equipe"), isPrincipal: true) }

  private var became: HTML {
    guard let team = contact.team else { return .empty }
    let when = sheet.conversion.map { "Le \(frame.moment($0.at)), par \($0.account ?? "une commande")." } ?? ""
    let undo = writes && sheet.conversion != nil ? PostButton("Annuler", action: link.appending("annulation"), csrf: csrf).html : .empty
    return Message(
      .success, content: "Devenu l’équipe \(LinkedText(team.name, opensDirectory ? .structure(team.id) : nil).html). \(when) \(undo)"
    ).html
  }

  private var keptMessage: HTML {
    Message(
      .warning,
      content: """
        <strong>\(French.plural(kept.count, "fiche reste comme elle est", "fiches restent comme elles sont")).</strong>\
        <ul class="liste">\(each: kept, { "<li>\($0.title)\u{A0}: \($0.reason)</li>" })</ul>
        """
    ).html
  }

  private var request: HTML {
    let text: HTML = contact.request.map { "<p class=\"recit texte\">\($0)</p>" } ?? "<p class=\"note\">Aucun mot n’a été noté.</p>"
    return Card("demande", "Demande", aside: asking, text).html
  }

  /// What was asked for may be the help of a peer.
  private var asking: HTML {
    guard frame.session.account.role.scope(.write, .facilitations) == .all else { return .empty }
    let items = [
      ("structures", contact.team?.name), ("besoin", contact.request.map { String($0.prefix(1_500)) }), ("demandeur", contact.name),
      ("commune", contact.team == nil ? contact.commune : nil),
    ].compactMap { name, value in value.map { (name, $0) } }
    return LinkedText("Demander une facilitation", Link("/facilitations/nouveau", query: items)).html
  }

  private var answer: HTML {
    let text: HTML = contact.answer.map { "<p class=\"recit texte\">\($0)</p>" } ?? "<p class=\"note\">Pas encore de réponse notée.</p>"
    return Card("reponse", "Réponse", text).html
  }

  /// The answer and what becomes of it, where they are read.
  private var answerForm: HTML {
    let states = frame.lists.values(of: FirstContactState.list).map { FormField.Choice($0.code, $0.label) }
    let fields = [
      FormField(
        "reponse", "Ce qui a été répondu", .paragraph(limit: 5_000), value: contact.answer ?? "", isWide: true,
        help: "Vers qui la personne a été orientée, ce qui a été convenu."),
      FormField("etat", "Suite donnée", .choice(states), value: contact.state.rawValue, isRequired: true),
    ]
    let form: HTML = """
      <form class="ordre pile" method="post" action="\(link.appending("modifier"))" data-garde>\
      \(hidden("csrf", csrf))\(hidden("version", String(sheet.version)))<div class="champs">\(each: fields, \.html)</div>\
      <div class="rangee"><button class="bouton principal">Enregistrer la réponse</button></div></form>
      """
    return Card("reponse", "Réponse", form).html
  }

  private var facts: [Facts.Fact] {
    let place = contact.commune.map { "\($0) (\(contact.department ?? ""))" }
    return [
      .init("Profession", contact.profession.map { frame.lists.label(of: $0, in: .profession) }), .init("Commune", place),
      .init("Courriel", contact.email, contact.email.flatMap(Link.init(email:))),
      .init("Téléphone", contact.phone, contact.phone.flatMap(Link.init(phone:))),
      .init("A déjà un projet", contact.hasProject.map { $0 ? "Oui" : "Pas encore" }),
      .init("Pris en charge par", contact.assignee ?? "Personne"),
      .init("Répondu le", contact.answeredOn.map { French.day($0.description) } ?? (contact.state.isOver ? nil : "Pas encore")),
    ] + (sheet.person.map { [.init("Fiche", $0.name, opensDirectory ? .person($0.id) : nil)] } ?? [])
  }

  private var known: HTML {
    guard contact.team == nil else { return .empty }
    let people: [HTML] = sheet.people.map { person in
      """
      <li><div class="corps">\(LinkedText(person.name, .person(person.id)).html)\
      <small>\(person.hasSameEmail ? "Même adresse de courriel" : "Même nom")</small></div></li>

      """
    }
    let teams: [HTML] = sheet.teams.map { team in
      """
      <li>\(Badge.type(frame.lists.coded(team.type)))<div class="corps">\(LinkedText(team.name, .structure(team.id)).html)\
      <small>Même commune, ou même adresse</small></div></li>

      """
    }
    let content: HTML =
      people.isEmpty && teams.isEmpty
      ? "<p class=\"note\">Ni la personne, ni une équipe de sa commune n’est dans l’annuaire.</p>"
      : "<ul class=\"liste\">\(people)\(teams)</ul>"
    return Card("connus", "Déjà dans l’annuaire", content).html
  }

  private var consent: HTML {
    guard let text = sheet.consent else { return .empty }
    let day = sheet.consentedOn.map { "Donné le \(French.fullDay($0.description))\u{A0}:" } ?? "Donné\u{A0}:"
    return Card("accord", "Accord de la personne", "<p class=\"note\">\(day) «\u{202F}\(text)\u{202F}»</p>").html
  }
}
