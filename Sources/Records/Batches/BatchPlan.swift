import Crypto
import Foundation
import Store

/// What a change does to records, worked out against what is stored, some of them at a time: memory does not grow with the list.
struct BatchPlan<Kind: RecordKind> {
  /// A record, and what becomes of it.
  struct Verdict {
    let record: StoredRecord<Kind.Draft>
    let draft: Kind.Draft
    let faults: [Fault]
    let isChanged: Bool
  }

  let kind: Kind
  let change: BatchChange
  let context: Kind.Context
  private let today: CivilDate
  /// What is added or taken out, as the field prints it.
  private let values: [String]

  /// So many records are read and written at a time.
  static var size: Int { 2_000 }

  /// - Throws: `Refusal` when the field cannot take the value.
  init(_ kind: Kind, _ change: BatchChange, today: CivilDate, _ connection: any Connection) throws {
    self.kind = kind
    self.change = change
    self.today = today
    context = try kind.context(connection)
    guard change.action != .bin else {
      values = []
      return
    }
    guard let field = kind.fields.first(where: { $0.name == change.field }) else { throw Refusal("Ce champ n’existe pas.") }
    // Judged once, before any record: what cannot be read is refused whole.
    var (blank, reading) = (kind.blank, Reading(context: context, today: today, isForm: true))
    if let fault = kind.enter([field.name: change.value], in: &blank, &reading).first { throw Refusal(fault.reason) }
    guard !change.value.isEmpty || (change.action == .set && !field.isRequired) else { throw Refusal("choisissez une valeur") }
    values = field.print(blank, context).parts
  }

  /// - Parameter records: that are there and the actor's to change, in the order of the answer.
  func verdicts(on records: [Int64], _ connection: any Connection) throws -> (verdicts: [Verdict], warnings: [String]) {
    var reading = Reading(context: context, today: today, isForm: true)
    let stored = try kind.stored(connection, .ids(records), context)
    let byID = Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0) })
    let verdicts = records.compactMap { byID[$0] }.map { verdict($0, &reading) }
    let lines = verdicts.filter { $0.isChanged && change.action != .bin }.map {
      ReviewedLine(line: 0, old: $0.record.draft, draft: $0.draft)
    }
    try kind.review(lines, &reading, connection)
    // What the record would be told as it stands is not about the change.
    var before = Reading(context: context, today: today, isForm: true)
    for var old in lines.compactMap(\.old) { _ = kind.check(&old, isNew: false, &before) }
    let known = Set(before.sentences)
    return (verdicts, reading.sentences.filter { !known.contains($0) })
  }

  private func verdict(_ record: StoredRecord<Kind.Draft>, _ reading: inout Reading<Kind.Context>) -> Verdict {
    let old = record.draft
    guard change.action != .bin else { return Verdict(record: record, draft: old, faults: [], isChanged: true) }
    var draft = old
    let unread = kind.enter([change.field: text(for: old)], in: &draft, &reading)
    guard draft != old || !unread.isEmpty else { return Verdict(record: record, draft: old, faults: [], isChanged: false) }
    var faults = kind.faults(in: &draft, isNew: false, unread: unread, &reading)
    if kind.key(of: draft, context) != kind.key(of: old, context) { faults.append(Fault(kind.keyColumn, "ne se change pas par lot")) }
    return Verdict(record: record, draft: draft, faults: faults, isChanged: faults.isEmpty && draft != old)
  }

  /// What the form of that record would send.
  private func text(for draft: Kind.Draft) -> String {
    guard change.action != .set, let field = kind.fields.first(where: { $0.name == change.field }) else { return change.value }
    let present = field.print(draft, context).parts
    let wanted = change.action == .add ? present + values.filter { !present.contains($0) } : present.filter { !values.contains($0) }
    return wanted.joined(separator: "|")
  }

  /// What it would do to all of them, and to which.
  /// - Parameter permitted: those that the actor may change.
  func preview(
    _ records: [Int64], permitted: Set<Int64>, _ recorder: Recorder, _ connection: any Connection
  ) throws -> (preview: BatchPreview, changed: [Int64]) {
    var preview = BatchPreview()
    var changed: [(id: Int64, version: Int)] = []
    var told: Set<String> = []
    for part in records.parts(of: Self.size) {
      let versions = try recorder.versions(part.filter(permitted.contains), of: kind, connection)
      let (verdicts, warnings) = try verdicts(on: part.filter { versions[$0] != nil }, connection)
      preview.hidden += part.count - verdicts.count
      for verdict in verdicts {
        if verdict.isChanged { changed.append((verdict.record.id, versions[verdict.record.id] ?? 0)) }
        count(verdict, in: &preview)
      }
      for sentence in warnings where told.count < BatchPreview.shown && told.insert(sentence).inserted { preview.warnings.append(sentence) }
    }
    preview.digest = digest(of: changed)
    return (preview, changed.map(\.id))
  }

  private func count(_ verdict: Verdict, in preview: inout BatchPreview) {
    let id = verdict.record.id
    if !verdict.faults.isEmpty {
      preview.refused += 1
      guard preview.firstRefused.count < BatchPreview.shown else { return }
      let labels = Dictionary(uniqueKeysWithValues: kind.fields.map { ($0.name, $0.label) })
      let reasons = verdict.faults.map { "\(labels[$0.column] ?? $0.column) : \($0.reason)" }
      preview.firstRefused.append(.init(id: id, reason: reasons.joined(separator: " ; ")))
    } else if verdict.isChanged {
      preview.changed += 1
      guard preview.firstChanged.count < BatchPreview.shown else { return }
      preview.firstChanged.append(.init(id: id, changes: kind.changes(from: verdict.record.draft, to: verdict.draft, context)))
    } else {
      preview.unchanged += 1
    }
  }

  private func digest(of records: [(id: Int64, version: Int)]) -> String {
    var hash = SHA256()
    for text in [kind.name, change.action.rawValue, change.field, change.value] { hash.update(data: Data("\(text)\u{0}".utf8)) }
    for record in records.sorted(by: { $0.id < $1.id }) { hash.update(data: Data("\(record.id) \(record.version)\n".utf8)) }
    return hash.finalize().hexadecimal
  }
}

extension String {
  fileprivate var parts: [String] { split(separator: "|").map(String.init) }
}

extension [Int64] {
  /// The same, so many at a time.
  func parts(of size: Int) -> [[Int64]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
