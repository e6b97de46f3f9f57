import Markup
import WebSupport

/// `/effectifs`: the latest count of each profession in each team, with its date and source.
struct HeadcountListPage: Sendable {
  struct Row: Sendable {
    /// ISO text.
    var date: String
    var name: String
    var link: Link
    var type: CodedLabel
    var place: String?
    var profession: String
    var number: Int
    var source: String
  }

  /// ISO text of the day the counts are the latest of.
  var day: String
  var list: ListFrame
  var rows: [Row]

  func html() -> HTML {
    list.html(
      "Effectifs par profession",
      sentence: "Dernier effectif connu au \(French.fullDay(day)) de chaque profession comptée dans une équipe.",
      columns: [
        .init("Compté le", key: "date"), .init("Structure", key: "nom"), .init("Profession", key: "profession", class: "p2"),
        .init("Nombre", key: "nombre", class: "n"), .init("Source", class: "p2"),
      ],
      rows: rows.map(row), empty: EmptyState("Aucun effectif par profession", "Importez les effectifs comptés dans les structures."),
      unmatched: "Aucun effectif ne correspond")
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><td><time datetime="\(row.date)">\(French.day(row.date))</time></td>\
    <th scope="row"><a href="\(row.link)">\(row.name)</a><small>\(Badge.type(row.type)) \(row.place ?? "")</small>\
    <small class="repli">\(row.profession), \(row.source)</small></th>\
    <td class="p2">\(row.profession)</td><td class="n">\(French.number(row.number))</td><td class="p2">\(row.source)</td></tr>

    """
  }
}
