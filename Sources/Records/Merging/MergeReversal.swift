import Store

/// What undoing a merge did.
public struct UnmergeOutcome: Sendable, Equatable {
  /// What stays with the kept record, for it has changed since.
  public struct Kept: Sendable, Equatable {
    /// The record kind's name.
    public let kind: String
    public let id: Int64
    /// The field of the record, when only that stays as it is.
    public let field: String?
    public let reason: String
  }

  public internal(set) var kept: [Kept] = []
}

extension MergeEditor {
  /// Takes a merge back: both records are as they were, but for what has changed since, which stays where it is.
  /// - Throws: `Refusal` when there is no such merge, or something stands in its way.
  public func undo(_ id: Identifier<Merge>) async throws -> UnmergeOutcome {
    try await database.write { connection in
      guard let merge = try DoneMerge(id, of: kind.name, connection), let rules = kind.merging else {
        throw Refusal("Cette fusion est inconnue.")
      }
      if let obstacle = try merge.obstacle(kind.table, connection) { throw Refusal(obstacle) }
      return try reverse(merge, rules, connection)
    }
  }

  private func reverse(
    _ merge: DoneMerge, _ rules: MergeRules<Kind.Draft>, _ connection: any Connection
  ) throws -> UnmergeOutcome {
    let event = try recorder.log(.unmerge, kind.name, merge.id.rawValue, connection)
    let table = SQL(unsafeText: kind.table)
    let (kept, merged) = (merge.kept, merge.merged)
    guard let before = try kind.stored(connection, .ids([kept]), kind.context(connection)).first?.draft else {
      throw Refusal("La fiche gardée n’est plus là.")
    }
    // First: what comes out of the bin below must not follow it any more.
    try connection.execute("UPDATE record_merge SET undone_at = \(Instant(now())) WHERE id = \(merge.id)")
    try connection.execute("UPDATE \(table) SET merged_into = NULL WHERE id = \(merged)")
    try recorder.move(kind, [merged], removed: false, in: event, connection)
    guard let apart = try kind.stored(connection, .ids([merged]), kind.context(connection)).first?.draft else {
      throw Refusal("La fiche fusionnée n’est plus là.")
    }
    var outcome = UnmergeOutcome()
    for kind in kinds {
      outcome.kept += try kind.unmerge(merge, target: self.kind.name, recorder, in: event, connection)
    }
    try takeRowsBack(merge, rules, connection)
    if let whole = try kind.stored(connection, .ids([merged]), kind.context(connection)).first?.draft {
      try kind.settleAll([merged], known: [merged], [whole], connection)
      try recorder.noteChange(of: merged, kind, from: apart, to: whole, in: event, connection)
    }
    outcome.kept += try restoreKept(merge, rules, before, in: event, connection)
    return outcome
  }

  /// Those that are still where the merge put them.
  private func takeRowsBack(_ merge: DoneMerge, _ rules: MergeRules<Kind.Draft>, _ connection: any Connection) throws {
    for rows in rules.rows + MergedRows.beside(kind.name) {
      let (table, column) = (SQL(unsafeText: rows.table), SQL(unsafeText: rows.column))
      try connection.execute(
        """
        UPDATE \(table) SET \(column) = \(merge.merged) WHERE \(column) = \(merge.kept) AND id IN (
          SELECT row_id FROM record_merge_row WHERE merge_id = \(merge.id) AND table_name = \(rows.table))
        """)
    }
  }

  /// The kept record's own fields, property by property.
  private func restoreKept(
    _ merge: DoneMerge, _ rules: MergeRules<Kind.Draft>, _ before: Kind.Draft, in event: Identifier<AuditEvent>,
    _ connection: any Connection
  ) throws -> [UnmergeOutcome.Kept] {
    let context = try kind.context(connection)
    guard let present = try kind.stored(connection, .ids([merge.kept]), context).first?.draft else { return [] }
    var properties = try Properties(of: present)
    var changed: Set<String> = []
    for image in try images(of: merge.event, kind.name, merge.kept, connection) {
      for (name, old) in image.before where !rules.partProperties.contains(name) {
        let now = properties[name] ?? .null
        if now == image.after[name] ?? .null { properties[name] = old } else if now != old { changed.insert(name) }
      }
    }
    let draft: Kind.Draft = try properties.filter { $0.value != .null }.draft()
    let write = RecordWrite(id: merge.kept, isNew: false, old: present, draft: draft)
    try recorder.put(kind, [write], in: event, connection, context, since: [merge.kept: before])
    return try labels(of: changed, in: present, context).map {
      UnmergeOutcome.Kept(kind: kind.name, id: merge.kept, field: $0, reason: "modifiée depuis")
    }
  }

  /// The fields that print properties of a draft.
  private func labels(of properties: Set<String>, in draft: Kind.Draft, _ context: Kind.Context) throws -> [String] {
    guard !properties.isEmpty else { return [] }
    let without: Kind.Draft? = try? Properties(of: kind.blank).merging(
      try Properties(of: draft).filter { !properties.contains($0.key) }
    ) { $1 }.draft()
    guard let without else { return [] }
    return kind.fields.filter { $0.print(draft, context) != $0.print(without, context) }.map(\.label)
  }

  private func images(
    of event: Identifier<AuditEvent>, _ kind: String, _ record: Int64, _ connection: any Connection
  ) throws -> [Change] {
    try connection.rows(
      "SELECT change FROM image WHERE event_id = \(event) AND kind = \(kind) AND record_id = \(record)"
    ).map { try Change(text: try $0[0]) }
  }
}

extension RecordKind {
  /// Takes back what a merge changed in the records of the kind.
  fileprivate func unmerge(
    _ merge: DoneMerge, target: String, _ recorder: Recorder, in event: Identifier<AuditEvent>,
    _ connection: any Connection
  ) throws -> [UnmergeOutcome.Kept] {
    guard links.contains(where: { $0.target == target }) else { return [] }
    let images = try connection.rows(
      """
      SELECT i.record_id, i.version, i.change, t.version, t.removed_at FROM image i
      LEFT JOIN \(SQL(unsafeText: table)) t ON t.id = i.record_id
      WHERE i.event_id = \(merge.event) AND i.kind = \(name) ORDER BY i.record_id
      """
    ).map { row in
      let (id, version, present, removedAt): (Int64, Int, Int?, String?) = (try row[0], try row[1], try row[3], try row[4])
      return (
        id: id, change: try Change(text: try row[2]), isAsLeft: version == present, isThere: present != nil && removedAt == nil
      )
    }
    guard !images.isEmpty else { return [] }
    let context = try context(connection)
    let stored = try stored(connection, .ids(images.map(\.id)), context)
    let current = Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0.draft) })
    var kept: [UnmergeOutcome.Kept] = []
    func keep(_ id: Int64, _ reason: String) { kept.append(.init(kind: name, id: id, field: nil, reason: reason)) }
    // Thrown away by the merge, whose image says nothing else of it.
    let thrown = images.filter { $0.change == Change() }
    var back: [Int64] = []
    for image in thrown where !image.isThere {
      if image.isAsLeft { back.append(image.id) } else { keep(image.id, "modifiée depuis") }
    }
    var writes: [RecordWrite<Draft>] = []
    for image in images where image.change != Change() {
      guard let draft = current[image.id] else {
        keep(image.id, image.isThere ? "modifiée depuis" : "dans la corbeille")
        continue
      }
      let now = try Properties(of: draft)
      if image.change.isUndone(in: now) { continue }
      guard image.change.holds(in: now) else {
        keep(image.id, "modifiée depuis")
        continue
      }
      writes.append(RecordWrite(id: image.id, isNew: false, old: draft, draft: try image.change.undone(in: now).draft()))
    }
    let root = root.flatMap { $0.kind.name == target ? nil : $0 }
    let roots = try root.map { root in
      try root.ids(of: writes.flatMap { [$0.old, $0.draft] }.compactMap(\.self)) + root.ids(of: back, in: table, connection)
    }
    try recorder.within(Set(roots ?? []).sorted(), of: root?.kind, in: event, connection) {
      try recorder.put(self, writes, in: event, connection, context)
      guard !back.isEmpty else { return }
      try recorder.move(self, back, removed: false, in: event, connection)
      try recorder.noteMoves(back, of: self, in: event, connection)
    }
    return kept
  }
}
