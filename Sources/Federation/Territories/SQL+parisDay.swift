import Store

extension SQL {
  /// The day it is in Paris by the engine's own clock: for what is told as it stands, whatever the period asked about.
  /// - Parameters:
  ///   - sqlite: the moment for SQLite, which knows no zones: Paris is an hour ahead of Greenwich, and two between the last Sundays of
  ///     March and October, from one o'clock there (directive 2000/84/CE).
  ///   - postgres: the same for PostgreSQL, with its zone.
  static func parisDay(sqlite: SQL = "'now'", postgres: SQL = "now()") -> SQL {
    let summer: SQL = """
      datetime(\(sqlite)) >= datetime(strftime('%Y', \(sqlite)) || '-03-25 01:00', 'weekday 0')
        AND datetime(\(sqlite)) < datetime(strftime('%Y', \(sqlite)) || '-10-25 01:00', 'weekday 0')
      """
    let (lite, post): (SQL, SQL) = (
      "date(\(sqlite), CASE WHEN \(summer) THEN '+2 hours' ELSE '+1 hour' END)",
      "to_char(\(postgres) AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD') COLLATE \"C\""
    )
    return "\(onSQLite: lite, onPostgres: post)"
  }
}
