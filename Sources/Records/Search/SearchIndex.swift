import Store

/// Where words are looked up: one row for each word of each record, sought by the beginning of the word.
///
/// A range of an ordinary index answers « begins with » in the same statement on both engines, and costs as much in a federation
/// fifty times larger; SQLite's FTS5 and PostgreSQL's `tsvector` would be two languages with two sets of hits, and `LIKE '%…%'` over
/// folded columns, as lists used to search, reads every record. The price is a few short rows a record, written with it by `Recorder`:
/// what a search finds is never older than what a page shows. Lists ask the same rows, so that both give the same records.
///
/// Identifiers are unique across kinds, and time-ordered: the second index, by which a record's other words are read and its rows
/// replaced, grows at its end.
enum SearchIndex {
  static let table = "search_word"

  static let migration = Migration(
    "202611212040-search",
    [
      """
      CREATE TABLE search_word (
        kind \(.text) NOT NULL, word \(.text) NOT NULL, record \(.id) NOT NULL, PRIMARY KEY (kind, word, record)
      ) \(sqlite: "STRICT, WITHOUT ROWID", postgres: "")
      """,
      "CREATE INDEX search_word_record ON search_word (record, kind, word)",
    ])

  /// Brings the words of records up to date, once these were written, put in the bin, taken out of it or erased.
  /// - Parameter known: those that may have words already.
  static func refresh(_ source: SearchSource, _ ids: [Int64], known: [Int64], _ connection: any Connection) throws {
    guard !ids.isEmpty else { return }
    try forget(source.kind, known, connection)
    try store(source.kind, source.words(where: "\(source.id) IN \(list: ids)", connection), connection)
  }

  private static func forget(_ kind: String, _ ids: [Int64], _ connection: any Connection) throws {
    guard !ids.isEmpty else { return }
    try connection.execute("DELETE FROM search_word WHERE record IN \(list: ids) AND kind = \(kind)")
  }

  private static func store(_ kind: String, _ records: [(id: Int64, words: Set<String>)], _ connection: any Connection) throws {
    // In the order of the table's own index, whose pages are then written one after the other.
    var rows: [(word: String, record: Int64)] = []
    for record in records {
      for word in record.words { rows.append((word, record.id)) }
    }
    rows.sort { $0.word == $1.word ? $0.record < $1.record : $0.word < $1.word }
    try connection.insert(into: "search_word (kind, word, record)", rows) { "\(kind), \($0.word), \($0.record)" }
  }

  // MARK: - What is stored against what the records say

  static func derived(_ kinds: [any RecordKind]) -> DerivedData {
    let sources = kinds.compactMap(\.searched)
    return DerivedData(table, version: 1) { connection in
      try connection.execute("DELETE FROM search_word WHERE kind NOT IN \(list: sources.map(\.kind))")
      for source in sources {
        try forEachDifference(source, connection) { page, ids in
          try forget(source.kind, ids, connection)
          try store(source.kind, page, connection)
        }
      }
    } faults: { connection in
      var isStale = false
      for source in sources { try forEachDifference(source, connection) { _, _ in isStale = true } }
      return isStale ? ["Les mots par lesquels on retrouve les fiches ne sont plus à jour."] : []
    }
  }

  /// Calls `body` with the records whose rows are not those that they should have, and with all identifiers concerned: a page of
  /// records at a time, for a federation may have a million of them.
  private static func forEachDifference(
    _ source: SearchSource, _ connection: any Connection, _ body: ([(id: Int64, words: Set<String>)], [Int64]) throws -> Void
  ) throws {
    let size = 5_000
    var last = Int64.min
    while true {
      let page = try source.words(where: "\(source.id) > \(last)", limit: size, connection)
      let isLast = page.count < size
      let end = isLast ? Int64.max : page[page.count - 1].id
      var stored: [Int64: Set<String>] = [:]
      let rows = try connection.rows(
        "SELECT record, word FROM search_word WHERE record > \(last) AND record <= \(end) AND kind = \(source.kind)")
      for row in rows { stored[try row[0], default: []].insert(try row[1]) }
      let changed = page.filter { stored[$0.id, default: []] != $0.words }
      let gone = Set(stored.keys).subtracting(page.map(\.id))
      if !changed.isEmpty || !gone.isEmpty { try body(changed, changed.map(\.id) + gone.sorted()) }
      if isLast { return }
      last = end
    }
  }
}

extension RecordKind {
  /// Everything that is computed from records, once these were written, put in the bin, taken out of it or erased.
  /// - Parameter known: those that are not new.
  func settleAll(_ ids: [Int64], known: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try settle(ids, drafts, connection)
    if let searched { try SearchIndex.refresh(searched, ids, known: known, connection) }
  }
}
