import Markup
import Records
import WebSupport

/// A number inside a sentence of the report, with the list that it opens.
struct ReportCount: Sendable {
  var number: Int
  /// How many of the number make one unit: see `Figure.scale`.
  private let scale: Int
  var link: Link?
  /// Where it was taken from, when there is no list.
  var note: String?

  init(_ number: Int, scale: Int = 1, _ link: Link? = nil) {
    self.number = number
    self.scale = scale
    self.link = link
  }

  init(_ value: FigureValue, _ link: Link?) {
    self.init(value.value ?? 0, scale: value.manner.scale, value.source == nil ? link : nil)
    note = value.note
  }

  private var text: String { French.number(number, scale: scale) }

  var html: HTML { LinkedText(text, link, note: note).html }

  /// « 312 structures », as one link.
  func html(_ one: String, _ many: String) -> HTML {
    // The number stays on the line of its noun.
    LinkedText("\(text)\u{00A0}\(number < 2 * scale ? one : many)", link, note: note).html
  }
}
