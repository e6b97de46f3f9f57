import Federation
import Markup
import Records
import Store
import WebSupport

/// `/suivis/vacants`: the teams that nobody follows, and what is left with those who have gone.
struct VacanciesPage {
  let vacancies: Vacancies
  let accounts: [FormField.Choice]
  let today: CivilDate
  let id: String
  let csrf: String
  var account = ""
  var since: String
  var chosen: Set<String> = []
  /// « 21 nov. 2026 à 14 h 05 ».
  let moment: (Instant) -> String

  static let title = "Suivis vacants"

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Comptes", "/comptes")], current: Self.title).html)
    \(PageHeader(Self.title, sentence: "Les équipes que personne ne suit, depuis quand et ce qui y attend\u{202F}; et ce que gardent les comptes fermés.").html)
    \(vacancies.closed.isEmpty ? .empty : Card("fermes", "Comptes fermés qui gardent des équipes ou des tâches", closed).html)
    \(vacancies.teams.isEmpty ? EmptyState("Chaque équipe est suivie", "Une équipe que personne ne suit plus apparaîtrait ici.").html : form)
    """
  }

  private var closed: HTML {
    """
    <ul class="liste">\(each: vacancies.closed, closedRow)</ul>
    """
  }

  private func closedRow(_ row: Vacancies.Closed) -> HTML {
    let link = Link.account(row.id).appending("passation")
    return """
      <li><div class="corps"><a class="titre" href="\(link)">\(row.name)</a><small>Fermé le \(moment(row.closedAt))\u{A0}: \(PortfolioWords.content(row.teams, row.tasks))</small></div>\
      <div class="fin"><a class="bouton petit" href="\(link)">Passer la main<span class="sr"> de \(row.name)</span></a></div></li>

      """
  }

  private var form: HTML {
    let account = FormField("compte", "Confier à", .choice(accounts, none: "Choisissez"), value: account, isRequired: true)
    let since = FormField("depuis", "À partir du", .date, value: since, isRequired: true)
    return """
      <form class="pile" method="post" action="/suivis/vacants" data-garde><input type="hidden" name="csrf" value="\(csrf)">\
      <input type="hidden" name="passation" value="\(id)">
      \(table.html)
      \(rest)<div class="carte pile"><h2>Confier les équipes cochées</h2><div class="champs">\(account.html)\(since.html)</div>
      <footer class="rangee"><button class="bouton principal">Confier</button></footer></div></form>
      """
  }

  private var rest: HTML {
    let more = vacancies.teamCount - vacancies.teams.count
    if more <= 0 { return .empty }
    let all = LinkedText("toutes, dans la liste des structures", Link("/structures", query: [("suivi", ReferenceValue.unknown.code)]))
    return "<p class=\"note\">Et \(French.plural(more, "autre équipe", "autres équipes"))\u{A0}: \(all.html).</p>"
  }

  private var table: DataTable {
    DataTable(
      "Équipes que personne ne suit",
      columns: [
        .init("Équipe"), .init("Vacant depuis"), .init("Suivie avant par", class: "p3"), .init("À recontacter", class: "p2"),
        .init("À faire", class: "p2 n"),
      ], lead: "<td></td>", rows: vacancies.teams.map(row))
  }

  private func row(_ team: Vacancies.Team) -> HTML {
    let value = team.id.description
    let tasks = team.tasks == 0 ? "0" as HTML : LinkedText(French.number(team.tasks), .structure(team.id)).html
    return """
      <tr><td><input type="checkbox" name="equipes" value="\(value)" aria-label="\(team.name)"\(attribute: "checked", if: chosen.contains(value))></td>\
      <th scope="row"><a href="\(Link.structure(team.id))">\(team.name)</a><small class="repli">\(due(team))</small></th><td>\(age(team))</td>\
      <td class="p3">\(team.formerly ?? "Personne")</td><td class="p2">\(due(team))</td><td class="p2 n">\(tasks)</td></tr>

      """
  }

  /// « 4 mois (12 juin 2026) ».
  private func age(_ team: Vacancies.Team) -> String {
    guard let since = team.since else { return "Jamais suivie" }
    let days = today.days(since: since)
    let months = days / 30
    let words = months < 2 ? French.plural(days, "jour", "jours") : "\(months)\u{A0}mois"
    return "\(words) (\(French.day(since.description)))"
  }

  private func due(_ team: Vacancies.Team) -> String {
    guard let due = team.due else { return "Rien de prévu" }
    return due < today ? "En retard depuis le \(French.day(due.description))" : "Avant le \(French.day(due.description))"
  }
}
