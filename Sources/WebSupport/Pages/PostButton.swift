import Markup

/// A button that changes something: a form of its own.
public struct PostButton: Sendable {
  public var label: String
  public var action: Link
  public var csrf: String
  public var hidden: [(name: String, value: String)]
  public var isDangerous: Bool

  public init(_ label: String, action: Link, csrf: String, hidden: [(name: String, value: String)] = [], isDangerous: Bool = false) {
    self.label = label
    self.action = action
    self.csrf = csrf
    self.hidden = hidden
    self.isDangerous = isDangerous
  }

  public var html: HTML {
    """
    <form method="post" action="\(action)"><input type="hidden" name="csrf" value="\(csrf)">\(each: hidden, field)\
    <button class="bouton petit\(isDangerous ? " danger" : "")">\(label)</button></form>
    """
  }

  private func field(_ item: (name: String, value: String)) -> HTML {
    """
    <input type="hidden" name="\(item.name)" value="\(item.value)">
    """
  }
}
