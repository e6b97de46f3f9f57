import Records
import Store

/// The type of a structure over time (DIR-13): the one it began with, and its dated changes.
struct TypeHistory: Hashable, Sendable {
  struct Change: Hashable, Sendable {
    let since: CivilDate
    let type: StructureType
  }

  let original: StructureType
  /// Oldest first.
  private(set) var changes: [Change] = []

  init(_ original: StructureType) {
    self.original = original
  }

  mutating func add(_ change: Change) { changes.append(change) }

  func type(on day: CivilDate) -> StructureType { changes.last { $0.since <= day }?.type ?? original }

  /// - Parameter only: the structures read, all when `nil`; those in the bin too.
  static func all(
    _ connection: any Connection, only structures: [Identifier<Structure>]? = nil
  ) throws -> [Identifier<Structure>: TypeHistory] {
    try all(connection, structures.map { "AND s.id IN \(list: $0)" } ?? "")
  }

  /// - Parameter among: a condition on structures `s`, with its `AND`.
  static func all(_ connection: any Connection, _ among: SQL) throws -> [Identifier<Structure>: TypeHistory] {
    var histories: [Identifier<Structure>: TypeHistory] = [:]
    let rows = try connection.rows(
      """
      SELECT s.id, COALESCE(s.original_type, s.type), c.since, c.type
      FROM structure s LEFT JOIN structure_type c ON c.structure_id = s.id AND c.removed_at IS NULL
      WHERE 1 = 1 \(among) ORDER BY s.id, c.since
      """)
    for row in rows {
      let id: Identifier<Structure> = try row[0]
      var history = try histories[id] ?? TypeHistory(row[1])
      if let since: CivilDate = try row[2] { history.add(Change(since: since, type: try row[3])) }
      histories[id] = history
    }
    return histories
  }
}

/// The present type, which is that of the latest change, kept on the structure's own row.
enum CurrentTypes {
  private static let latest: SQL = """
    (SELECT c.type FROM structure_type c WHERE c.structure_id = structure.id AND c.removed_at IS NULL ORDER BY c.since DESC LIMIT 1)
    """

  /// The type before the first change is kept beside it, for the day when all changes are taken back.
  static func settle(_ connection: any Connection, structures: [Identifier<Structure>]? = nil) throws {
    let only: SQL = structures.map { "AND id IN \(list: $0)" } ?? ""
    try connection.execute(
      "UPDATE structure SET type = original_type, original_type = NULL WHERE original_type IS NOT NULL AND \(latest) IS NULL \(only)")
    try connection.execute(
      """
      UPDATE structure SET original_type = COALESCE(original_type, type), type = \(latest)
      WHERE \(latest) IS NOT NULL AND (original_type IS NULL OR type <> \(latest)) \(only)
      """)
  }

  /// What a file of structures says of the type is a correction of the present one.
  static func correct(_ type: StructureType?, of structure: Int64, _ connection: any Connection) throws {
    try connection.execute(
      """
      UPDATE structure_type SET type = \(type) WHERE structure_id = \(structure) AND removed_at IS NULL AND since = (
        SELECT MAX(c.since) FROM structure_type c WHERE c.structure_id = \(structure) AND c.removed_at IS NULL)
      """)
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    let count: Int? = try connection.value(
      """
      SELECT count(*) FROM structure WHERE COALESCE(\(latest), type) <> type OR (original_type IS NULL) <> (\(latest) IS NULL)
      """)
    return count == 0 ? [] : ["Les types actuels des structures ne sont plus à jour."]
  }
}

extension Structure {
  static let typeMigration = Migration(
    "202611211430-structures",
    [
      """
      CREATE TABLE structure_type (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id), type \(.text) NOT NULL,
        since \(.date) NOT NULL, version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX structure_type_key ON structure_type (structure_id, since) WHERE removed_at IS NULL",
      // The type before the first dated change; without a change there is none.
      "ALTER TABLE structure ADD COLUMN original_type \(.text)",
      // Derived, and rebuilt: what a team is on a day includes its type.
      "DROP TABLE structure_span",
      """
      CREATE TABLE structure_span (
        structure_id \(.id) NOT NULL REFERENCES structure (id), since \(.date) NOT NULL, until \(.date) NOT NULL,
        counted \(.bool) NOT NULL, type \(.text) NOT NULL, stage \(.text), situation \(.text), phase \(.text),
        PRIMARY KEY (structure_id, since)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}
