import Drawing
import Federation
import Markup
import WebSupport

/// `/rapports/2023` and its editions: what was written of the year and its figures, as they are now or as they were published. Every number opens its list.
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
  /// Of the figures as they are now: the last edition of the year.
  var latestEdition: EditionLabel?
  var years: [Tabs.Tab] = []
  var actions: [PageAction] = []
  /// What has been published of the year.
  var publication: PublicationPanel?
  var keyFigures: [KeyFigure]
  var structures: Structures
  var support: Support
  /// What was written of the year; nothing while nobody drafts its report.
  var chapters: [ReportChapter] = []
  /// What each figure counts, for the annex of a written report.
  var definitions: [(label: String, definition: String)] = []
  /// How far the drafting has come, for those who read it before the publication.
  var drafting: DraftingPanel?
  /// « L’essentiel »: the key figures and what is marked so.
  var isEssential = false
  /// What a corrected edition says otherwise than the one before.
  var corrections: FigureTable?
  var correctedTexts: [BlockChange] = []
  /// What was taken out of the edition since, one sentence each.
  var erasures: [String] = []
  /// An edition with texts has its « L’essentiel ».
  var hasWords = false

  var photos: [ReportPhoto] {
    chapters.flatMap(\.pieces).compactMap { piece in
      if case .photo(let photo) = piece.content { return photo }
      return nil
    }
  }

  func html() -> HTML {
    """
    \(edition?.breadcrumb.html)
    \(header)
    \(edition?.notice)\(each: erasures, { Message(.information, $0).html })\(years.isEmpty ? .empty : Tabs("Années", years).html)\(publication?.html)\(drafting?.html)
    \(content)
    """
  }

  /// A written report says which figures are key; without any among its blocks, they stand before it.
  var showsKeyFigures: Bool {
    !chapters.contains { chapter in
      chapter.pieces.contains { piece in
        if case .cards = piece.content { return true }
        return false
      }
    }
  }

  /// The report itself, which stands in a file too.
  var content: HTML {
    """
    <div class="rapport">
    \(contents)
    <div class="pile ample">
    \(showsKeyFigures ? keyChapter : .empty)
    \(each: chapters, \.html)
    \(isEssential ? .empty : structureChapter)
    \(isEssential ? .empty : supportChapter)
    \(isEssential || definitions.isEmpty ? .empty : definitionChapter)
    \(hasCorrections ? correctionChapter : .empty)
    </div></div>
    """
  }

  var header: HTML {
    PageHeader(
      "Rapport d’activité \(year)\(isEssential ? "\u{A0}: l’essentiel" : "")",
      detail:
        "<p class=\"rangee\">\(state)<small>\(edition.map { "\($0.sentence) " })Chiffres arrêtés au \(French.fullDay(closedOn))</small></p>",
      actions: actions
    ).html
  }

  /// Of its texts, that which has come least far, while they are written.
  private var state: HTML? { drafting == nil ? nil : BlockState.leastAdvanced(chapters.compactMap(\.state))?.badge() }

  private var gauge: HTML? { drafting.flatMap { $0.isWaiting || $0.isPublished ? nil : $0.gauge } }

  private var contents: HTML {
    """
    <nav class="sommaire pile" aria-label="Sommaire du rapport">\(gauge)<div>\(showsKeyFigures ? "<a href=\"#cles\">Chiffres clés</a>" : .empty)\
    \(each: chapters, entry)\(isEssential ? .empty : annexes)\
    \(!hasCorrections ? .empty : "<a href=\"#corrections\">Corrections</a>")</div></nav>
    """
  }
}

extension ReportPage {
  /// Of a written report, what is computed anyway is the annex.
  var structuresTitle: String { chapters.isEmpty ? "1. Les structures" : "Annexe 1. Les structures" }
  var supportTitle: String { chapters.isEmpty ? "2. L’accompagnement" : "Annexe 2. L’accompagnement" }
  static let definitionsTitle = "Annexe 3. Ce que comptent les chiffres"
  static let themeNote = "Un échange qui porte sur deux thèmes compte dans les deux lignes, et une seule fois dans le total."

  private var structureChapter: HTML {
    chapter(
      "structures", structuresTitle,
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
      "accompagnement", supportTitle,
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
    En \(String(year)), l’équipe a noté \(support.exchanges.html("échange", "échanges"))\(isWithTeams ? teams : .empty)\
    \(support.time.map(time)).\(support.newTeams.map(newTeams))
    """
  }

  /// A federation may have met its partners alone.
  private var isWithTeams: Bool { support.teams.number > 0 || support.exchanges.number == 0 }

  private var teams: HTML {
    """
     avec \(support.teams.html("équipe", "équipes"))
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

  private var keyChapter: HTML {
    """
    <section id="cles" class="pile" aria-labelledby="t-cles"><h2 id="t-cles">Chiffres clés</h2>\(KeyFigure.row(keyFigures))</section>
    """
  }

  private func entry(_ chapter: ReportChapter) -> HTML {
    guard let title = chapter.title else { return .empty }
    return """
      <a href="\(Link("#\(chapter.id)"))">\(title) \(chapter.state?.mark)</a>
      """
  }

  private var annexes: HTML {
    """
    <a href="#structures">\(structuresTitle)</a><a href="#accompagnement">\(supportTitle)</a>\
    \(definitions.isEmpty ? .empty : "<a href=\"#definitions\">\(Self.definitionsTitle)</a>")
    """
  }

  private var definitionChapter: HTML {
    chapter("definitions", Self.definitionsTitle, Facts(definitions.map { .init($0.label, $0.definition) }).html)
  }

  var hasCorrections: Bool { corrections != nil || !correctedTexts.isEmpty }

  private var correctionChapter: HTML {
    chapter(
      "corrections", "Corrections",
      "\(corrections?.html)\(correctedTexts.isEmpty ? .empty : BlockChange.table(correctedTexts, linked: false).html)")
  }

  private func chapter(_ id: String, _ title: String, _ content: HTML) -> HTML {
    """
    <article id="\(id)" class="carte pile" aria-labelledby="t-\(id)"><header><h2 id="t-\(id)">\(title)</h2></header>
    \(content)</article>
    """
  }
}
