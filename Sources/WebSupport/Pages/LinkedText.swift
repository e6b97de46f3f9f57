import Markup

/// A number or a name, with the list or the record that it opens.
public struct LinkedText: Sendable, Hashable {
  public var text: String
  public var link: Link?
  /// What must be said beside it, in a few words: where a number was taken from.
  public var note: String?

  public init(_ text: String, _ link: Link? = nil, note: String? = nil) {
    self.text = text
    self.link = link
    self.note = note
  }

  /// A number in French digits; `nil` is « Non renseigné ».
  public init(_ number: Int?, _ link: Link? = nil) {
    self.init(number.map(French.number) ?? French.unknown, link)
  }

  public var html: HTML {
    """
    \(link.map(linked) ?? HTML(text: text))\(note.map(small))
    """
  }

  private func linked(_ link: Link) -> HTML {
    """
    <a href="\(link)">\(text)</a>
    """
  }

  private func small(_ note: String) -> HTML {
    """
     <small class="note">(\(note))</small>
    """
  }
}
