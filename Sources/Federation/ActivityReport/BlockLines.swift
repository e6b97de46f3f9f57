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
struct BlockLines<Part: Sendable>: Sendable {
  /// What the lines say, without those that cannot be read.
  private(set) var parts: [Part] = []
  /// Why lines are none, one sentence each with its number.
  private(set) var faults: [String] = []

  private init(_ text: String, _ read: (String) throws -> Part) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      // A text that was pasted from a list has its signs.
      (number: index + 1, line: line.trimmingCharacters(in: .whitespaces).trimmingPrefix("- ").trimmingCharacters(in: .whitespaces))
    }.filter { !$0.line.isEmpty }
    if lines.count > BlockLine.most { faults.append("\(lines.count) lignes : \(BlockLine.most) au plus") }
    for (number, line) in lines {
      do {
        parts.append(try read(line))
      } catch {
        faults.append("ligne \(number) : \((error as? Refusal)?.sentence ?? "illisible")")
      }
    }
  }
}

extension BlockLines<YearMoment> {
  /// « 15/03/2025 : La journée régionale | 120 personnes à Valence. | https://exemple.fr »
  init(moments text: String, of year: Int) {
    self.init(text) { line in
      guard let colon = line.firstIndex(of: ":") else {
        throw Refusal("commencez par la date, puis deux-points, comme « 15/03/\(year) : La journée régionale »")
      }
      let date = try BlockLine.day(line[..<colon].trimmingCharacters(in: .whitespaces), of: year)
      var parts = try BlockLine.parts(String(line[line.index(after: colon)...]))
      guard !parts[0].isEmpty else { throw Refusal("après la date, dites ce qu’il s’est passé") }
      guard parts.count <= 3 else { throw Refusal("un titre, une phrase et un lien au plus") }
      // A link is known wherever it stands after the title.
      if parts.count == 2, BlockLine.address(parts[1]) != nil { parts.insert("", at: 1) }
      let link = parts.count > 2 && !parts[2].isEmpty ? parts[2] : nil
      if let link, BlockLine.address(link) == nil {
        throw Refusal("« \(link.prefix(60)) » n’est pas un lien : il commence par https:// ou par /")
      }
      return YearMoment(
        date: date.description, title: parts[0], text: parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil,
        link: link.flatMap(BlockLine.address))
    }
  }
}

extension BlockLines<ReportPerson> {
  /// « Solène Aubertin | Présidente | Infirmière à Valence »
  init(people text: String) {
    self.init(text) { line in
      let parts = try BlockLine.parts(line)
      guard !parts[0].isEmpty else { throw Refusal("commencez par le nom") }
      guard parts.count <= 3 else { throw Refusal("un nom, une fonction et une précision au plus") }
      func part(_ index: Int) -> String? { parts.count > index && !parts[index].isEmpty ? parts[index] : nil }
      return ReportPerson(name: parts[0], role: part(1), detail: part(2))
    }
  }
}

/// One line that is typed in a block.
enum BlockLine {
  static let most = 80
  /// Of all lines together.
  static let longest = 12_000
  private static let longestPart = 300

  fileprivate static func parts(_ text: String) throws -> [String] {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.allSatisfy({ $0.count <= longestPart }) else { throw Refusal("\(longestPart) caractères au plus entre deux barres") }
    return parts
  }

  fileprivate static func day(_ text: String, of year: Int) throws -> CivilDate {
    let whole = spelled(text, of: year) ?? (text.split(separator: "/").count == 2 ? "\(text)/\(year)" : text)
    guard let date = try? CivilDate.reading(whole) else {
      throw Refusal("« \(text.prefix(40)) » n’est pas une date, comme « 15/03/\(year) » ou « 15 mars »")
    }
    guard date.year == year else { throw Refusal("le \(text.prefix(40)) n’est pas de l’année \(year)") }
    return date
  }

  private static let months = [
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
  ]

  /// « 2 oct. », « 1er mars 2025 » as `JJ/MM/AAAA`: a month is known by its first letters, three at least, that no other begins with.
  private static func spelled(_ text: String, of year: Int) -> String? {
    let words = Fold.key(text).split(whereSeparator: { $0.isWhitespace || $0 == "." })
    guard words.count == 2 || words.count == 3, words[1].count >= 3, words[1].allSatisfy(\.isLetter) else { return nil }
    let found = months.indices.filter { months[$0].hasPrefix(words[1]) }
    guard found.count == 1, let day = Int(words[0] == "1er" ? "1" : words[0]) else { return nil }
    return "\(day)/\(found[0] + 1)/\(words.count == 3 ? String(words[2]) : String(year))"
  }

  /// Whole; `nil` for what is none.
  fileprivate static func address(_ text: String) -> String? {
    guard !text.contains(where: \.isWhitespace) else { return nil }
    if text.hasPrefix("https://") || text.hasPrefix("http://") || (text.hasPrefix("/") && !text.hasPrefix("//")) { return text }
    return text.hasPrefix("www.") ? "https://\(text)" : nil
  }
}
