import Foundation
import Records
import Store

/// What people do with their views of a list. Each operation is one transaction and one event.
public struct SavedViewDesk: Sendable {
  private let database: any Database
  private let ids: IdentifierSource
  private let recorder: Recorder
  private let now: @Sendable () -> Date
  private let actor: Account

  /// How many views of one list a person may have: more would not be read any more.
  private static let most = 30
  static let auditKind = "vues"

  public init(_ installation: Installation, actor: Account) {
    database = installation.database
    ids = installation.ids
    now = installation.now
    recorder = Recorder(ids: installation.ids, now: installation.now, actor: actor.id.rawValue)
    self.actor = actor
  }

  /// What a form says of a view.
  public struct Entry: Sendable {
    public var name: String
    public var isShared: Bool
    public var isDefault: Bool
    /// On the reader's page of the day, and on the sheet for the board.
    public var isPinned = false
    public var isOnSheet = false

    public init(name: String, isShared: Bool, isDefault: Bool) {
      self.name = name
      self.isShared = isShared
      self.isDefault = isDefault
    }
  }

  /// Keeps a list's address under a name; the name of one of one's own views gives that view the new address.
  /// - Parameter area: the one that the list's records belong to.
  /// - Throws: `FieldRefusal` (`nom`), `Refusal`.
  @discardableResult
  public func save(_ entry: Entry, of list: String, in area: Area, query: String) async throws -> Identifier<SavedView> {
    let name = try Self.checked(entry.name)
    guard !entry.isShared || actor.role.sharesViews(of: area) else { throw Self.noSharing }
    return try await database.write { [ids, actor, recorder] connection in
      let own = try SavedView.all(of: list, for: actor, connection).filter { $0.owner == actor.id }
      let id: Identifier<SavedView>
      if let former = own.first(where: { $0.name == name }) {
        id = former.id
        try connection.execute("UPDATE saved_view SET query = \(query), shared = \(entry.isShared) WHERE id = \(id)")
        try note(.entry, former.audited, ["nom": name, "adresse": query, "partagee": entry.isShared.word], on: id, connection)
      } else {
        guard own.count < Self.most else {
          throw Refusal("Vous avez déjà \(Self.most) vues de cette liste : supprimez-en une, ou donnez à celle-ci le nom d’une autre.")
        }
        id = ids.next()
        try connection.execute(
          """
          INSERT INTO saved_view (id, list, account_id, name, query, shared)
          VALUES (\(id), \(list), \(actor.id), \(name), \(query), \(entry.isShared))
          """)
        try recorder.note(
          .entry, Self.auditKind, id.rawValue, from: [:], to: ["nom": name, "adresse": query, "partagee": entry.isShared.word], version: 1,
          connection)
      }
      try choose(entry.isDefault, id, of: list, connection)
      try place(
        entry, id, of: list, isShared: entry.isShared, maySheet: actor.role.sharesViews(of: area), for: actor, connection)
      return id
    }
  }

  /// Another name, shared or not, with which one's own list opens or not. Of a view that one may not change, only the last.
  /// - Throws: `FieldRefusal` (`nom`), `Refusal`.
  public func change(_ id: Identifier<SavedView>, to entry: Entry, in area: Area) async throws {
    let name = try Self.checked(entry.name)
    try await database.write { [actor] connection in
      guard let view = try SavedView(id, for: actor, connection) else { throw Self.gone }
      if view.mayChange(actor) {
        guard !entry.isShared || view.isShared || actor.role.sharesViews(of: area) else { throw Self.noSharing }
        let taken: Int? = try connection.value(
          """
          SELECT 1 FROM saved_view WHERE list = \(view.list) AND account_id = \(view.owner) AND name = \(name) AND id <> \(id)
            AND removed_at IS NULL
          """)
        guard taken == nil else { throw FieldRefusal("nom", "Une autre vue de cette liste a déjà ce nom.") }
        if (view.name, view.isShared) != (name, entry.isShared) {
          try connection.execute("UPDATE saved_view SET name = \(name), shared = \(entry.isShared) WHERE id = \(id)")
          try note(.entry, view.audited, ["nom": name, "adresse": view.query, "partagee": entry.isShared.word], on: id, connection)
        }
        // What is no longer shared opens nobody else's list.
        if !entry.isShared {
          try connection.execute("DELETE FROM saved_view_default WHERE view_id = \(id) AND account_id <> \(view.owner)")
        }
      }
      try choose(entry.isDefault, id, of: view.list, connection)
      try place(
        entry, id, of: view.list, isShared: view.mayChange(actor) ? entry.isShared : view.isShared,
        maySheet: actor.role.sharesViews(of: area), for: actor, connection)
    }
  }

  /// Takes a view away, until it is taken back.
  /// - Throws: `Refusal`.
  public func remove(_ id: Identifier<SavedView>) async throws {
    try await database.write { [actor, now] connection in
      guard let view = try SavedView(id, for: actor, connection), view.mayChange(actor) else { throw Self.gone }
      try connection.execute("UPDATE saved_view SET removed_at = \(Instant(now())) WHERE id = \(id)")
      try connection.execute("DELETE FROM saved_view_default WHERE view_id = \(id)")
      // Pins and the place on the sheet wait in the bin with it.
      try note(.removal, view.audited, [:], on: id, connection)
    }
  }

  /// - Throws: `Refusal`.
  public func restore(_ id: Identifier<SavedView>) async throws {
    try await database.write { [actor] connection in
      guard let view = try SavedView(id, for: actor, isRemoved: true, connection), view.mayChange(actor) else { throw Self.gone }
      let taken: Int? = try connection.value(
        """
        SELECT 1 FROM saved_view WHERE list = \(view.list) AND account_id = \(view.owner) AND name = \(view.name) AND removed_at IS NULL
        """)
      guard taken == nil else { throw Refusal("Une autre vue de cette liste a pris ce nom : renommez-la d’abord.") }
      try connection.execute("UPDATE saved_view SET removed_at = NULL WHERE id = \(id)")
      try note(.restoration, [:], view.audited, on: id, connection)
    }
  }

  private func choose(_ isDefault: Bool, _ id: Identifier<SavedView>, of list: String, _ connection: any Connection) throws {
    if isDefault {
      try connection.execute(
        """
        INSERT INTO saved_view_default (account_id, list, view_id) VALUES (\(actor.id), \(list), \(id))
        ON CONFLICT (account_id, list) DO UPDATE SET view_id = excluded.view_id
        """)
    } else {
      try connection.execute("DELETE FROM saved_view_default WHERE account_id = \(actor.id) AND view_id = \(id)")
    }
  }

  func note(
    _ operation: Records.Operation, _ old: [String: String], _ new: [String: String], on id: Identifier<SavedView>,
    _ connection: any Connection
  ) throws {
    let version: Int = try connection.value("UPDATE saved_view SET version = version + 1 WHERE id = \(id) RETURNING version") ?? 1
    try recorder.note(operation, Self.auditKind, id.rawValue, from: old, to: new, version: version, connection)
  }

  private static func checked(_ name: String) throws -> String {
    let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !name.isEmpty, name.count <= 60 else { throw FieldRefusal("nom", "Donnez à la vue un nom de 1 à 60 caractères.") }
    return name
  }

  private static let gone = Refusal("Cette vue n’existe plus, ou c’est à quelqu’un d’autre de la changer.")
  private static let noSharing = Refusal("Votre rôle ne partage pas de vue de cette liste : gardez-la pour vous.")
}

extension SavedView {
  fileprivate var audited: [String: String] { ["nom": name, "adresse": query, "partagee": isShared.word] }
}

extension Bool {
  fileprivate var word: String { self ? "oui" : "non" }
}
