import Foundation

extension StringProtocol where UTF8View: BidirectionalCollection {
  /// Without the spaces around it. Files hold a hundred thousand cells, of which next to none has one.
  public var withoutSpacesAround: String {
    let letters = UInt8(ascii: "!")...UInt8(ascii: "~")
    guard let first = utf8.first, let last = utf8.last, letters.contains(first), letters.contains(last) else {
      return trimmingCharacters(in: .whitespaces)
    }
    return String(self)
  }
}
