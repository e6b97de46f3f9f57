import Markup

/// A value of a list that is changed where it stands: in its cell with JavaScript, else on a page of that one field.
public struct EditableCell: Sendable {
  public var text: String
  /// The field's name: « Canal ».
  public var label: String
  /// The page of the field, from which the cell takes its control.
  public var link: Link

  public init(_ text: String, label: String, _ link: Link) {
    self.text = text
    self.label = label
    self.link = link
  }

  public var html: HTML {
    """
    <a href="\(link)" data-cellule>\(text)<span class="sr"> (\(label)\u{A0}: modifier)</span></a>
    """
  }
}
