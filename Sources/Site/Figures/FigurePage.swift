import Drawing
import Markup
import Records
import WebSupport

/// `/chiffres?chiffre=…`: one figure, its definition, its years and its parts. Every number opens its list.
struct FigurePage: Sendable {
  var title: String
  var index: Link = "/chiffres"
  /// Its table and its chart as files.
  var exports: [PageAction] = []
  /// Keeping this question under a name, or changing the view that it is.
  var view: PageAction?
  var settings: FigureSettings
  /// Why the figure cannot be shown as asked, in one sentence.
  var error: String?
  var value: LinkedText
  /// What is counted: « échanges »; nothing where there is no number.
  var unit: String?
  var trend: Trend?
  /// Area, period and number of records, in one sentence.
  var scope: String
  var definition: String
  var charts: [Drawing] = []
  var table: FigureTable?
  /// Whether a record may stand in several parts, so that their sum exceeds the total.
  var partsOverlap = false
  /// Whether small numbers of people are kept back (R22).
  var isSuppressed = false

  struct Drawing: Sendable {
    var chart: any Chart
    /// Why it has another form than the one asked for.
    var excuse: String?
    /// It alone, as a file, by the ending of its name.
    var files: [(ending: String, link: Link)] = []
  }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Chiffres", index)], current: title).html)
    \(header)
    <div class="reglages">
    \(settings.html)
    <div class="pile ample">
    \(error.map { Message(.error, $0).html })
    \(headline)
    \(isSuppressed ? Message(.information, Self.suppressionNote).html : .empty)
    \(charts.dropLast().first.map(drawing))
    \(partsOverlap ? overlapNote : .empty)
    \(table?.html)
    \(charts.last.map(drawing))
    </div></div>
    """
  }

  private var header: HTML {
    let files: HTML = """
      <details class="menu droite"><summary class="bouton">\(Icon.download.html) Exporter \(Icon.down.html)</summary>\
      <ul class="choisir">\(each: exports, \.menuItem)</ul></details>
      """
    return PageHeader(
      title, detail: value.link != nil ? "<p>Chaque nombre souligné ouvre la liste des fiches qu’il compte.</p>" : .empty,
      actions: [view].compactMap(\.self),
      menus: exports.isEmpty ? [] : [files]
    ).html
  }

  private var headline: HTML {
    """
    <section class="carte pile" aria-labelledby="t-definition"><div class="grand-chiffre">\(number)\
    <p>\(trend.map(comparison))<span class="note">\(scope)</span></p></div>
    <details open><summary class="note" id="t-definition"><b>Définition</b></summary>\
    <p class="recit">\(definition)</p></details></section>
    """
  }

  private var number: HTML {
    let content: HTML = """
      \(value.text)\(unit.map(small))
      """
    guard let link = value.link else {
      return """
        <b>\(content)</b>
        """
    }
    return """
      <a href="\(link)">\(content)</a>
      """
  }

  private func small(_ unit: String) -> HTML {
    """
     <small>\(unit)</small>
    """
  }

  private func comparison(_ trend: Trend) -> HTML {
    """
    \(trend.html)<br>
    """
  }

  private func drawing(_ drawing: Drawing) -> HTML {
    """
    <div class="carte">\(drawing.chart.html)\(drawing.excuse.map(note))\(drawing.files.isEmpty ? .empty : files(drawing))</div>
    """
  }

  private func note(_ sentence: String) -> HTML {
    """
    <p class="note">\(sentence)</p>
    """
  }

  private func files(_ drawing: Drawing) -> HTML {
    """
    <p class="note ecran">\(each: drawing.files, separator: " ", file)</p>
    """
  }

  private func file(_ file: (ending: String, link: Link)) -> HTML {
    """
    <a href="\(file.link)">Télécharger ce graphique (.\(file.ending))</a>
    """
  }

  /// What is kept back, and why (R22).
  static let suppressionNote = French.typeset(
    """
    « < \(SmallCounts.limit + 1) » : petit effectif. De 1 à \(SmallCounts.limit) personnes, le nombre est masqué, sans liste ni export ; \
    un autre l’est aussi pour qu’on ne puisse pas le retrouver par soustraction. Équipes, échanges et heures ne sont jamais masqués.
    """)

  private var overlapNote: HTML {
    Message(
      .information,
      """
      La somme des parts dépasse le total\u{00A0}: une fiche qui touche plusieurs lignes compte une fois dans chacune, \
      et une seule fois dans le total.
      """
    ).html
  }
}
