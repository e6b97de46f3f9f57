import Markup
import WebSupport

/// `/comptes`: who signs in, and as what.
struct AccountListPage: Sendable {
  struct Row: Sendable {
    var name: String
    var link: Link
    var email: String
    var role: String
    /// The territory or the team.
    var place: String?
    /// « 21 nov. 2026 à 11 h 05 ».
    var lastSignIn: String?
    var state: HTML
  }

  var filters: FilterBar
  var rows: [Row]
  var pagination: Pagination
  /// The reader may see what nobody follows.
  var showsVacancies = false

  func html() -> HTML {
    """
    \(PageHeader("Comptes", sentence: "Qui entre dans Maillage, et sous quel rôle.", actions: (showsVacancies ? [vacancies] : []) + [invite]).html)
    \(filters.html)
    \(rows.isEmpty ? nothing : list)
    """
  }

  private var vacancies: PageAction { PageAction(VacanciesPage.title, .structure, "/suivis/vacants") }

  private var invite: PageAction { PageAction("Inviter", .add, "/comptes/nouveau", isPrincipal: true) }

  private var list: HTML {
    """
    \(table.html)
    \(pagination.html)
    """
  }

  private var table: DataTable {
    DataTable(
      "Comptes",
      columns: [
        .init("Nom"), .init("Rôle", class: "p2"), .init("Territoire ou équipe", class: "p3"), .init("Dernière connexion", class: "p3"),
        .init("État"),
      ], rows: rows.map(row))
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><th scope="row"><a href="\(row.link)">\(row.name)</a><small>\(row.email)</small><small class="repli">\(row.role)</small></th>\
    <td class="p2">\(row.role)</td><td class="p3">\(row.place ?? "Aucun")</td>\
    <td class="p3">\(row.lastSignIn ?? "Jamais")</td><td>\(row.state)</td></tr>

    """
  }

  private var nothing: HTML {
    EmptyState(
      "Aucun compte ne correspond", "Retirez un filtre ou cherchez un autre nom.",
      action: LinkedText("Effacer les filtres", filters.cleared)
    ).html
  }
}
