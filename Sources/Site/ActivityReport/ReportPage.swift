import Drawing
import Markup
import WebSupport

/// `/rapports/2023` and its editions: the year in figures, as they are now or as they were published. Every number opens its list.
struct ReportPage: Sendable {
  /// The structures at the end of the year.
  struct Structures: Sendable {
    var total: ReportCount
    /// The parts of the total by situation, « en projet » and so on.
    var situations: [(label: String, count: ReportCount)]
    /// The columns of the table; the last one is the total of each département.
    var columns: [String]
    var rows: [FigureTable.Row]
    var totals: FigureTable.Row
  }

  /// The exchanges of the year.
  struct Support: Sendable {
    var exchanges: ReportCount
    var teams: ReportCount
    var newTeams: ReportCount?
    /// « 320 h 05 »; nothing when no time was noted.
    var time: LinkedText?
    var channels: [String]
    var years: [ColumnChart.Column]
    /// The exchanges by theme, « Sans thème » last.
    var themes: [FigureTable.Row]
    /// The distinct exchanges.
    var themeTotal: FigureTable.Row
  }

  var year: Int
  /// ISO text of the day the figures stop at.
  var closedOn: String
  /// Which edition it is; nothing for the figures as they are now.
  var edition: EditionHeading?
  var years: [Tabs.Tab] = []
  var actions: [PageAction] = []
  /// What has been published of the year.
  var publication: PublicationPanel?
  var keyFigures: [KeyFigure]
  var structures: Structures
  var support: Support
  /// What a corrected edition says otherwise than the one before.
  var corrections: FigureTable?

  func html() -> HTML {
    """
    \(edition?.breadcrumb.html)
    \(header)
    \(edition?.notice)\(years.isEmpty ? .empty : Tabs("Années", years).html)\(publication?.html)
    \(content)
    """
  }

  /// The report itself, which stands in a file too.
  var content: HTML {
    """
    <div class="rapport">
    \(contents)
    <div class="pile ample">
    <section id="cles" class="pile" aria-labelledby="t-cles"><h2 id="t-cles">Chiffres clés</h2>\(KeyFigure.row(keyFigures))</section>
    \(structureChapter)
    \(supportChapter)
    \(corrections.map(correctionChapter))
    </div></div>
    """
  }

  var header: HTML {
    PageHeader(
      "Rapport d’activité \(year)",
      detail: "<p><small>\(edition.map { "\($0.sentence) " })Chiffres arrêtés au \(French.fullDay(closedOn))</small></p>",
      actions: actions
    ).html
  }

  private var contents: HTML {
    """
    <nav class="sommaire" aria-label="Sommaire du rapport"><a href="#cles">Chiffres clés</a>\
    <a href="#structures">\(Self.structuresTitle)</a><a href="#accompagnement">\(Self.supportTitle)</a>\
    \(corrections == nil ? .empty : "<a href=\"#corrections\">Corrections</a>")</nav>
    """
  }
}

extension ReportPage {
  static let structuresTitle = "1. Les structures"
  static let supportTitle = "2. L’accompagnement"
  static let themeNote = "Un échange qui porte sur deux thèmes compte dans les deux lignes, et une seule fois dans le total."

  private var structureChapter: HTML {
    chapter(
      "structures", Self.structuresTitle,
      """
      <div class="recit"><p>\(structureSentence)</p></div>
      \(departmentTable.html)
      """)
  }

  var structureSentence: HTML {
    let parts = structures.situations.filter { $0.count.number > 0 }
    return """
      Au \(French.fullDay(closedOn)), la fédération suit \(structures.total.html("structure", "structures"))\
      \(parts.isEmpty ? "" : ", dont ")\(each: parts, separator: ", ", part).
      """
  }

  private func part(_ part: (label: String, count: ReportCount)) -> HTML {
    """
    \(part.count.html) \(part.label)
    """
  }

  var departmentTable: FigureTable {
    FigureTable(
      "Structures par département et par situation, au \(French.fullDay(closedOn))", rowTitle: "Département",
      columns: structures.columns, rows: structures.rows, total: structures.totals)
  }

  private var supportChapter: HTML {
    chapter(
      "accompagnement", Self.supportTitle,
      """
      <div class="recit"><p>\(supportSentence)</p></div>
      \(channelChart.html)
      \(themeTable.html)
      <p class="note">\(Self.themeNote)</p>
      """)
  }

  var channelChart: ColumnChart {
    ColumnChart("Échanges par an et par canal", series: support.channels, columns: support.years, isWide: true)
  }

  var supportSentence: HTML {
    """
    En \(String(year)), l’équipe a noté \(support.exchanges.html("échange", "échanges")) avec \
    \(support.teams.html("équipe", "équipes"))\(support.time.map(time)).\(support.newTeams.map(newTeams))
    """
  }

  private func time(_ time: LinkedText) -> HTML {
    """
    , soit \(time.html)
    """
  }

  private func newTeams(_ count: ReportCount) -> HTML {
    """
     Pour \(count.html("équipe", "équipes")) d’entre elles, c’était le premier échange noté, en émergence ou en écriture.
    """
  }

  var themeTable: FigureTable {
    FigureTable(
      "Échanges par thème en \(year)", rowTitle: "Thème", columns: ["Échanges"], rows: support.themes,
      total: support.themeTotal)
  }

  private func correctionChapter(_ table: FigureTable) -> HTML {
    chapter("corrections", "Corrections", table.html)
  }

  private func chapter(_ id: String, _ title: String, _ content: HTML) -> HTML {
    """
    <article id="\(id)" class="carte pile" aria-labelledby="t-\(id)"><header><h2 id="t-\(id)">\(title)</h2></header>
    \(content)</article>
    """
  }
}
