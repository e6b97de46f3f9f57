import Store
import Tables

/// What a file would change, worked out against what is stored.
struct ImportPlan<Kind: RecordKind> {
  private struct Line {
    let number: Int
    var draft: Kind.Draft
    var cells: [String: String]
    var faults: [Fault]
  }

  var outcome = ImportOutcome()
  private let kind: Kind
  private let isPreview: Bool
  private var effects = PlanDigest()
  private var reading: Reading<Kind.Context>
  private var writes: [RecordWrite<Kind.Draft>] = []
  private var reviewed: [ReviewedLine<Kind.Draft>] = []
  /// Stored records that the actor may not change: of them a line is told nothing.
  private var reserved: Set<Int64> = []
  private var digests: [(line: Int, digest: String, recordID: Int64)] = []
  /// The references that merged records had, with those of the records that took their place.
  private let merged: [String: String]

  init(
    _ kind: Kind, _ table: Table, _ columns: ColumnMap<Kind>, _ options: ImportOptions, today: CivilDate, ids: IdentifierSource,
    permits: Importer.Permits? = nil, _ connection: any Connection
  ) throws {
    self.kind = kind
    isPreview = options.isPreview
    reading = Reading(context: try kind.context(connection), today: today, createsValues: options.createsValues)
    merged = try kind.merging == nil ? [:] : Merge.references(kind.table, connection)
    for title in columns.ignored { outcome.warnings.append("la colonne « \(title) » est inconnue et n’est pas lue") }
    var lines = table.rows.map { read($0, columns) }
    refuseRepeatedKeys(&lines)
    let known = try storedRecords(lines, connection)
    if let permits {
      let stored = known.values.map(\.id)
      reserved = Set(stored).subtracting(try permits(kind.name, stored, connection))
    }
    var twins = try Twins(kind: kind.name, digests: lines.filter { key(of: $0) == nil }.map(digest), connection)
    for line in lines { plan(line, known, &twins, columns, ids) }
    if isPreview { outcome.fingerprint = effects.text }
    try kind.review(reviewed, &reading, connection)
    outcome.warnings += reading.warnings
  }

  private mutating func read(_ row: Table.Row, _ columns: ColumnMap<Kind>) -> Line {
    var line = Line(number: row.number, draft: kind.blank, cells: cells(of: row, columns), faults: [])
    reading.line = row.number
    if let old = line.cells[kind.keyColumn], let kept = merged[old] {
      reading.warn("la fiche « \(old) » a été fusionnée avec « \(kept) » : c’est celle-ci que la ligne met à jour", about: kind.keyColumn)
      line.cells[kind.keyColumn] = kept
    }
    for (field, _) in columns.positions {
      guard let text = line.cells[field.name] else { continue }
      do {
        try field.parse(text, &line.draft, &reading)
      } catch {
        let reason = (error as? Refusal)?.sentence ?? "valeur illisible"
        line.faults.append(Fault(field.name, value: text, reason))
      }
    }
    return line
  }

  /// The cells that hold something, cleaned of what no field can mean.
  private func cells(of row: Table.Row, _ columns: ColumnMap<Kind>) -> [String: String] {
    var cells: [String: String] = [:]
    for (field, position) in columns.positions where position < row.cells.count {
      let text = CellText.cleaned(row.cells[position])
      if !text.isEmpty { cells[field.name] = text }
    }
    return cells
  }

  private func key(of line: Line) -> String? { kind.key(of: line.draft, reading.context) }

  private func refuseRepeatedKeys(_ lines: inout [Line]) {
    var firstLine: [String: Int] = [:]
    for index in lines.indices {
      guard let key = key(of: lines[index]) else { continue }
      if let first = firstLine[key] {
        let value = lines[index].cells[kind.keyColumn] ?? ""
        lines[index].faults.append(Fault(kind.keyColumn, value: value, "déjà donnée à la ligne \(first)"))
      } else {
        firstLine[key] = lines[index].number
      }
    }
  }

  private func storedRecords(_ lines: [Line], _ connection: any Connection) throws -> [String: StoredRecord<Kind.Draft>] {
    let keys = lines.compactMap(key)
    guard !keys.isEmpty else { return [:] }
    let stored = try kind.stored(connection, .keys(keys), reading.context)
    return Dictionary(stored.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func plan(
    _ line: Line, _ known: [String: StoredRecord<Kind.Draft>], _ twins: inout Twins, _ columns: ColumnMap<Kind>, _ ids: IdentifierSource
  ) {
    reading.line = line.number
    let old = key(of: line).flatMap { known[$0] }
    if let old, reserved.contains(old.id) {
      let fault = Fault(kind.keyColumn, value: line.cells[kind.keyColumn] ?? "", "n’est pas à votre disposition : donnez-en une autre")
      outcome.refused.append(.init(line: line.number, fault: fault))
      if isPreview { effects.add(line.number, "refused", [fault.column, fault.reason]) }
      return
    }
    let digest = key(of: line) == nil ? digest(of: line) : nil
    var draft = old?.draft ?? kind.blank
    for (field, _) in columns.positions { field.merge(line.draft, &draft) }
    if let old {
      let asked = draft
      kind.follow(&draft, asked: asked, from: old.draft, stored: old.draft)
    }
    var faults = line.faults
    if old == nil {
      for field in kind.fields where field.isRequired && line.cells[field.name] == nil {
        faults.append(Fault(field.name, "obligatoire"))
      }
    }
    // A cell that could not be read is not blamed again for being missing.
    let blamed = Set(faults.map(\.column))
    // The lines after it do not count with one that is refused.
    let before = faults.isEmpty ? nil : reading.context
    faults += kind.check(&draft, isNew: old == nil, &reading).filter { !blamed.contains($0.column) }.map {
      Fault($0.column, value: $0.value.isEmpty ? line.cells[$0.column] ?? "" : $0.value, $0.reason)
    }
    guard faults.isEmpty else {
      if let before { reading.context = before }
      outcome.refused += faults.map { .init(line: line.number, fault: $0) }
      if isPreview { effects.add(line.number, "refused", faults.flatMap { [$0.column, $0.reason] }) }
      return
    }
    if let digest, twins.take(digest) {
      keep(line)
    } else if let old {
      guard draft != old.draft else { return keep(line) }
      outcome.changed += 1
      if isPreview { preview(line, RecordWrite(id: old.id, isNew: false, old: old.draft, draft: draft)) }
      reviewed.append(ReviewedLine(line: line.number, old: old.draft, draft: draft))
      writes.append(RecordWrite(id: old.id, isNew: false, old: old.draft, draft: draft))
    } else {
      let id = ids.next(Import.self).rawValue
      outcome.created += 1
      if isPreview { preview(line, RecordWrite(id: id, isNew: true, old: nil, draft: draft)) }
      reviewed.append(ReviewedLine(line: line.number, old: nil, draft: draft))
      writes.append(RecordWrite(id: id, isNew: true, old: nil, draft: draft))
      if let digest { digests.append((line.number, digest, id)) }
    }
  }

  private mutating func keep(_ line: Line) {
    outcome.unchanged += 1
    if isPreview { effects.add(line.number, "unchanged") }
  }

  private mutating func preview(_ line: Line, _ write: RecordWrite<Kind.Draft>) {
    let changes = kind.changes(from: write.old ?? kind.blank, to: write.draft, reading.context)
    effects.add(line.number, write.isNew ? "new" : "changed \(write.id)", changes)
    if write.isNew {
      if outcome.newLines.count < ImportOutcome.previewLimit { outcome.newLines.append(line.number) }
    } else if outcome.preview.count < ImportOutcome.previewLimit {
      outcome.preview.append(.init(line: line.number, record: write.id, changes: changes))
    }
  }

  private func digest(of line: Line) -> String { LineDigest.of(kind.fields.map { ($0.name, line.cells[$0.name] ?? "") }) }

  mutating func write(
    fileName: String, as id: Identifier<Import>, at moment: Instant, _ recorder: Recorder, _ connection: any Connection
  ) throws {
    let left = Set(outcome.refused.map(\.line))
    let wanted = reading.newValues.filter { !$0.lines.isSubset(of: left) }
    for (list, value, _) in wanted { try list.append(value, connection) }
    if !wanted.isEmpty { reading.context = try kind.context(connection) }
    let event = try recorder.write(kind, writes, as: .fileImport, subject: id.rawValue, connection, reading.context)
    try connection.execute(
      """
      INSERT INTO import (id, kind, file_name, imported_at, created, changed, unchanged, refused, event_id) VALUES (
        \(id), \(kind.name), \(fileName), \(moment), \(outcome.created), \(outcome.changed), \(outcome.unchanged), \(left.count), \(event))
      """)
    try connection.insert(into: "import_line (import_id, line, kind, digest, record_id)", digests) {
      "\(id), \($0.line), \(kind.name), \($0.digest), \($0.recordID)"
    }
    outcome.importID = id
  }
}
