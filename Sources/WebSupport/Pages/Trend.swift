import Markup

/// How a figure moved: sign, value, reference. Green and red only where more is better.
public struct Trend: Sendable {
  public var change: Int
  public var text: String
  public var reference: String
  public var upIsGood: Bool

  /// « +25 par rapport à 2022 (148) »; the text defaults to the signed change.
  public init(_ change: Int, text: String? = nil, reference: String, upIsGood: Bool) {
    self.change = change
    self.text = text ?? French.signed(change)
    self.reference = reference
    self.upIsGood = upIsGood
  }

  public var html: HTML {
    """
    \(value) \(reference)
    """
  }

  private var value: HTML {
    if change == 0 { return "Stable" }
    guard upIsGood else {
      return """
        <b>\(text)</b>
        """
    }
    return """
      <span class="\(change > 0 ? "hausse" : "baisse")">\(text)</span>
      """
  }
}
