import Federation
import Markup
import Records
import Store
import WebSupport

/// `/benevoles/…`: the time that somebody gave in a year.
struct VolunteerPage {
  let sheet: VolunteerSheet
  let frame: Frame

  private var lists: ReferenceLists { frame.lists }
  private var writes: Bool { frame.session.account.role.scope(.write, .volunteering) == .all }

  var title: String { "Heures de \(sheet.name) en \(sheet.year)" }

  func html() -> HTML {
    let years = Set(sheet.years + [sheet.year]).sorted(by: >).map {
      Tabs.Tab(String($0), .volunteer(sheet.id, $0), isCurrent: $0 == sheet.year)
    }
    let noting = PageAction(
      "Noter des heures", .add, Link("/heures/nouveau", query: [("personne", sheet.reference)]), isPrincipal: true)
    return """
      \(Breadcrumb([LinkedText("Heures bénévoles", "/heures")], current: sheet.name).html)
      \(PageHeader(title, detail: person, actions: writes && !sheet.isInBin ? [noting] : []).html)
      \(Tabs("Années", years).html)
      \(KeyFigure.row(figures))
      \(Card("heures", "Lignes de \(sheet.year)", lines).html)
      """
  }

  private var person: HTML {
    let opens = frame.session.account.role.areas.contains(.directory) && !sheet.isInBin
    return
      "<p>\(LinkedText(opens ? "Sa fiche dans l’annuaire" : "Les lignes validées comptent.", opens ? .person(sheet.id) : nil).html)</p>"
  }

  private var figures: [KeyFigure] {
    let total = sheet.validated.reduce(0) { $0 + $1.counted }
    let whole = KeyFigure("Heures validées", value: VolunteerWords.hours(total), link: nil)
    return [whole]
      + sheet.activities.prefix(3).map {
        KeyFigure(lists.label(of: $0.activity, in: .volunteerActivity), value: VolunteerWords.hours($0.minutes), link: nil)
      }
  }

  private var lines: HTML {
    guard !sheet.lines.isEmpty else { return "<p class=\"note\">Aucune heure notée cette année.</p>" }
    return "<ul class=\"liste\">\(each: sheet.lines, row)</ul>"
  }

  private func row(_ line: VolunteerLine) -> HTML {
    let activity = lists.label(of: line.activity, in: .volunteerActivity)
    let day = French.day(line.date.description)
    let tools: HTML =
      writes
      ? """
      <div class="rangee"><a href="\(Link.hours(line.id).appending("modifier"))">Modifier<span class="sr"> \(activity), \(day)</span></a> \
      <a href="\(Link.hours(line.id).appending("historique"))">Historique<span class="sr"> de \(activity), \(day)</span></a></div>
      """ : .empty
    let words = [line.purpose, VolunteerWords.difference(line), line.state == .refused ? line.reason.map { "Refusée\u{A0}: \($0)" } : nil]
    let source = VolunteerWords.source(line, frame).map { "<small>\($0.html)</small>" as HTML } ?? .empty
    return """
      <li><div class="corps"><span>\(activity), \(day)</span><small>\(VolunteerWords.duration(line))</small>\
      \(each: words.compactMap(\.self), { "<small>\($0)</small>" })\(source)\(tools)</div>\
      <div class="fin">\(VolunteerWords.badge(line.state, lists))</div></li>

      """
  }
}
