import Markup
import Records
import WebSupport

/// The settings of a figure: a plain form whose answers are the address of the page.
struct FigureSettings: Sendable {
  struct Option: Sendable {
    var value: String
    var label: String
    var isChosen = false
  }

  var action: Link = "/chiffres"
  var figures: [Option]
  /// The dimensions that the figure can be split by; « none » is added here.
  var dimensions: [Option]
  var secondDimensions: [Option]
  var years: [Option]
  var filters: [Facet] = []
  /// What narrows the figure beside these: it stays when another year is chosen.
  var kept: [Filter] = []

  var html: HTML {
    """
    <form class="carte" method="get" action="\(action)" aria-label="Réglages du chiffre">\
    <details class="volet" open><summary>Réglages \(Icon.down.html)</summary><div class="pile">
    \(field("chiffre", "Chiffre", figures))
    \(field("par", "Ventiler par", [Option(value: "", label: "Aucune dimension")] + dimensions))
    \(field("puis", "Puis par (facultatif)", [Option(value: "", label: "Aucune autre dimension")] + secondDimensions))
    \(field("annee", "Année", years))
    \(each: filters, group)\(each: kept, hidden)<button class="bouton principal">Afficher</button></div></details></form>
    """
  }

  private func hidden(_ filter: Filter) -> HTML {
    """
    <input type="hidden" name="\(filter.dimension)" value="\(filter.value)">
    """
  }

  private func field(_ name: String, _ label: String, _ options: [Option]) -> HTML {
    """
    <div class="champ"><label for="\(name)">\(label)</label>\
    <select id="\(name)" name="\(name)">\(each: options, option)</select></div>
    """
  }

  private func option(_ option: Option) -> HTML {
    """
    <option value="\(option.value)"\(attribute: "selected", if: option.isChosen)>\(option.label)</option>
    """
  }

  private func group(_ facet: Facet) -> HTML {
    """
    <fieldset class="coches"><legend>\(facet.title)</legend>\(facet.boxes)</fieldset>

    """
  }
}
