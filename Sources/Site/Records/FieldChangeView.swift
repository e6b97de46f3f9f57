import Markup
import WebSupport

/// One field that changes: what it was, struck through, and what it becomes.
struct FieldChangeView {
  let label: String
  let before: String
  let after: String

  var html: HTML {
    """
    <span>\(label)\u{A0}: \(before.isEmpty ? .empty : past)\
    <ins><span class="sr">après </span>\(after.isEmpty ? French.unknown : after)</ins></span>
    """
  }

  private var past: HTML {
    """
    <del><span class="sr">avant </span>\(before)</del> 
    """
  }
}
