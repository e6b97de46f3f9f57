import Store

/// What a federation has chosen for itself, settings and lists, in one statement: every page needs both.
public struct Preferences: Sendable {
  public let settings: Settings
  public let lists: ReferenceLists

  public init(_ connection: any Connection) throws {
    var stored: [String: String] = [:]
    var lists = ReferenceLists()
    let rows = try connection.rows(
      """
      SELECT list, code, label, position FROM reference_value UNION ALL SELECT NULL, name, value, 0 FROM setting
      ORDER BY 1, 4, 2
      """)
    for row in rows {
      if let list: String = try row[0] {
        lists.add(ReferenceValue(code: try row[1], label: try row[2]), to: list)
      } else {
        stored[try row[1]] = try row[2] as String
      }
    }
    settings = Settings(stored: stored)
    self.lists = lists
  }
}
