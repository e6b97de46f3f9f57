import Records
import Store

extension Person {
  static let searchSource = SearchSource(
    "personnes", from: "person p LEFT JOIN commune c ON c.code = p.commune", id: "p.id", where: "p.removed_at IS NULL",
    [
      "p.last_name": .words, "p.first_name": .words, "p.reference": .key, "c.name": .words, "p.commune": .key, "p.phone": .numbers,
      "p.email": .address, "p.rpps": .key,
    ])

  /// With the team in which they do something on the day, else their town.
  static func found(by query: SearchQuery, on day: CivilDate, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT t.id, t.title, t.code,
          COALESCE((
            SELECT s.name FROM person_function g JOIN structure s ON s.id = g.structure_id AND s.removed_at IS NULL
            WHERE g.person_id = t.id AND g.removed_at IS NULL AND g.since <= \(day) AND \(day) < g.until
            ORDER BY g.since DESC, g.id LIMIT 1), c.name) AS detail, NULL AS mark, t.standing, t.sort
        FROM (
          SELECT p.id, \(fullName) AS title, p.profession AS code, p.commune, p.name_fold AS sort,
            \(query.rank(of: "f.record", in: searchSource, name: "p.name_fold")) AS standing
          FROM \(tables.found) f JOIN person p ON p.id = f.record ORDER BY standing, sort, p.id LIMIT \(limit)) t
        LEFT JOIN commune c ON c.code = t.commune
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
