import Records
import Store

/// How many professionals practise in a team, counted on a day by somebody (DIR-10).
public enum Headcount {
  /// Those of `structure s` as known on a day: the latest count of all professions, else the sum of the professions counted on the
  /// latest day, else what the record declares without a date. A count of one profession says nothing of the others.
  static func number(on day: CivilDate) -> SQL {
    """
    COALESCE(
      (SELECT h.number \(counts(by: day)) AND h.profession IS NULL ORDER BY h.date DESC LIMIT 1),
      (SELECT CAST(SUM(h.number) AS \(.int)) \(counts(by: day)) AND h.profession IS NOT NULL
        AND h.date = (SELECT MAX(h.date) \(counts(by: day)) AND h.profession IS NOT NULL)),
      s.professionals)
    """
  }

  /// The day and the source of that number; nothing when it is the record's own.
  static func date(on day: CivilDate) -> SQL { latest("h.date", day) }
  static func source(on day: CivilDate) -> SQL { latest("h.source", day) }

  /// A column of the latest count of general practitioners.
  static func practitioners(_ column: SQL, on day: CivilDate) -> SQL {
    "(SELECT \(column) \(counts(by: day)) AND h.profession = 'medecin_generaliste' ORDER BY h.date DESC LIMIT 1)"
  }

  /// How many of some professions, each by its latest count; nothing when none of them was ever counted.
  static func number(of professions: [String], on day: CivilDate) -> SQL {
    """
    (SELECT CAST(SUM(h.number) AS \(.int)) \(counts(by: day)) AND h.profession IN \(list: professions)
      AND NOT EXISTS (SELECT 1 FROM headcount o
        WHERE o.structure_id = h.structure_id AND o.removed_at IS NULL AND o.profession = h.profession AND o.date <= \(day)
          AND o.date > h.date))
    """
  }

  private static func latest(_ column: SQL, _ day: CivilDate) -> SQL {
    """
    (SELECT \(column) \(counts(by: day))
      ORDER BY CASE WHEN h.profession IS NULL THEN 0 ELSE 1 END, h.date DESC, h.profession LIMIT 1)
    """
  }

  private static func counts(by day: CivilDate) -> SQL {
    "FROM headcount h WHERE h.structure_id = s.id AND h.removed_at IS NULL AND h.date <= \(day)"
  }

  static let migration = Migration(
    "202611211410-structures",
    [
      """
      CREATE TABLE headcount (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id), date \(.date) NOT NULL,
        profession \(.text), number \(.int) NOT NULL CHECK (number >= 0), source \(.text) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX headcount_key ON headcount (structure_id, date, COALESCE(profession, '')) WHERE removed_at IS NULL",
    ])
}
