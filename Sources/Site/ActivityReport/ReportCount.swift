import Markup
import Records
import WebSupport

/// A number inside a sentence of the report, with the list that it opens.
struct ReportCount: Sendable {
  var number: Int
  var link: Link?
  /// Where it was taken from, when there is no list.
  var note: String?

  init(_ number: Int, _ link: Link? = nil) {
    self.number = number
    self.link = link
  }

  init(_ value: FigureValue, _ link: Link?) {
    self.init(value.value, value.source == nil ? link : nil)
    note = value.note
  }

  var html: HTML { LinkedText(French.number(number), link, note: note).html }

  /// « 312 structures », as one link.
  func html(_ one: String, _ many: String) -> HTML {
    // The number stays on the line of its noun.
    LinkedText("\(French.number(number))\u{00A0}\(number < 2 ? one : many)", link, note: note).html
  }
}
