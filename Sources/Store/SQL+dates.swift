extension SQL {
  /// The day it is by the engine's own clock, in Greenwich: for what is told as it stands, whatever the period asked about.
  public static let today: SQL =
    "\(sqlite: "date('now')", postgres: "to_char(CURRENT_DATE, 'YYYY-MM-DD') COLLATE \"C\"")"

  /// The day so many civil months after `date`, the end of a short month clipped, as `CivilDate.adding(months:)` says; `NULL`
  /// when either is.
  public static func adding(months: SQL, to date: SQL) -> SQL {
    // SQLite runs over the end of a short month where PostgreSQL clips: the earlier of that day and the month's last one.
    """
    \(onSQLite: """
      MIN(
        date(\(date), '+' || (\(months)) || ' months'),
        date(\(date), 'start of month', '+' || ((\(months)) + 1) || ' months', '-1 day'))
      """,
      onPostgres: """
        to_char(CAST(\(date) AS date) + make_interval(months => CAST(\(months) AS integer)), 'YYYY-MM-DD') COLLATE "C"
        """)
    """
  }
}
