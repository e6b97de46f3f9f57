import Foundation
import Records
import Store

/// A high point of the year: typed, or taken over from what the records hold.
public struct YearMoment: Sendable, Codable, Hashable {
  /// ISO text.
  public let date: String
  public let title: String
  public let text: String?
  /// An address, of this site or of another one.
  public let link: String?

  public init(date: String, title: String, text: String? = nil, link: String? = nil) {
    (self.date, self.title, self.text, self.link) = (date, title, text, link)
  }
}

/// Somebody whom the report names for what they do.
public struct ReportPerson: Sendable, Codable, Hashable {
  public let name: String
  public let role: String?
  public let detail: String?

  public init(name: String, role: String? = nil, detail: String? = nil) {
    (self.name, self.role, self.detail) = (name, role, detail)
  }
}

/// What is typed line by line in a block: one high point, or one person, a line.
enum BlockLines {
  static let most = 80
  static let longest = 12_000
  private static let longestPart = 300

  /// « 15/03/2025 : La journée régionale | 120 personnes à Valence. | https://exemple.fr »
  /// - Throws: `Refusal` naming the line.
  static func moments(_ text: String, of year: Int) throws -> [YearMoment] {
    try lines(text).map { number, line in
      guard let colon = line.firstIndex(of: ":") else {
        throw Refusal("ligne \(number) : commencez par la date, comme « 15/03/\(year) : La journée régionale »")
      }
      let date = try day(line[..<colon].trimmingCharacters(in: .whitespaces), of: year, number)
      let parts = try Self.parts(String(line[line.index(after: colon)...]), number)
      guard !parts[0].isEmpty else { throw Refusal("ligne \(number) : après la date, dites ce qu’il s’est passé") }
      guard parts.count <= 3 else { throw Refusal("ligne \(number) : un titre, une phrase et un lien au plus") }
      let link = parts.count > 2 && !parts[2].isEmpty ? parts[2] : nil
      if let link, !isAddress(link) { throw Refusal("ligne \(number) : un lien commence par https:// ou par /") }
      return YearMoment(
        date: date.description, title: parts[0], text: parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil, link: link)
    }
  }

  /// « Solène Aubertin | Présidente | Infirmière à Valence »
  /// - Throws: `Refusal` naming the line.
  static func people(_ text: String) throws -> [ReportPerson] {
    try lines(text).map { number, line in
      let parts = try Self.parts(line, number)
      guard !parts[0].isEmpty else { throw Refusal("ligne \(number) : commencez par le nom") }
      guard parts.count <= 3 else { throw Refusal("ligne \(number) : un nom, une fonction et une précision au plus") }
      func part(_ index: Int) -> String? { parts.count > index && !parts[index].isEmpty ? parts[index] : nil }
      return ReportPerson(name: parts[0], role: part(1), detail: part(2))
    }
  }

  private static func lines(_ text: String) throws -> [(number: Int, line: String)] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      // A text that was pasted from a list has its signs.
      (number: index + 1, line: line.trimmingCharacters(in: .whitespaces).trimmingPrefix("- ").trimmingCharacters(in: .whitespaces))
    }.filter { !$0.line.isEmpty }
    guard lines.count <= most else { throw Refusal("\(lines.count) lignes : \(most) au plus") }
    return lines
  }

  private static func parts(_ text: String, _ number: Int) throws -> [String] {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.allSatisfy({ $0.count <= longestPart }) else {
      throw Refusal("ligne \(number) : \(longestPart) caractères au plus entre deux barres")
    }
    return parts
  }

  private static func day(_ text: String, of year: Int, _ number: Int) throws -> CivilDate {
    let whole = text.split(separator: "/").count == 2 ? "\(text)/\(year)" : text
    guard let date = try? CivilDate.reading(whole) else {
      throw Refusal("ligne \(number) : « \(text.prefix(40)) » n’est pas une date, comme « 15/03/\(year) »")
    }
    guard date.year == year else { throw Refusal("ligne \(number) : le \(text.prefix(40)) n’est pas de l’année \(year)") }
    return date
  }

  private static func isAddress(_ text: String) -> Bool {
    guard !text.contains(where: \.isWhitespace) else { return false }
    return text.hasPrefix("https://") || text.hasPrefix("http://") || (text.hasPrefix("/") && !text.hasPrefix("//"))
  }
}
