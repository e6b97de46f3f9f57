import Records
import Store

extension Organisation {
  static let searchSource = SearchSource(
    "organisations", from: "organisation o LEFT JOIN commune c ON c.code = o.commune", id: "o.id", where: "o.removed_at IS NULL",
    [
      "o.name": .words, "o.reference": .key, "c.name": .words, "o.commune": .key, "o.postcode": .words, "o.phone": .numbers,
      "o.email": .address,
    ])

  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT o.id, o.name AS title, o.nature AS code, c.name AS detail, NULL AS mark,
          \(query.rank(of: "f.record", in: searchSource, name: "o.name_fold")) AS standing, o.name_fold AS sort
        FROM \(tables.found) f JOIN organisation o ON o.id = f.record LEFT JOIN commune c ON c.code = o.commune
        ORDER BY standing, sort, o.id LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
