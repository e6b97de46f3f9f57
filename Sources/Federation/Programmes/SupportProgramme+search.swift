import Records
import Store

extension SupportProgramme {
  /// The latest first.
  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT g.id, g.name AS title, g.kind AS code, NULL AS detail, g.begins_on AS mark,
          CASE WHEN \(query.isKey(of: "f.record", in: searchSource)) = 0 THEN 0 ELSE 1 END AS standing, g.begins_on AS sort
        FROM \(tables.found) f JOIN support_programme g ON g.id = f.record ORDER BY standing, sort DESC, g.id DESC LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
