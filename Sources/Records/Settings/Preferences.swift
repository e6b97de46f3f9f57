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
      UNION ALL SELECT NULL, name, value, 0, since FROM setting_value
      """)
  }

  fileprivate init(rows: [Row]) throws {
    var values: [(list: String, position: Int, value: ReferenceValue)] = []
    var stored: [String: [(since: CivilDate, value: String)]] = [:]
    for row in rows {
      if let list: String = try row[0] {
        values.append((list, try row[3], ReferenceValue(code: try row[1], label: try row[2])))
      } else {
        stored[try row[1], default: []].append((try row[4], try row[2]))
      }
    }
    // Sorted here, once for many pages.
    values.sort { ($0.list, $0.position, $0.value.code) < ($1.list, $1.position, $1.value.code) }
    var lists = ReferenceLists()
    for (list, _, value) in values { lists.add(value, to: list) }
    settings = Settings(stored: stored.mapValues { $0.sorted { $0.since < $1.since } })
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
