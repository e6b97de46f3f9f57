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
    return try await database.write { [now] connection in
      let found = try connection.first("SELECT kind, event_id, undone_at FROM import WHERE id = \(id)")
      guard let found else { throw Refusal("L’import \(id) est inconnu.") }
      guard try found[2] as String? == nil else { throw Refusal("L’import \(id) est déjà annulé.") }
      let name: String = try found[0]
      guard let kind = kinds.first(where: { $0.name == name }) else { throw Refusal("Les fiches « \(name) » n’existent plus.") }
      let outcome = try Self.reverse(id, of: kind, event: try found[1], recorder, connection)
      // What was kept can be taken back later, once nothing stands in the way.
      if outcome.kept.isEmpty { try connection.execute("UPDATE import SET undone_at = \(Instant(now())) WHERE id = \(id)") }
      return outcome
    }
  }

  /// Opens the kind, of which the registry only knows that it is one.
  private static func reverse(
    _ id: Identifier<Import>, of kind: some RecordKind, event: Identifier<AuditEvent>, _ recorder: Recorder, _ connection: any Connection
  ) throws -> UndoOutcome {
    try ImportReversal(of: kind, event: event, connection).run(id, recorder, connection)
  }
}

/// The images of one import against the records as they are now.
private struct ImportReversal<Kind: RecordKind> {
  private struct Image {
    let record: Int64
    let version: Int
    let isCreation: Bool
    let change: Change
  }

  private let kind: Kind
  private let context: Kind.Context
  private let images: [Image]

  init(of kind: Kind, event: Identifier<AuditEvent>, _ connection: any Connection) throws {
    self.kind = kind
    context = try kind.context(connection)
    images = try connection.rows(
      "SELECT record_id, version, created, change FROM image WHERE event_id = \(event) AND kind = \(kind.name) ORDER BY record_id"
    ).map { Image(record: try $0[0], version: try $0[1], isCreation: try $0[2], change: try Change(text: try $0[3])) }
  }

  func run(_ id: Identifier<Import>, _ recorder: Recorder, _ connection: any Connection) throws -> UndoOutcome {
    let versions = try recorder.versions(images.map(\.record), of: kind, connection)
    let current = Dictionary(
      uniqueKeysWithValues: try kind.stored(connection, .ids(images.map(\.record)), context).map { ($0.id, $0) })
    let present = try connection.rows("SELECT id FROM \(SQL(unsafeText: kind.table)) WHERE id IN \(list: images.map(\.record))")
    let there = Set(try present.map { try $0[0] as Int64 })
    let images = try images.filter { image in
      image.isCreation ? there.contains(image.record) : try !isUndone(image, current[image.record])
    }
    let untouched = try images.filter { try isUntouched($0, version: versions[$0.record], current[$0.record]) }
    let touched = images.filter { image in !untouched.contains { $0.record == image.record } }
    let created = untouched.filter(\.isCreation).map(\.record)
    let needed = try recordsOthersRelyOn(created, connection)
    let writes = try untouched.filter { !$0.isCreation }.compactMap { image -> RecordWrite<Kind.Draft>? in
      guard let record = current[image.record] else { return nil }
      let before: Kind.Draft = try image.change.undone(in: Properties(of: record.draft)).draft()
      return RecordWrite(id: image.record, isNew: false, old: record.draft, draft: before)
    }
    try recorder.write(kind, writes, as: .undo, subject: id.rawValue, connection, context)
    let gone = created.filter { !needed.contains($0) }
    try erase(gone, connection)
    try kind.settle(gone, gone.compactMap { current[$0]?.draft }, connection)
    var outcome = UndoOutcome(undone: writes.count + gone.count)
    outcome.kept = touched.map { kept($0.record, current, "modifiée depuis") }
    outcome.kept += created.filter(needed.contains).map { kept($0, current, "utilisée par d’autres fiches") }
    return outcome
  }

  /// An earlier attempt took it back already.
  private func isUndone(_ image: Image, _ record: StoredRecord<Kind.Draft>?) throws -> Bool {
    guard let record else { return false }
    return try image.change.isUndone(in: Properties(of: record.draft))
  }

  /// What an import created must not have been touched at all; what it changed must still hold the values it gave.
  private func isUntouched(_ image: Image, version: Int?, _ record: StoredRecord<Kind.Draft>?) throws -> Bool {
    guard let version, let record else { return false }
    return image.isCreation ? version == image.version : try image.change.holds(in: Properties(of: record.draft))
  }

  private func kept(_ record: Int64, _ current: [Int64: StoredRecord<Kind.Draft>], _ reason: String) -> UndoOutcome.Kept {
    UndoOutcome.Kept(id: record, key: current[record]?.key ?? Identifier<Kind>(rawValue: record).description, reason: reason)
  }

  /// Those to which a row of a table that is not theirs refers.
  private func recordsOthersRelyOn(_ records: [Int64], _ connection: any Connection) throws -> Set<Int64> {
    var needed: Set<Int64> = []
    for reference in try connection.references(to: kind.table)
    where !kind.ownedTables.contains(where: { $0.name == reference.table && $0.column == reference.column }) {
      let (table, column) = (SQL(unsafeText: reference.table), SQL(unsafeText: reference.column))
      needed.formUnion(try connection.rows("SELECT DISTINCT \(column) FROM \(table) WHERE \(column) IN \(list: records)").map { try $0[0] })
    }
    return needed
  }

  private func erase(_ records: [Int64], _ connection: any Connection) throws {
    for owned in kind.ownedTables {
      try connection.execute("DELETE FROM \(SQL(unsafeText: owned.name)) WHERE \(SQL(unsafeText: owned.column)) IN \(list: records)")
    }
    try connection.execute("DELETE FROM \(SQL(unsafeText: kind.table)) WHERE id IN \(list: records)")
    // The same file may be brought again.
    try connection.execute("DELETE FROM import_line WHERE kind = \(kind.name) AND record_id IN \(list: records)")
  }
}
