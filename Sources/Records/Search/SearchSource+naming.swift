import Store

extension SearchSource {
  /// Identifiers of the records that one of the texts may name, and of others: those that hold all its words, or of which it is a code
  /// or an address. Who tells them apart reads these alone.
  /// - Returns: `nil` when a text holds no word, and every record is one to be looked at.
  public func candidates(for texts: [String]) -> SQL? {
    var questions: [SQL] = ["SELECT record FROM search_word WHERE 1 = 0"]
    for text in Set(texts).sorted() {
      let words = Set(SearchWords.words(text)).sorted { ($0.count, $0) > ($1.count, $1) }.prefix(Self.mostNamed)
      guard let first = words.first else { return nil }
      let others = words.dropFirst().map { word -> SQL in
        "AND EXISTS (SELECT 1 FROM search_word b WHERE b.record = a.record AND b.kind = \(kind) AND b.word = \(word))"
      }
      questions.append(
        "SELECT a.record FROM search_word a WHERE a.kind = \(kind) AND a.word = \(first) \(others.joined(by: " "))")
      for code in [SearchWords.key(text), SearchWords.address(text)].compactMap(\.self) {
        questions.append("SELECT a.record FROM search_word a WHERE a.kind = \(kind) AND a.word = \(code)")
      }
    }
    return questions.joined(by: " UNION ALL ")
  }

  /// Words of a name that are looked up.
  private static let mostNamed = 8
}
