import Store

/// What is to be taken back, when and by whom.
struct Reversal {
  /// The import or the batch.
  let subject: Int64
  let event: Identifier<AuditEvent>
  let kinds: [any RecordKind]
  let today: CivilDate
  let moment: Instant
  let recorder: Recorder
  /// Those of the records that the actor may change; the others are kept.
  var permits: (@Sendable ([Int64], any Connection) throws -> Set<Int64>)?

  func permitted(_ records: [Int64], _ connection: any Connection) throws -> Set<Int64> {
    try permits?(records, connection) ?? Set(records)
  }

  /// What was taken back is not again, should the same values come by another way.
  func remember(_ records: [Int64], of kind: some RecordKind, _ connection: any Connection) throws {
    try connection.execute(
      """
      UPDATE image SET undone_at = \(moment)
      WHERE event_id = \(event) AND kind = \(kind.name) AND record_id IN \(list: records.sorted())
      """)
  }
}

/// The images of one import, or of one batch, against the records as they are now.
struct ImportReversal<Kind: RecordKind> {
  private struct Image {
    let record: Int64
    let version: Int
    let isCreation: Bool
    let change: Change
  }

  private let reversal: Reversal
  private let kind: Kind
  /// What no earlier attempt took back.
  private let images: [Image]
  private let current: [Int64: StoredRecord<Kind.Draft>]

  init(_ reversal: Reversal, of kind: Kind, _ connection: any Connection) throws {
    self.reversal = reversal
    self.kind = kind
    images = try connection.rows(
      """
      SELECT record_id, version, created, change FROM image
      WHERE event_id = \(reversal.event) AND kind = \(kind.name) AND undone_at IS NULL ORDER BY record_id
      """
    ).map { Image(record: try $0[0], version: try $0[1], isCreation: try $0[2], change: try Change(text: try $0[3])) }
    let stored = try kind.stored(connection, .ids(images.map(\.record)), kind.context(connection))
    current = Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0) })
  }

  func run(_ connection: any Connection) throws -> UndoOutcome {
    let settled = try alreadyAsBefore(connection)
    let open = images.filter { !settled.contains($0.record) }
    let permitted = try reversal.permitted(open.map(\.record), connection)
    let left = open.filter { permitted.contains($0.record) }
    let untouched = try untouched(left, connection)
    let created = left.filter { $0.isCreation && untouched.contains($0.record) }.map(\.record)
    let needed = try recordsOthersRelyOn(created, connection)
    var outcome = UndoOutcome()
    outcome.kept = open.filter { !permitted.contains($0.record) }.map { kept($0.record, UndoOutcome.reserved) }
    outcome.kept += left.filter { !untouched.contains($0.record) }.map { kept($0.record, "modifiée depuis") }
    outcome.kept += created.filter(needed.contains).map { kept($0, "utilisée par d’autres fiches") }
    let gone = created.filter { !needed.contains($0) }
    let changed = left.filter { !$0.isCreation && untouched.contains($0.record) }
    let drafts = try changed.compactMap { image in try before(image).map { (image.record, $0) } }
    let touched = (gone + changed.map(\.record)).compactMap { current[$0]?.draft } + drafts.map(\.1)
    let (recorder, subject) = (reversal.recorder, reversal.subject)
    try recorder.operate(.undo, on: kind, subject: subject, roots: kind.root?.ids(of: touched) ?? [], connection) { event in
      try erase(gone, connection)
      try kind.settleAll(gone, known: gone, gone.compactMap { current[$0]?.draft }, connection)
      // Judged without what has just gone.
      let context = try kind.context(connection)
      let (writes, refused) = accepted(drafts, context)
      try recorder.put(kind, writes, in: event, connection, context)
      outcome.undone = gone.count + writes.count
      outcome.kept += refused
    }
    let done = settled.union(gone).union(drafts.map(\.0)).subtracting(outcome.kept.map(\.id))
    try reversal.remember(Array(done), of: kind, connection)
    return outcome
  }

  /// What is again, by whoever's hand, as it was before the import.
  private func alreadyAsBefore(_ connection: any Connection) throws -> Set<Int64> {
    let present = try connection.rows("SELECT id FROM \(SQL(unsafeText: kind.table)) WHERE id IN \(list: images.map(\.record))")
    let there = Set(try present.map { try $0[0] as Int64 })
    let settled = try images.filter { image in
      guard !image.isCreation else { return !there.contains(image.record) }
      return try current[image.record].map { try image.change.isUndone(in: Properties(of: $0.draft)) } ?? false
    }
    return Set(settled.map(\.record))
  }

  /// What an import created must be as it made it; what it changed must still hold the values it gave.
  private func untouched(_ left: [Image], _ connection: any Connection) throws -> Set<Int64> {
    let versions = try reversal.recorder.versions(left.map(\.record), of: kind, connection)
    let later = try laterChanges(left.filter { $0.isCreation && versions[$0.record] != $0.version }.map(\.record), connection)
    let untouched = try left.filter { image in
      guard let version = versions[image.record], let record = current[image.record] else { return false }
      if image.isCreation, version == image.version { return true }
      let now = try Properties(of: record.draft)
      guard image.isCreation else { return image.change.holds(in: now) }
      // Parts came and went, or somebody changed his mind: what counts is what is left of it.
      return (later[image.record] ?? []).reduce(now) { $1.undone(in: $0) } == now
    }
    return Set(untouched.map(\.record))
  }

  /// The changes of records after their creation, the latest first.
  private func laterChanges(_ records: [Int64], _ connection: any Connection) throws -> [Int64: [Change]] {
    guard !records.isEmpty else { return [:] }
    var changes: [Int64: [Change]] = [:]
    let rows = try connection.rows(
      """
      SELECT record_id, change FROM image WHERE kind = \(kind.name) AND record_id IN \(list: records) AND NOT created
      ORDER BY record_id, version DESC
      """)
    for row in rows { changes[try row[0], default: []].append(try Change(text: try row[1])) }
    return changes
  }

  private func before(_ image: Image) throws -> Kind.Draft? {
    try current[image.record].map { try image.change.undone(in: Properties(of: $0.draft)).draft() }
  }

  /// The rules hold for what comes back too. What one record stands in the way of is tried again once that one is accepted.
  private func accepted(
    _ drafts: [(Int64, Kind.Draft)], _ context: Kind.Context
  ) -> (writes: [RecordWrite<Kind.Draft>], refused: [UndoOutcome.Kept]) {
    var reading = Reading(context: context, today: reversal.today, createsValues: false)
    var (writes, waiting): ([RecordWrite<Kind.Draft>], [(Int64, Kind.Draft)]) = ([], drafts)
    while true {
      var refused: [(draft: (Int64, Kind.Draft), reason: String)] = []
      for (id, draft) in waiting {
        var checked = draft
        if let fault = kind.check(&checked, isNew: false, &reading).first {
          refused.append(((id, draft), fault.reason))
        } else {
          writes.append(RecordWrite(id: id, isNew: false, old: current[id]?.draft, draft: draft))
        }
      }
      guard !refused.isEmpty, refused.count < waiting.count else {
        return (writes, refused.map { kept($0.draft.0, $0.reason) })
      }
      waiting = refused.map(\.draft)
    }
  }

  private func kept(_ record: Int64, _ reason: String) -> UndoOutcome.Kept {
    UndoOutcome.Kept(id: record, key: current[record]?.key ?? Identifier<Kind>(rawValue: record).description, reason: reason)
  }

  /// Those to which a row of a table that is not theirs refers, or a part that was brought or changed by itself.
  private func recordsOthersRelyOn(_ records: [Int64], _ connection: any Connection) throws -> Set<Int64> {
    var needed: Set<Int64> = []
    for reference in try connection.references(to: kind.table)
    where !kind.ownedTables.contains(where: { $0.name == reference.table && $0.column == reference.column }) {
      let (table, column) = (SQL(unsafeText: reference.table), SQL(unsafeText: reference.column))
      needed.formUnion(try connection.rows("SELECT DISTINCT \(column) FROM \(table) WHERE \(column) IN \(list: records)").map { try $0[0] })
    }
    // Those in the bin too: they come back to their record.
    let attached = try connection.rows(
      """
      SELECT record_id FROM attachment WHERE kind = \(kind.name) AND record_id IN \(list: records)
      UNION SELECT record_id FROM comment WHERE kind = \(kind.name) AND record_id IN \(list: records)
      """)
    needed.formUnion(try attached.map { try $0[0] })
    for owned in kind.ownedTables {
      guard let part = reversal.kinds.first(where: { $0.table == owned.name }) else { continue }
      let (table, column) = (SQL(unsafeText: owned.name), SQL(unsafeText: owned.column))
      let rows = try connection.rows(
        """
        SELECT DISTINCT t.\(column) FROM \(table) t
        JOIN image i ON i.kind = \(part.name) AND i.record_id = t.id AND i.undone_at IS NULL
        JOIN event e ON e.id = i.event_id AND e.operation <> \(Operation.undo)
        WHERE t.\(column) IN \(list: records)
        """)
      needed.formUnion(try rows.map { try $0[0] })
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
    // Nobody is told of what is no longer there.
    try connection.execute(
      "DELETE FROM notice WHERE source_id IN \(list: records) OR (kind = \(kind.name) AND record_id IN \(list: records))")
  }
}
