import Store

/// What a federation has chosen for itself, settings and lists, in one statement: every page needs both.
public struct Preferences: Sendable {
  public let settings: Settings
  public let lists: ReferenceLists

  /// Made once for as long as nobody changes anything: it takes longer than reading them.
  public init(_ connection: any Connection) throws {
    self = try connection.kept(
      """
      SELECT list, code, label, position, NULL FROM reference_value
      UNION ALL SELECT NULL, name, value, 0, since FROM setting_value
      """
    ) { try Preferences(rows: $0) }
  }

  private init(rows: [Row]) throws {
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
