import Foundation
import TestSupport

/// A number on a page that opens the list of what it counts.
struct CountedLink: Hashable, Sendable {
  /// What the number is made of.
  enum Measure: Hashable, Sendable {
    case records
    /// The sum, the mean or the median of a column of the list.
    case sum(String), mean(String), median(String)
    /// The sum of a column of minutes, in hours.
    case hours(String)
    /// What the first column sums up to, in hundredths of the second; records with something in the first, of all of them.
    case share(String, String), shareOfRecords(String)
  }

  let address: String
  let number: Double
  let measure: Measure
}

extension CountedLink.Measure {
  /// What the list says of a figure's numbers, by the heading of its column.
  init(of figure: String) {
    switch figure {
    case "structures.professionals": self = .sum("Professionnels")
    case "structures.professionals_mean": self = .mean("Professionnels")
    case "professionals.by_profession": self = .sum("Nombre")
    case "structures.stage_days": self = .median("Durée (jours)")
    case "contacts.minutes", "programmes.minutes", "questions.minutes": self = .sum("Durée (minutes)")
    case "volunteers.hours": self = .hours("Compté (minutes)")
    case "coverage.population": self = .sum("Habitants couverts")
    case "coverage.population_share": self = .share("Habitants couverts", "Habitants")
    case "coverage.communes_share": self = .shareOfRecords("CPTS")
    case "programmes.participations": self = .sum("Personnes")
    case "commissions.recognition": self = .shareOfRecords("Avis favorable le")
    default: self = .records
    }
  }
}

extension CountedLink {
  /// Every number of the page that is a link to records, in charts and tables as in sentences.
  static func all(in html: String, measure: Measure = .records) -> [CountedLink] {
    html.components(separatedBy: "<a ").dropFirst().compactMap { part in
      guard let end = part.range(of: "</a>"), let close = part.firstIndex(of: ">"), close < end.lowerBound else { return nil }
      let attributes = String(part[..<close])
      let content = plain(String(part[part.index(after: close)..<end.lowerBound]))
      guard let address = value(of: "href", in: attributes),
        [
          "/structures", "/echanges", "/etats", "/effectifs", "/communes", "/conversions", "/sites", "/facilitations", "/dossiers",
          "/programmes", "/seances-programme", "/heures", "/mises-en-relation", "/relectures", "/questions",
        ].contains(where: { address.hasPrefix($0) })
          || address.contains("/fiches?"),
        !address.contains(".csv")
      else { return nil }
      // A key figure is named by its link and followed by its value; a part of a chart is named in full.
      let rest = part[end.upperBound...]
      let isKeyFigure = rest.hasPrefix("</span><strong>")
      let named = value(of: "aria-label", in: attributes).map { String($0.components(separatedBy: "\u{A0}: ").last ?? "") }
      let shown = isKeyFigure ? plain(String(rest.dropFirst(15).prefix { $0 != "<" })) : named ?? content
      let unit: Measure = content == "Professionnels des structures" ? Measure(of: "structures.professionals") : measure
      if let minutes = duration(shown) {
        return CountedLink(address: address, number: Double(minutes), measure: Measure(of: "contacts.minutes"))
      }
      return decimal(shown).map { CountedLink(address: address, number: $0, measure: unit) }
    }
  }

  private static func value(of name: String, in attributes: String) -> String? {
    guard let start = attributes.range(of: "\(name)=\"") else { return nil }
    return unescaped(String(attributes[start.upperBound...].prefix { $0 != "\"" }))
  }

  private static func plain(_ html: String) -> String {
    unescaped(html.replacing(/<[^>]*>/, with: ""))
  }

  /// « 1 234,5 jours » is 1234.5; `nil` when the text does not begin with a digit.
  private static func decimal(_ text: String) -> Double? {
    guard let whole = leadingNumber(text) else { return nil }
    let rest = text.drop { $0.isWhitespace }.drop { $0.isNumber || $0 == "\u{202F}" }
    let decimals = rest.hasPrefix(",") ? rest.dropFirst().prefix { $0.isNumber } : ""
    return Double("\(whole).\(decimals.isEmpty ? "0" : decimals)")
  }

  /// « 1 234 h 05 » or « 25 min » in minutes; `nil` for anything else.
  private static func duration(_ text: String) -> Int? {
    guard text.hasSuffix("\u{A0}h") || text.contains("\u{A0}h\u{A0}") || text.hasSuffix("\u{A0}min") else { return nil }
    let parts = text.components(separatedBy: "\u{A0}")
    guard let first = leadingNumber(parts[0]) else { return nil }
    return parts[1] == "min" ? first : first * 60 + (parts.count > 2 ? Int(parts[2]) ?? 0 : 0)
  }
}

extension Visitor {
  /// What the list behind the link comes to.
  func total(of link: CountedLink) async throws -> Double? {
    switch link.measure {
    case .records: return try await get(link.address).recordCount.map(Double.init)
    case .sum where link.address.contains("/fiches?"): return try await get(link.address).recordSum.map(Double.init)
    case .sum(let column): return Double(try await numbers(column, in: link).compactMap(\.self).reduce(0, +))
    case .hours where link.address.contains("/fiches?"): return try await get(link.address).recordSum.map(Double.init)
    case .hours(let column):
      let minutes = try await numbers(column, in: link).compactMap(\.self).reduce(0, +)
      return (Double(minutes) / 60 * 100).rounded() / 100
    case .share(let part, let whole):
      let (part, whole) = (try await numbers(part, in: link), try await numbers(whole, in: link))
      return percent(part.compactMap(\.self).reduce(0, +), whole.compactMap(\.self).reduce(0, +))
    case .shareOfRecords(let column):
      let cells = try await cells(column, in: link)
      return percent(cells.count { !$0.isEmpty }, cells.count)
    case .mean(let column): return average(of: try await numbers(column, in: link))
    case .median(let column):
      let numbers = try await numbers(column, in: link)
      let sorted = numbers.compactMap(\.self).sorted()
      // The middle, from below and from above; nothing that has no number is listed.
      return numbers.count == sorted.count && !sorted.isEmpty
        ? average(of: [sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2]]) : nil
    }
  }

  /// To a tenth; `nil` when one of the listed records has no number.
  private func average(of numbers: [Int?]) -> Double? {
    let known = numbers.compactMap(\.self)
    guard known.count == numbers.count, !known.isEmpty else { return nil }
    return (Double(10 * known.reduce(0, +)) / Double(known.count)).rounded() / 10
  }

  /// To a tenth.
  private func percent(_ part: Int, _ whole: Int) -> Double? {
    whole == 0 ? nil : (1000 * Double(part) / Double(whole)).rounded() / 10
  }

  private func numbers(_ column: String, in link: CountedLink) async throws -> [Int?] {
    try await cells(column, in: link).map { Int($0) }
  }

  /// The column of the list's file, and as many rows as the page says.
  private func cells(_ column: String, in link: CountedLink) async throws -> [String] {
    let path = String(link.address.prefix { $0 != "?" })
    let file = try await get(link.address.replacing(path, with: "\(path).csv", maxReplacements: 1))
    let header = file.text.dropFirst().prefix { !$0.isNewline }.split(separator: ";").map(String.init)
    guard let index = header.firstIndex(of: column) else { throw TestSetUpError(description: "\(link.address): no column \(column)") }
    let rows = file.csvRows
    guard try await get(link.address).recordCount == rows.count else { throw TestSetUpError(description: "\(link.address): other rows") }
    return rows.map { $0[index] }
  }
}
