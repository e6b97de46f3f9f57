import Records
import Store

/// Structures ready to be found by the reference that a file gives.
struct StructureIndex: Sendable {
  private struct Entry: Sendable {
    let reference: String
    let name: String
    let types: TypeHistory
    let firstStage: CivilDate?
  }

  private var entries: [Identifier<Structure>: Entry] = [:]
  private var identifiers: [String: Identifier<Structure>] = [:]
  private var folded: [String: [Identifier<Structure>]] = [:]
  private var named: [String: [Identifier<Structure>]] = [:]
  private let binned: BinnedRecords<Structure>

  /// - Parameter only: a subquery of identifiers: no other structure is spoken of.
  init(_ connection: any Connection, only: SQL? = nil) throws {
    let among: SQL = only.map { "AND s.id IN (\($0))" } ?? ""
    binned = try BinnedRecords(
      "SELECT s.id, s.reference, s.merged_into FROM structure s WHERE s.removed_at IS NOT NULL \(among)", connection)
    let types = try TypeHistory.all(connection, among)
    let rows = try connection.rows(
      """
      SELECT s.id, s.reference, s.type, MIN(p.since), s.name
      FROM structure s LEFT JOIN structure_span p ON p.structure_id = s.id AND p.counted
      WHERE s.removed_at IS NULL \(among)
      GROUP BY s.id, s.reference, s.type, s.name
      """)
    for row in rows {
      let id: Identifier<Structure> = try row[0]
      let entry = Entry(
        reference: try row[1], name: try row[4], types: try types[id] ?? TypeHistory(row[2]), firstStage: try row[3])
      entries[id] = entry
      identifiers[entry.reference] = id
      folded[Fold.key(entry.reference), default: []].append(id)
      named[Fold.key(entry.name), default: []].append(id)
    }
  }

  /// By its reference, by its name when only one team has it, or by both as forms offer them: « Nom (référence) ».
  /// - Throws: `Refusal` when no structure is meant.
  func identifier(_ text: String) throws -> Identifier<Structure> {
    if let exact = identifiers[text] { return exact }
    if let id = binned.identifier(text) { return id }
    // Spreadsheets change the case of references more often than federations tell two of them apart by it.
    let near = folded[Fold.key(text)] ?? []
    guard near.count <= 1 else { throw Refusal("plusieurs structures ont une référence proche de « \(text) »") }
    if let only = near.first ?? text.offeredReference.flatMap({ identifiers[$0] }) { return only }
    let same = named[Fold.key(text)] ?? []
    guard same.count <= 1 else {
      let references = same.map(reference).sorted()
      throw Refusal(
        "plusieurs structures s’appellent « \(text) » : donnez la référence (\(references.prefix(3).joined(separator: ", "))"
          + "\(references.count > 3 ? "…" : ""))")
    }
    guard let only = same.first else {
      throw Refusal("la structure « \(text) » est inconnue : vérifiez son nom, ou ajoutez-la d’abord à l’annuaire")
    }
    return only
  }

  func reference(of id: Identifier<Structure>) -> String { entries[id]?.reference ?? binned.reference(of: id) }

  /// What it is called; its reference in the bin.
  func name(of id: Identifier<Structure>) -> String { entries[id]?.name ?? binned.reference(of: id) }

  /// The reference of the team that took the place of the one that a text names; `nil` when it names none that was merged.
  func successorReference(_ text: String) -> String? {
    identifiers[text] == nil ? binned.successor(text).map(reference) : nil
  }

  /// The type that it had on a day; the present one without a day.
  func type(of id: Identifier<Structure>, on day: CivilDate?) -> StructureType? { entries[id]?.types.type(on: day ?? .openEnd) }

  /// The first day on which the structure counts; `nil` when it counts at every date.
  func beginning(of id: Identifier<Structure>) -> CivilDate? {
    entries[id]?.firstStage.flatMap { $0 == .distantPast ? nil : $0 }
  }
}

/// What fields need to know to name teams.
protocol StructureContext: RecordContext {
  var structures: StructureIndex { get }
}

extension Field where Context: StructureContext {
  static func structure(
    _ path: any WritableKeyPath<Draft, Identifier<Structure>?> & Sendable, isRequired: Bool = false
  ) -> Field {
    .value(
      "structure", label: "Structure", path, isRequired: isRequired, input: .record(of: "structures"),
      print: { id, context in context.structures.reference(of: id) },
      parse: { text, reading in try reading.structure(text) })
  }

  static func structures(_ path: any WritableKeyPath<Draft, [Identifier<Structure>]> & Sendable) -> Field {
    .several(
      "structures", label: "Structures", path, input: .records(of: "structures"),
      print: { id, context in context.structures.reference(of: id) },
      parse: { text, reading in try reading.structure(text) })
  }
}

extension Reading where Context: StructureContext {
  /// The team that a text names, which may have taken the place of that one.
  /// - Throws: `Refusal` when no structure is meant.
  mutating func structure(_ text: String) throws -> Identifier<Structure> {
    let found = try context.structures.identifier(text)
    tell(of: text, context.structures.successorReference(text))
    return found
  }
}

extension Reading {
  /// Says that a reference is that of a merged record.
  mutating func tell(of reference: String, _ successor: String?) {
    guard let successor else { return }
    warn("la fiche « \(reference) » a été fusionnée avec « \(successor) » : c’est celle-ci qui est prise")
  }
}

/// Records in the bin, which others may still name: by their identifiers, and once merged by the references that they had.
struct BinnedRecords<Subject>: Sendable {
  private var ids: Set<Identifier<Subject>> = []
  private var references: [Identifier<Subject>: String] = [:]
  private var merged: [String: Identifier<Subject>] = [:]
  private var successors: [Int64: Int64] = [:]

  init() {}

  /// - Parameter statement: their identifiers, references and successors.
  init(_ statement: SQL, _ connection: any Connection) throws {
    for row in try connection.rows(statement) {
      let id: Identifier<Subject> = try row[0]
      ids.insert(id)
      guard let successor: Int64 = try row[2] else { continue }
      successors[id.rawValue] = successor
      references[id] = try row[1] as String
      merged[try row[1]] = id
    }
  }

  /// The record that a text names by its identifier, or what took its place; that of a merged one by its reference too.
  func identifier(_ text: String) -> Identifier<Subject>? {
    if let id = Identifier<Subject>(text), ids.contains(id) { return last(id) }
    return successor(text)
  }

  /// The record that took the place of the merged one of that reference.
  func successor(_ reference: String) -> Identifier<Subject>? { merged[reference].map(last) }

  func reference(of id: Identifier<Subject>) -> String { references[id] ?? id.description }

  private func last(_ id: Identifier<Subject>) -> Identifier<Subject> {
    Identifier(rawValue: Merge.last(of: id.rawValue, successors))
  }
}
