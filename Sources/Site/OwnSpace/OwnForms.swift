import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/mon-espace/facilitations/…/bilan`: what came out of a meeting, by whoever was there.
struct OwnReportForm {
  static let title = "Bilan de la facilitation"
  private static let steps = 1...3

  let own: OwnFacilitation
  let template: String
  let sent: FormItems
  let fault: (field: String, sentence: String)?
  let frame: Frame
  /// For tasks that are not made yet.
  let newTasks: [Identifier<ToDo>]

  /// What the form asks for; what is left to do is for the coordinator, within two weeks unless it says when.
  /// - Throws: `FieldRefusal`.
  static func writeUp(
    _ form: FormItems, template: String, coordinator: Identifier<Account>?, today: CivilDate
  ) throws -> FacilitationDesk.WriteUp {
    let report = form["bilan"].replacing("\r\n", with: "\n")
    guard report.withoutSpacesAround != template.withoutSpacesAround else {
      throw FieldRefusal("bilan", "Le modèle est encore vide\u{A0}: écrivez quelques lignes.")
    }
    let length = form["duree_minutes"].withoutSpacesAround
    let minutes = Int(length)
    guard length.isEmpty || minutes.map((5...1_440).contains) ?? false else {
      throw FieldRefusal("duree_minutes", "Donnez une durée de 5 à 1 440 minutes.")
    }
    let asked = steps.compactMap { number -> FacilitationDesk.WriteUp.Step? in
      let title = form["suite_\(number)"].withoutSpacesAround
      guard let coordinator, !title.isEmpty, let id = Identifier<ToDo>(form["tache_\(number)"]) else { return nil }
      return .init(id: id, title: title, due: today.adding(days: 14), account: coordinator)
    }
    return FacilitationDesk.WriteUp(report: report, minutes: minutes, satisfaction: nil, feedback: nil, steps: asked)
  }

  func html() -> HTML {
    let link = Link.ownFacilitation(own.sheet.summary.id)
    let tasks = zip(Self.steps, newTasks).map { number, new in ("tache_\(number)", sent.value("tache_\(number)") ?? new.description) }
    let view = RecordFormView(
      action: link.appending("bilan"), csrf: frame.session.csrf,
      hidden: [("version", sent.value("version") ?? String(own.sheet.version))] + tasks, fields: fields, submit: "Envoyer le bilan",
      cancel: link)
    let title = FacilitationWords.title(own.sheet.summary.type, frame.lists)
    let teams = own.teams.map(\.name).joined(separator: ", ")
    let day = own.sheet.summary.date.map { French.fullDay($0.description) }
    return """
      \(Breadcrumb([LinkedText(OwnSpacePage.title, "/mon-espace"), LinkedText(title, link)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: [teams, day].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", le ")).html)
      \(view.refusals)\(view.html)
      """
  }

  private var fields: [FormField] {
    let minutes = sent.value("duree_minutes") ?? own.sheet.summary.minutes.map(String.init) ?? ""
    var fields: [FormField] = [
      FormField(
        "bilan", "Bilan", .paragraph(limit: 20_000), value: sent.value("bilan") ?? own.sheet.report ?? template, isRequired: true,
        isWide: true,
        help:
          "Une ligne qui commence par ## est un titre. Lu par l’équipe salariée et par les facilitateurs. N’écrivez rien sur un patient."),
      FormField(
        "duree_minutes", "Durée sur place", .number(5...1_440, unit: "min"), value: minutes,
        help: "Le trajet se corrige ensuite avec vos heures."),
    ]
    if let coordinator = own.coordinator {
      for number in Self.steps {
        fields.append(
          FormField(
            "suite_\(number)", "Ce qu’il reste à faire, \(number)", .line(), value: sent["suite_\(number)"], isWide: true,
            help: number == 1 ? "Devient une tâche pour \(coordinator.name)." : nil))
      }
    }
    let focus = fields.firstIndex { $0.name == fault?.field } ?? 0
    fields[focus].error = fault?.sentence
    fields[focus].hasFocus = true
    return fields
  }
}

/// `/mon-espace/heures`: the time that they gave, and what is said of it.
struct OwnHoursPage {
  static let title = "Mes heures"

  let lines: [VolunteerLine]
  let year: Int
  let years: [Int]
  let frame: Frame

  func html() -> HTML {
    let tabs = Set(years + [year, frame.year]).sorted(by: >).map {
      Tabs.Tab(String($0), Link("/mon-espace/heures", query: [("annee", String($0))]), isCurrent: $0 == year)
    }
    let noting = PageAction("Déclarer des heures", .add, "/mon-espace/heures/nouveau", isPrincipal: true)
    let counted = lines.filter { $0.state == .validated }.reduce(0) { $0 + $1.counted }
    let waiting = lines.filter { $0.state == .proposed }.reduce(0) { $0 + $1.counted }
    let content: HTML =
      lines.isEmpty ? "<p class=\"note\">Aucune heure notée cette année.</p>" : "<ul class=\"liste\">\(each: lines, row)</ul>"
    return """
      \(Breadcrumb([LinkedText(OwnSpacePage.title, "/mon-espace")], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "Celles de vos facilitations s’inscrivent d’elles-mêmes une fois tenues.", actions: [noting]).html)
      \(Tabs("Années", tabs).html)
      \(KeyFigure.row([
        KeyFigure("Validées", value: VolunteerWords.hours(counted), link: nil), KeyFigure("À valider", value: VolunteerWords.hours(waiting), link: nil),
      ]))
      \(Card("heures", "Lignes de \(String(year))", content).html)
      """
  }

  private func row(_ line: VolunteerLine) -> HTML {
    let activity = frame.lists.label(of: line.activity, in: .volunteerActivity)
    let day = French.day(line.date.description)
    let words = [
      VolunteerWords.source(line, frame)?.text, line.purpose, line.state == .refused ? line.reason.map { "Refusée\u{A0}: \($0)" } : nil,
    ].compactMap(\.self)
    let correcting: HTML =
      line.state == .proposed
      ? "<a href=\"\(Link("/mon-espace/heures").appending(line.id.description))\">Corriger<span class=\"sr\"> \(activity), \(day)</span></a>"
      : .empty
    return """
      <li><div class="corps"><span>\(activity), \(day)</span><small>\(VolunteerWords.duration(line))</small>\
      \(each: words, { "<small>\($0)</small>" })\(correcting)</div>\
      <div class="fin">\(VolunteerWords.badge(line.state, frame.lists))</div></li>

      """
  }
}
