import Records
import Store

extension Structure {
  static let searchSource = SearchSource(
    "structures", from: "structure s LEFT JOIN commune c ON c.code = s.commune", id: "s.id", where: "s.removed_at IS NULL",
    [
      "s.name": .words, "s.reference": .key, "c.name": .words, "s.commune": .key, "s.postcode": .words, "s.finess": .key,
      "s.siret": .key, "s.phone": .numbers, "s.email": .address,
    ])

  /// As they are on a day. What the directory leaves out unless it is asked for stands last, and is counted apart.
  static func found(by query: SearchQuery, on day: CivilDate, limit: Int, _ tables: SearchTables) -> SearchBranch {
    let span: SQL = "LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until"
    // As the list of structures leaves them out (R2).
    let share: SQL = """
      CASE WHEN p.counted IS NULL OR NOT p.counted THEN 'ailleurs'
        WHEN p.type <> \(StructureType.isole) THEN CASE WHEN p.stage = \(Stage.fermee) THEN 'fermee' ELSE 'liste' END
        WHEN p.stage = \(Stage.fermee) THEN 'ailleurs' ELSE 'isole' END
      """
    return SearchBranch(
      hits: """
        SELECT s.id, s.name AS title, COALESCE(p.type, s.type) AS code,
          CASE WHEN c.name IS NULL THEN s.department ELSE c.name || ' (' || s.department || ')' END AS detail, \(share) AS mark,
          k.standing, k.sort
        FROM (
          SELECT s.id, \(query.rank(of: "f.record", in: searchSource, name: "s.name_fold")) AS standing, s.name_fold AS sort
          FROM \(tables.found) f JOIN structure s ON s.id = f.record ORDER BY standing, sort, s.id LIMIT \(limit)) k
        JOIN structure s ON s.id = k.id \(span) LEFT JOIN commune c ON c.code = s.commune
        """,
      shares: "SELECT \(share) AS share FROM \(tables.found) f JOIN structure s ON s.id = f.record \(span)")
  }
}
