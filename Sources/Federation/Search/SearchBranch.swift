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
  let kind: SearchResults.Kind
  /// `record`, each perhaps more than once.
  let candidates: SQL

  private var name: String { kind.rawValue }
  private var read: SQL { SQL(unsafeText: "\(name)_read") }
  /// The same, once each.
  var found: SQL { SQL(unsafeText: "\(name)_found") }

  /// Both are read several times and made once, on either engine.
  var definition: SQL {
    """
    \(read) (record) AS MATERIALIZED (\(candidates)),
    \(found) (record) AS MATERIALIZED (SELECT DISTINCT record FROM \(read))
    """
  }

  /// Rows `kind, is a count, id or count, title or share, code, detail, mark, standing or rows read, sort`.
  func rows(_ branch: SearchBranch) -> [SQL] {
    [
      """
      SELECT \(name) AS kind, 0 AS counts, h.id, h.title, h.code, h.detail, h.mark, CAST(h.standing AS \(.int)), h.sort
      FROM (\(branch.hits)) h
      """,
      """
      SELECT \(name), 1, count(*), c.share, NULL, NULL, NULL, (SELECT count(*) FROM \(read)), NULL FROM (\(branch.shares)) c GROUP BY c.share
      """,
    ]
  }
}
