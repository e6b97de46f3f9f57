import Foundation

/// A number on a page that opens the list of what it counts.
struct CountedLink: Hashable, Sendable {
  /// What the number is made of.
  enum Measure: Sendable {
    case records
    /// The sum of a column of the list.
    case professionals, minutes
  }

  let address: String
  let number: Int
  let measure: Measure
}

extension CountedLink {
  /// Every number of the page that is a link to records, in charts and tables as in sentences.
  static func all(in html: String, measure: Measure = .records) -> [CountedLink] {
    html.components(separatedBy: "<a ").dropFirst().compactMap { part in
      guard let end = part.range(of: "</a>"), let close = part.firstIndex(of: ">"), close < end.lowerBound else { return nil }
      let attributes = String(part[..<close])
      let content = plain(String(part[part.index(after: close)..<end.lowerBound]))
      guard let address = value(of: "href", in: attributes),
        ["/structures", "/echanges", "/etats"].contains(where: { address.hasPrefix($0) }),
        !address.contains(".csv")
      else { return nil }
      // A key figure is named by its link and followed by its value; a part of a chart is named in full.
      let rest = part[end.upperBound...]
      let isKeyFigure = rest.hasPrefix("</span><strong>")
      let named = value(of: "aria-label", in: attributes).map { String($0.components(separatedBy: "\u{A0}: ").last ?? "") }
      let shown = isKeyFigure ? plain(String(rest.dropFirst(15).prefix { $0 != "<" })) : named ?? content
      let unit: Measure = content == "Professionnels des structures" ? .professionals : measure
      if let minutes = duration(shown) { return CountedLink(address: address, number: minutes, measure: .minutes) }
      return leadingNumber(shown).map { CountedLink(address: address, number: $0, measure: unit) }
    }
  }

  private static func value(of name: String, in attributes: String) -> String? {
    guard let start = attributes.range(of: "\(name)=\"") else { return nil }
    return unescaped(String(attributes[start.upperBound...].prefix { $0 != "\"" }))
  }

  private static func plain(_ html: String) -> String {
    unescaped(html.replacing(/<[^>]*>/, with: ""))
  }

  /// « 1 234 h 05 » or « 25 min » in minutes; `nil` for anything else.
  private static func duration(_ text: String) -> Int? {
    guard text.contains("\u{A0}h") || text.hasSuffix("\u{A0}min") else { return nil }
    let parts = text.components(separatedBy: "\u{A0}")
    guard let first = leadingNumber(parts[0]) else { return nil }
    return parts[1] == "min" ? first : first * 60 + (parts.count > 2 ? Int(parts[2]) ?? 0 : 0)
  }
}

extension Visitor {
  /// What the list behind the link comes to.
  func total(of link: CountedLink) async throws -> Int? {
    guard link.measure != .records else { return try await get(link.address).recordCount }
    let list = link.address.hasPrefix("/structures") ? "/structures" : "/echanges"
    let file = try await get(link.address.replacing(list, with: "\(list).csv", maxReplacements: 1))
    return file.csvRows.reduce(0) { $0 + (Int($1[6]) ?? 0) }
  }
}
