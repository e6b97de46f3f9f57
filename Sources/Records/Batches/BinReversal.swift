import Store

/// Takes out of the bin what one operation put there.
struct BinReversal<Kind: RecordKind> {
  private let reversal: Reversal
  private let kind: Kind

  init(_ reversal: Reversal, of kind: Kind) {
    self.reversal = reversal
    self.kind = kind
  }

  func run(_ connection: any Connection) throws -> UndoOutcome {
    var outcome = UndoOutcome()
    var (back, settled): ([Int64], [Int64]) = ([], [])
    let all = try thrownAway(connection)
    let permitted = try reversal.permitted(all.map(\.id), connection)
    for thrown in all {
      guard thrown.isInBin else {
        settled.append(thrown.id)
        continue
      }
      if let reason = permitted.contains(thrown.id) ? thrown.obstacle : UndoOutcome.reserved {
        outcome.kept.append(.init(id: thrown.id, key: thrown.key, reason: reason))
      } else {
        back.append(thrown.id)
      }
    }
    let recorder = reversal.recorder
    let roots = try kind.root?.ids(of: back, in: kind.table, connection) ?? []
    try recorder.operate(.undo, on: kind, subject: reversal.subject, roots: roots, connection) { event in
      for part in back.parts(of: BatchPlan<Kind>.size) {
        try recorder.move(kind, part, removed: false, in: event, connection)
        try recorder.noteMoves(part, of: kind, in: event, connection)
      }
    }
    outcome.undone = back.count
    try reversal.remember(settled + back, of: kind, connection)
    return outcome
  }

  private struct Thrown {
    let id: Int64
    let key: String
    let isInBin: Bool
    /// Nobody has taken it out and thrown it away again.
    let isAsLeft: Bool
    let isReplaced: Bool

    /// Why it stays in the bin.
    var obstacle: String? {
      isAsLeft ? (isReplaced ? "une autre fiche porte maintenant la même référence" : nil) : "modifiée depuis"
    }
  }

  private func thrownAway(_ connection: any Connection) throws -> [Thrown] {
    let table = SQL(unsafeText: kind.table)
    let hasReference = kind.fields.contains { $0.name == "reference" }
    let reference: SQL = hasReference ? "t.reference" : "CAST(NULL AS text)"
    let replaced: SQL =
      hasReference
      ? "EXISTS (SELECT 1 FROM \(table) o WHERE o.reference = t.reference AND o.removed_at IS NULL AND o.id <> t.id)" : "1 = 0"
    return try connection.rows(
      """
      SELECT i.record_id, \(reference), t.removed_at, i.version = t.version, \(replaced) FROM image i
      LEFT JOIN \(table) t ON t.id = i.record_id
      WHERE i.event_id = \(reversal.event) AND i.kind = \(kind.name) AND i.undone_at IS NULL ORDER BY i.record_id
      """
    ).map { row in
      let (id, removedAt): (Int64, String?) = (try row[0], try row[2])
      let (isAsLeft, isReplaced): (Bool?, Bool) = (try row[3], try row[4])
      return Thrown(
        id: id, key: try row[1] ?? Identifier<Kind>(rawValue: id).description, isInBin: removedAt != nil, isAsLeft: isAsLeft == true,
        isReplaced: isReplaced)
    }
  }
}
