import Store

extension Migration {
  /// What refuses to change or delete a row of a table, as it is refused for events. The form differs between the engines, not the effect.
  /// - Parameter columns: those that are never changed, `a, b`; all of them when none is named.
  public static func appendOnly(_ table: StaticString, columns: StaticString = "") -> [SQL] {
    let change = columns.utf8CodeUnitCount == 0 ? "UPDATE" : "UPDATE OF \(columns)"
    return [
      """
      \(sqlite: "CREATE TRIGGER \(table)_no_update BEFORE \(change) ON \(table) BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END",
        postgres: """
          CREATE FUNCTION refuse_change_of_\(table)() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION '\(table) is append-only'; END $$
          """)
      """,
      """
      \(sqlite: "CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table) BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END",
        postgres: """
          CREATE TRIGGER \(table)_append_only BEFORE \(change) OR DELETE ON \(table)
          FOR EACH ROW EXECUTE FUNCTION refuse_change_of_\(table)()
          """)
      """,
    ]
  }
}
