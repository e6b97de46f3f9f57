import Drawing
import Markup
import Records
import WebSupport

/// A number on a page opens the records that it counts; one that was taken over from before the program has none, and says its source.
extension FigureValue {
  /// Where it was taken from, or what a share was worked out of.
  var note: String? {
    source.map { "source\u{A0}: \($0)" } ?? share.map { "\(French.number($0.numerator)) sur \(French.number($0.denominator))" }
  }

  /// « 340 », « 340, source : … » inside a sentence.
  func phrase(_ text: String) -> String { [text, note].compactMap(\.self).joined(separator: ", ") }

  /// « 1 234 », « 14,5 », « 70,1 % », « Non renseigné ».
  var text: String {
    switch suppression {
    case .small: return "<\u{A0}\(SmallCounts.limit + 1)"
    case .complementary: return "masqué"
    case nil: break
    }
    guard let value else { return French.unknown }
    guard manner.isShare else { return French.number(value, scale: manner.scale) }
    // What is not quite all is not 100 %.
    return French.percent(share.map { Double($0.numerator) / Double($0.denominator) } ?? Double(value) / Double(manner.scale))
  }

  /// In the unit that is read: percents of a share.
  fileprivate var amount: Double? { value.map { Double($0) / Double(manner.scale) * (manner.isShare ? 100 : 1) } }

  fileprivate func link(_ link: Link?) -> Link? { source == nil && value != nil ? link : nil }

  /// What stands beside a total of the same source does not repeat it.
  fileprivate func note(beside total: FigureValue?) -> String? { source != nil && source == total?.source ? nil : note }
}

extension LinkedText {
  /// - Parameter text: the number itself when none is given.
  init(_ value: FigureValue, _ link: Link?, text: String? = nil, beside total: FigureValue? = nil) {
    self.init(text ?? value.text, value.link(link), note: value.note(beside: total))
  }

  /// A cell of a table: nothing counted opens nothing.
  init(cell value: FigureValue?, _ link: Link?, beside total: FigureValue) {
    guard let value, !value.isNothing else {
      self.init((value ?? .nothing(in: total.manner)).text)
      return
    }
    self.init(value, link, beside: total)
  }
}

extension ChartValue {
  init(_ value: FigureValue, link: Link?, beside total: FigureValue? = nil) {
    self.init(
      value.amount, text: value.text, link: value.link(link), note: value.note(beside: total), isTaken: value.source != nil)
  }

  /// A part of a whole; one that it does not have may be unknown rather than nothing.
  init(part value: FigureValue?, of total: FigureValue, link: Link?) {
    if let value {
      self.init(value, link: value.isNothing ? nil : link, beside: total)
    } else {
      self.init(total.leavesPartsUnknown ? nil : 0)
    }
  }
}
