import Federation
import Markup
import Records
import WebSupport

/// Two records side by side: which one is kept, and where they differ whose value.
struct MergeChoicePage: Sendable {
  struct Side: Sendable {
    let name: String
    let reference: String
    let link: Link
  }

  let breadcrumb: Breadcrumb
  let form: MergeForm
  let sides: (first: Side, second: Side)
  let rows: [MergePreview.Row]
  /// A value as people read it.
  let text: @Sendable (MergePreview.Row, String) -> String
  let action: Link
  let cancel: Link

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader("Fusionner deux fiches", sentence: "Choisissez la fiche à garder, puis la valeur de chaque champ où elles diffèrent. Rien n’est enregistré avant l’aperçu.").html)
    <form class="carte pile" method="get" action="\(action)">\(hidden("a", form.items[0].value))\(hidden("b", form.items[1].value))
    <fieldset class="champ large"><legend>Fiche à garder</legend><div class="pile fine">\(keep("a", sides.first))\(keep("b", sides.second))</div></fieldset>
    \(each: rows.filter(\.isConflict), choice)
    <footer class="rangee"><button class="bouton principal">Voir l’aperçu</button><a href="\(cancel)">Abandonner</a></footer></form>
    \(agreed.isEmpty ? .empty : Card("accord", "Repris tels quels", Facts(agreed).html).html)
    """
  }

  private func hidden(_ name: String, _ value: String) -> HTML {
    """
    <input type="hidden" name="\(name)" value="\(value)">
    """
  }

  private func keep(_ value: String, _ side: Side) -> HTML {
    """
    <label><input type="radio" name="garder" value="\(value)"\(attribute: "checked", if: (value == "a") == form.keepsFirst)> \
    \(side.name) (\(side.reference))</label> <a href="\(side.link)">Voir la fiche<span class="sr"> \(side.name), \(side.reference)</span></a>
    """
  }

  private func choice(_ row: MergePreview.Row) -> HTML {
    let (first, second) = form.keepsFirst ? (row.kept, row.merged) : (row.merged, row.kept)
    let chosen = form.pick(row.choice)
    func option(_ value: String, _ words: String, _ shown: String?) -> HTML {
      """
      <label><input type="radio" name="\(MergeForm.name(row.name))" value="\(value)"\(attribute: "checked", if: value == chosen)> \
      \(words)\(shown.map { "\u{A0}: <ins class=\"texte\">\($0)</ins>" as HTML })</label>
      """
    }
    return """
      <fieldset class="champ large"><legend>\(row.label)</legend><div class="pile fine">\
      \(option("a", sides.first.reference, text(row, first)))\(option("b", sides.second.reference, text(row, second)))\
      \(row.takesBoth ? option(MergeForm.both, "Les deux", nil) : .empty)</div></fieldset>

      """
  }

  /// What nobody has to choose.
  private var agreed: [Facts.Fact] {
    rows.filter { !$0.isConflict && !($0.kept.isEmpty && $0.merged.isEmpty) }.map { row in
      Facts.Fact(row.label, text(row, row.kept.isEmpty ? row.merged : row.kept))
    }
  }
}
