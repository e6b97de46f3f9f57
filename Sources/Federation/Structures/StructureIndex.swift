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
  /// In the bin; what still refers to one is written with its identifier.
  private let binned: Set<Identifier<Structure>>

  /// - Parameter only: a subquery of identifiers: no other structure is spoken of.
  init(_ connection: any Connection, only: SQL? = nil) throws {
    let among: SQL = only.map { "AND s.id IN (\($0))" } ?? ""
    binned = Set(try connection.rows("SELECT s.id FROM structure s WHERE s.removed_at IS NOT NULL \(among)").map { try $0[0] })
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
    if let id = Identifier<Structure>(text), binned.contains(id) { return id }
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

  func reference(of id: Identifier<Structure>) -> String { entries[id]?.reference ?? id.description }

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
      parse: { text, reading in try reading.context.structures.identifier(text) })
  }

  static func structures(_ path: any WritableKeyPath<Draft, [Identifier<Structure>]> & Sendable) -> Field {
    .several(
      "structures", label: "Structures", path, input: .records(of: "structures"),
      print: { id, context in context.structures.reference(of: id) },
      parse: { text, reading in try reading.context.structures.identifier(text) })
  }
}
