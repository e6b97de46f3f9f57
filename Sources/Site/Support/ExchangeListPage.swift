import Markup
import WebSupport

/// `/echanges`: calls, mails, meetings and visits, newest first.
struct ExchangeListPage: Sendable {
  struct Team: Sendable {
    var name: String
    var type: CodedLabel?
  }

  struct Row: Sendable {
    /// ISO text.
    var date: String
    var link: Link
    var subject: String?
    var teams: [Team]
    var channel: CodedLabel
    var themes: [String]
    var minutes: Int?
    var author: String?
  }

  var list: ListFrame
  var rows: [Row]

  func html() -> HTML {
    list.html(
      "Échanges", sentence: "Appels, courriels, réunions, visios et visites avec les équipes et leurs partenaires.",
      columns: [
        .init("Date", key: "date"), .init("Objet et équipes"), .init("Canal", class: "p2"), .init("Thèmes", class: "p3"),
        .init("Durée", key: "duree", class: "p2 n"), .init("Auteur", class: "p3"),
      ],
      rows: rows.map(row), empty: EmptyState("Aucun échange noté", "Choisissez une autre année, ou importez les échanges d’un tableau."),
      unmatched: "Aucun échange ne correspond")
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><td><time datetime="\(row.date)">\(French.day(row.date))</time></td>\
    <th scope="row"><a href="\(row.link)">\(title(row))</a><small>\(each: row.teams.prefix(3), separator: ", ", team)\(more(row))</small>\
    <small class="repli">\(row.channel.label)</small></th>\
    <td class="p2"><span class="rangee serre">\(Icon.channel(row.channel.code).html)<span>\(row.channel.label)</span></span></td>\
    <td class="p3">\(row.themes.isEmpty ? "Sans thème" : row.themes.joined(separator: ", "))</td>\
    <td class="p2 n">\(row.minutes.map(French.minutes) ?? French.unknown)</td>\
    <td class="p3">\(row.author ?? French.unknown)</td></tr>

    """
  }

  private func title(_ row: Row) -> String {
    row.subject.flatMap { $0.isEmpty ? nil : $0 } ?? "Échange sans objet"
  }

  private func team(_ team: Team) -> HTML {
    """
    \(team.type.map { Badge.type($0, beside: team.name) })\(team.name)
    """
  }

  private func more(_ row: Row) -> String {
    if row.teams.isEmpty { return "Sans équipe" }
    return row.teams.count > 3 ? " et \(French.plural(row.teams.count - 3, "autre équipe", "autres équipes"))" : ""
  }
}
