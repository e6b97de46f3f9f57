import Federation
import Markup
import Records
import Store
import WebSupport

/// `/rapports/2023/modifications`: what has come to the records behind the latest edition, and what the figures are now.
struct ReportChangesPage: Sendable {
  struct Row: Sendable {
    var name: RecordCell
    var effect: String
    var figures: [String]
    /// ISO text.
    var changedOn: String?
  }

  static let limit = 200

  var year: Int
  var edition: EditionLabel
  /// Of all of them, texts among them.
  var count: Int
  /// What is written otherwise.
  var texts: [BlockChange] = []
  /// Those that the reader may see.
  var rows: [Row]
  var values: FigureTable?
  var actions: [PageAction] = []

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Rapport d’activité \(year)", .report(year))], current: "Modifications").html)
    \(header)
    \(count == 0 ? nothing : records)\(texts.isEmpty ? .empty : BlockChange.table(texts, linked: true).html)
    \(values?.html)
    """
  }

  private var header: HTML {
    PageHeader(
      "\(French.plural(count, "modification", "modifications")) depuis la publication",
      detail: """
        <p>Du rapport \(String(year)) publié le \(French.fullDay(edition.date)), \
        <a href="\(edition.link)">\(edition.name)</a>. Chaque fiche compte une fois.</p>
        """, actions: actions
    ).html
  }

  private var nothing: HTML {
    EmptyState("Aucune fiche modifiée", "Les fiches derrière les chiffres publiés sont comme au jour de la publication.").html
  }

  private var records: HTML {
    """
    \(rows.count == count - texts.count ? .empty : hidden)
    \(rows.isEmpty ? .empty : table.html)\(rows.count > Self.limit ? cut : .empty)
    """
  }

  private var hidden: HTML {
    let sentence =
      "\(French.plural(rows.count, "fiche", "fiches")) sur \(French.number(count - texts.count)) \(rows.count < 2 ? "visible" : "visibles") pour vous."
    return Message(.information, sentence).html
  }

  private var cut: HTML {
    """
    <p class="note">Les \(Self.limit) premières fiches sont montrées.</p>
    """
  }

  private var table: DataTable {
    DataTable(
      "Fiches modifiées depuis la publication",
      columns: [
        .init("Fiche"), .init("Changement"), .init("Chiffres concernés", class: "p3"),
        .init("Modifiée le", class: "p2"),
      ],
      rows: rows.prefix(Self.limit).map(row), hasLinks: rows.contains { $0.name.link != nil })
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr>\(row.name.mixedHeaderCell)<td>\(row.effect)</td>\
    <td class="p3">\(row.figures.isEmpty ? "Aucun" : row.figures.joined(separator: ", "))</td>\
    <td class="p2">\(written(row))</td></tr>

    """
  }
}

extension ReportChangesPage {
  /// What counts otherwise and was not written itself follows something else: a dated state, a site, a setting.
  private func written(_ row: Row) -> String {
    row.changedOn.map(French.day) ?? (row.name.isThere ? "Indirectement" : French.unknown)
  }
}

extension BlockChange {
  /// What is written otherwise, block by block.
  /// - Parameter linked: with the blocks as they are now, which an edition does not need and a file cannot open.
  static func table(_ changes: [BlockChange], linked: Bool) -> DataTable {
    DataTable(
      "Textes et plan", columns: [.init("Bloc"), .init("Changement")],
      rows: changes.map { change in
        let page = !linked || change.effect == .removed || change.id == 0 ? nil : Link.block(Identifier(rawValue: change.id))
        return """
          <tr><th scope="row">\(LinkedText(French.typeset(change.name), page).html)</th><td>\(change.words)</td></tr>

          """
      }, hasLinks: linked && changes.contains { $0.effect != .removed && $0.id != 0 })
  }

  var words: String {
    switch effect {
    case .added: "Ajouté"
    case .removed: "Retiré"
    case .rewritten: "Écrit autrement"
    case .moved: "Changé"
    }
  }
}

extension ReportChangesPage.Row {
  init(_ entry: ReportChanges.Entry) {
    let effect =
      switch entry.effect {
      case .added: "Compte désormais"
      case .removed: "Ne compte plus"
      case .moved: "Compte autrement"
      case .edited: "Corrigée, sans effet"
      }
    self.init(name: RecordCell(entry.name), effect: effect, figures: entry.figures, changedOn: entry.changedOn?.description)
  }
}

extension FigureTable {
  /// Values of a report that are no longer the same, before and after; `nil` when there is none.
  static func changes(_ changes: [ReportValueChange], _ title: String, from before: String, to after: String) -> FigureTable? {
    guard !changes.isEmpty else { return nil }
    return FigureTable(
      title, rowTitle: "Chiffre", columns: [before, after],
      rows: changes.map { change in
        let parts = change.parts.isEmpty ? "" : "\u{A0}: \(change.parts.joined(separator: ", "))"
        return .init(
          LinkedText("\(change.figure.label) \(change.figure.period.label)\(parts)"),
          [change.before, change.after].map { value in
            // What is not among the parts of a figure is none of it.
            guard let value else { return LinkedText(0) }
            return LinkedText(value, nil, text: value.spoken)
          })
      })
  }
}
