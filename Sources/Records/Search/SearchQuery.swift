import Store

/// What a person looks for: words in any order, each of which may be unfinished, or a code or number in any spelling.
public struct SearchQuery: Sendable {
  /// What is read of a question; nobody types more.
  public static let longest = 200
  private static let mostWords = 8

  /// As it was typed, without the spaces around it.
  public let text: String
  /// Distinct, in the order in which they were typed.
  let words: [String]
  private let key: String?

  public init(_ typed: String) {
    text = String(typed.drop(while: \.isWhitespace).prefix(Self.longest)).trimmed
    var words: [String] = []
    for word in Self.joiningNumbers(text.split(whereSeparator: \.isWhitespace).flatMap { Self.words(of: String($0)) })
    where !words.contains(word) { words.append(word) }
    self.words = Array(words.prefix(Self.mostWords))
    key = SearchWords.key(Self.isNumber(text) ? words.joined() : text)
  }

  /// Nothing is asked.
  public var isEmpty: Bool { text.isEmpty }
  /// Something is typed that holds no letter and no digit.
  public var hasNoWords: Bool { words.isEmpty }

  private static func words(of piece: String) -> [String] {
    guard let sign = piece.firstIndex(of: "@"), sign != piece.startIndex else { return SearchWords.words(piece) }
    return [SearchWords.address(piece)]
  }

  private static func isNumber(_ text: String) -> Bool { text.allSatisfy { $0.isNumber || $0.isWhitespace || "+.-()".contains($0) } }

  /// « 04 76 12 34 56 » is one number, and so is a SIRET that is typed in groups.
  private static func joiningNumbers(_ words: [String]) -> [String] {
    var result: [String] = []
    var run: [String] = []
    func flush() {
      let digits = run.joined()
      let isOne = run.count == 1 || digits.count >= 8 || (run.count == words.count && digits.count >= 4)
      if isOne, !run.isEmpty { result.append(SearchWords.number(digits)) } else { result += run }
      run = []
    }
    for word in words {
      if SearchWords.isDigits(word) {
        run.append(word)
      } else {
        flush()
        result.append(word)
      }
    }
    flush()
    return result
  }

  /// Whether a text that is in no table, such as the name of a page, holds all the words.
  public func matches(_ text: String) -> Bool {
    let own = SearchWords.words(text)
    return !words.isEmpty && words.allSatisfy { word in own.contains { $0.hasPrefix(word) } }
  }
}

extension SearchQuery {
  /// The words that records of a kind are asked for.
  private func asked(of source: SearchSource) -> [String] {
    source.leavesSmallWords ? words.filter { !SearchWords.small.contains($0) } : words
  }

  /// Which word fewest records of each kind hold, in one statement: it is looked up, and the others only in what it finds.
  public func rarest(of sources: [SearchSource], _ connection: any Connection) throws -> RarestWords {
    var questions: [(kind: String, word: String)] = []
    for source in sources {
      let asked = asked(of: source)
      if asked.count > 1 { questions += asked.map { (source.kind, $0) } }
    }
    guard !questions.isEmpty else { return .unknown }
    let counts = questions.map { question -> SQL in
      """
      (SELECT count(*) FROM (SELECT 1 FROM search_word a WHERE \(Self.holds(question.word, question.kind, "a")) LIMIT 300) c)
      """
    }
    return try connection.kept("SELECT \(counts.joined(by: ", "))") { rows in
      var known: [RarestWords.Key: Int] = [:]
      for row in rows {
        for (index, question) in questions.enumerated() { known[.init(kind: question.kind, word: question.word)] = try row[index] }
      }
      return RarestWords(counts: known)
    }
  }

  /// How many records, at most, hold each word of a question.
  public struct RarestWords: Sendable {
    struct Key: Hashable {
      let kind: String
      let word: String
    }

    public static let unknown = RarestWords(counts: [:])

    let counts: [Key: Int]
  }

  /// Identifiers `record` of the records of a kind that hold every word, or of which a code is typed, each perhaps more than once.
  /// - Parameters:
  ///   - visible: a condition on `a.record`, inside: nobody learns from a limit what they may not see.
  ///   - limit: how many rows are read at most of those that hold the words: those of the newest records.
  public func records(
    of source: SearchSource, visible: SQL = "1 = 1", limit: Int? = nil, rarest: RarestWords = .unknown
  ) -> SQL {
    // Without counts the longest word says most.
    let asked = asked(of: source).sorted { left, right in
      let (few, many) = (rarest.counts[.init(kind: source.kind, word: left)], rarest.counts[.init(kind: source.kind, word: right)])
      return (few ?? 0, -left.count) < (many ?? 0, -right.count)
    }
    let end: SQL = limit.map { "ORDER BY a.record DESC LIMIT \($0)" } ?? ""
    let exact = keyed(source).map { "UNION ALL SELECT record FROM (\($0) AND \(visible)) k" as SQL } ?? ""
    guard let first = asked.first else { return "SELECT record FROM search_word WHERE 1 = 0 \(exact)" }
    let others = asked.dropFirst().map { word -> SQL in
      "AND EXISTS (SELECT 1 FROM search_word b WHERE b.record = a.record AND \(Self.holds(word, source.kind, "b")))"
    }
    return """
      SELECT record FROM (
        SELECT a.record FROM search_word a WHERE \(Self.holds(first, source.kind, "a")) \(others.joined(by: " ")) AND \(visible) \(end)) w
      \(exact)
      """
  }

  /// Those of which the whole of a code, number or address was typed.
  func keyed(_ source: SearchSource) -> SQL? {
    key.map { "SELECT a.record FROM search_word a WHERE a.kind = \(source.kind) AND a.word = \($0)" }
  }

  /// How well a record answers: 0 by a code, 1 when `name` begins with the words, 2 when it holds them, 3 by something else.
  /// - Parameters:
  ///   - record: its identifier.
  ///   - name: a folded column.
  public func rank(of record: SQL, in source: SearchSource, name: SQL) -> SQL {
    let exact: SQL = keyed(source).map { "WHEN \(record) IN (\($0)) THEN 0" } ?? ""
    let start = Self.plain(Fold.key(text)) + "%"
    let held = words.map { word -> SQL in "\(name) LIKE \("%" + Self.plain(word) + "%")" }
    let all: SQL = held.isEmpty ? "1 = 0" : held.joined(by: " AND ")
    return "CASE \(exact) WHEN \(name) LIKE \(start) THEN 1 WHEN \(all) THEN 2 ELSE 3 END"
  }

  /// Without the signs that `LIKE` reads as others.
  private static func plain(_ text: String) -> String { text.filter { $0 != "%" && $0 != "_" && $0 != "\\" } }

  /// 0 for a record found by a code, else 1.
  public func isKey(of record: SQL, in source: SearchSource) -> SQL {
    keyed(source).map { "CASE WHEN \(record) IN (\($0)) THEN 0 ELSE 1 END" } ?? "1"
  }

  /// The condition of a list: the records `id` that are found, all of them when nothing is asked.
  public func finds(_ id: SQL, in source: SearchSource) -> SQL {
    isEmpty ? "1 = 1" : "\(id) IN (\(records(of: source)))"
  }

  /// A word begins so: a range of the index, for no letter comes after the last one of Unicode.
  private static func holds(_ word: String, _ kind: String, _ alias: SQL) -> SQL {
    "\(alias).kind = \(kind) AND \(alias).word >= \(word) AND \(alias).word < \(word + "\u{10FFFF}")"
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
