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
    let visible: SQL =
      isOpen
      ? notHidden("a.record", from: reader)
      : "EXISTS (SELECT 1 FROM todo t WHERE t.id = a.record AND \(readable(by: reader)))"
    return """
      \(query.records(of: searchSource, visible: visible, limit: limit, rarest: rarest))
      UNION ALL SELECT record FROM (
        SELECT t.id AS record, t.due FROM \(teams) f JOIN todo t ON t.structure_id = f.record
        WHERE t.removed_at IS NULL AND \(readable(by: reader))
        UNION ALL SELECT t.id, t.due FROM \(teams) f JOIN exchange_structure x ON x.structure_id = f.record
        JOIN todo t ON t.exchange_id = x.exchange_id AND t.structure_id IS NULL
        WHERE t.removed_at IS NULL AND \(readable(by: reader))
        ORDER BY 2 DESC LIMIT \(limit)) y
      """
  }

  /// What is left to do first.
  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT t.id, t.title, t.state AS code,
          (SELECT MIN(s.name) FROM todo t \(Self.teams) WHERE t.id = f.record) AS detail, t.due AS mark,
          CASE WHEN \(query.isKey(of: "f.record", in: searchSource)) = 0 THEN 0 WHEN t.state = \(ToDoState.open) THEN 1 ELSE 2 END AS standing,
          t.due AS sort
        FROM \(tables.found) f JOIN todo t ON t.id = f.record
        ORDER BY standing, sort, t.id LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
