import Records
import Store

extension Facilitation {
  /// Those that hold the words, and those of the teams found.
  static func candidates(
    of query: SearchQuery, for reader: Account, teams: SQL, limit: Int, _ rarest: SearchQuery.RarestWords
  ) -> SQL {
    """
    \(query.records(of: searchSource, limit: limit, rarest: rarest))
    UNION ALL SELECT record FROM (
      SELECT f.id AS record, f.requested_on FROM \(teams) o JOIN facilitation_structure x ON x.structure_id = o.record
      JOIN facilitation f ON f.id = x.facilitation_id AND f.removed_at IS NULL AND \(readable(by: reader))
      ORDER BY 2 DESC LIMIT \(limit)) y
    """
  }

  /// The latest first.
  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT f.id, COALESCE(f.type, '') AS title, f.state AS code, \(teamNames) AS detail, COALESCE(f.date, f.requested_on) AS mark,
          CASE WHEN \(query.isKey(of: "o.record", in: searchSource)) = 0 THEN 0 ELSE 1 END AS standing,
          COALESCE(f.date, f.requested_on) AS sort
        FROM \(tables.found) o JOIN facilitation f ON f.id = o.record ORDER BY standing, sort DESC, f.id DESC LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
