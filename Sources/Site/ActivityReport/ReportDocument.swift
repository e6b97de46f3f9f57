import Drawing
import Federation
import Foundation
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
    enum Kind: String, Encodable { case text, note, table, chart, prose, heading, quote, cards, photo, terms, moments, people }

    var kind: Kind
    var text: String?
    var title: String?
    var rowTitle: String?
    var columns: [String]?
    var rows: [[String]]?
    var total: [String]?
    var svg: String?
    var alt: String?
    /// How much of the line a drawing takes, in percents.
    var width: Int?
    /// A text with its paragraphs and lists.
    var content: [PaperNode]?
    var figures: [Figure]?
    /// The picture of a photo; nothing for one that has gone.
    var picture: String?
    var terms: [[String]]?
  }

  var name = "Rapport d’activité"
  /// A sheet: neither cover nor contents, one part after the other.
  var isSheet = false
  var title: String
  var year: Int
  var federation: String
  /// On which day its figures stop, and which edition it is.
  var notice: String
  /// The drawing of the cover.
  var motif: String
  var figures: [Figure]
  var chapters: [Chapter]
  /// By the names that photos have: for the template's folder, not for the template.
  var pictures: [String: Data] = [:]

  init(sheet title: String, year: Int, federation: String, notice: String, chapters: [Chapter]) {
    (name, isSheet, self.title, self.year, self.federation, self.notice) = (title, true, title, year, federation, notice)
    (motif, figures, self.chapters) = ("", [], chapters)
  }

  /// - Parameter page: built without links.
  init(_ page: ReportPage, federation: String, motif: String) {
    title = "Rapport d’activité \(page.year)\(page.isEssential ? "\u{A0}: l’essentiel" : "")"
    if page.isEssential { name = "L’essentiel du rapport d’activité" }
    year = page.year
    self.federation = federation
    self.motif = motif
    let since = page.latestEdition.map { "Chiffres du jour, après l’\($0.name) du \(French.fullDay($0.date))." }
    let state = page.edition.map(\.sentence) ?? since ?? "Projet, pas encore publié."
    notice = [state, "Chiffres arrêtés au \(French.fullDay(page.closedOn))."].joined(separator: " ")
    figures = page.showsKeyFigures ? page.keyFigures.map(Figure.init) : []
    chapters = page.chapters.map { Chapter(title: $0.title ?? "", blocks: $0.pieces.flatMap(Block.all)) }
    if !page.isEssential { chapters += Self.annexes(page) }
    if page.hasCorrections {
      let texts = page.correctedTexts.map { Block(.note, "\($0.name)\u{A0}: \($0.words.lowercased())") }
      chapters.append(Chapter(title: "Corrections", blocks: (page.corrections.map { [Block($0)] } ?? []) + texts))
    }
  }

  private static func annexes(_ page: ReportPage) -> [Chapter] {
    let terms = page.definitions.map { [$0.label, $0.definition] }
    // Before the first record a drawing and a table of nothing say nothing.
    let hasExchanges = page.support.exchanges.number > 0 || page.support.years.count > 1
    return [
      Chapter(
        title: page.structuresTitle,
        blocks: [Block(.text, page.structureSentence.text)] + (page.structures.rows.isEmpty ? [] : [Block(page.departmentTable)])),
      Chapter(
        title: page.supportTitle,
        blocks: [Block(.text, page.supportSentence.text)]
          + (hasExchanges ? [Block(page.channelChart.image), Block(page.themeTable), Block(.note, ReportPage.themeNote)] : [])),
    ] + (terms.isEmpty ? [] : [Chapter(title: ReportPage.definitionsTitle, blocks: [Block(terms: terms)])])
  }
}

extension ReportDocument.Figure {
  init(_ card: KeyFigure) {
    self.init(label: card.label, value: card.value, trend: card.trend?.html.text, note: card.note)
  }
}

extension ReportDocument.Block {
  /// A piece of a chapter, under its own title where it has one.
  static func all(_ piece: ReportChapter.Piece) -> [ReportDocument.Block] {
    let heading = piece.title.map { [ReportDocument.Block(.heading, $0)] } ?? []
    switch piece.content {
    case .text(let text): return heading + [ReportDocument.Block(.prose, text)]
    case .cards(let cards):
      var block = ReportDocument.Block(kind: .cards)
      block.figures = cards.map(ReportDocument.Figure.init)
      return heading + [block]
    case .chart(let chart, let data): return [ReportDocument.Block(chart)] + (data.map { [ReportDocument.Block($0)] } ?? [])
    case .moments(let moments, _):
      var block = ReportDocument.Block(kind: .moments)
      block.rows = moments.map { moment in
        // An address of this site leads nowhere from paper.
        let link = moment.link.flatMap { Link(untrusted: $0) }.flatMap { $0.isOwn ? nil : $0.address }
        return [French.fullDay(moment.date), French.typeset(moment.title), moment.text.map(French.typeset) ?? "", link ?? ""]
      }
      return heading + [block]
    case .people(let people):
      var block = ReportDocument.Block(kind: .people)
      block.rows = people.map { [$0.name, $0.words ?? ""] }
      return heading + [block]
    case .table(let table): return [ReportDocument.Block(table)]
    case .places(let map):
      var drawing = ReportDocument.Block(map.image)
      drawing.width = 80
      return [drawing] + (map.note.map { [ReportDocument.Block(.note, $0)] } ?? []) + [ReportDocument.Block(map.table)]
    case .quote(let text, let speaker):
      var block = ReportDocument.Block(.quote, text)
      block.text = speaker
      return [block]
    case .photo(let photo):
      var block = ReportDocument.Block(kind: .photo)
      (block.picture, block.alt, block.text) = (photo.fileName, photo.alternative, photo.caption)
      return [block]
    case .withdrawn(let words): return [ReportDocument.Block(.note, words)]
    case .missing: return []
    }
  }

  init(_ kind: Kind, _ text: ReportText) {
    self.init(kind: kind)
    content = text.paper
  }

  init(terms: [[String]]) {
    self.init(kind: .terms)
    self.terms = terms
  }

  init(_ kind: Kind, _ text: String) {
    self.init(kind: kind)
    self.text = text
  }

  init(_ chart: any Chart) {
    self.init(chart.image)
    width = chart.paperWidth
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

extension Chart {
  /// How much of the line it takes on paper, in percents; nothing for all of it.
  fileprivate var paperWidth: Int? {
    switch self {
    case is DepartmentMap, is RadarChart: 66
    case is WordCloud: 80
    default: nil
    }
  }
}
