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

  var years: [Tabs.Tab]
  var export: Link?
  var filters: FilterBar
  var sorting: Sorting
  var rows: [Row]
  var pagination: Pagination
  var actions: [PageAction] = []

  func html() -> HTML {
    """
    \(header)
    \(years.isEmpty ? .empty : Tabs("Années", years).html)
    \(filters.html)
    \(rows.isEmpty ? nothing : list)
    """
  }

  private var header: HTML {
    PageHeader(
      "Étapes franchies", sentence: "Entrées des équipes dans une étape ou un repère daté\u{A0}: ACI, SISA, locaux…",
      actions: (export.map { [.exportCSV($0)] } ?? []) + actions
    ).html
  }

  private var list: HTML {
    """
    \(table.html)
    \(pagination.html)
    """
  }

  private var table: DataTable {
    DataTable(
      "Étapes franchies",
      columns: [.init("Date", key: "date"), .init("Structure", key: "nom"), .init("Entrée dans"), .init("Note", class: "p3")],
      sorting: sorting, rows: rows.map(row))
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><td><time datetime="\(row.date)">\(French.day(row.date))</time></td>\
    <th scope="row"><a href="\(row.link)">\(row.name)</a><small>\(Badge.type(row.type)) \(row.place ?? "")</small></th>\
    <td>\(each: row.targets, separator: " ", Badge.stage)</td><td class="p3">\(row.note ?? "Aucune")</td></tr>

    """
  }

  private var nothing: HTML {
    if filters.cleared == filters.current {
      return EmptyState("Aucune étape franchie", "Choisissez une autre année, ou importez les états des structures.").html
    }
    return EmptyState(
      "Aucune étape ne correspond", "Retirez un filtre ou cherchez un autre nom.",
      action: LinkedText("Effacer les filtres", filters.cleared)
    ).html
  }
}
