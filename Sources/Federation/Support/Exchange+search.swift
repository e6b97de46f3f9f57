import Records
import Store

extension Exchange {
  static let searchSource = SearchSource(
    "echanges", from: "exchange e", id: "e.id", where: "e.removed_at IS NULL", ["e.subject": .words, "e.reference": .key],
    leavesSmallWords: true)

  /// The exchanges `id` that hold the words themselves, or whose teams do: in lists and in searches.
  static func finds(_ query: SearchQuery, _ id: SQL, during period: Period) -> SQL {
    guard !query.isEmpty else { return "1 = 1" }
    // With the sign SQLite walks the days of the list and asks whether each is found, instead of looking up all that are, of every year.
    let id: SQL = "+\(id)"
    return """
      (\(query.finds(id, in: searchSource)) OR \(id) IN (
        SELECT x.exchange_id FROM exchange_structure x
        WHERE x.date BETWEEN \(period.from) AND \(period.through) AND x.structure_id IN (\(query.records(of: Structure.searchSource)))))
      """
  }

  /// Those that the reader may see, with the words or with the teams found by them.
  static func candidates(
    of query: SearchQuery, for reader: Account, teams: SQL, limit: Int, _ rarest: SearchQuery.RarestWords
  ) -> SQL {
    let isOpen = reader.role.scope(.read, .exchanges) == .all
    let visible: SQL =
      isOpen ? notHidden("a.record", from: reader) : "EXISTS (SELECT 1 FROM exchange e WHERE e.id = a.record AND \(readable(by: reader)))"
    // The bridge alone where everything may be read: an exchange in the bin is left out of what is found.
    let scope: SQL =
      isOpen
      ? "WHERE \(notHidden("x.exchange_id", from: reader))"
      : "JOIN exchange e ON e.id = x.exchange_id AND e.removed_at IS NULL AND \(readable(by: reader))"
    return """
      \(query.records(of: searchSource, visible: visible, limit: limit, rarest: rarest))
      UNION ALL SELECT record FROM (
        SELECT x.exchange_id AS record FROM \(teams) t JOIN exchange_structure x ON x.structure_id = t.record \(scope)
        ORDER BY x.date DESC LIMIT \(limit)) y
      """
  }

  /// The latest first; by the year, as their list shows them.
  static func found(by query: SearchQuery, limit: Int, _ tables: SearchTables) -> SearchBranch {
    SearchBranch(
      hits: """
        SELECT w.id, w.title, w.code,
          CASE WHEN w.visibility = 'equipe' THEN w.team ELSE COALESCE(w.team || ', ', '') || 'note confidentielle' END AS detail,
          w.mark, w.standing, w.mark AS sort
        FROM (
          SELECT t.id, t.title, t.code, (
              SELECT MIN(s.name) FROM exchange_structure x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
              WHERE x.exchange_id = t.id) AS team, t.visibility, t.mark, t.standing
          FROM (
            SELECT e.id, COALESCE(e.subject, '') AS title, e.channel AS code, e.date AS mark, e.visibility,
              \(query.isKey(of: "f.record", in: searchSource)) AS standing
            FROM \(tables.found) f JOIN exchange e ON e.id = f.record AND e.removed_at IS NULL
            ORDER BY standing, e.date DESC, e.id DESC LIMIT \(limit)) t) w
        """,
      shares: "SELECT SUBSTR(e.date, 1, 4) AS share FROM \(tables.found) f JOIN exchange e ON e.id = f.record AND e.removed_at IS NULL")
  }
}
