import Store

/// The words by which a record is found, and those of a question, cut in the same way.
enum SearchWords {
  /// A longer word is known by its beginning.
  static let longest = 40

  /// Words that nobody looks a long text up by. Names keep theirs: « Les Tilleuls » is found by « les ».
  static let small: Set = [
    "a", "au", "aux", "avec", "c", "ce", "d", "dans", "de", "des", "du", "en", "et", "il", "l", "la", "le", "les", "n", "ne", "on", "ou",
    "par", "pour", "qu", "que", "qui", "s", "sur", "un", "une",
  ]

  static func words(_ text: String) -> [String] { Fold.words(text).map(cut) }

  /// What is compared when a whole code is typed, whatever its spaces and signs: `=demo0012`. No word begins with the sign.
  static func key(_ text: String) -> String? {
    let letters = Fold.words(text).joined()
    return letters.isEmpty ? nil : "=" + cut(letters)
  }

  /// An address of electronic mail is one word, for its parts are everybody's.
  static func address(_ text: String) -> String { cut(Fold.key(text)) }

  /// The digits of a number as one dials it in France: `+33 4 76…`, `0033 4 76…` and `04 76…` are one.
  static func number(_ digits: String) -> String {
    for prefix in ["0033", "33"] where digits.hasPrefix(prefix) {
      let rest = digits.dropFirst(prefix.count)
      let national = rest.hasPrefix("0") ? String(rest.dropFirst()) : String(rest)
      if national.count == 9 { return "0" + national }
    }
    return cut(digits)
  }

  static func isDigits(_ word: String) -> Bool { word.utf8.allSatisfy { (48...57).contains($0) } }

  private static func cut(_ word: String) -> String { String(word.prefix(longest)) }
}

/// What a kind's records are found by.
public struct SearchSource: Sendable {
  public enum Content: Sendable {
    /// A name, a town: the words of it.
    case words
    /// A code that stands for one record or place: its words, and all of it however it is spelt.
    case key
    /// Telephone numbers, in any spelling.
    case numbers
    /// An address of electronic mail: whole, and what stands before the `@`.
    case address
  }

  /// The name of the record kind.
  let kind: String
  let tables: SQL
  let id: SQL
  let condition: SQL
  let columns: [(content: Content, expression: SQL)]
  let leavesSmallWords: Bool

  /// - Parameters:
  ///   - kind: the name of the record kind.
  ///   - tables: what follows `FROM`.
  ///   - id: the record's identifier in them.
  ///   - condition: that the record is there, and not in the bin.
  ///   - leavesSmallWords: its texts are sentences rather than names.
  public init(
    _ kind: String, from tables: SQL, id: SQL, where condition: SQL, _ columns: KeyValuePairs<SQL, Content>, leavesSmallWords: Bool = false
  ) {
    self.kind = kind
    self.tables = tables
    self.id = id
    self.condition = condition
    self.columns = columns.map { ($0.value, $0.key) }
    self.leavesSmallWords = leavesSmallWords
  }

  /// The words of the records that `more` holds for, in the order of their identifiers.
  func words(where more: SQL, limit: Int? = nil, _ connection: any Connection) throws -> [(id: Int64, words: Set<String>)] {
    let end: SQL = limit.map { "LIMIT \($0)" } ?? ""
    return try connection.rows(
      """
      SELECT \(id), \(columns.map(\.expression).joined(by: ", ")) FROM \(tables)
      WHERE \(condition) AND \(more) ORDER BY \(id) \(end)
      """
    ).map { row in
      var words: Set<String> = []
      for (index, column) in columns.enumerated() {
        if let text: String = try row[index + 1] { words.formUnion(self.words(of: text, column.content)) }
      }
      return (try row[0], words)
    }
  }

  /// What stands within one number.
  private static let signs: Set<Character> = [" ", ".", "-", "+", "(", ")", "\u{A0}", "\u{202F}"]

  private func words(of text: String, _ content: Content) -> [String] {
    switch content {
    case .words:
      let words = SearchWords.words(text)
      return leavesSmallWords ? words.filter { !SearchWords.small.contains($0) } : words
    case .key: return SearchWords.words(text) + [SearchWords.key(text)].compactMap(\.self)
    case .address:
      let name = text.prefix { $0 != "@" }
      return SearchWords.words(String(name)) + [SearchWords.address(text), SearchWords.key(text)].compactMap(\.self)
    case .numbers:
      let pieces = text.split { !$0.isNumber && !Self.signs.contains($0) }
      let numbers = pieces.map { $0.filter(\.isNumber) }.filter { $0.count >= 3 }.map { SearchWords.number($0) }
      return numbers + numbers.map { "=" + $0 }
    }
  }
}
