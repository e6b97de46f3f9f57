import Markup

/// What one does with the ticked rows of a list, and the boxes by which they are ticked.
///
/// The bar is a form of its own to which the boxes belong by its name, so that a row may hold other forms. It shows once a box is ticked,
/// by the style sheet alone.
public struct BatchBar: Sendable {
  public struct Action: Sendable {
    public var value: String
    public var label: String
    public var icon: Icon
    /// Where the rows are sent, when it is not where the bar sends them.
    public var action: Link?

    public init(_ value: String, _ label: String, _ icon: Icon = .edit, to action: Link? = nil) {
      self.action = action
      self.value = value
      self.label = label
      self.icon = icon
    }
  }

  public var action: Link
  public var csrf: String
  /// The address of the list as it is shown: whoever takes all of it names it by that.
  public var list: Link
  /// « les 480 structures de la liste ».
  public var whole: String
  public var actions: [Action]

  public init(action: Link, csrf: String, list: Link, whole: String, actions: [Action]) {
    self.action = action
    self.csrf = csrf
    self.list = list
    self.whole = whole
    self.actions = actions
  }

  private static let id = "lot"

  /// What a form calls a ticked record, the whole list, its address and what is to be done.
  public enum Names {
    public static let record = "fiche"
    public static let whole = "tout"
    public static let list = "liste"
    public static let action = "champ"
  }

  /// The heading over the boxes, with the one that ticks all of the page; that one needs JavaScript.
  static let heading: HTML = """
    <th scope="col" class="c"><input type="checkbox" form="\(id)" data-tout aria-label="Tout sélectionner sur cette page"></th>
    """

  /// The cell of a row.
  public func cell(_ record: String, _ name: String) -> HTML {
    """
    <td class="c">\(box(record, name))</td>
    """
  }

  /// The box of a row that is no table's.
  public func box(_ record: String, _ name: String) -> HTML {
    """
    <input type="checkbox" form="\(Self.id)" name="\(Names.record)" value="\(record)" aria-label="Sélectionner \(name)">
    """
  }

  /// The bar under the rows, in one block with them so that it stays in sight.
  public func html(around rows: HTML) -> HTML {
    """
    <div class="cochable">\(rows)
    <form class="lot" id="\(Self.id)" method="post" action="\(action)" aria-label="Agir sur la sélection">\
    <input type="hidden" name="csrf" value="\(csrf)"><input type="hidden" name="\(Names.list)" value="\(list.address)">\
    <strong data-compte role="status">Sélection</strong>\
    <label><input type="checkbox" name="\(Names.whole)" value="1"> \(whole)</label>\(each: actions, button)</form></div>
    """
  }

  private func button(_ action: Action) -> HTML {
    """
    <button class="bouton petit" name="\(Names.action)" value="\(action.value)"\(attribute: "formaction", action.action)>\(action.icon.html) \(action.label)</button>
    """
  }
}
