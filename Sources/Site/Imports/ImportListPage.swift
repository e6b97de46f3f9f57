import Markup
import WebSupport

/// `/imports`: what may be brought in, and what was.
struct ImportListPage: Sendable {
  struct Kind: Sendable {
    var label: String
    var link: Link
    /// The names of the required columns.
    var required: [String]
  }

  struct Row: Sendable {
    var fileName: String
    var link: Link
    var kind: String
    var by: String
    var at: String
    /// « 480 nouvelles, 15 modifiées ».
    var counts: String
    var state: HTML
  }

  struct Waiting: Sendable {
    var fileName: String
    var link: Link
    var kind: String
    var until: String
  }

  var kinds: [Kind]
  var waiting: [Waiting]
  var rows: [Row]
  var pagination: Pagination

  func html() -> HTML {
    """
    \(PageHeader(
      "Imports", sentence: "Rien n’est écrit avant votre accord, et un import entier peut être annulé.",
      actions: [PageAction("Fichier d’un autre logiciel", .add, "/imports/logiciel")]).html)
    \(waiting.isEmpty ? .empty : waitingCard)
    \(Card("sortes", "Importer un fichier", kindTable).html)
    <section class="pile" aria-labelledby="t-passes"><h2 id="t-passes">Imports passés</h2>
    \(rows.isEmpty ? nothing : past)</section>
    """
  }

  private var waitingCard: HTML {
    Card(
      "attente", "Fichiers déposés, pas encore importés",
      """
      <ul class="liste">\(each: waiting, waitingItem)</ul>
      """
    ).html
  }

  private func waitingItem(_ file: Waiting) -> HTML {
    """
    <li><div class="corps"><a href="\(file.link)">\(file.fileName)</a><small>\(file.kind), gardé jusqu’au \(file.until)</small></div></li>
    """
  }

  private var kindTable: HTML {
    """
    <div class="tableau simple"><table><caption class="sr">Ce qui s’importe</caption>\
    <thead><tr><th scope="col">Fiches</th><th scope="col" class="p2">Colonnes obligatoires</th></tr></thead>
    <tbody>\(each: kinds, kind)</tbody></table></div>
    """
  }

  private func kind(_ kind: Kind) -> HTML {
    """
    <tr><th scope="row"><a href="\(kind.link)">\(kind.label)</a></th><td class="p2">\(kind.required.joined(separator: ", "))</td></tr>

    """
  }

  private var past: HTML {
    let table = DataTable(
      "Imports passés",
      columns: [
        .init("Fichier"), .init("Par", class: "p2"), .init("Le", class: "p2"), .init("Lignes", class: "p3"), .init("État"),
      ], rows: rows.map(row))
    return "\(table.html)\n\(pagination.html)"
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><th scope="row"><a href="\(row.link)">\(row.fileName)</a><small>\(row.kind)</small>\
    <small class="repli">\(row.by), \(row.at)</small></th><td class="p2">\(row.by)</td><td class="p2">\(row.at)</td>\
    <td class="p3">\(row.counts)</td><td>\(row.state)</td></tr>

    """
  }

  private var nothing: HTML {
    EmptyState("Aucun import", "Les fichiers importés se retrouvent ici, avec de quoi les annuler.").html
  }
}
