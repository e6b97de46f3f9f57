import Markup
import WebSupport

/// A number inside a sentence of the report, with the list that it opens.
struct ReportCount: Sendable {
  var number: Int
  var link: Link?

  init(_ number: Int, _ link: Link? = nil) {
    self.number = number
    self.link = link
  }

  var html: HTML { LinkedText(number, link).html }

  /// « 312 structures », as one link.
  func html(_ one: String, _ many: String) -> HTML {
    // The number stays on the line of its noun.
    LinkedText("\(French.number(number))\u{00A0}\(number < 2 ? one : many)", link).html
  }
}
