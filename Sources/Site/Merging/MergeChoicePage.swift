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
  let courses: [MergePreview.Course]
  /// A value as people read it.
  let text: @Sendable (MergePreview.Row, String) -> String
  let action: Link
  let cancel: Link

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader("Fusionner deux fiches", sentence: "Choisissez la fiche à garder, puis la valeur de chaque champ où elles diffèrent. Rien n’est enregistré avant l’aperçu.").html)
    <form class="carte pile" method="get" action="\(action)">\(hidden("a", form.items[0].value))\(hidden("b", form.items[1].value))
    <fieldset class="champ large"><legend>Fiche à garder</legend><div class="paire">\(keep("a", sides.first))\(keep("b", sides.second))</div></fieldset>
    \(each: rows.filter(\.isConflict), choice)\(each: courses, choice)
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
    <div><label><input type="radio" name="garder" value="\(value)"\(attribute: "checked", if: (value == "a") == form.keepsFirst)> \
    \(side.name) (\(side.reference))</label> <a href="\(side.link)">Voir la fiche<span class="sr"> \(side.name), \(side.reference)</span></a></div>
    """
  }

  private func choice(_ row: MergePreview.Row) -> HTML {
    options(row.name, row.label, kept: [text(row, row.kept)], merged: [text(row, row.merged)], row.choice, takesBoth: row.takesBoth)
  }

  private func choice(_ course: MergePreview.Course) -> HTML {
    let (kept, merged) = (course.kept.map(French.withDays), course.merged.map(French.withDays))
    return options(course.name, course.label, kept: kept, merged: merged, course.choice, takesBoth: true)
  }

  private func options(
    _ name: String, _ label: String, kept: [String], merged: [String], _ choice: MergeChoice, takesBoth: Bool
  ) -> HTML {
    let (first, second) = form.keepsFirst ? (kept, merged) : (merged, kept)
    let chosen = form.pick(choice)
    func option(_ value: String, _ words: String, _ shown: [String]) -> HTML {
      let values: [HTML] = shown.map { "<ins class=\"texte\">\($0)</ins>" }
      let lines: HTML = shown.isEmpty ? .empty : "\u{A0}: \(each: values, separator: "<br>", { $0 })"
      return """
        <label><input type="radio" name="\(MergeForm.name(name))" value="\(value)"\(attribute: "checked", if: value == chosen)> \
        \(words)\(lines)</label>
        """
    }
    return """
      <fieldset class="champ large"><legend>\(label)</legend><div class="paire">\
      \(option("a", sides.first.reference, first))\(option("b", sides.second.reference, second))\
      \(takesBoth ? option(MergeForm.both, "Les deux", []) : .empty)</div></fieldset>

      """
  }

  /// What nobody has to choose.
  private var agreed: [Facts.Fact] {
    rows.filter { !$0.isConflict && !($0.kept.isEmpty && $0.merged.isEmpty) }.map { row in
      Facts.Fact(row.label, text(row, row.kept.isEmpty ? row.merged : row.kept))
    }
  }
}
