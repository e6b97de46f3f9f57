import Foundation
import Store

/// What happened to one record, newest first.
public struct RecordHistory: Sendable {
  public struct Entry: Sendable, Equatable {
    public let operation: Operation
    /// What the event is about: the record itself, the import or the batch that was of many.
    public let subject: Int64
    /// The kind of record that the operation was about.
    public let kind: String
    public let at: Instant
    /// The account that acted; `nil` for a command run by hand.
    public let account: Int64?
    public let isCreation: Bool
    /// The version that it made.
    public let version: Int
    public let changes: [FieldChange]
  }

  public let entries: [Entry]

  public init(_ id: Int64, of kind: some RecordKind, _ connection: any Connection) throws {
    let context = try kind.context(connection)
    guard let record = try kind.stored(connection, .ids([id]), context).first else {
      entries = []
      return
    }
    entries = try Self.entries(record, kind, context, connection)
  }

  /// The versions of which a later one, which still stands, takes back all that they changed.
  public var undone: Set<Int> {
    var undone: Set<Int> = []
    func turned(_ entry: Entry) -> [FieldChange] {
      entry.changes.map { FieldChange(name: $0.name, label: $0.label, before: $0.after, after: $0.before) }
    }
    for (index, entry) in entries.enumerated() where entry.operation == .undo && !undone.contains(entry.version) {
      let earlier = entries.dropFirst(index + 1).first { !undone.contains($0.version) && $0.changes == turned(entry) }
      if let earlier { undone.insert(earlier.version) }
    }
    return undone
  }

  private static func entries<Kind: RecordKind>(
    _ record: StoredRecord<Kind.Draft>, _ kind: Kind, _ context: Kind.Context, _ connection: any Connection
  ) throws -> [Entry] {
    var after = try Properties(of: record.draft)
    return try connection.rows(
      """
      SELECT e.operation, e.at, e.account_id, i.created, i.change, i.version, e.subject_id, e.kind FROM image i JOIN event e ON e.id = i.event_id
      WHERE i.kind = \(kind.name) AND i.record_id = \(record.id) ORDER BY i.version DESC, e.id DESC
      """
    ).map { row in
      // Each image takes the record one step back.
      let change = try Change(text: try row[4])
      let before = change.undone(in: after)
      let (old, new): (Kind.Draft, Kind.Draft) = (try before.draft(), try after.draft())
      after = before
      let changes = kind.changes(from: old, to: new, context) + change.files
      return Entry(
        operation: try row[0], subject: try row[6], kind: try row[7], at: try row[1], account: try row[2], isCreation: try row[3],
        version: try row[5],
        changes: changes)
    }
  }
}

/// One field that changes, as files print it.
public struct FieldChange: Sendable, Equatable {
  public let name: String
  public let label: String
  public let before: String
  public let after: String

  public init(name: String, label: String, before: String, after: String) {
    (self.name, self.label, self.before, self.after) = (name, label, before, after)
  }
}

extension RecordKind {
  func changes(from old: Draft, to new: Draft, _ context: Context) -> [FieldChange] {
    fields.compactMap { field in
      let (old, new) = (field.print(old, context), field.print(new, context))
      return old == new ? nil : FieldChange(name: field.name, label: field.label, before: old, after: new)
    } + unprintedChanges(from: old, to: new, context)
  }
}
