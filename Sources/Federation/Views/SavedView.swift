import Records
import Store

/// A list as somebody wants it again: the query of its address, under a name.
///
/// It is an address and nothing more: whoever opens it sees through it what their own role may see.
public struct SavedView: Sendable, Equatable {
  public let id: Identifier<SavedView>
  /// The list's name, which is that of its page: `structures`.
  public let list: String
  public let name: String
  /// As it stands in the address, without the question mark: filters, order and columns.
  public let query: String
  public let isShared: Bool
  /// Who made it.
  public let owner: Identifier<Account>
  public let ownerName: String
  /// The reader's list opens with it.
  public let isDefault: Bool
  /// It stands on the reader's page of the day.
  public let isPinned: Bool
  /// It is part of the sheet for the board.
  public let isOnSheet: Bool

  /// Those of a list that an account has: its own by name, then those that others share.
  public static func all(of list: String, for reader: Account, _ connection: any Connection) throws -> [SavedView] {
    try found("v.list = \(list) AND v.removed_at IS NULL", for: reader, connection).sorted { left, right in
      let places = [left, right].map { (($0.owner == reader.id ? 0 : 1), Fold.key($0.name), $0.id) }
      return places[0] < places[1]
    }
  }

  /// `nil` when there is none, or it is somebody else's.
  /// - Parameter isRemoved: one that was taken away.
  public init?(_ id: Identifier<SavedView>, for reader: Account, isRemoved: Bool = false, _ connection: any Connection) throws {
    let state: SQL = isRemoved ? "v.removed_at IS NOT NULL" : "v.removed_at IS NULL"
    guard let view = try Self.found("v.id = \(id) AND \(state)", for: reader, connection).first else { return nil }
    self = view
  }

  /// Its maker changes a view; a shared one, the direction as well.
  public func mayChange(_ account: Account) -> Bool { owner == account.id || (isShared && account.role == .direction) }

  private static func found(_ condition: SQL, for reader: Account, _ connection: any Connection) throws -> [SavedView] {
    try connection.rows(
      """
      SELECT v.id, v.list, v.name, v.query, v.shared, v.account_id, a.name, d.view_id,
        (SELECT p.view_id FROM saved_view_pin p WHERE p.view_id = v.id AND p.account_id = \(reader.id)),
        (SELECT s.view_id FROM saved_view_sheet s WHERE s.view_id = v.id)
      FROM saved_view v JOIN account a ON a.id = v.account_id
      LEFT JOIN saved_view_default d ON d.view_id = v.id AND d.account_id = \(reader.id)
      WHERE \(condition) AND (v.account_id = \(reader.id) OR v.shared)
      """
    ).map { row in
      let (chosen, pinned, sheet): (Identifier<SavedView>?, Identifier<SavedView>?, Identifier<SavedView>?) = (
        try row[7], try row[8], try row[9]
      )
      return SavedView(
        id: try row[0], list: try row[1], name: try row[2], query: try row[3], isShared: try row[4], owner: try row[5],
        ownerName: try row[6], isDefault: chosen != nil, isPinned: pinned != nil, isOnSheet: sheet != nil)
    }
  }

  private init(
    id: Identifier<SavedView>, list: String, name: String, query: String, isShared: Bool, owner: Identifier<Account>, ownerName: String,
    isDefault: Bool, isPinned: Bool, isOnSheet: Bool
  ) {
    (self.id, self.list, self.name, self.query) = (id, list, name, query)
    (self.isShared, self.owner, self.ownerName, self.isDefault) = (isShared, owner, ownerName, isDefault)
    (self.isPinned, self.isOnSheet) = (isPinned, isOnSheet)
  }
}

extension Role {
  /// Whoever writes all of an area's records gives the others views of them.
  public func sharesViews(of area: Area) -> Bool { scope(.write, area) == .all }
}

extension Capability {
  static let views = Capability("views", migrations: [SavedView.migration, SavedView.placesMigration])
}

extension SavedView {
  static let migration = Migration(
    "202611212010-views",
    [
      """
      CREATE TABLE saved_view (
        id \(.id) PRIMARY KEY, list \(.text) NOT NULL, account_id \(.id) NOT NULL REFERENCES account (id), name \(.text) NOT NULL,
        query \(.text) NOT NULL, shared \(.bool) NOT NULL, version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX saved_view_name ON saved_view (list, account_id, name) WHERE removed_at IS NULL",
      // With which of them a person's list opens.
      """
      CREATE TABLE saved_view_default (
        account_id \(.id) NOT NULL REFERENCES account (id), list \(.text) NOT NULL, view_id \(.id) NOT NULL REFERENCES saved_view (id),
        PRIMARY KEY (account_id, list)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX saved_view_default_view ON saved_view_default (view_id)",
    ])
}
