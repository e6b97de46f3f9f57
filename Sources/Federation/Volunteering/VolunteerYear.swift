import Records
import Store

/// A year of the register: once the direction has closed it nothing of it moves, until the direction opens it again.
public enum VolunteerYear {
  /// A closing keeps the rate and the rule of travel by which the year was counted: a setting that changes later changes nothing of it.
  static let migration = Migration(
    "202611231341-volunteering",
    [
      """
      CREATE TABLE volunteer_year_closure (
        id \(.id) PRIMARY KEY, year \(.int) NOT NULL CHECK (year BETWEEN 1900 AND 2100), closed_at \(.instant) NOT NULL,
        closed_by \(.id) NOT NULL REFERENCES account (id), rate \(.int) CHECK (rate > 0), travel \(.bool) NOT NULL,
        reopened_at \(.instant), reopened_by \(.id) REFERENCES account (id), version \(.int) NOT NULL DEFAULT 1
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX volunteer_year_closed ON volunteer_year_closure (year) WHERE reopened_at IS NULL",
    ])

  static func closed(_ connection: any Connection) throws -> Set<Int> {
    try Set(connection.rows("SELECT year FROM volunteer_year_closure WHERE reopened_at IS NULL").map { try $0[0] })
  }

  static func isClosed(_ year: Int) -> String { "l’exercice \(year) est clos : la direction peut le rouvrir" }
}
