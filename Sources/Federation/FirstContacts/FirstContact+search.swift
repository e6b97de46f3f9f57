import Records
import Store

extension FirstContact {
  /// Those that the reader may see.
  static func candidates(of query: SearchQuery, for reader: Account, limit: Int, _ rarest: SearchQuery.RarestWords) -> SQL {
    let visible: SQL = "EXISTS (SELECT 1 FROM first_contact c WHERE c.id = a.record AND \(readable(by: reader)))"
    return query.records(of: searchSource, visible: visible, limit: limit, rarest: rarest)
  }

  /// The latest first.
  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT c.id, \(FirstContactSummary.fullName) AS title, c.state AS code, k.name AS detail, c.received_on AS mark,
          \(query.isKey(of: "f.record", in: searchSource)) AS standing, c.received_on AS sort
        FROM \(tables.found) f JOIN first_contact c ON c.id = f.record AND c.removed_at IS NULL
        LEFT JOIN commune k ON k.code = c.commune
        ORDER BY standing, c.received_on DESC, c.id DESC LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
