import Markup

/// A disclosure of a list's columns: a plain form whose answers are the address of the page.
public struct ColumnMenu: Sendable {
  public struct Choice: Sendable {
    public var name: String
    public var label: String
    public var isOn: Bool
    /// Always there.
    public var isFixed: Bool

    public init(_ name: String, _ label: String, isOn: Bool, isFixed: Bool = false) {
      self.name = name
      self.label = label
      self.isOn = isOn
      self.isFixed = isFixed
    }
  }

  public static let parameter = "colonnes"

  /// The list as it is shown.
  public var address: Link
  /// The address names the columns; they are the list's own otherwise.
  public var isChosen: Bool
  /// Those shown first, in their order.
  public var choices: [Choice]

  public init(address: Link, isChosen: Bool, choices: [Choice]) {
    self.address = address
    self.isChosen = isChosen
    self.choices = choices
  }

  public var html: HTML {
    let bare = address.removing(Self.parameter)
    return """
      <details class="menu droite"><summary class="bouton">\(Icon.columns.html) Colonnes \(Icon.down.html)</summary>\
      <form class="choisir" method="get" action="\(address.withoutQuery)" aria-label="Choisir les colonnes">\(each: kept, hidden)
      \(each: choices.indices, { item($0, bare) })\(isChosen ? reset(bare) : .empty)<button class="bouton petit">Afficher ces colonnes</button></form></details>
      """
  }

  private var kept: [(name: String, value: String)] { address.query.filter { $0.name != Self.parameter } }

  private func hidden(_ item: (name: String, value: String)) -> HTML {
    """
    <input type="hidden" name="\(item.name)" value="\(item.value)">
    """
  }

  private func item(_ index: Int, _ bare: Link) -> HTML {
    let choice = choices[index]
    // What is always there is sent too: it has its place among the others.
    let fixed = choice.isFixed ? hidden((Self.parameter, choice.name)) : .empty
    return """
      <div class="rangee serre"><label><input type="checkbox" name="\(Self.parameter)" value="\(choice.name)"\
      \(attribute: "checked", if: choice.isOn)\(attribute: "disabled", if: choice.isFixed)> \(choice.label)</label>\(fixed)\(earlier(index, bare))</div>

      """
  }

  /// One place towards the front, for those that have one before them.
  /// - Parameter bare: the address without any column.
  private func earlier(_ index: Int, _ bare: Link) -> HTML {
    guard index > 0, choices[index].isOn else { return .empty }
    var names = choices.filter(\.isOn).map(\.name)
    names.swapAt(index, index - 1)
    let link = Link(bare, query: names.map { (Self.parameter, $0) })
    return """
      <a class="pousse" href="\(link)"><span aria-hidden="true">↑</span><span class="sr">Avancer la colonne \(choices[index].label)</span></a>
      """
  }

  private func reset(_ bare: Link) -> HTML {
    """
    <a href="\(bare)">Colonnes habituelles</a>
    """
  }
}
