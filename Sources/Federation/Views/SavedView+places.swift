import Records
import Store

/// Where a view of a figure stands beside the list of views: on somebody's page of the day, on the sheet for the board.
extension SavedView {
  static let placesMigration = Migration(
    "202611220430-views",
    [
      """
      CREATE TABLE saved_view_pin (
        account_id \(.id) NOT NULL REFERENCES account (id), view_id \(.id) NOT NULL REFERENCES saved_view (id),
        PRIMARY KEY (account_id, view_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX saved_view_pin_view ON saved_view_pin (view_id)",
      """
      CREATE TABLE saved_view_sheet (
        view_id \(.id) PRIMARY KEY REFERENCES saved_view (id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])

  /// More would not be read at a glance.
  public static let mostPlaced = 12
}

extension SavedViewDesk {
  /// Puts a view where its form says, and takes it away from where it does not.
  /// - Throws: `Refusal` when there are too many already, `FieldRefusal` (`nom`) for a view on the sheet that nobody else has.
  func place(
    _ entry: Entry, _ id: Identifier<SavedView>, of list: String, isShared: Bool, maySheet: Bool, for reader: Account,
    _ connection: any Connection
  ) throws {
    let views = try SavedView.all(of: list, for: reader, connection).filter { $0.id != id }
    if entry.isPinned {
      guard views.count(where: \.isPinned) < SavedView.mostPlaced else {
        throw Refusal("Vous avez déjà \(SavedView.mostPlaced) vues épinglées : détachez-en une d’abord.")
      }
      try connection.execute(
        "INSERT INTO saved_view_pin (account_id, view_id) VALUES (\(reader.id), \(id)) ON CONFLICT (account_id, view_id) DO NOTHING")
    } else {
      try connection.execute("DELETE FROM saved_view_pin WHERE account_id = \(reader.id) AND view_id = \(id)")
    }
    // What is no longer shared is on nobody else's page.
    if !isShared {
      try connection.execute(
        """
        DELETE FROM saved_view_pin WHERE view_id = \(id)
          AND account_id <> (SELECT v.account_id FROM saved_view v WHERE v.id = \(id))
        """)
    }
    guard maySheet else { return }
    if entry.isOnSheet, !isShared {
      throw FieldRefusal("nom", "La fiche pour le CA est à tous : partagez aussi la vue pour l’y mettre.")
    }
    let wasOnSheet = try connection.first("SELECT 1 FROM saved_view_sheet WHERE view_id = \(id)") != nil
    if entry.isOnSheet {
      guard views.count(where: \.isOnSheet) < SavedView.mostPlaced else {
        throw Refusal("La fiche a déjà \(SavedView.mostPlaced) vues : retirez-en une d’abord.")
      }
      try connection.execute("INSERT INTO saved_view_sheet (view_id) VALUES (\(id)) ON CONFLICT (view_id) DO NOTHING")
    } else {
      try connection.execute("DELETE FROM saved_view_sheet WHERE view_id = \(id)")
    }
    // The sheet is everybody's: who changed it, and when, is told.
    guard wasOnSheet != entry.isOnSheet else { return }
    func image(_ isOnSheet: Bool) -> [String: String] { ["fiche_ca": isOnSheet ? "oui" : "non"] }
    try note(.entry, image(wasOnSheet), image(entry.isOnSheet), on: id, connection)
  }
}
