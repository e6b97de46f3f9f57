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

  struct OptionGroup: Sendable {
    var title: String
    var options: [Option]
  }

  var action: Link = "/chiffres"
  var figures: [Option]
  /// The dimensions that the figure can be split by; « none » is added here.
  var dimensions: [Option]
  var secondDimensions: [Option]
  var periods: [OptionGroup]
  var comparisons: [Option] = []
  var drawings: [Option] = []
  var forms: [Option] = []
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
    <div class="champ"><label for="periode">Période</label><select id="periode" name="periode">\(each: periods, optionGroup)</select></div>
    <fieldset class="champs coches"><legend>Ou d’un jour à un autre (facultatif)</legend>\(day("du", "Du"))\(day("au", "Au"))</fieldset>
    \(field("comparer", "Comparer à", comparisons))
    \(drawings.isEmpty ? .empty : field(FigureDrawing.parameter, "Graphique", drawings))
    \(forms.isEmpty ? .empty : field(FigureForm.parameter, "Forme des parts", forms))
    \(each: filters, group)\(each: kept, hidden)<button class="bouton principal suit">Afficher</button></div></details></form>
    """
  }

  private func day(_ name: String, _ label: String) -> HTML {
    """
    <div class="champ"><label for="\(name)">\(label)</label><input type="date" id="\(name)" name="\(name)"></div>
    """
  }

  private func optionGroup(_ group: OptionGroup) -> HTML {
    """
    <optgroup label="\(group.title)">\(each: group.options, option)</optgroup>
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
