import Foundation
import Store

/// What undoing an import did.
public struct UndoOutcome: Sendable, Equatable {
  /// A record that stays as it is, and why.
  public struct Kept: Sendable, Equatable {
    public let id: Int64
    public let key: String
    public let reason: String
  }

  /// Why a record is kept that the actor may not change, nor read the title of.
  public static let reserved = "réservée à d’autres"

  public var undone = 0
  public var kept: [Kept] = []
}

extension Importer {
  /// Takes an import back: what it created goes, what it changed is again as it was. A record that has changed since, or
  /// that others now rely on, is kept and listed.
  /// As long as something is kept, the import can be undone again.
  /// - Throws: `Refusal` when there is no such import, or all of it is undone already.
  public func undo(_ id: Identifier<Import>, _ kinds: [any RecordKind]) async throws -> UndoOutcome {
    let recorder = Recorder(ids: ids, now: now, actor: actor)
    return try await database.write { [now, permits] connection in
      let found = try connection.first("SELECT kind, event_id, undone_at FROM import WHERE id = \(id)")
      guard let found else { throw Refusal("L’import \(id) est inconnu.") }
      guard try found[2] as String? == nil else { throw Refusal("L’import \(id) est déjà annulé.") }
      let name: String = try found[0]
      guard let kind = kinds.first(where: { $0.name == name }) else { throw Refusal("Les fiches « \(name) » n’existent plus.") }
      let today = try Settings(connection).today(now())
      let reversal = Reversal(
        subject: id.rawValue, event: try found[1], kinds: kinds, today: today, moment: Instant(now()), recorder: recorder,
        permits: Self.permits(permits, of: name))
      let outcome = try Self.reverse(reversal, of: kind, connection)
      // What was kept can be taken back later, once nothing stands in the way.
      let undone = outcome.kept.isEmpty ? Instant(now()) : nil
      try connection.execute("UPDATE import SET undone_at = \(undone), kept = \(outcome.kept.count) WHERE id = \(id)")
      return outcome
    }
  }

  /// Those of one kind.
  private static func permits(
    _ permits: Permits?, of kind: String
  ) -> (@Sendable ([Int64], any Connection) throws -> Set<Int64>)? {
    guard let permits else { return nil }
    return { records, connection in try permits(kind, records, connection) }
  }

  /// Opens the kind, of which the registry only knows that it is one.
  private static func reverse(_ reversal: Reversal, of kind: some RecordKind, _ connection: any Connection) throws -> UndoOutcome {
    try ImportReversal(reversal, of: kind, connection).run(connection)
  }
}
