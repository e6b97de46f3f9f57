import Store

/// What a federation has chosen for itself, settings and lists, in one statement: every page needs both.
public struct Preferences: Sendable {
  public let settings: Settings
  public let lists: ReferenceLists

  public init(_ connection: any Connection) throws {
    var stored: [String: [(since: CivilDate, value: String)]] = [:]
    var lists = ReferenceLists()
    let rows = try connection.rows(
      """
      SELECT list, code, label, position, NULL FROM reference_value
      UNION ALL SELECT NULL, name, value, 0, since FROM setting_value ORDER BY 1, 4, 2, 5
      """)
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
