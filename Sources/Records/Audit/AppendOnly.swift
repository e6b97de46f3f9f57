import Store

extension Migration {
  /// What refuses to change or delete a row of a table, as it is refused for events. The form differs between the engines, not the effect.
  public static func appendOnly(_ table: StaticString) -> [SQL] {
    [
      """
      \(sqlite: "CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table) BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END",
        postgres: """
          CREATE FUNCTION refuse_change_of_\(table)() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION '\(table) is append-only'; END $$
          """)
      """,
      """
      \(sqlite: "CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table) BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END",
        postgres: """
          CREATE TRIGGER \(table)_append_only BEFORE UPDATE OR DELETE ON \(table)
          FOR EACH ROW EXECUTE FUNCTION refuse_change_of_\(table)()
          """)
      """,
    ]
  }
}
