import Markup
import WebSupport

/// The fields that two people changed at the same time: the second one to save chooses.
struct ConflictView {
  struct Field {
    let name: String
    let label: String
    let mine: String
    let theirs: String

    init(_ name: String, _ label: String, mine: String, theirs: String) {
      self.name = name
      self.label = label
      self.mine = mine
      self.theirs = theirs
    }
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
    <label><input type="radio" name="\(field.name)" value="\(field.mine)" checked> \
    Ma saisie\u{A0}: <ins class="texte">\(shown(field.mine))</ins></label>\
    <label><input type="radio" name="\(field.name)" value="\(field.theirs)"> \
    Déjà enregistré\u{A0}: <ins class="texte">\(shown(field.theirs))</ins></label></div></fieldset>

    """
  }

  private func shown(_ text: String) -> String {
    text.isEmpty ? French.unknown : text.replacing("|", with: ", ")
  }
}
