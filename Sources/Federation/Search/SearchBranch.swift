import Store

/// How one kind of record answers a question.
struct SearchBranch {
  /// The first few: `id, title, code, detail, mark, standing, sort`, in the order in which they are shown.
  let hits: SQL
  /// One row `share` for each record found: which of its lists shows it.
  let shares: SQL
}

/// The parts of a search's statement that hold what a kind's words find.
struct SearchTables {
  /// Rows read of a kind at most: whoever finds more than so many looks for something else, or opens the kind's list, which has them all.
  static let mostRows = 120
  /// Teams at most whose exchanges and tasks are read with them.
  static let mostTeams = 12

  let kind: SearchResults.Kind
  /// `record`, each perhaps more than once.
  let candidates: SQL
  /// Where there may be more of them than were read, besides by their number.
  var isCut: SQL = "1 = 0"

  private var name: String { kind.rawValue }
  private var read: SQL { SQL(unsafeText: "\(name)_read") }
  /// The same, once each.
  var found: SQL { SQL(unsafeText: "\(name)_found") }
  /// Of the teams found, those whose exchanges and tasks are found too: the newest.
  static func teams(_ structures: SearchTables) -> SQL {
    "(SELECT record FROM \(structures.found) ORDER BY record DESC LIMIT \(mostTeams))"
  }
  static func areTeamsCut(_ structures: SearchTables) -> SQL { "(SELECT count(*) FROM \(structures.found)) > \(mostTeams)" }

  /// Both are read several times and made once, on either engine.
  var definition: SQL {
    """
    \(read) (record) AS MATERIALIZED (\(candidates)),
    \(found) (record) AS MATERIALIZED (SELECT DISTINCT record FROM \(read))
    """
  }

  /// Rows `kind, what it is, id or count, title or share, code, detail, mark, standing or whether there may be more, sort`: 0 is a
  /// record, 1 a count, 2 says whether there may be more.
  func rows(_ branch: SearchBranch) -> [SQL] {
    [
      """
      SELECT \(name) AS kind, 0 AS counts, h.id, h.title, h.code, h.detail, h.mark, CAST(h.standing AS \(.int)), h.sort
      FROM (\(branch.hits)) h
      """,
      """
      SELECT \(name), 1, count(*), c.share, NULL, NULL, NULL, CAST(0 AS \(.int)), NULL FROM (\(branch.shares)) c GROUP BY c.share
      """,
      """
      SELECT \(name), 2, CAST(0 AS \(.int)), NULL, NULL, NULL, NULL,
        CASE WHEN (SELECT count(*) FROM \(read)) >= \(Self.mostRows) OR \(isCut) THEN 1 ELSE 0 END, NULL
      """,
    ]
  }
}
