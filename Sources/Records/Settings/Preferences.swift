import Store
import Synchronization

/// What a federation has chosen for itself, settings and lists, in one statement: every page needs both.
public struct Preferences: Sendable {
  public let settings: Settings
  public let lists: ReferenceLists

  public init(_ connection: any Connection) throws {
    try self.init(rows: Self.rows(connection))
  }

  fileprivate static func rows(_ connection: any Connection) throws -> [Row] {
    try connection.rows(
      """
      SELECT list, code, label, position, NULL FROM reference_value
      UNION ALL SELECT NULL, name, value, 0, since FROM setting_value ORDER BY 1, 4, 2, 5
      """)
  }

  fileprivate init(rows: [Row]) throws {
    var stored: [String: [(since: CivilDate, value: String)]] = [:]
    var lists = ReferenceLists()
    for row in rows {
      if let list: String = try row[0] {
        lists.add(ReferenceValue(code: try row[1], label: try row[2]), to: list)
      } else {
        stored[try row[1], default: []].append((try row[4], try row[2]))
      }
    }
    settings = Settings(stored: stored)
    self.lists = lists
  }
}

/// Preferences worked out once for as long as their rows stay the same: most of a page's work on them is in making tables of words.
public final class KnownPreferences: Sendable {
  private let known = Mutex<(rows: [Row], preferences: Preferences)?>(nil)

  public init() {}

  /// Those that the connection sees.
  public func read(_ connection: any Connection) throws -> Preferences {
    let rows = try Preferences.rows(connection)
    if let known = known.withLock({ $0 }), known.rows == rows { return known.preferences }
    let preferences = try Preferences(rows: rows)
    known.withLock { $0 = (rows, preferences) }
    return preferences
  }
}
