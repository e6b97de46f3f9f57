import Records
import Store

/// What a letter says of each recipient: the words in braces.
public enum MergeField: String, CaseIterable, Sendable {
  case firstName = "prénom"
  case lastName = "nom"
  case team = "équipe"

  /// « {prénom} ».
  public var written: String { "{\(rawValue)}" }

  /// The words in braces of a text that stand for nothing: `{prenom}`, `{adresse}`.
  static func unknown(in text: String) -> [String] {
    var seen: Set<String> = []
    return text.matches(of: /\{[^{}\n]*\}/).map { String($0.0) }.filter { word in
      !allCases.contains { $0.written == word } && seen.insert(word).inserted
    }
  }

  /// Why a text cannot be sent; `nil` when it can.
  static func fault(in text: String) -> String? {
    let unknown = unknown(in: text)
    guard !unknown.isEmpty else { return nil }
    let known = allCases.map(\.written).joined(separator: ", ")
    return "\(unknown.joined(separator: ", ")) ne veut rien dire : ce qui se remplace est \(known)."
  }

  /// The fields that a text asks for.
  public static func used(in text: String) -> [MergeField] { allCases.filter { text.contains($0.written) } }
}

/// What is said of one recipient.
public struct MergeValues: Sendable, Equatable {
  public let firstName: String?
  public let lastName: String?
  public let teams: [String]

  subscript(_ field: MergeField) -> String {
    switch field {
    case .firstName: firstName ?? ""
    case .lastName: lastName ?? ""
    case .team: teams.count > 1 ? teams.dropLast().joined(separator: ", ") + " et " + teams[teams.count - 1] : teams.first ?? ""
    }
  }

  /// What the text asks for and nobody knows.
  public func missing(in text: String) -> [MergeField] { MergeField.used(in: text).filter { self[$0].isEmpty } }

  /// The text with the words in their place, in one pass: a name in braces is not looked at again. A word that is not known goes with
  /// the space before it.
  public func filled(_ text: String) -> String {
    text.replacing(/( ?)\{([^{}\n]*)\}/) { match in
      guard let field = MergeField(rawValue: String(match.2)) else { return String(match.0) }
      let value = self[field]
      return value.isEmpty ? "" : "\(match.1)\(value)"
    }
  }
}

/// What a letter may hold.
public enum LetterText {
  public static let limit = 20_000
  public static let subjectLimit = 200

  /// Why a letter cannot be sent as it is written, by field.
  static func faults(subject: String, body: String) -> [String: String] {
    var faults: [String: String] = [:]
    if subject.isEmpty {
      faults["objet"] = "Donnez un objet."
    } else if subject.count > subjectLimit {
      faults["objet"] = "\(subject.count) caractères : \(subjectLimit) au plus."
    } else if let fault = MergeField.fault(in: subject) {
      faults["objet"] = fault
    }
    if body.isEmpty {
      faults["message"] = "Écrivez un texte."
    } else if body.count > limit {
      faults["message"] = "\(body.count) caractères : \(limit) au plus."
    } else if let fault = MergeField.fault(in: body) {
      faults["message"] = fault
    }
    return faults
  }
}
