import Store

/// A figure's value from before the program, taken over from a report with its source (REP-08, « valeur reprise »).
public enum SeriesValue {
  /// One value for each cell: a figure, a period and the values of some dimensions. The last day says the period, which
  /// begins on 1 January: a year and its 31 December are one.
  static let migration = Migration(
    "202611211330-series",
    [
      """
      CREATE TABLE series_value (
        id \(.id) PRIMARY KEY, figure \(.text) NOT NULL, through \(.date) NOT NULL, cell \(.text) NOT NULL,
        thousandths \(.int) NOT NULL, source \(.text) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (thousandths >= 0)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX series_value_key ON series_value (figure, through, cell) WHERE removed_at IS NULL",
    ])

  /// The last day of the earliest period that has a value, as `day`.
  public static let firstDay: SQL = "SELECT MIN(through) AS day FROM series_value WHERE removed_at IS NULL"
}

extension SeriesValue {
  /// The figures of which some cell has a value for a year, or up to a day.
  public static func figures(through day: CivilDate, _ connection: any Connection) throws -> Set<String> {
    Set(try connection.rows("SELECT DISTINCT figure FROM series_value WHERE through = \(day) AND removed_at IS NULL").map { try $0[0] })
  }
}

/// The values of dimensions that a series value stands for, as files hold them: `canal=telephone|departement=38`. The whole
/// figure has none.
struct SeriesCell: Hashable, Sendable, CustomStringConvertible {
  /// The code of each dimension.
  let codes: [String: String]

  init(codes: [String: String]) {
    self.codes = codes
  }

  /// Reads what `description` wrote.
  init(_ text: String) {
    let pairs = text.split(separator: "|").map { part in
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return (words[0], words.count > 1 ? words[1] : "")
    }
    codes = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// In one order, so that a cell has one name.
  var description: String {
    codes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "|")
  }
}
