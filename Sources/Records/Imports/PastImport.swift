import Store

/// A file that was imported: who, when, what it did and what became of it.
public struct PastImport: Sendable {
  /// What was taken back of it.
  public enum State: Sendable, Equatable {
    case inPlace
    case undone(Instant)
    /// Some records had changed since: that many stayed.
    case partlyUndone(kept: Int)
  }

  public let id: Identifier<Import>
  public let kind: String
  public let fileName: String
  public let at: Instant
  public let created: Int
  public let changed: Int
  public let unchanged: Int
  /// The lines that were left out.
  public let refused: Int
  /// `nil` for a command run by hand.
  public let account: Int64?
  public let state: State

  private static let selection: SQL = """
    SELECT i.id, i.kind, i.file_name, i.imported_at, i.created, i.changed, i.unchanged, i.refused, e.account_id, i.undone_at, i.kept
    FROM import i JOIN event e ON e.id = i.event_id
    """

  /// Those of some kinds of records, the latest first, and how many there are.
  public static func page(
    of kinds: [String], from start: Int, limit: Int, _ connection: any Connection
  ) throws -> (imports: [PastImport], total: Int) {
    let total: Int = try connection.value("SELECT count(*) FROM import WHERE kind IN \(list: kinds)") ?? 0
    let rows = try connection.rows(
      """
      \(selection) WHERE i.kind IN \(list: kinds) ORDER BY i.imported_at DESC, i.id DESC LIMIT \(limit) OFFSET \(start)
      """)
    return (try rows.map { try PastImport($0) }, total)
  }

  public init?(_ id: Identifier<Import>, _ connection: any Connection) throws {
    guard let row = try connection.first("\(Self.selection) WHERE i.id = \(id)") else { return nil }
    try self.init(row)
  }

  private init(_ row: Row) throws {
    id = try row[0]
    kind = try row[1]
    fileName = try row[2]
    at = try row[3]
    created = try row[4]
    changed = try row[5]
    unchanged = try row[6]
    refused = try row[7]
    account = try row[8]
    let (undone, kept): (Instant?, Int?) = (try row[9], try row[10])
    state = undone.map { .undone($0) } ?? kept.map { .partlyUndone(kept: $0) } ?? .inPlace
  }
}
