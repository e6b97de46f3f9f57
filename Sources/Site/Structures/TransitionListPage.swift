import Markup
import WebSupport

/// `/etats`: the entries of teams into stages and marks, newest first.
struct TransitionListPage: Sendable {
  struct Row: Sendable {
    /// ISO text.
    var date: String
    var name: String
    var link: Link
    var type: CodedLabel
    var place: String?
    var targets: [CodedLabel]
    var note: String?
  }

  var list: ListFrame
  var rows: [Row]

  func html() -> HTML {
    list.html(
      "Étapes franchies", sentence: "Entrées des équipes dans une étape ou un repère daté\u{A0}: ACI, SISA, locaux…",
      columns: [.init("Date", key: "date"), .init("Structure", key: "nom"), .init("Entrée dans"), .init("Note", class: "p3")],
      rows: rows.map(row),
      empty: EmptyState("Aucune étape franchie", "Choisissez une autre année, ou importez les états des structures."),
      unmatched: "Aucune étape ne correspond")
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><td><time datetime="\(row.date)">\(French.day(row.date))</time></td>\
    <th scope="row"><a href="\(row.link)">\(row.name)</a><small>\(Badge.type(row.type)) \(row.place ?? "")</small></th>\
    <td>\(each: row.targets, separator: " ", Badge.stage)</td><td class="p3">\(row.note ?? "Aucune")</td></tr>

    """
  }
}
