import Records
import Store

extension Meeting {
  static let searchSource = SearchSource(
    "comptes_rendus", from: "meeting m", id: "m.id", where: "m.removed_at IS NULL",
    ["m.title": .words, "m.reference": .key, "m.agenda": .words, "m.body": .words], leavesSmallWords: true)

  static let decisionSource = SearchSource(
    "decisions", from: "decision d", id: "d.id", where: "d.removed_at IS NULL", ["d.body": .words, "d.reference": .key],
    leavesSmallWords: true)

  /// Those that the reader may see: inside the question, so that no count tells of others.
  static func candidates(
    of query: SearchQuery, in source: SearchSource, for reader: Account, limit: Int, _ rarest: SearchQuery.RarestWords
  ) -> SQL {
    query.records(of: source, visible: readable("a.record", by: reader), limit: limit, rarest: rarest)
  }

  /// The latest first.
  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT m.id, m.title, m.kind AS code, NULL AS detail, m.date AS mark,
          CASE WHEN \(query.isKey(of: "f.record", in: searchSource)) = 0 THEN 0 ELSE 1 END AS standing, m.date AS sort
        FROM \(tables.found) f JOIN meeting m ON m.id = f.record ORDER BY standing, sort DESC, m.id DESC LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }

  static func foundDecisions(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT d.id, d.body AS title, NULL AS code, m.title AS detail, m.date AS mark,
          CASE WHEN \(query.isKey(of: "f.record", in: decisionSource)) = 0 THEN 0 ELSE 1 END AS standing, m.date AS sort
        FROM \(tables.found) f JOIN decision d ON d.id = f.record JOIN meeting m ON m.id = d.meeting_id
        ORDER BY standing, sort DESC, d.id DESC LIMIT \(limit)
        """,
      shares: "SELECT 'liste' AS share FROM \(tables.found)")
  }
}
