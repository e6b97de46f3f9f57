import Federation
import Markup
import Records
import Store
import WebSupport

/// `/comptes-rendus/…`: who met, what was said, and what was decided.
struct MeetingPage {
  let sheet: MeetingSheet
  let frame: Frame
  let writes: Bool
  let hasPDF: Bool
  var files = HTML.empty

  private var link: Link { .meeting(sheet.id) }
  private var lists: ReferenceLists { frame.lists }
  private var csrf: String { frame.session.csrf }

  func html(_ actions: [PageAction]) -> HTML {
    """
    \(Breadcrumb([LinkedText("Comptes rendus", "/comptes-rendus")], current: sheet.title).html)
    \(PageHeader(sheet.title, detail: detail, actions: ownActions + actions).html)
    <div class="duo"><div class="pile">\(agenda)\(text)\(decisions)\(files)</div>\
    <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)\(approval)\(corrections)</div></div>
    """
  }

  private var ownActions: [PageAction] {
    [
      writes ? PageAction("Ajouter une décision", .add, link.appending("decision"), isPrincipal: true) : nil,
      frame.session.account.role.scope(.write, .expenses) == .all
        ? PageAction(
          "Note de frais", .funding,
          Link(
            "/frais/nouveau",
            query: [("compte_rendu", sheet.reference), ("date", sheet.date.description), ("objet", String(sheet.title.prefix(200)))]))
        : nil,
      hasPDF ? PageAction("PDF", .download, link.appending("compte-rendu.pdf")) : nil,
    ].compactMap(\.self)
  }

  private var detail: HTML {
    """
    <div class="rangee"><span class="jeton">\(lists.label(sheet.kind))</span>\
    <small><time datetime="\(sheet.date.description)">\(French.longDay(sheet.date.description))</time></small>\
    \(sheet.approvedOn == nil ? Badge.state("Projet de compte rendu", .start) : Badge.state("Approuvé", .complete))</div>
    """
  }

  private var agenda: HTML {
    sheet.agenda.map { Card("ordre-du-jour", "Ordre du jour", "<div class=\"recit\">\(ReportText($0).html)</div>").html } ?? .empty
  }

  private var text: HTML {
    let text: HTML =
      sheet.body.map { "<div class=\"recit\">\(ReportText($0).html)</div>" }
      ?? "<p class=\"note\">Le compte rendu n’est pas encore écrit.</p>"
    return Card("texte", "Compte rendu", text).html
  }

  private var decisions: HTML {
    let content: HTML =
      sheet.decisions.isEmpty
      ? "<p class=\"note\">Aucune décision notée.</p>" : "<ul class=\"liste\">\(each: sheet.decisions, decision)</ul>"
    return Card("decisions", "Décisions (\(sheet.decisions.count))", content).html
  }

  private func decision(_ decision: DecisionSummary) -> HTML {
    let opensTeams = frame.session.account.role.areas.contains(.directory)
    let teams = decision.teams.map { LinkedText($0.name, opensTeams ? .structure($0.id) : nil).html }
    let words = teams + [DecisionWords.charge(decision).map { HTML(text: $0) }].compactMap(\.self)
    let small: HTML = words.isEmpty ? .empty : "<small>\(each: words, separator: ", ", { $0 })</small>"
    return """
      <li id="d\(decision.id.description)"><div class="corps"><div class="recit">\(ReportText(decision.body).html)</div>\(small)\(writes ? tools(decision) : .empty)</div>\
      <div class="fin">\(DecisionWords.badge(decision.state, lists))</div></li>

      """
  }

  /// Several on one page: each says which one it is about.
  private func tools(_ decision: DecisionSummary) -> HTML {
    let page = Link.decision(decision.id)
    let name = ExchangeSummary.heading(of: decision.body) ?? ""
    let done =
      decision.state == .open
      ? decision.task.map {
        PostButton("Fait", action: Link.task($0).appending("fait"), csrf: csrf, hidden: [("retour", link.address)]).html
      }
      : nil
    let turn: HTML =
      switch decision.state {
      case .abandoned: PostButton("Reprendre", action: page.appending("reprise"), csrf: csrf).html
      case .open, .noted: PostButton("Abandonner", action: page.appending("abandon"), csrf: csrf).html
      case .done: .empty
      }
    return """
      <div class="rangee">\(done)\(turn)<a href="\(page.appending("modifier"))">Modifier<span class="sr"> \(name)</span></a> \
      <a href="\(page.appending("historique"))">Historique<span class="sr"> de \(name)</span></a></div>
      """
  }

  private var facts: [Facts.Fact] {
    let opensPeople = frame.session.account.role.areas.contains(.directory)
    func people(_ presence: Presence) -> [LinkedText] {
      sheet.attendees.filter { $0.presence == presence }.map { LinkedText($0.name, opensPeople ? $0.person.map { .person($0) } : nil) }
    }
    let others = [("Excusés", people(.excused)), ("Invités", people(.invited))].filter { !$0.1.isEmpty }.map { Facts.Fact($0.0, $0.1) }
    let place = sheet.place.map { place in LinkedText(place, place.hasPrefix("https://") ? Link(untrusted: place) : nil) }
    let organisations = sheet.organisations.map { LinkedText($0.name, opensPeople ? $0.id.map { .organisation($0) } : nil) }
    let length = sheet.minutes.map { [Facts.Fact("Durée", French.minutes($0))] } ?? []
    return [.init("Lieu ou visio", place.map { [$0] } ?? [])] + length + [.init("Présents", people(.present))] + others
      + (organisations.isEmpty ? [] : [.init("Organisations", organisations)]) + [.init("Référence", sheet.reference)]
  }

  private var approval: HTML {
    if let day = sheet.approvedOn {
      let back =
        writes
        ? PostButton("Retirer l’approbation", action: link.appending("approbation"), csrf: csrf, hidden: [("retirer", "oui")]).html : .empty
      return Card("approbation", "Approbation", "<p>Approuvé le \(French.fullDay(day.description)).</p>\(back)").html
    }
    guard writes else { return Card("approbation", "Approbation", "<p class=\"note\">Pas encore approuvé.</p>").html }
    let day = FormField("jour", "Approuvé le", .date, value: frame.today.description, isRequired: true)
    let form: HTML = """
      <form class="pile" method="post" action="\(link.appending("approbation"))">\(hidden("csrf", csrf))<div class="champs">\(day.html)</div>\
      <div class="rangee"><button class="bouton">Approuver</button></div></form>
      """
    return Card("approbation", "Approbation", form).html
  }

  private var corrections: HTML {
    guard !sheet.corrections.isEmpty else { return .empty }
    let rows: [HTML] = sheet.corrections.map { correction in
      """
      <li><div class="corps"><span>\(correction.isDecision ? "Une décision" : "Le compte rendu")</span>\
      <small>Le \(frame.moment(correction.at)), par \(correction.account ?? "une commande")</small></div></li>

      """
    }
    let more: HTML = writes ? "<p>\(LinkedText("Ce qui a changé, champ par champ", link.appending("historique")).html)</p>" : .empty
    return Card("corrections", "Corrections depuis l’approbation (\(sheet.corrections.count))", "<ul class=\"liste\">\(rows)</ul>\(more)")
      .html
  }
}
