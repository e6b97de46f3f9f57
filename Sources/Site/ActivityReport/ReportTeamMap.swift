import Drawing
import Markup
import WebSupport

/// The teams of a report where they stand, with the same numbers in a table (DIR-07, REP-02).
struct ReportTeamMap: Sendable {
  let title: String
  let map: PointMap
  let table: FigureTable
  /// How many nobody said the commune of, or stand overseas.
  let missing: Int

  var html: HTML {
    """
    <figure class="graphique"><figcaption>\(title)</figcaption><div class="atlas">\(map.html)</div>\(StructureMap.legend(.plain, most: 0))</figure>
    \(note.map { "<p class=\"note\">\($0)</p>" as HTML })\(table.html)
    """
  }

  var image: ChartImage {
    map.image(title, StructureMap.legends(.plain, most: 0), alternative: "Le tableau qui suit dit les mêmes nombres.")
  }

  var note: String? {
    missing == 0
      ? nil
      : "\(French.plural(missing, "équipe n’est pas dessinée", "équipes ne sont pas dessinées"))\u{A0}: commune non renseignée ou outre-mer."
  }
}
