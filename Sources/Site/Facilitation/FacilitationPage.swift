import Federation
import Markup
import Records
import Store
import WebSupport

/// `/facilitations/…`: what is needed, who comes when, and what came of it.
struct FacilitationPage {
  let sheet: FacilitationSheet
  let board: InvitationBoard
  let frame: Frame
  let writes: Bool
  var fault: (field: String, sentence: String)?
  /// What was typed in the form that was refused.
  var sent = FormItems.none
  var tasks: HTML?
  var files = HTML.empty
  var comments = HTML.empty

  var summary: FacilitationSummary { sheet.summary }
  var link: Link { .facilitation(summary.id) }
  private var lists: ReferenceLists { frame.lists }
  var csrf: String { frame.session.csrf }
  var title: String { FacilitationWords.title(summary.type, lists) }

  func html(_ actions: [PageAction]) -> HTML {
    """
    \(Breadcrumb([LinkedText("Facilitations", "/facilitations")], current: title).html)
    \(PageHeader(title, detail: detail, actions: ownActions + actions).html)
    \(rail)
    <div class="duo"><div class="pile">\(reason)\(need)\(meeting)\(invitations)\(report)\(tasks)\(work)\(comments)</div>\
    <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)\(ending)\(files)</div></div>
    """
  }

  private var ownActions: [PageAction] {
    guard writes else { return [] }
    guard summary.state.isHeld else {
      let choosing = PageAction(
        FacilitatorChoicePage.title, .people, link.appending("facilitateurs"), isPrincipal: summary.facilitators.isEmpty)
      return summary.state.isAhead ? [choosing] : []
    }
    let claiming =
      frame.session.account.role.scope(.write, .expenses) == .all ? [PageAction("Note de frais", .funding, link.appending("frais"))] : []
    return [
      PageAction(
        sheet.report == nil ? "Écrire le bilan" : "Compléter le bilan", .document, link.appending("bilan"), isPrincipal: sheet.report == nil
      )
    ] + claiming
  }

  private var detail: HTML {
    let teams = summary.teams.map { LinkedText($0.name, opensDirectory ? .structure($0.id) : nil).html }
    return """
      <div class="rangee">\(FacilitationWords.badge(summary.state, lists))\
      \(summary.isUrgent && summary.state.isAhead ? Badge.state("Urgente", .attention) : .empty)\
      <small>\(teams.isEmpty ? "Sans équipe" : "\(each: teams, separator: ", ", { $0 })")</small></div>
      """
  }

  var opensDirectory: Bool { frame.session.account.role.areas.contains(.directory) }

  // MARK: - How far it has come

  private var rail: HTML {
    let way: [FacilitationState] = [.requested, .qualified, .assigned, .dated, .held, .written]
    let order: [FacilitationState: Int] = [
      .requested: 0, .qualified: 1, .proposed: 1, .assigned: 2, .dated: 3, .held: 4, .written: 5, .postponed: 2, .cancelled: 0,
    ]
    guard summary.state != .cancelled, let reached = order[summary.state] else { return .empty }
    let words = ["Demande", "Qualification", "Facilitateurs", "Date", "Rencontre", "Bilan"]
    let steps: [HTML] = way.indices.map { index in
      let isDone = index < reached || reached == way.count - 1
      let isCurrent = !isDone && index == reached
      return """
        <li\(attribute: "class", isDone ? "fait" : nil)\(attribute: "aria-current", isCurrent ? "step" : nil)>\
        <b>\(words[index])</b>\(when(index, isDone: index <= reached))</li>
        """
    }
    return """
      <section class="carte pile" aria-labelledby="t-avancement"><h2 class="sr" id="t-avancement">Avancement</h2>\
      <ol class="parcours">\(each: steps, { $0 })</ol></section>
      """
  }

  private func when(_ step: Int, isDone: Bool) -> String {
    switch step {
    case 0: French.day(summary.requestedOn.description)
    case 1: isDone && summary.family != nil ? summary.family.map { lists.label($0) } ?? "" : "à faire"
    case 2:
      summary.facilitators.isEmpty
        ? "à trouver" : French.plural(summary.facilitators.count, "personne", "personnes")
    case 3:
      summary.date.map { French.day($0.description) } ?? summary.wantedBy.map { "avant le \(French.day($0.description))" } ?? "à fixer"
    case 4: summary.state.isHeld ? "tenue" : "à venir"
    default: sheet.report == nil ? "à écrire ensuite" : "fait"
    }
  }

  private var reason: HTML {
    guard let reason = sheet.reason, [.postponed, .cancelled].contains(summary.state) else { return .empty }
    return Message(summary.state == .cancelled ? .error : .warning, "\(lists.label(summary.state))\u{A0}: \(reason)").html
  }

  // MARK: - What it is about

  private var need: HTML {
    let text: HTML =
      sheet.need.map { "<div class=\"recit\">\(ReportText($0).html)</div>" } ?? "<p class=\"note\">Le besoin n’est pas encore écrit.</p>"
    let themes: HTML =
      sheet.themes.isEmpty
      ? .empty : "<ul class=\"rangee\">\(each: sheet.themes, { "<li class=\"jeton\">\(lists.label(of: $0, in: .theme))</li>" })</ul>"
    return Card("besoin", "Le besoin", "\(text)\(themes)").html
  }

  private var meeting: HTML {
    let people = summary.facilitators.map { LinkedText($0.name, opensDirectory ? $0.id.map { .person($0) } : nil) }
    let day = summary.date.map { day in
      [French.longDay(day.description), summary.time.map { "à \($0.replacing(":", with: "\u{A0}h\u{A0}"))" }].compactMap(\.self)
        .joined(separator: " ")
    }
    let place = sheet.place.map { place in LinkedText(place, place.hasPrefix("https://") ? Link(untrusted: place) : nil) }
    let town = summary.commune.map { LinkedText("\($0) (\(summary.department ?? ""))") }
    let facts: [Facts.Fact] = [
      .init("Facilitateurs", people.isEmpty ? [LinkedText("À trouver")] : people),
      .init("Partenaires présents", sheet.partners.map { LinkedText($0.name, opensDirectory ? $0.id.map { .organisation($0) } : nil) }),
      .init("Date", day ?? "À fixer"),
      .init("Durée", summary.minutes.map(French.minutes)), .init("Sur place ou visio", summary.mode.map { lists.label($0) }),
      .init("Lieu", [place, town].compactMap(\.self)),
    ]
    return Card("rencontre", "La rencontre", "<div class=\"pile\">\(Facts(facts).html)\(calendars)\(holding)</div>").html
  }

  /// Said of a day that is not ahead.
  private var holding: HTML {
    guard writes, summary.state.isAhead else { return .empty }
    let day = summary.date.flatMap { $0 <= frame.today ? $0 : nil } ?? frame.today
    var fields = [
      FormField("date", "Tenue le", .date, value: sent.value("date") ?? day.description, isRequired: true),
      FormField(
        "duree_minutes", "Durée", .number(5...1_440, unit: "min"),
        value: sent.value("duree_minutes") ?? summary.minutes.map(String.init) ?? ""),
    ]
    for index in fields.indices where fields[index].name == fault?.field { fields[index].error = fault?.sentence }
    return """
      <form class="pile" method="post" action="\(link.appending("tenue"))">\(hidden("csrf", csrf))<div class="champs">\(each: fields, \.html)</div>\
      <div class="rangee"><button class="bouton">Elle s’est tenue</button></div></form>
      """
  }

  private var report: HTML {
    guard summary.state.isHeld else { return .empty }
    let text: HTML =
      sheet.report.map { "<div class=\"recit\">\(ReportText($0).html)</div>" } ?? "<p class=\"note\">Le bilan reste à écrire.</p>"
    let opinion: HTML =
      sheet.satisfaction.map { "<p>Satisfaction de l’équipe\u{A0}: <strong>\($0) sur 5</strong></p>" } ?? .empty
    let words: HTML = sheet.feedback.map { "<p class=\"texte\">«\u{202F}\($0)\u{202F}»</p>" } ?? .empty
    return Card("bilan", "Bilan", "\(text)\(opinion)\(words)").html
  }

  // MARK: - The work around it

  private var work: HTML {
    let minutes = sheet.tied.compactMap(\.minutes).reduce(0, +)
    let sum = "\(French.plural(sheet.tied.count, "échange lié", "échanges liés"))\(minutes > 0 ? ", \(French.minutes(minutes))" : "")"
    let rows =
      sheet.work.isEmpty
      ? "<p class=\"note\">Aucun échange avec l’équipe autour de cette facilitation.</p>"
      : "<ul class=\"liste\">\(each: sheet.work, exchange)</ul>" as HTML
    let more: HTML =
      writes && summary.teams.count > 0
      ? PageAction(
        "Noter un échange", .add, Link("/echanges/nouveau", query: [("structures", summary.teams.map(\.reference).joined(separator: "|"))]),
        opensDialog: true, isSmall: true
      ).button : .empty
    return Card("travail", "Autour de la rencontre", aside: more, "<p>\(sum)</p>\(rows)").html
  }

  private func exchange(_ exchange: FacilitationSheet.Work) -> HTML {
    let heading = ExchangeSummary.heading(of: exchange.subject) ?? lists.label(exchange.channel)
    let words = [French.day(exchange.date.description), lists.label(exchange.channel), exchange.minutes.map(French.minutes)]
      .compactMap(\.self).joined(separator: ", ")
    let button = PostButton(
      exchange.isTied ? "Délier" : "Lier", action: link.appending("echanges"), csrf: csrf,
      hidden: [("echange", exchange.id.description), ("lie", exchange.isTied ? "non" : "oui")])
    return """
      <li><div class="corps"><a href="\(Link.exchange(exchange.id))">\(heading)</a><small>\(words)</small></div>\
      <div class="fin">\(exchange.isTied ? Badge.state("Lié", .complete) : .empty)\(writes ? button.html : .empty)</div></li>

      """
  }

  // MARK: - Beside it

  private var facts: [Facts.Fact] {
    let phases = sheet.correctedPhase.map { [$0] } ?? Set(summary.teams.compactMap(\.phase)).sorted { $0.rawValue < $1.rawValue }
    let phase = phases.map { lists.label($0) }.joined(separator: ", ")
    let requester = sheet.requester.map { LinkedText($0.name, opensDirectory ? $0.id.map { .person($0) } : nil) }
    return [
      .init("Demandée le", French.fullDay(summary.requestedOn.description)), .init("Demandée par", [requester].compactMap(\.self)),
      .init("Pour", summary.audience.map { lists.label($0) }), .init("Famille", summary.family.map { lists.label($0) }),
      .init("Phase", phase.isEmpty ? nil : phase + (sheet.correctedPhase == nil ? "" : " (corrigée)")),
      .init("Format", sheet.format.map { lists.label($0) }),
      .init("Souhaitée avant le", summary.wantedBy.map { French.fullDay($0.description) }),
      .init("Coordination", summary.coordinator),
    ] + (sheet.isOutside ? [.init("Hors de la région", "Oui")] : []) + [.init("Référence", summary.reference)]
  }

  /// Putting it off, giving it up, and taking that back.
  private var ending: HTML {
    guard writes, summary.state != .written else { return .empty }
    guard summary.state.isAhead else {
      let words = summary.state == .held ? "Elle ne s’est pas tenue" : "La reprendre"
      return Card("suite", "Corriger", PostButton(words, action: link.appending("reprise"), csrf: csrf).html).html
    }
    var field = FormField("motif", "Motif", .line(limit: 1_000), value: sent["motif"], isRequired: true)
    if fault?.field == "motif" { (field.error, field.hasFocus) = (fault?.sentence, true) }
    return Card(
      "suite", "Reporter ou annuler",
      """
      <form class="pile" method="post" action="\(link.appending("suspension"))">\(hidden("csrf", csrf))<div class="champs">\(field.html)</div>\
      <div class="rangee"><button class="bouton petit" name="quoi" value="reporter">Reporter</button> \
      <button class="bouton petit danger" name="quoi" value="annuler">Annuler la demande</button></div></form>
      """
    ).html
  }
}
