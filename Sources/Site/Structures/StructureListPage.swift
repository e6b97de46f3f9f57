import Markup
import WebSupport

/// `/structures`: the home screen of the directory.
struct StructureListPage: Sendable {
  struct Row: Sendable {
    var name: String
    var link: Link
    var type: CodedLabel
    var place: String?
    var stage: CodedLabel?
    var situation: CodedLabel?
    var department: String?
    var professionals: Int?
    /// ISO text of the last exchange.
    var lastExchange: String?
    /// What the figure behind the list adds.
    var detail: LinkedText?
  }

  /// A column that only the list of one figure has.
  struct DetailColumn: Sendable {
    var title: String
    var key: String
  }

  /// ISO text of the other day the list is asked at.
  var asOf: String?
  /// That day lies ahead.
  var isAhead = false
  /// The same list today, when it is asked at another day.
  var presentLink: Link?
  /// There is no structure at all, whatever the date and the filters.
  var isDirectoryEmpty = false
  /// What to say of a figure that counts nothing, before any filter.
  var nothingCounted: EmptyState?
  /// The reader may know when teams were last heard from.
  var showsLastExchange = true
  var export: Link?
  var filters: FilterBar
  var sorting: Sorting
  var detail: DetailColumn?
  var rows: [Row]
  var pagination: Pagination
  var actions: [PageAction] = []

  func html() -> HTML {
    """
    \(header)
    \(filters.html)
    \(rows.isEmpty ? nothing : list)
    """
  }

  private var header: HTML {
    PageHeader(
      "Structures", detail: asOf.map(dayNote) ?? "<p>Équipes coordonnées de la région, en projet ou en fonctionnement.</p>",
      actions: (export.map { [.exportCSV($0)] } ?? []) + actions
    ).html
  }

  private func dayNote(_ date: String) -> HTML {
    """
    <p>\(isAhead ? "Telles qu’on les attend" : "Telles qu’elles étaient") au \(French.fullDay(date)). \
    \(presentLink.map { LinkedText("Voir la liste à ce jour", $0).html })</p>
    """
  }

  private var list: HTML {
    """
    \(table.html)
    \(pagination.html)
    """
  }

  private var table: DataTable {
    DataTable(
      "Structures",
      columns: [
        .init("Structure", key: "nom"), .init("Étape", key: "etape"), .init("Situation", key: "situation", class: "p2"),
        .init("Département", key: "departement", class: "p3"), .init("Pros", key: "professionnels", class: "p3 n"),
      ] + (showsLastExchange ? [.init("Dernier échange", key: "echange", class: "p2 n")] : [])
        + (detail.map { [.init($0.title, key: $0.key, class: "n")] } ?? []),
      sorting: sorting, rows: rows.map(row))
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><th scope="row"><a href="\(row.link)">\(row.name)</a><small>\(Badge.type(row.type)) \(row.place ?? "")</small>\
    <small class="repli">\(Badge.situation(row.situation))</small></th>\
    <td>\(Badge.stage(row.stage))</td><td class="p2">\(Badge.situation(row.situation))</td>\
    <td class="p3">\(row.department ?? French.unknown)</td>\
    <td class="p3 n">\(row.professionals.map(French.number) ?? French.unknown)</td>\
    \(showsLastExchange ? lastExchangeCell(row.lastExchange) : .empty)\(row.detail.map(detailCell))</tr>

    """
  }

  private func lastExchangeCell(_ date: String?) -> HTML {
    """
    <td class="p2 n">\(date.map(French.day) ?? "Aucun")</td>
    """
  }

  private func detailCell(_ detail: LinkedText) -> HTML {
    """
    <td class="n">\(detail.text)\(detail.note.map(detailNote))</td>
    """
  }

  private func detailNote(_ note: String) -> HTML {
    """
    <br><small class="note">\(note)</small>
    """
  }

  private var nothing: HTML {
    if isDirectoryEmpty {
      return EmptyState(
        "Aucune structure pour l’instant", "L’annuaire se remplit par import, avec la commande maillage import structures."
      ).html
    }
    if filters.cleared == filters.current {
      if let nothingCounted { return nothingCounted.html }
      return EmptyState(
        "Aucune structure à cette date", "L’annuaire en contient à d’autres dates.",
        action: presentLink.map { LinkedText("Voir la liste à ce jour", $0) }
      ).html
    }
    return EmptyState(
      "Aucune structure ne correspond", "Retirez un filtre ou cherchez un autre nom.",
      action: LinkedText("Effacer les filtres", filters.cleared)
    ).html
  }
}
