import Foundation
import Store

/// Changes one record at a time, as forms do.
public struct RecordEditor<Kind: RecordKind>: Sendable {
  let kind: Kind
  let database: any Database
  let recorder: Recorder
  private let now: @Sendable () -> Date

  /// - Parameter actor: the account that acts.
  public init(_ kind: Kind, _ database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date, actor: Int64?) {
    self.kind = kind
    self.database = database
    self.now = now
    recorder = Recorder(ids: ids, now: now, actor: actor)
  }

  /// A record with the version that a form sends back.
  public struct Versioned: Sendable {
    public let draft: Kind.Draft
    public let version: Int
  }

  /// What became of a save.
  public enum Outcome: Sendable, Equatable {
    case saved(version: Int)
    case unchanged
    /// What to think of before it is saved as asked; nothing is written yet.
    case warned([Warning])
    /// What keeps the record from being as asked; nothing is written.
    case refused([Fault])
    /// Fields that somebody else has changed otherwise in the meantime; nothing is written.
    case conflict([Conflict])
    /// The record is in the bin or has gone.
    case gone
  }

  /// One field that two people changed differently.
  public struct Conflict: Sendable, Equatable {
    public let name: String
    public let label: String
    public let base: String
    public let mine: String
    public let theirs: String
  }

  public func load(_ id: Int64) async throws -> Versioned? {
    try await database.read { connection in
      try current(id, kind.context(connection), connection).map { Versioned(draft: $0.draft, version: $0.version) }
    }
  }

  /// The texts of a record's fields as they were at a version; empty when it is not there.
  public func entries(_ id: Int64, at version: Int) async throws -> Entries {
    try await database.read { connection in
      let context = try kind.context(connection)
      guard let (current, _) = try current(id, context, connection) else { return [:] }
      let draft = try Self.draft(current, of: id, at: version, kind, connection)
      return Dictionary(uniqueKeysWithValues: kind.fields.map { ($0.name, $0.print(draft, context)) })
    }
  }

  /// Makes a record. The form carries the new record's identifier: sent twice, it makes one.
  public func create(_ id: Int64, _ draft: Kind.Draft) async throws -> Outcome {
    try await database.write { connection in
      if let present = try recorder.versions([id], of: kind, connection)[id] { return .saved(version: present) }
      var reading = try reading(connection)
      return try put(id, draft, over: nil, at: 0, as: .entry, &reading, connection)
    }
  }

  /// Makes a record of what a form sends. A record without a reference gets its identifier as one.
  /// - Parameters:
  ///   - heedsWarnings: what is doubtful is told and not written.
  ///   - accepted: the marks of the doubts that were told, and are meant: they alone are not told again.
  ///   - isTrial: nothing is written whatever the outcome.
  ///   - further: what is done with the record, in its transaction; not when it was there already.
  public func create(
    _ id: Int64, entering entries: Entries, as operation: Operation = .entry, heedsWarnings: Bool, accepted: Set<String> = [],
    isTrial: Bool = false, further: @escaping @Sendable (any Connection) throws -> Void = { _ in }
  ) async throws -> Outcome {
    try await database.write { connection in
      if let present = try recorder.versions([id], of: kind, connection)[id] { return .saved(version: present) }
      var (draft, entries, reading) = (kind.blank, entries, try reading(connection, FormScope(record: nil, entries)))
      if entries["reference", default: ""].isEmpty { entries["reference"] = Identifier<Kind>(rawValue: id).description }
      let faults = kind.enter(entries, in: &draft, &reading)
      let outcome = try put(
        id, draft, over: nil, at: 0, as: operation, &reading, faults: faults, heedsWarnings: heedsWarnings, accepted: accepted,
        isTrial: isTrial, connection)
      if case .saved = outcome, !isTrial { try further(connection) }
      return outcome
    }
  }

  /// Saves a draft that was made from `version`. What others changed since in other fields is kept.
  public func save(_ id: Int64, _ draft: Kind.Draft, from version: Int) async throws -> Outcome {
    try await save(id, from: version, as: .entry, heedsWarnings: false) { base, _ in
      base = draft
      return []
    }
  }

  /// Saves what a form sends that was made from `version`. Fields that it does not send stay as they are.
  public func save(
    _ id: Int64, entering entries: Entries, from version: Int, heedsWarnings: Bool, accepted: Set<String> = []
  ) async throws -> Outcome {
    try await save(id, from: version, as: .entry, heedsWarnings: heedsWarnings, accepted: accepted, FormScope(record: id, entries)) {
      kind.enter(entries, in: &$0, &$1)
    }
  }

  /// The last version of a record before anybody else wrote it: what somebody knows who made the record, and comes back to its form.
  public func ownVersion(_ id: Int64) async throws -> Int {
    try await database.read { connection in
      let others: Int? = try connection.value(
        """
        SELECT i.version FROM image i JOIN event e ON e.id = i.event_id
        WHERE i.kind = \(kind.name) AND i.record_id = \(id) AND i.version > 1 AND e.account_id IS DISTINCT FROM \(recorder.actor)
        ORDER BY i.version LIMIT 1
        """)
      return try others.map { $0 - 1 } ?? recorder.versions([id], of: kind, connection)[id] ?? 1
    }
  }

  /// Takes back what one version changed. What was changed again since is a conflict.
  /// - Throws: `Refusal` when it is a merge, which is taken back whole.
  public func undo(_ id: Int64, version: Int) async throws -> Outcome {
    try await database.write { connection in
      try expectOwn(id, version, connection)
      var reading = try reading(connection)
      guard version > 1, let (current, present) = try current(id, reading.context, connection) else { return .gone }
      let after = try Self.draft(current, of: id, at: version, kind, connection)
      let before = try Self.draft(current, of: id, at: version - 1, kind, connection)
      let conflicts = Self.conflicts(kind, base: after, mine: before, theirs: current, reading.context)
      guard conflicts.isEmpty else { return .conflict(conflicts) }
      var merged = try Self.merged(base: after, mine: before, theirs: current)
      kind.follow(&merged, asked: before, from: after, stored: current)
      return try put(id, merged, over: current, at: present, as: .undo, &reading, connection)
    }
  }

  /// A merge is one change of many records.
  private func expectOwn(_ id: Int64, _ version: Int, _ connection: any Connection) throws {
    let merged = try connection.first(
      """
      SELECT 1 FROM image i JOIN event e ON e.id = i.event_id WHERE i.kind = \(kind.name) AND i.record_id = \(id)
        AND i.version = \(version) AND e.operation IN (\(Operation.merge), \(Operation.unmerge))
      """)
    guard merged == nil else {
      throw Refusal("Cette modification vient d’une fusion\u{A0}: défaites la fusion depuis l’historique de la fiche gardée.")
    }
  }

  private func save(
    _ id: Int64, from version: Int, as operation: Operation, heedsWarnings: Bool, accepted: Set<String> = [], _ form: FormScope? = nil,
    _ edit: @escaping @Sendable (inout Kind.Draft, inout Reading<Kind.Context>) -> [Fault]
  ) async throws -> Outcome {
    try await database.write { connection in
      // What the record said at an earlier version may name others.
      let isPresent = try recorder.versions([id], of: kind, connection)[id] == version
      var reading = try reading(connection, isPresent ? form : nil)
      guard let (current, present) = try current(id, reading.context, connection) else { return .gone }
      let base = try Self.draft(current, of: id, at: version, kind, connection)
      var mine = base
      let faults = edit(&mine, &reading)
      var conflicts = Self.conflicts(kind, base: base, mine: mine, theirs: current, reading.context)
      conflicts.removeAll { weave($0, into: &mine, &reading) }
      guard conflicts.isEmpty else { return .conflict(conflicts) }
      var merged = try Self.merged(base: base, mine: mine, theirs: current)
      kind.follow(&merged, asked: mine, from: base, stored: current)
      return try put(
        id, merged, over: current, at: present, as: operation, &reading, faults: faults, heedsWarnings: heedsWarnings,
        accepted: accepted, connection)
    }
  }

  /// Of a long text both are kept, where they wrote in different lines.
  private func weave(_ conflict: Conflict, into mine: inout Kind.Draft, _ reading: inout Reading<Kind.Context>) -> Bool {
    guard let field = kind.fields.first(where: { $0.name == conflict.name }), case .paragraph = field.input,
      let text = LineMerge.merged(base: conflict.base, mine: conflict.mine, theirs: conflict.theirs),
      (try? field.parse(text, &mine, &reading)) != nil
    else { return false }
    return true
  }

  /// One named operation on the record as it is now.
  /// - Parameter edit: changes the draft, or throws a `Refusal`.
  public func change(
    _ id: Int64, as operation: Operation, _ edit: @escaping @Sendable (inout Kind.Draft) throws -> Void
  ) async throws -> Outcome {
    try await database.write { connection in
      var reading = try reading(connection)
      guard let (current, present) = try current(id, reading.context, connection) else { return .gone }
      var draft = current
      try edit(&draft)
      let asked = draft
      kind.follow(&draft, asked: asked, from: current, stored: current)
      return try put(id, draft, over: current, at: present, as: operation, &reading, connection)
    }
  }

  private func current(
    _ id: Int64, _ context: Kind.Context, _ connection: any Connection
  ) throws -> (draft: Kind.Draft, version: Int)? {
    guard let version = try recorder.versions([id], of: kind, connection)[id],
      let draft = try kind.stored(connection, .ids([id]), context).first?.draft
    else { return nil }
    return (draft, version)
  }

  /// - Parameter form: all that it speaks of; without it everything may be.
  func reading(_ connection: any Connection, _ form: FormScope? = nil) throws -> Reading<Kind.Context> {
    let context = try form.map { try kind.context(connection, for: $0) } ?? kind.context(connection)
    return Reading(context: context, today: try Settings(connection).today(now()), isForm: true)
  }

  /// - Parameter faults: what could not be read of a form.
  private func put(
    _ id: Int64, _ draft: Kind.Draft, over old: Kind.Draft?, at version: Int, as operation: Operation,
    _ reading: inout Reading<Kind.Context>, faults unread: [Fault] = [], heedsWarnings: Bool = false,
    accepted: Set<String> = [], isTrial: Bool = false, _ connection: any Connection
  ) throws -> Outcome {
    guard draft != old || !unread.isEmpty else { return .unchanged }
    var draft = draft
    let context = reading.context
    var faults = kind.faults(in: &draft, isNew: old == nil, unread: unread, &reading)
    if let key = kind.key(of: draft, context),
      try kind.stored(connection, .keys([key]), context).contains(where: { $0.key == key && $0.id != id })
    {
      faults.append(Fault(kind.keyColumn, "déjà donnée à une autre fiche"))
    }
    guard faults.isEmpty else { return .refused(faults) }
    if heedsWarnings {
      try kind.review([ReviewedLine(line: 0, old: old, draft: draft)], &reading, connection)
      let resemblances = try old == nil ? kind.resemblances(of: draft, connection) : []
      let warnings = reading.cautions + resemblances
      // What was told and is meant is told again beside what is new, so that nothing is saved with a doubt that nobody has read.
      guard warnings.allSatisfy({ accepted.contains($0.mark) }) else { return .warned(warnings) }
    }
    guard !isTrial else { return .saved(version: version) }
    let write = RecordWrite(id: id, isNew: old == nil, old: old, draft: draft)
    try recorder.write(kind, [write], as: operation, subject: id, connection, context)
    return .saved(version: version + 1)
  }

  /// Puts a record in the bin; `false` when it is not there.
  public func remove(_ id: Int64) async throws -> Bool {
    try await database.write { [kind, recorder] connection in
      guard try recorder.versions([id], of: kind, connection)[id] != nil else { return false }
      try recorder.mark(kind, id, removed: true, connection)
      return true
    }
  }

  /// Takes a record out of the bin.
  /// - Throws: `Refusal` when its reference has been given to another record in the meantime, or it was merged with another one.
  public func restore(_ id: Int64) async throws {
    do {
      try await database.write { [kind, recorder] connection in
        try Merge.expectWhole(id, connection)
        try recorder.mark(kind, id, removed: false, connection)
      }
    } catch let error as DatabaseError where error.kind == .unique {
      throw Refusal("Une autre fiche porte maintenant la même référence : la fiche reste dans la corbeille.")
    }
  }

  /// The draft as it was at a version, by taking back every later image.
  private static func draft(
    _ current: Kind.Draft, of id: Int64, at version: Int, _ kind: Kind, _ connection: any Connection
  ) throws -> Kind.Draft {
    let later = try connection.rows(
      "SELECT change FROM image WHERE kind = \(kind.name) AND record_id = \(id) AND version > \(version) ORDER BY version DESC")
    return try later.reduce(Properties(of: current)) { try Change(text: try $1[0]).undone(in: $0) }.draft()
  }

  private static func conflicts(
    _ kind: Kind, base: Kind.Draft, mine: Kind.Draft, theirs: Kind.Draft, _ context: Kind.Context
  ) -> [Conflict] {
    kind.fields.compactMap { field in
      let (base, mine, theirs) = (field.print(base, context), field.print(mine, context), field.print(theirs, context))
      guard mine != base, theirs != base, mine != theirs else { return nil }
      return Conflict(name: field.name, label: field.label, base: base, mine: mine, theirs: theirs)
    }
  }

  private static func merged(base: Kind.Draft, mine: Kind.Draft, theirs: Kind.Draft) throws -> Kind.Draft {
    let mineChange = Change(from: try Properties(of: base), to: try Properties(of: mine))
    return try Properties(of: theirs).merging(mineChange.after) { _, mine in mine }.filter { $0.value != .null }.draft()
  }
}
