import Markup

/// A form with its token against forgery, and its fields numbered in the order of the keyboard.
public struct RecordFormView: Sendable {
  public var action: Link
  public var csrf: String
  /// What is sent along and not shown.
  public var hidden: [(name: String, value: String)]
  public var fields: [FormField]
  public var submit: String
  /// Other buttons that send the form, as `(name, value, label)`.
  public var otherSubmits: [(name: String, value: String, label: String)] = []
  public var cancel: Link
  /// What stands between the fields and the buttons, or before one of the fields.
  public var more: HTML = .empty
  public var moreBefore: String?
  public var warnings = RecordWarnings([])
  /// Files are sent with it.
  public var takesFiles = false

  public init(
    action: Link, csrf: String, hidden: [(name: String, value: String)] = [], fields: [FormField], submit: String, cancel: Link
  ) {
    self.action = action
    self.csrf = csrf
    self.hidden = hidden
    self.fields = fields
    self.submit = submit
    self.cancel = cancel
  }

  public var html: HTML {
    """
    <form class="carte ordre pile" method="post" action="\(action)"\(attribute: "enctype", takesFiles ? "multipart/form-data" : nil) data-garde>\
    <input type="hidden" name="csrf" value="\(csrf)">\(each: hidden, hiddenField)
    \(group(fields.prefix(place)))\(more)\(group(fields.dropFirst(place)))\(warnings.list)
    <footer class="rangee"><button class="bouton principal">\(submit)</button>\(each: otherSubmits, otherButton)\
    <a href="\(cancel)" data-ferme>Annuler</a></footer></form>
    """
  }

  private var place: Int { fields.firstIndex { $0.name == moreBefore } ?? fields.count }

  private func group(_ fields: ArraySlice<FormField>) -> HTML {
    if fields.isEmpty { return .empty }
    return """
      <div class="champs">
      \(each: fields, \.html)</div>

      """
  }

  /// The refused fields, each one link away; nothing when all were accepted.
  public var refusals: HTML? {
    let refused = fields.filter { $0.error != nil }
    guard !refused.isEmpty else { return nil }
    return Message(
      .error,
      content: """
        <strong>Rien n’est enregistré\u{A0}: corrigez ce qui suit.</strong><ul class="liste">\(each: refused, refusal)</ul>
        """
    ).html
  }

  private func refusal(_ field: FormField) -> HTML {
    """
    <li><span><a href="\(Link("#c-\(field.name)"))">\(field.label)</a>\u{A0}: \(field.error ?? "")</span></li>
    """
  }

  private func hiddenField(_ item: (name: String, value: String)) -> HTML {
    """
    <input type="hidden" name="\(item.name)" value="\(item.value)">
    """
  }

  private func otherButton(_ button: (name: String, value: String, label: String)) -> HTML {
    """
    <button class="bouton" name="\(button.name)" value="\(button.value)">\(button.label)</button>
    """
  }
}
