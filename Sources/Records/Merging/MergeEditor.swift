import Crypto
import Foundation
import Store

/// Merges two records of a kind, and takes merges back: one transaction and one event each, by the rules that hold for one record.
public struct MergeEditor<Kind: RecordKind>: Sendable {
  let kind: Kind
  let kinds: [any RecordKind]
  let database: any Database
  let recorder: Recorder
  let now: @Sendable () -> Date

  /// - Parameters:
  ///   - kinds: all those of which records may name the merged one.
  ///   - actor: the account that acts.
  public init(
    _ kind: Kind, among kinds: [any RecordKind], _ database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date,
    actor: Int64?
  ) {
    self.kind = kind
    self.kinds = kinds
    self.database = database
    self.now = now
    recorder = Recorder(ids: ids, now: now, actor: actor)
  }

  /// What became of a merge.
  public enum Outcome: Sendable, Equatable {
    case done
    /// It would not do what its preview showed, for something has changed since; nothing is written.
    case stale
  }

  /// What the merge would do; nothing is written.
  /// - Parameter choices: by the names of fields; of the others the kept record's value stays where it has one.
  /// - Throws: `Refusal` when the two cannot be merged.
  public func preview(
    _ merged: Int64, into kept: Int64, _ choices: [String: MergeChoice], _ connection: any Connection
  ) throws -> MergePreview {
    try planned(merged, into: kept, choices, connection).preview
  }

  /// Does what was previewed, all of it or nothing. The form carries the merge's identifier: sent twice, it is done once.
  /// - Parameter digest: the preview's.
  /// - Throws: `Refusal` as `preview` does.
  public func apply(
    _ id: Identifier<Merge>, _ merged: Int64, into kept: Int64, _ choices: [String: MergeChoice], seen digest: String
  ) async throws -> Outcome {
    try await database.write { connection in
      if try connection.first("SELECT 1 FROM record_merge WHERE id = \(id)") != nil { return .done }
      let (preview, parts, rules) = try planned(merged, into: kept, choices, connection)
      guard preview.digest == digest, preview.faults.isEmpty else { return .stale }
      try write(id, merged, into: kept, preview, parts, rules, connection)
      return .done
    }
  }

  private func planned(
    _ merged: Int64, into kept: Int64, _ choices: [String: MergeChoice], _ connection: any Connection
  ) throws -> (preview: MergePreview, parts: [MergePart], rules: MergeRules<Kind.Draft>) {
    guard let rules = kind.merging else { throw Refusal("Les fiches de cette sorte ne se fusionnent pas.") }
    guard merged != kept else { throw Refusal("Choisissez deux fiches différentes\u{A0}: une fiche ne se fusionne pas avec elle-même.") }
    let already = try Merge.successors(of: [merged, kept], connection)
    guard already.isEmpty else {
      throw Refusal("L’une de ces deux fiches est déjà fusionnée avec une autre\u{A0}: ouvrez la fiche gardée.")
    }
    let today = try Settings(connection).today(now())
    var reading = Reading(context: try kind.context(connection), today: today, isForm: true)
    let stored = try kind.stored(connection, .ids([merged, kept]), reading.context)
    guard let from = stored.first(where: { $0.id == merged })?.draft, let into = stored.first(where: { $0.id == kept })?.draft else {
      throw Refusal("L’une de ces deux fiches n’est plus là\u{A0}: elle est peut-être dans la corbeille.")
    }
    var preview = MergePreview(rows: rows(from, into, choices, rules, reading.context))
    var draft = into
    preview.faults = take(preview.rows, from, &draft, rules, &reading)
    preview.faults += kind.check(&draft, isNew: false, &reading)
    preview.warnings = reading.sentences
    let parts = try kinds.compactMap { kind in
      try kind.mergePart(of: self.kind.name, from: merged, to: kept, choices, today: today, connection)
    }
    let plain = try rowIDs(merged, rules, connection)
    preview.following =
      parts.map(\.following).filter { $0.count > 0 }
      + plain.filter { !$0.ids.isEmpty }.map { .init(label: $0.rows.label, count: $0.ids.count) }
    preview.courses = parts.compactMap(\.course)
    preview.left = parts.flatMap(\.left)
    preview.yielded = parts.flatMap(\.yielded)
    let versions = try recorder.versions([merged, kept], of: kind, connection)
    let trace =
      [versions[kept] ?? 0, versions[merged] ?? 0].map(String.init) + parts.flatMap(\.trace).map(String.init)
      + plain.flatMap(\.ids).map(String.init) + preview.rows.map { "\($0.name)=\($0.choice.rawValue)" }
      + preview.courses.map { "\($0.name)=\($0.choice.rawValue)" } + preview.left.map(\.reason)
    preview.digest = SHA256.hash(data: Data(trace.joined(separator: "\n").utf8)).map { String(format: "%02x", $0) }.joined()
    return (preview, parts, rules)
  }

  /// The fields, with where the value of each comes from.
  private func rows(
    _ from: Kind.Draft, _ into: Kind.Draft, _ choices: [String: MergeChoice], _ rules: MergeRules<Kind.Draft>, _ context: Kind.Context
  ) -> [MergePreview.Row] {
    kind.fields.filter { !rules.unchosen.contains($0.name) }.map { field in
      let (kept, merged) = (field.print(into, context), field.print(from, context))
      let isSeveral = rules.several.contains(field.name)
      let takesBoth = (isSeveral || field.input.isLongText) && !kept.isEmpty && !merged.isEmpty
      let usual: MergeChoice = kept.isEmpty ? .merged : isSeveral && takesBoth ? .both : .kept
      let asked = choices[field.name].flatMap { $0 == .both && !takesBoth ? nil : $0 }
      return MergePreview.Row(
        name: field.name, label: field.label, kept: kept, merged: merged,
        choice: kept == merged || merged.isEmpty ? .kept : asked ?? usual, takesBoth: takesBoth)
    }
  }

  /// Takes the chosen values over.
  /// - Returns: what could not be put together.
  private func take(
    _ rows: [MergePreview.Row], _ from: Kind.Draft, _ draft: inout Kind.Draft, _ rules: MergeRules<Kind.Draft>,
    _ reading: inout Reading<Kind.Context>
  ) -> [Fault] {
    var faults: [Fault] = []
    for row in rows where row.choice != .kept {
      guard let field = kind.fields.first(where: { $0.name == row.name }) else { continue }
      guard row.choice == .both else {
        field.clear(&draft)
        field.merge(from, &draft)
        continue
      }
      do {
        try field.parse([row.kept, row.merged].joined(separator: rules.several.contains(row.name) ? "|" : "\n\n"), &draft, &reading)
      } catch {
        faults.append(Fault(row.name, (error as? Refusal)?.sentence ?? "valeurs impossibles à réunir"))
      }
    }
    return faults
  }

  private func rowIDs(
    _ record: Int64, _ rules: MergeRules<Kind.Draft>, _ connection: any Connection
  ) throws -> [(rows: MergedRows, ids: [Int64])] {
    try (rules.rows + MergedRows.beside(kind.name)).map { rows in
      let (table, column) = (SQL(unsafeText: rows.table), SQL(unsafeText: rows.column))
      return (
        rows, try connection.rows("SELECT id FROM \(table) WHERE \(column) = \(record) \(rows.condition) ORDER BY id").map { try $0[0] }
      )
    }
  }

  private func write(
    _ id: Identifier<Merge>, _ merged: Int64, into kept: Int64, _ preview: MergePreview, _ parts: [MergePart],
    _ rules: MergeRules<Kind.Draft>, _ connection: any Connection
  ) throws {
    let moment = Instant(now())
    let event = try recorder.log(.merge, kind.name, id.rawValue, connection)
    try connection.execute(
      """
      INSERT INTO record_merge (id, kind, kept_id, merged_id, event_id, merged_at, account_id)
      VALUES (\(id), \(kind.name), \(kept), \(merged), \(event), \(moment), \(recorder.actor))
      """)
    let context = try kind.context(connection)
    let before = try kind.stored(connection, .ids([merged, kept]), context)
    guard let from = before.first(where: { $0.id == merged })?.draft, let into = before.first(where: { $0.id == kept })?.draft else {
      throw Refusal("L’une de ces deux fiches n’est plus là.")
    }
    // While both are there: what is in the bin is not read.
    for part in parts { try part.apply(recorder, event, connection) }
    for (rows, ids) in try rowIDs(merged, rules, connection) where !ids.isEmpty {
      let (table, column) = (SQL(unsafeText: rows.table), SQL(unsafeText: rows.column))
      try connection.execute("UPDATE \(table) SET \(column) = \(kept) WHERE id IN \(list: ids)")
      try connection.insert(into: "record_merge_row (merge_id, table_name, row_id)", ids) { "\(id), \(rows.table), \($0)" }
    }
    let table = SQL(unsafeText: kind.table)
    let rest = try kind.stored(connection, .ids([merged]), kind.context(connection)).first?.draft ?? from
    try recorder.move(kind, [merged], removed: true, in: event, connection)
    try connection.execute("UPDATE \(table) SET merged_into = \(kept) WHERE id = \(merged)")
    try recorder.noteChange(of: merged, kind, from: from, to: rest, in: event, connection)
    try writeKept(kept, from, into, preview, rules, in: event, connection)
  }

  /// The kept record with what was chosen for it; its image goes back to before its parts came.
  private func writeKept(
    _ kept: Int64, _ from: Kind.Draft, _ before: Kind.Draft, _ preview: MergePreview, _ rules: MergeRules<Kind.Draft>,
    in event: Identifier<AuditEvent>, _ connection: any Connection
  ) throws {
    let context = try kind.context(connection)
    guard let present = try kind.stored(connection, .ids([kept]), context).first?.draft else { return }
    var (draft, reading) = (present, Reading(context: context, today: try Settings(connection).today(now()), isForm: true))
    var faults = take(preview.rows, from, &draft, rules, &reading)
    try rules.conform(&draft, kept, connection)
    faults += kind.check(&draft, isNew: false, &reading)
    guard faults.isEmpty else { throw Refusal("La fusion est refusée : \(faults.map(\.reason).joined(separator: " ; ")).") }
    let write = RecordWrite(id: kept, isNew: false, old: present, draft: draft)
    try recorder.put(kind, [write], in: event, connection, context, since: [kept: before])
  }
}

extension FieldInput {
  fileprivate var isLongText: Bool { if case .paragraph = self { true } else { false } }
}
