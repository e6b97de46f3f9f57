import Drawing
import Markup
import WebSupport

/// The yearly report on paper: the values that the template `report.typ` lays out. It has no lists, so nothing in it is a link.
///
/// The names of its properties are those that the template reads.
struct ReportDocument: Encodable, Sendable {
  struct Figure: Encodable, Sendable {
    var label: String
    var value: String
    var trend: String?
    var note: String?
  }

  struct Chapter: Encodable, Sendable {
    var title: String
    var blocks: [Block]
  }

  struct Block: Encodable, Sendable {
    enum Kind: String, Encodable { case text, note, table, chart }

    var kind: Kind
    var text: String?
    var title: String?
    var rowTitle: String?
    var columns: [String]?
    var rows: [[String]]?
    var total: [String]?
    var svg: String?
    var alt: String?
  }

  var name = "Rapport d’activité"
  var title: String
  var year: Int
  var federation: String
  /// On which day its figures stop, and which edition it is.
  var notice: String
  /// The drawing of the cover.
  var motif: String
  var figures: [Figure]
  var chapters: [Chapter]

  /// - Parameter page: built without links.
  init(_ page: ReportPage, federation: String, motif: String) {
    title = "Rapport d’activité \(page.year)"
    year = page.year
    self.federation = federation
    self.motif = motif
    notice = [page.edition?.sentence, "Chiffres arrêtés au \(French.fullDay(page.closedOn))."].compactMap(\.self).joined(separator: " ")
    figures = page.keyFigures.map { Figure(label: $0.label, value: $0.value, trend: $0.trend?.html.text, note: $0.note) }
    chapters = [
      Chapter(title: ReportPage.structuresTitle, blocks: [Block(.text, page.structureSentence.text), Block(page.departmentTable)]),
      Chapter(
        title: ReportPage.supportTitle,
        blocks: [
          Block(.text, page.supportSentence.text), Block(page.channelChart.image), Block(page.themeTable),
          Block(.note, ReportPage.themeNote),
        ]),
    ]
    if let corrections = page.corrections { chapters.append(Chapter(title: "Corrections", blocks: [Block(corrections)])) }
  }
}

extension ReportDocument.Block {
  init(_ kind: Kind, _ text: String) {
    self.init(kind: kind)
    self.text = text
  }

  init(_ chart: ChartImage) {
    self.init(kind: .chart)
    (title, svg, alt) = (chart.title, chart.svg, chart.alternative)
  }

  init(_ table: FigureTable) {
    func cells(_ row: FigureTable.Row) -> [String] { [row.label.html.text] + row.cells.map { $0.html.text } }
    self.init(kind: .table)
    (title, rowTitle, columns) = (table.caption, table.rowTitle, table.columns)
    rows = table.rows.map(cells)
    total = table.total.map(cells)
  }
}
