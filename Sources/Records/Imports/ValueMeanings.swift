import Store
import Tables

/// What the values of a file mean in the lists of the federation: by field, then by folded value.
///
/// The meaning of an empty text is that of cells without a value; that of `others` is that of all values that nothing is said of.
struct ValueMeanings: Codable, Equatable, Sendable {
  private(set) var byField: [String: [String: String]] = [:]

  subscript(field: String, text: String) -> String? {
    get { byField[field]?[Self.key(text)] }
    set { byField[field, default: [:]][Self.key(text)] = newValue }
  }

  var isEmpty: Bool { byField.allSatisfy(\.value.isEmpty) }

  static func key(_ text: String) -> String { text == ValueMeaning.others ? text : Fold.key(text) }

  /// What a cell becomes; `nil` when its line is left out.
  func translated(_ text: String, of field: String, isList: Bool, knows: (String) -> Bool) -> String? {
    guard let known = byField[field], !known.isEmpty else { return text }
    func one(_ part: String) -> String {
      if let meaning = known[Fold.key(part)] { return meaning }
      return part.isEmpty || knows(part) ? part : known[ValueMeaning.others] ?? part
    }
    let parts = isList && !text.isEmpty ? text.split(separator: "|").map(\.withoutSpacesAround) : [text]
    let meant = parts.map(one)
    guard !meant.contains(ValueMeaning.leavesLine) else { return nil }
    return meant.filter { $0 != ValueMeaning.nothing }.joined(separator: "|")
  }
}

/// What a value of a file may mean beside a value of the list.
public enum ValueMeaning {
  /// The cell is taken for an empty one.
  public static let nothing = "-"
  /// The line is none of those to import.
  public static let leavesLine = "--"
  /// In place of a value: all those that nothing else is said of.
  public static let others = "*"
}

/// What is to be said of the values of one field before a file is previewed.
public struct ValueQuestion: Sendable {
  public struct Value: Sendable {
    /// As it stands in the file; empty for cells without a value.
    public let text: String
    /// How many lines have it; `nil` for all others.
    public let count: Int?
    /// Empty when it is taken as it is written.
    public var meaning: String
  }

  public let field: ImportColumn
  /// That of the file's column; `nil` when none fills the field, and one value goes for all lines.
  public let title: String?
  public var values: [Value]
  /// What it may mean; empty for a field of no list.
  public let options: [ReferenceValue]
}

extension ImportColumn {
  /// The lists of which its values are.
  var lists: [ReferenceList] {
    switch input {
    case .choice(let list, let other): [list] + [other].compactMap(\.self)
    case .choices(let list): [list]
    default: []
    }
  }

  var isSeveral: Bool { if case .choices = input { true } else { false } }

  /// Whether one value may go for all lines of a file that has no column for it.
  var mayGoForAll: Bool {
    switch input {
    case .choice, .record: true
    default: false
    }
  }
}
