import Markdown
import Records
import Store

/// A figure inside a sentence: `[[contacts.count]]`, `[[contacts.count|canal=telephone|avant]]`. Nobody types the number (REP-01).
public struct FigureReference: Hashable, Sendable, Codable {
  public enum Aspect: String, Sendable, Codable {
    case value
    /// The year before.
    case former = "avant"
    /// From the year before to this one.
    case change = "evolution"
  }

  /// What stands between the brackets.
  public let written: String
  public let figure: String
  /// By code of the dimension; one value each.
  public let dimensions: [String]
  public let codes: [String]
  public let aspect: Aspect

  /// What stands between double brackets in a text, once each, in its order. What is marked as code is left as it was typed.
  public static func all(in text: String) -> [String] {
    var found: [String] = []
    for part in MarkdownText(text).words.flatMap(parts) {
      if case .reference(let written) = part, !found.contains(written) { found.append(written) }
    }
    return found
  }

  /// Where double brackets begin or end a reference that is none: the words that follow, or that come before.
  static func unended(in text: String) -> [String] {
    MarkdownText(text).words.flatMap(parts).compactMap { part in
      guard case .text(let text) = part else { return nil }
      if let start = text.firstRange(of: "[[") { return String(text[start.lowerBound...].prefix(30)) }
      return text.firstRange(of: "]]").map { String(text[..<$0.upperBound].suffix(30)) }
    }
  }

  public enum Part: Equatable, Sendable {
    case text(String)
    case reference(String)
  }

  /// A text cut at its references.
  public static func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    var rest = text[...]
    while let match = rest.firstMatch(of: /\[\[([^\[\]\n]{1,200})\]\]/) {
      if match.range.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<match.range.lowerBound]))) }
      parts.append(.reference(String(match.1)))
      rest = rest[match.range.upperBound...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }
}

/// Reads references with what the federation's lists hold.
struct FigureReferenceCheck {
  private let registry: FigureRegistry
  private let lists: ReferenceLists
  private let connection: any Connection

  init(_ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection) {
    (self.registry, self.lists, self.connection) = (registry, lists, connection)
  }

  /// Why references of a text are none, one sentence each.
  func faults(in text: String) throws -> [String] {
    let unended = FigureReference.unended(in: text).map {
      "« \($0) » : il manque un crochet, une référence s’écrit « [[code du chiffre]] »."
    }
    return try FigureReference.all(in: text).compactMap { written -> String? in
      do {
        _ = try reference(written)
        return nil
      } catch let refusal as Refusal {
        return "« [[\(written)]] » : \(refusal.sentence)"
      }
    } + unended
  }

  /// - Throws: `Refusal` when it names nothing that the program knows.
  func reference(_ written: String) throws -> FigureReference {
    let parts = written.split(separator: "|", omittingEmptySubsequences: false).map { Fold.key($0) }
    guard let figure = registry.figures.first(where: { $0.id == parts[0] || Fold.key($0.label) == parts[0] }) else {
      throw Refusal("ce chiffre n’existe pas ; la liste des chiffres est sous le texte.")
    }
    var filters: [String: String] = [:]
    var aspect = FigureReference.Aspect.value
    for part in parts.dropFirst() {
      if let known = FigureReference.Aspect(rawValue: part), known != .value {
        aspect = known
        continue
      }
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { throw Refusal("« \(part) » n’est ni « avant », ni « evolution », ni « dimension=valeur ».") }
      let filter = try registry.filter(pair[0], pair[1], for: figure, lists, connection)
      // Cited with the others it would be 0: only a list that asks for it alone has it.
      guard !figure.factSet.leavesOut(filter) else {
        throw Refusal("ce chiffre laisse « \(pair[1]) » de côté\u{A0}: il ne peut pas être cité ainsi.")
      }
      guard filters.updateValue(filter.value, forKey: filter.dimension) == nil else {
        throw Refusal("une dimension a une seule valeur.")
      }
    }
    guard filters.count <= 2 else { throw Refusal("deux dimensions au plus.") }
    guard aspect != .change || !figure.isRatio || figure.isShare else { throw Refusal("ce chiffre n’a pas d’évolution.") }
    let dimensions = filters.keys.sorted()
    return FigureReference(
      written: written, figure: figure.id, dimensions: dimensions, codes: dimensions.compactMap { filters[$0] }, aspect: aspect)
  }
}
