import Markup

/// The stretches of time that a list offers, and any other from one day to another.
public struct PeriodMenu: Sendable {
  /// « Le mois dernier »
  public var choices: [LinkedText]
  /// The names of the two days in the address.
  public var names: (from: String, through: String)
  /// The one that is shown, with the same list without it; `nil` when none was asked for.
  public var chosen: (label: String, without: Link)?

  public init(_ choices: [LinkedText], names: (from: String, through: String), chosen: (label: String, without: Link)? = nil) {
    self.choices = choices
    self.names = names
    self.chosen = chosen
  }

  var html: HTML {
    """
    <details class="menu"><summary class="bouton">Période \(Icon.down.html)</summary>\
    <div class="choisir">\(each: choices, \.html)\(day("Du", names.from))\(day("Au", names.through))\
    <button class="bouton petit">Appliquer</button></div></details>

    """
  }

  private func day(_ label: String, _ name: String) -> HTML {
    """
    <label>\(label) <input type="date" name="\(name)"></label>
    """
  }
}
