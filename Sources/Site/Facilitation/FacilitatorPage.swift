import Federation
import Markup
import Records
import Store
import WebSupport

/// `/facilitateurs/…`: what somebody helps with, when, and what they have done.
struct FacilitatorPage {
  let sheet: FacilitatorSheet
  let frame: Frame

  private var summary: FacilitatorSummary { sheet.summary }
  private var lists: ReferenceLists { frame.lists }

  static func badge(_ state: FacilitatorState, _ lists: ReferenceLists) -> HTML {
    Badge.state(lists.label(state), state == .active ? .good : .paused)
  }

  func html(_ actions: [PageAction]) -> HTML {
    """
    \(Breadcrumb([LinkedText("Facilitations", "/facilitations"), LinkedText("Facilitateurs", "/facilitateurs")], current: summary.name).html)
    \(PageHeader(summary.name, detail: detail, actions: actions).html)
    \(KeyFigure.row(figures))
    <div class="duo"><div class="pile">\(meetings)</div>\
    <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)\(absences)\(texts)</div></div>
    """
  }

  private var detail: HTML {
    let tokens: [HTML] = summary.expertises.map { "<li class=\"jeton\">\(lists.label(of: $0, in: .expertise))</li>" }
    let known: HTML = tokens.isEmpty ? "<small>Expertises non renseignées</small>" : "<ul class=\"rangee\">\(tokens)</ul>"
    return "<div class=\"rangee\">\(Self.badge(summary.state(on: frame.today), lists))\(known)</div>"
  }

  private var figures: [KeyFigure] {
    [
      KeyFigure("Facilitations tenues", value: French.number(summary.held), link: nil, note: "depuis le début"),
      KeyFigure(
        "Dernière", value: summary.lastHeld.map { French.day($0.description) } ?? "Aucune", link: nil),
      KeyFigure("Charge de \(frame.year)", value: French.number(summary.load), link: nil, note: "tenues cette année, ou à venir"),
      KeyFigure("Temps en \(frame.year)", value: French.minutes(summary.minutes), link: nil, note: "de rencontres tenues, sans le trajet"),
    ]
  }

  private var meetings: HTML {
    let rows: [HTML] = sheet.meetings.map { meeting in
      """
      <li><div class="corps"><a href="\(Link.facilitation(meeting.id))">\(FacilitationWords.title(meeting.type, lists))</a>\
      <small>\(French.day(meeting.day.description)), \(meeting.teams ?? "sans équipe")</small></div>\
      <div class="fin">\(FacilitationWords.badge(meeting.state, lists))</div></li>

      """
    }
    let content: HTML =
      rows.isEmpty ? "<p class=\"note\">Aucune facilitation pour l’instant.</p>" : "<ul class=\"liste\">\(rows)</ul>"
    return Card("facilitations", "Ses facilitations", content).html
  }

  private var facts: [Facts.Fact] {
    let opensDirectory = frame.session.account.role.areas.contains(.directory)
    let place = [summary.commune, summary.department.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
    var facts: [Facts.Fact] = [
      .init("Personne", summary.name, opensDirectory ? .person(summary.person) : nil),
      .init("Profession", summary.profession.map { lists.label(of: $0, in: .profession) }), .init("Part de", place),
      .init("Se déplace jusqu’à", summary.radius.map { "\($0)\u{A0}km à vol d’oiseau" }),
      .init("Courriel", summary.email, summary.email.flatMap { Link(email: $0) }),
      .init("Téléphone", summary.phone, summary.phone.flatMap { Link(phone: $0) }),
    ]
    if let pause = summary.pausedSince { facts.append(.init("En pause depuis le", French.fullDay(pause.description))) }
    return facts
  }

  private var absences: HTML {
    let rows = sheet.absences.map { absence in
      let (since, through) = (French.fullDay(absence.since.description), French.fullDay(absence.through.description))
      return absence.since == absence.through ? "le \(since)" : "du \(since) au \(through)"
    }
    return Card(
      "absences", "Absences à venir",
      rows.isEmpty
        ? "<p class=\"note\">Aucune absence notée.</p>" : "<ul class=\"liste\">\(each: rows, { "<li>\($0)</li>" })</ul>"
    ).html
  }

  private var texts: HTML {
    let parts = [("Formations suivies", sheet.training), ("Note", sheet.note)].compactMap { title, text in text.map { (title, $0) } }
    guard !parts.isEmpty else { return .empty }
    return Card("notes", "À savoir", "\(each: parts, { "<h3>\($0.0)</h3><p class=\"texte\">\($0.1)</p>" })").html
  }
}
