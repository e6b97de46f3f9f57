import Markup

/// What every chart shares: caption, legend, named drawing, and its values in a table.
struct ChartFigure {
  var title: String
  var description: String
  var legend: [String] = []
  var width: Double
  var height: Double
  /// All values in one sentence, for those who do not see the drawing.
  var summary: String
  var hasLinks: Bool
  /// Some of what is drawn comes from a document.
  var hasTaken = false
  /// What there is no colour or no room for, which the table holds: « et 3 autres, non dessinées ».
  var undrawn: String?
  var drawing: [HTML]
  var header: [String]
  var rows: [HTML]
  var isWide = false
  var drawingClass: String?

  var html: HTML {
    """
    <figure class="graphique\(isWide ? " large" : "")"><figcaption>\(title)</figcaption>\(legendList)
    <svg viewBox="0 0 \(ChartNumber.coordinate(width)) \(ChartNumber.coordinate(height))"\(attribute: "class", drawingClass) role="\(role)" \
    aria-label="\(title). \(summary)"><title>\(title)</title><desc>\(description)</desc>
    \(drawing)</svg>
    <details><summary>Voir les données</summary>\(table)</details></figure>
    """
  }

  // An image hides what it holds: with links inside, the drawing is a group.
  private var role: String { hasLinks ? "group" : "img" }

  private var legendList: HTML {
    if legend.isEmpty, !hasTaken, undrawn == nil { return .empty }
    let rest: HTML = undrawn.map { "<li>\($0)</li>" } ?? .empty
    return """
      <ul class="legende">\(each: legend.enumerated(), legendItem)\(hasTaken ? Self.takenItem : .empty)\(rest)</ul>
      """
  }

  /// - Parameters:
  ///   - series: how many have no colour.
  ///   - rows: how many have no room.
  static func undrawn(series: Int = 0, rows: Int = 0) -> String? {
    let told = [(series, "autre", "autres"), (rows, "autre ligne", "autres lignes")].filter { $0.0 > 0 }.map {
      "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)"
    }
    return told.isEmpty ? nil : "et \(told.joined(separator: ", ")) dont le dessin n’a pas la place"
  }

  static let taken = "valeur reprise d’un document, sans fiches"

  private static let takenItem: HTML = """
    <li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="h1" x="1" y="1" width="8" height="8" rx="2"/></svg>\(taken)</li>
    """

  private func legendItem(_ item: (offset: Int, element: String)) -> HTML {
    """
    <li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s\(item.offset + 1)" width="10" height="10" rx="2"/></svg>\
    \(item.element)</li>
    """
  }

  private var table: HTML {
    """
    <div class="tableau simple"\(attribute: "tabindex", hasLinks ? nil : "0")\(attribute: "role", hasLinks ? nil : "region")\
    \(attribute: "aria-label", hasLinks ? nil : title)><table><caption class="sr">\(title)</caption>
    <thead><tr>\(each: header.enumerated(), headerCell)</tr></thead>
    <tbody>\(rows)</tbody></table></div>
    """
  }

  private func headerCell(_ cell: (offset: Int, element: String)) -> HTML {
    """
    <th scope="col"\(attribute: "class", cell.offset == 0 ? nil : "n")>\(cell.element)</th>
    """
  }
}
