import Markup
import WebSupport

/// The fields that two people changed at the same time: the second one to save chooses.
struct ConflictView {
  struct Field {
    let name: String
    let label: String
    /// What is sent, and how people read it.
    let mine: (value: String, shown: String)
    let theirs: (value: String, shown: String)
  }

  let action: Link
  let csrf: String
  /// The version that the choice is made from.
  let version: Int
  /// What this person changed and nobody else did.
  let kept: [(name: String, value: String)]
  /// The fields that send what was typed beside their tokens.
  let tokenFields: Set<String>
  let conflicts: [Field]
  let cancel: Link

  var html: HTML {
    """
    <form class="carte pile" method="post" action="\(action)"><input type="hidden" name="csrf" value="\(csrf)">\
    <input type="hidden" name="version" value="\(version)">\(each: kept, hidden)\(each: typedFields, emptyField)
    \(each: conflicts, choice)
    <footer class="rangee"><button class="bouton principal">Enregistrer ces choix</button>\
    <a href="\(cancel)">Abandonner ma saisie</a></footer></form>
    """
  }

  private var typedFields: [String] {
    (kept.map(\.name) + conflicts.map(\.name)).filter(tokenFields.contains).map(FormField.typedName)
  }

  private func hidden(_ item: (name: String, value: String)) -> HTML {
    """
    <input type="hidden" name="\(item.name)" value="\(item.value)">
    """
  }

  private func emptyField(_ name: String) -> HTML { hidden((name, "")) }

  private func choice(_ field: Field) -> HTML {
    """
    <fieldset class="champ large"><legend>\(field.label)</legend><div class="pile fine">\
    <label><input type="radio" name="\(field.name)" value="\(field.mine.value)" checked> \
    Ma saisie\u{A0}: <ins class="texte">\(field.mine.shown)</ins></label>\
    <label><input type="radio" name="\(field.name)" value="\(field.theirs.value)"> \
    Déjà enregistré\u{A0}: <ins class="texte">\(field.theirs.shown)</ins></label></div></fieldset>

    """
  }
}
