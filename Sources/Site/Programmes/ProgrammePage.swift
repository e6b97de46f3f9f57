import Federation
import Markup
import Records
import Store
import WebSupport

/// `/programmes/…`: a programme, its teams with their steps, and its workshops.
struct ProgrammePage {
  let sheet: ProgrammeSheet
  let frame: Frame
  let writes: Bool

  private var summary: ProgrammeSummary { sheet.summary }
  private var lists: ReferenceLists { frame.lists }
  private var isFull: Bool { summary.placesLeft == 0 }

  func html(_ actions: [PageAction]) -> HTML {
    let own = [
      PageAction(
        "Inscrire une équipe", .add, Link("/inscriptions/nouveau", query: [("programme", summary.reference)]), isPrincipal: !isFull),
      PageAction("Noter une séance", .clock, newWorkshop, isPrincipal: isFull),
    ]
    return """
      \(Breadcrumb([LinkedText("Programmes", "/programmes")], current: summary.name).html)
      \(PageHeader(summary.name, detail: detail, actions: (writes ? own : []) + actions).html)
      <div class="duo"><div class="pile">\(teams)\(workshops)</div>\
      <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)</div></div>
      """
  }

  /// The next one of the series.
  private var newWorkshop: Link {
    let number = (sheet.workshops.compactMap(\.number).max() ?? 0) + 1
    return Link("/seances-programme/nouveau", query: [("programme", summary.reference), ("numero", String(number))])
  }

  private var detail: HTML {
    """
    <div class="rangee">\(ProgrammeWords.badge(summary.state(on: frame.today)))\(isFull ? Badge.state("Complet", .attention) : .empty)\
    <small>\(lists.label(of: summary.kind, in: .programmeKind))</small></div>
    """
  }

  private var facts: [Facts.Fact] {
    let places = summary.places.map { places -> String in
      let left = summary.placesLeft ?? 0
      return "\(French.plural(summary.teams.holding, "prise", "prises")) sur \(places), "
        + (left == 0 ? "aucune ne reste" : French.plural(left, "reste", "restent"))
    }
    let hours = sheet.enrolments.compactMap(\.hours).reduce(0, +)
    let used = sheet.enrolments.filter { $0.hours != nil }.map(\.minutes).reduce(0, +)
    let time = summary.held.minutes > 0 ? ", \(French.minutes(summary.held.minutes))" : ""
    var facts: [Facts.Fact] = [
      .init("Financeur", summary.funder), .init("Responsable", summary.manager),
      .init("Début", French.fullDay(summary.begins.description)),
      .init("Dernier jour", summary.ends.map { French.fullDay($0.description) } ?? "Sans fin"),
      .init("Places", places ?? "Sans limite"), .init("Séances tenues", "\(summary.held.workshops)\(time)"),
    ]
    if hours > 0 { facts.append(.init("Coordination prêtée", "\(French.minutes(used)) sur \(French.number(hours))\u{A0}h accordées")) }
    if !sheet.steps.isEmpty { facts.append(.init("Étapes", sheet.steps.joined(separator: ", "))) }
    if let note = sheet.note { facts.append(.init("Note", note)) }
    return facts + [.init("Référence", summary.reference)]
  }

  // MARK: - Teams

  private var teams: HTML {
    let nothing: HTML = "<p class=\"note\">Aucune équipe inscrite pour l’instant.</p>"
    let list: HTML = sheet.enrolments.isEmpty ? nothing : "<ul class=\"liste\">\(each: sheet.enrolments, row)</ul>"
    return Card("equipes", "Équipes (\(sheet.enrolments.count))", list).html
  }

  private func row(_ enrolment: ProgrammeSheet.Enrolment) -> HTML {
    let step = enrolment.step.map { "\($0.name) le \(French.day($0.date.description))" }
    let days =
      enrolment.left.map { "Du \(French.day(enrolment.entered.description)) au \(French.day($0.description))" }
      ?? "Entrée le \(French.day(enrolment.entered.description))"
    let words = [days, step].compactMap(\.self).joined(separator: ", ")
    let hours: HTML =
      enrolment.hours.map { hours in
        "<small>Coordination\u{A0}: \(French.minutes(enrolment.minutes)) sur \(French.number(hours))\u{A0}h accordées</small>"
      } ?? .empty
    let reason: HTML = enrolment.reason.map { "<small>\($0)</small>" } ?? .empty
    return """
      <li id="i\(enrolment.id.description)"><div class="corps"><a class="titre" href="\(Link.structure(enrolment.team.id))">\(enrolment.team.name)</a>\
      <small>\(words)</small>\(hours)\(reason)\(writes ? tools(enrolment) : .empty)</div>\
      <div class="fin">\(isOver(enrolment) ? Badge.state("Heures dépassées", .attention) : .empty)\
      \(ProgrammeWords.badge(enrolment.state, lists))</div></li>

      """
  }

  private func isOver(_ enrolment: ProgrammeSheet.Enrolment) -> Bool { enrolment.hours.map { enrolment.minutes > $0 * 60 } ?? false }

  private func tools(_ enrolment: ProgrammeSheet.Enrolment) -> HTML {
    let page = Link.enrolment(enrolment.id)
    let name = enrolment.team.name
    let step: HTML =
      enrolment.state == .underWay
      ? "<a class=\"bouton petit\" href=\"\(page.appending("etape"))\">Noter une étape<span class=\"sr\"> de \(name)</span></a> " : .empty
    return """
      <div class="rangee">\(step)<a href="\(page.appending("modifier"))">Modifier<span class="sr"> l’inscription de \(name)</span></a> \
      <a href="\(page.appending("historique"))">Historique<span class="sr"> de l’inscription de \(name)</span></a></div>
      """
  }

  // MARK: - Workshops

  private var workshops: HTML {
    let nothing: HTML = "<p class=\"note\">Aucune séance pour l’instant.</p>"
    let list: HTML = sheet.workshops.isEmpty ? nothing : "<ul class=\"liste\">\(each: sheet.workshops, workshop)</ul>"
    return Card("seances", "Séances (\(sheet.workshops.count))", list).html
  }

  private func workshop(_ workshop: WorkshopSummary) -> HTML {
    let page = Link.workshop(workshop.id)
    let title = ProgrammeWords.title(workshop)
    let when = [
      French.fullDay(workshop.date.description), workshop.time.map { "à \($0.replacing(":", with: "\u{A0}h\u{A0}"))" },
    ].compactMap(\.self).joined(separator: " ")
    let words = [when, workshop.minutes.map(French.minutes), workshop.place, workshop.leader.map { "animée par \($0)" }]
    let present = [
      workshop.teams.isEmpty ? nil : workshop.teams.joined(separator: ", "),
      workshop.people.map { French.plural($0, "personne", "personnes") },
    ].compactMap(\.self).joined(separator: " · ")
    let presence: HTML = present.isEmpty ? .empty : "<small>\(present)</small>"
    let tools: HTML =
      writes
      ? """
      <div class="rangee"><a href="\(page.appending("modifier"))">\(workshop.isHeld || workshop.date > frame.today ? "Modifier" : "Noter les présents")\
      <span class="sr"> de la séance du \(French.fullDay(workshop.date.description))</span></a> \
      <a href="\(page.appending("historique"))">Historique<span class="sr"> de la séance du \(French.fullDay(workshop.date.description))</span></a></div>
      """ : .empty
    return """
      <li id="s\(workshop.id.description)"><div class="corps"><b>\(title)</b><small>\(words.compactMap(\.self).joined(separator: ", "))</small>\
      \(presence)\(tools)</div><div class="fin">\(ProgrammeWords.badge(workshop, on: frame.today))</div></li>

      """
  }
}

/// The form of a step that a team came to.
struct ProgrammeStepForm {
  static let title = "Noter une étape"

  let enrolment: ProgrammeSheet.Enrolment
  let programme: ProgrammeSheet
  let sent: FormItems
  let fault: (field: String, sentence: String)?
  let frame: Frame

  func html() -> HTML {
    let summary = programme.summary
    let view = RecordFormView(
      action: Link.enrolment(enrolment.id).appending("etape"), csrf: frame.session.csrf, hidden: [], fields: fields,
      submit: "Enregistrer l’étape", cancel: .programme(summary.id))
    return """
      \(Breadcrumb([LinkedText("Programmes", "/programmes"), LinkedText(summary.name, .programme(summary.id))], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "\(enrolment.team.name), \(summary.name).").html)
      \(view.refusals)\(view.html)
      """
  }

  private var fields: [FormField] {
    let choices = programme.steps.map { FormField.Choice($0, $0) }
    // The one after the present one.
    let present = enrolment.step.flatMap { step in programme.steps.firstIndex(of: step.name) }
    let next = programme.steps.dropFirst(present.map { $0 + 1 } ?? 0).first ?? ""
    let control: FormField.Control = choices.isEmpty ? .line(limit: 80) : .choice(choices, none: "Choisir")
    var fields = [
      FormField(
        "etape", "Étape atteinte", control, value: sent.value("etape") ?? next, isRequired: true,
        help: choices.isEmpty ? "Ce programme n’a pas de liste d’étapes : écrivez-la." : nil),
      FormField("le", "Le", .date, value: sent.value("le") ?? frame.today.description, isRequired: true),
    ]
    let focus = fields.firstIndex { $0.name == fault?.field } ?? 0
    fields[focus].error = fault?.sentence
    fields[focus].hasFocus = true
    return fields
  }
}
