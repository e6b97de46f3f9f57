import Federation
import Markup
import Store
import WebSupport

/// `/rapports/2023/editions/1/fiches?…`: the records behind a number of an edition, as they were called when it was published.
struct EditionRecordsPage: Sendable {
  struct Row: Sendable {
    var name: RecordCell
    /// For a sum.
    var amount: Int?
  }

  var edition: EditionLabel
  var title: String
  var definition: String
  /// What the records add up to: « 320 minutes ».
  var sum: String?
  var whole: Int
  /// Those that the reader may see.
  var total: Int
  /// What a sum adds up: « Minutes ».
  var amountTitle: String?
  var rows: [Row]
  var pagination: Pagination

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader(title, sentence: definition).html)
    <div class="rangee"><strong role="status">\(count)</strong>\(sum.map(HTML.init(text:)))</div>
    \(rows.isEmpty ? nothing : list)
    """
  }

  private var breadcrumb: Breadcrumb {
    Breadcrumb(
      [
        LinkedText("Rapport d’activité \(edition.year)", .report(edition.year)), LinkedText(edition.name.capitalizedFirst, edition.link),
      ], current: title)
  }

  private var count: String {
    let all = French.plural(whole, "fiche", "fiches")
    return total == whole
      ? all : "\(French.plural(total, "fiche", "fiches")) sur \(French.number(whole)) \(total < 2 ? "visible" : "visibles") pour vous"
  }

  private var list: HTML {
    """
    \(table.html)
    \(pagination.html)
    """
  }

  private var hasDates: Bool { rows.contains { $0.name.date != nil } }

  private var table: DataTable {
    DataTable(
      title,
      columns: (hasDates ? [.init("Date")] : []) + [.init("Fiche, à la publication"), .init("Référence", class: "p2")]
        + (amountTitle.map { [.init($0, class: "n")] } ?? []),
      rows: rows.map(row), hasLinks: rows.contains { $0.name.link != nil })
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr>\(hasDates ? row.name.dateCell : .empty)\(row.name.headerCell)<td class="p2">\(row.name.reference)</td>\
    \(amountTitle.map { _ in amount(row) })</tr>

    """
  }

  private func amount(_ row: Row) -> HTML {
    """
    <td class="n">\(row.amount.map(French.number) ?? French.unknown)</td>
    """
  }

  private var nothing: HTML {
    EmptyState(
      whole == 0 ? "Aucune fiche" : "Aucune fiche visible pour vous",
      whole == 0 ? "Ce nombre est zéro dans l’édition publiée." : "Les fiches derrière ce nombre ne sont pas ouvertes à votre rôle."
    ).html
  }
}

extension EditionRecordsPage.Row {
  init(_ row: EditionListing.Row) {
    self.init(name: RecordCell(row.name), amount: row.amount)
  }
}

/// A record in a table: what it is called, and its page while it is there.
struct RecordCell: Sendable {
  /// What it is: « Échange ».
  var kind: String
  /// ISO text.
  var date: String?
  var label: String
  var link: Link?
  var reference: String
  var isThere: Bool

  var dateCell: HTML {
    guard let date else {
      return """
        <td>\(French.unknown)</td>
        """
    }
    return """
      <td><time datetime="\(date)">\(French.day(date))</time></td>
      """
  }

  var headerCell: HTML {
    """
    <th scope="row">\(name)</th>
    """
  }

  /// Among records of several kinds: what it is stands under what it is called.
  var mixedHeaderCell: HTML {
    """
    <th scope="row">\(name)<small>\(kind)\(date.map { " du \(French.day($0))" } ?? "")</small></th>
    """
  }

  private var name: HTML { LinkedText(label, link, note: isThere ? nil : "n’existe plus").html }
}

extension RecordCell {
  init(_ name: RecordName) {
    let (kind, unnamed, page): (String, String, Link?) =
      switch name.kind {
      case "structures": ("Structure", "Structure sans nom", .structure(Identifier(rawValue: name.id)))
      case "echanges": ("Échange", "Échange sans objet", .exchange(Identifier(rawValue: name.id)))
      default: ("Fiche", "Fiche sans nom", nil)
      }
    self.init(
      kind: kind, date: name.date?.description, label: name.label.flatMap { $0.isEmpty ? nil : $0 } ?? unnamed,
      link: name.isThere ? page : nil, reference: name.reference ?? Identifier<RecordName>(rawValue: name.id).description,
      isThere: name.isThere)
  }
}
