import Drawing
import Markup
import WebSupport

/// `/chiffres?chiffre=…`: one figure, its definition, its years and its parts. Every number opens its list.
struct FigurePage: Sendable {
  var title: String
  var index: Link = "/chiffres"
  var export: Link?
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
  var chart: ColumnChart?
  var table: FigureTable?
  /// Whether a record may stand in several parts, so that their sum exceeds the total.
  var partsOverlap = false

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Chiffres", index)], current: title).html)
    \(header)
    <div class="reglages">
    \(settings.html)
    <div class="pile ample">
    \(error.map { Message(.error, $0).html })
    \(headline)
    \(chart.map(drawing))
    \(partsOverlap ? overlapNote : .empty)
    \(table?.html)
    </div></div>
    """
  }

  private var header: HTML {
    PageHeader(
      title, sentence: "Chaque nombre souligné ouvre la liste des fiches qu’il compte.", actions: export.map { [.exportCSV($0)] } ?? []
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

  private func drawing(_ chart: ColumnChart) -> HTML {
    """
    <div class="carte">\(chart.html)</div>
    """
  }

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
