import Store

/// From which of two records the value of a field comes.
public enum MergeChoice: String, Sendable, CaseIterable {
  case kept = "gardee"
  case merged = "fusionnee"
  /// Both, one after the other.
  case both = "deux"

  /// Before the name of a kind: whose records of that kind stay.
  static let course = "suite."
}

/// What a merge would do, before anything is written.
public struct MergePreview: Sendable {
  /// A field on both records.
  public struct Row: Sendable, Equatable {
    public let name: String
    public let label: String
    public let kept: String
    public let merged: String
    public let choice: MergeChoice
    /// Lists and long texts can be put together.
    public let takesBoth: Bool

    public var differs: Bool { kept != merged }
    /// Both say something, and not the same.
    public var isConflict: Bool { differs && !kept.isEmpty && !merged.isEmpty }
  }

  /// What follows the merged record.
  public struct Following: Sendable, Equatable {
    public let label: String
    public let count: Int
  }

  /// A dated thing that stays behind with the merged record, and why.
  public struct Left: Sendable, Equatable {
    public let label: String
    /// With days as `AAAA-MM-JJ`.
    public let title: String
    public let reason: String
  }

  /// The dated course of things as each of the two tells it: its stages, its types.
  public struct Course: Sendable, Equatable {
    /// What the choice is called by.
    public let name: String
    public let label: String
    /// What is said of each, with days as `AAAA-MM-JJ`.
    public let kept: [String]
    public let merged: [String]
    public let choice: MergeChoice
  }

  public let rows: [Row]
  public internal(set) var courses: [Course] = []
  public internal(set) var following: [Following] = []
  public internal(set) var left: [Left] = []
  /// What gives something up to stand beside what the kept record has.
  public internal(set) var yielded: [Left] = []
  public internal(set) var warnings: [String] = []
  /// Why the two cannot be merged with these choices.
  public internal(set) var faults: [Fault] = []
  /// What recognises that the merge would still do the same.
  public internal(set) var digest = ""
}

/// The records of one kind that name the merged record, and what becomes of each.
struct MergePart {
  /// Written with the kept record's name.
  var following: MergePreview.Following
  var course: MergePreview.Course?
  var left: [MergePreview.Left] = []
  var yielded: [MergePreview.Left] = []
  /// All that it would write, for the digest.
  var trace: [Int64] = []
  let apply: (Recorder, Identifier<AuditEvent>, any Connection) throws -> Void
}

extension RecordKind {
  /// Leads what names `merged` to `kept`. What the rules refuse stays behind: with the merged record when it is a part of it, else in
  /// the bin.
  func mergePart(
    of target: String, from merged: Int64, to kept: Int64, _ choices: [String: MergeChoice], today: CivilDate,
    _ connection: any Connection
  ) throws -> MergePart? {
    let links = links.filter { $0.target == target }
    let named = try links.flatMap { link in
      let (table, column, owner) = (SQL(unsafeText: link.table), SQL(unsafeText: link.column), SQL(unsafeText: link.owner))
      return try connection.rows("SELECT DISTINCT \(owner) FROM \(table) WHERE \(column) = \(merged)").map { try $0[0] as Int64 }
    }
    guard !named.isEmpty else { return nil }
    let context = try context(connection)
    let stored = try stored(connection, .ids(Set(named).sorted()), context)
    let own = try links.contains(where: \.isHistory) ? self.own(of: kept, links, connection, context) : []
    let course = course(own, stored, choices, context)
    if course?.choice == .kept {
      let left = stored.map {
        MergePreview.Left(label: label, title: words($0.draft, other: $0.draft, context), reason: "vous gardez celles de la fiche gardée")
      }
      return MergePart(
        following: MergePreview.Following(label: label, count: 0), course: course, left: left, trace: stored.map(\.id)
      ) { _, _, _ in }
    }
    let displaced = course?.choice == .merged ? own : []
    let drafts = stored.map { record in
      var draft = record.draft
      for link in links { link.replace(&draft, merged, kept) }
      return (record: record, draft: draft)
    }
    let keys = drafts.compactMap { key(of: $0.draft, context) }
    let ids = Set((stored + displaced).map(\.id))
    var holders: [String: Draft] = [:]
    for holder in try self.stored(connection, .keys(keys), context) where !ids.contains(holder.id) { holders[holder.key] = holder.draft }
    var reading = Reading(context: context, today: today)
    var (writes, left, yielded): ([RecordWrite<Draft>], [(Int64, MergePreview.Left)], [MergePreview.Left]) = ([], [], [])
    for (record, moved) in drafts {
      func told(_ reason: String) -> MergePreview.Left {
        MergePreview.Left(label: label, title: words(record.draft, other: moved, context), reason: reason)
      }
      if let holder = key(of: moved, context).flatMap({ holders[$0] }) {
        let (own, other) = (words(record.draft, other: moved, context), words(holder, other: moved, context))
        left.append((record.id, told(own == other || other.isEmpty ? "la fiche gardée l’a déjà" : "la fiche gardée a déjà : \(other)")))
        continue
      }
      var draft = moved
      var faults = check(&draft, isNew: false, &reading)
      if let fault = faults.first, links.contains(where: { $0.yield != nil }) {
        draft = moved
        for link in links { link.yield?(&draft) }
        faults = check(&draft, isNew: false, &reading)
        if faults.isEmpty { yielded.append(told(fault.reason)) }
      }
      if let fault = faults.first {
        left.append((record.id, told(fault.reason)))
      } else {
        writes.append(RecordWrite(id: record.id, isNew: false, old: record.draft, draft: draft))
      }
    }
    left += displaced.map {
      let title = words($0.draft, other: $0.draft, context)
      return ($0.id, MergePreview.Left(label: label, title: title, reason: "vous gardez celles de la fiche fusionnée"))
    }
    let root = root.flatMap { $0.kind.name == target ? nil : $0 }
    // A part of the merged record stays with it; what others show would name a record in the bin.
    let thrown = self.root.map { $0.kind.name == target } ?? false ? displaced.map(\.id) : left.map(\.0)
    return MergePart(
      following: MergePreview.Following(label: label, count: writes.count), course: course, left: left.map(\.1), yielded: yielded,
      trace: writes.map(\.id) + left.map(\.0)
    ) { [writes] recorder, event, connection in
      let roots = root?.ids(of: writes.flatMap { [$0.old, $0.draft] }.compactMap(\.self)) ?? []
      let others = try thrown.isEmpty ? [] : root?.ids(of: thrown, in: table, connection) ?? []
      try recorder.within(Set(roots + others).sorted(), of: root?.kind, in: event, connection) {
        // First: what goes leaves its place to what comes.
        if !thrown.isEmpty {
          try recorder.move(self, thrown, removed: true, in: event, connection)
          try recorder.noteMoves(thrown, of: self, in: event, connection)
        }
        try recorder.put(self, writes, in: event, connection, context)
      }
    }
  }

  private func own(
    of record: Int64, _ links: [RecordLink<Draft>], _ connection: any Connection, _ context: Context
  ) throws -> [StoredRecord<Draft>] {
    let ids = try links.filter(\.isHistory).flatMap { link in
      let (table, column, owner) = (SQL(unsafeText: link.table), SQL(unsafeText: link.column), SQL(unsafeText: link.owner))
      return try connection.rows("SELECT \(owner) FROM \(table) WHERE \(column) = \(record)").map { try $0[0] as Int64 }
    }
    return try ids.isEmpty ? [] : stored(connection, .ids(ids), context)
  }

  /// What whoever merges has to choose; `nil` when only one of the two tells something. Where both tell the same thing of different days,
  /// the kept record's course is enough unless somebody says otherwise; else each tells what the other does not.
  private func course(
    _ kept: [StoredRecord<Draft>], _ merged: [StoredRecord<Draft>], _ choices: [String: MergeChoice], _ context: Context
  ) -> MergePreview.Course? {
    guard !kept.isEmpty, !merged.isEmpty else { return nil }
    func words(_ records: [StoredRecord<Draft>], dated: Bool = true) -> [String] {
      records.map { self.words($0.draft, other: $0.draft, context, dated: dated) }
    }
    let isToldTwice = !Set(words(kept, dated: false)).isDisjoint(with: words(merged, dated: false))
    let name = MergeChoice.course + self.name
    return MergePreview.Course(
      name: name, label: label, kept: words(kept), merged: words(merged), choice: choices[name] ?? (isToldTwice ? .kept : .both))
  }

  /// What is said of a record in a sentence: its first fields, but for those in which it names the merged one.
  private func words(_ draft: Draft, other: Draft, _ context: Context, dated: Bool = true) -> String {
    let linked = Set(fields.filter { isLink($0) }.map(\.name))
    let hasEnd = fields.contains { $0.name == "jusqua" && !$0.print(draft, context).isEmpty }
    return fields.filter { !linked.contains($0.name) }.compactMap { field -> String? in
      let text = field.print(draft, context)
      guard !text.isEmpty else { return nil }
      switch field.input {
      case .choice(let list, let other):
        let known = other.flatMap { other in context.lists.values(of: list).contains { $0.code == text } ? nil : other }
        return context.lists.label(of: text, in: known ?? list)
      case .date where !dated: return nil
      case .date where field.name == "jusqua": return "jusqu’au \(text)"
      case .date: return field.name == "depuis" && !hasEnd ? "depuis le \(text)" : "du \(text)"
      case .yesNo: return text == "oui" ? field.label.lowercased() : nil
      default: return text
      }
    }.prefix(4).joined(separator: ", ")
  }

  /// Whether a field names records.
  private func isLink(_ field: Field<Draft, Context>) -> Bool {
    switch field.input {
    case .record(let kind), .records(let kind): links.contains { $0.target == kind }
    default: false
    }
  }
}
