import Markup
import WebSupport

/// `/chiffres`: every figure of the federation, with its value for a year and what it means.
struct FigureIndexPage: Sendable {
  struct Group: Sendable {
    var title: String
    var figures: [Figure]
  }

  struct Figure: Sendable {
    var label: String
    /// The page that explores the figure.
    var link: Link
    /// The value, which opens its list.
    var value: LinkedText
    var unit: String?
    var definition: String
  }

  var year: Int
  var years: [Tabs.Tab]
  var views: FigureViewList
  var groups: [Group]

  func html() -> HTML {
    """
    \(PageHeader("Chiffres", sentence: "Chaque nombre souligné ouvre la liste des fiches qu’il compte.").html)
    \(years.isEmpty ? .empty : Tabs("Années", years).html)
    <div class="pile ample">\(views.html)\(each: groups, group)</div>
    """
  }

  private func group(_ group: Group) -> HTML {
    """
    <div class="tableau simple"><table><caption>\(group.title)</caption>
    <thead><tr><th scope="col">Chiffre</th><th scope="col" class="n">\(String(year))</th></tr></thead>
    <tbody>\(each: group.figures, figure)</tbody></table></div>
    """
  }

  private func figure(_ figure: Figure) -> HTML {
    """
    <tr><th scope="row"><a href="\(figure.link)">\(figure.label)</a><small>\(figure.definition)</small></th>\
    <td class="n">\(LinkedText(figure.value.text, figure.value.link).html)\(figure.unit.map(unit))\(figure.value.note.map(note))</td></tr>

    """
  }

  private func unit(_ unit: String) -> HTML {
    """
    <br><small>\(unit)</small>
    """
  }

  private func note(_ note: String) -> HTML {
    """
    <br><small class="note">\(note)</small>
    """
  }
}
