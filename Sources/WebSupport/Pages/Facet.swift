import Markup

/// One way of narrowing a list: its choices add up, the facets between them restrict.
public struct Facet: Sendable {
  public struct Choice: Sendable {
    public var value: String
    public var label: String
    public var isOn: Bool
    public var count: Int?
    public var tone: Badge.Tone?

    public init(
      _ value: String, _ label: String, isOn: Bool = false, count: Int? = nil, tone: Badge.Tone? = nil
    ) {
      self.value = value
      self.label = label
      self.isOn = isOn
      self.count = count
      self.tone = tone
    }
  }

  /// The name of the query item, which is that of the dimension: `departement`.
  public var name: String
  public var title: String
  public var choices: [Choice]

  public init(_ name: String, _ title: String, _ choices: [Choice]) {
    self.name = name
    self.title = title
    self.choices = choices
  }

  /// The choices as labelled boxes, as the menus of a list and the settings of a figure show them.
  public var boxes: HTML {
    """
    \(each: choices, box)
    """
  }

  private func box(_ choice: Choice) -> HTML {
    """
    <label><input type="checkbox" name="\(name)" value="\(choice.value)"\(attribute: "checked", if: choice.isOn)> \
    \(label(choice))\(choice.count.map(count))</label>
    """
  }

  private func label(_ choice: Choice) -> HTML {
    guard let tone = choice.tone else { return HTML(text: choice.label) }
    return """
      <span class="\(tone.rawValue) nu">\(choice.label)</span>
      """
  }

  private func count(_ count: Int) -> HTML {
    """
     <span class="compte">\(French.number(count))</span>
    """
  }
}
