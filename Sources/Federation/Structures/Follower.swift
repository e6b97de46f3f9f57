import Records
import Store

/// Who of the staff follows a team, from a day until the next one's (GOV-07). Nobody, from a day on, is a vacancy.
public enum Follower {
  static let migration = Migration(
    "202611221010-structures",
    [
      """
      CREATE TABLE team_follower (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id), account_id \(.id) REFERENCES account (id),
        since \(.date) NOT NULL, note \(.text), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX team_follower_key ON team_follower (structure_id, since) WHERE removed_at IS NULL",
      "CREATE INDEX team_follower_account ON team_follower (account_id) WHERE removed_at IS NULL",
    ])

  /// That a row `f` is the one that holds on a day.
  static func inForce(on day: CivilDate) -> SQL {
    """
    f.removed_at IS NULL AND f.since <= \(day) AND NOT EXISTS (
      SELECT 1 FROM team_follower n
      WHERE n.structure_id = f.structure_id AND n.removed_at IS NULL AND n.since > f.since AND n.since <= \(day))
    """
  }

  /// The account that follows a team on a day; `NULL` where nobody does.
  static func account(of structure: SQL, on day: CivilDate) -> SQL { latest("f.account_id", of: structure, on: day) }

  /// Since when that is so, or since when nobody does; `NULL` where nobody ever did.
  static func since(of structure: SQL, on day: CivilDate) -> SQL { latest("f.since", of: structure, on: day) }

  private static func latest(_ column: SQL, of structure: SQL, on day: CivilDate) -> SQL {
    """
    (SELECT \(column) FROM team_follower f
      WHERE f.structure_id = \(structure) AND f.since <= \(day) AND f.removed_at IS NULL ORDER BY f.since DESC LIMIT 1)
    """
  }

  /// A dimension of structures `f` whose row has its `follower`.
  static let dimension: Dimension = {
    var dimension = Dimension(
      "suivi", label: "Suivi", expression: code("f.follower"),
      stored: """
        SELECT \(code("a.id")), a.name, a.name FROM account a
        WHERE EXISTS (SELECT 1 FROM team_follower f WHERE f.account_id = a.id AND f.removed_at IS NULL)
        """)
    dimension.unknownLabel = "Personne"
    return dimension
  }()

  /// An account in addresses.
  private static func code(_ id: SQL) -> SQL {
    let text: SQL = "CAST(\(id) AS text)"
    return "\(onSQLite: text, onPostgres: "\(text) COLLATE \"C\"")"
  }

  /// Whose record it is, in the bin or not.
  public static func team(of record: Int64, _ connection: any Connection) throws -> Identifier<Structure>? {
    try connection.value("SELECT structure_id FROM team_follower WHERE id = \(record)")
  }
}
