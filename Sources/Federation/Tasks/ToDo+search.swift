import Records
import Store

extension ToDo {
  static let searchSource = SearchSource(
    "taches", from: "todo t", id: "t.id", where: "t.removed_at IS NULL",
    ["t.title": .words, "t.note": .words, "t.reference": .key], leavesSmallWords: true)

  /// Those that the reader may see, with the words or with the teams found by them.
  static func candidates(
    of query: SearchQuery, for reader: Account, teams: SQL, limit: Int, _ rarest: SearchQuery.RarestWords
  ) -> SQL {
    let isOpen = reader.role.scope(.read, .tasks) == .all
    let visible: SQL = isOpen ? "1 = 1" : "EXISTS (SELECT 1 FROM todo t WHERE t.id = a.record AND \(readable(by: reader)))"
    return """
      \(query.records(of: searchSource, visible: visible, limit: limit, rarest: rarest))
      UNION ALL SELECT record FROM (
        SELECT t.id AS record FROM \(teams) f JOIN todo t ON t.structure_id = f.record AND t.removed_at IS NULL AND \(readable(by: reader))
        ORDER BY t.due DESC LIMIT \(limit)) y
      """
  }

  /// What is left to do first.
  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT t.id, t.title, t.state AS code, s.name AS detail, t.due AS mark,
          CASE WHEN \(query.isKey(of: "f.record", in: searchSource)) = 0 THEN 0 WHEN t.state = \(ToDoState.open) THEN 1 ELSE 2 END AS standing,
          t.due AS sort
        FROM \(tables.found) f JOIN todo t ON t.id = f.record LEFT JOIN structure s ON s.id = t.structure_id AND s.removed_at IS NULL
        ORDER BY standing, sort, t.id LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
