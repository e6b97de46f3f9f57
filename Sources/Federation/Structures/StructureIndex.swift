import Records
import Store

/// Structures ready to be found by the reference that a file gives.
struct StructureIndex: Sendable {
  private struct Entry: Sendable {
    let reference: String
    let types: TypeHistory
    let firstStage: CivilDate?
  }

  private var entries: [Identifier<Structure>: Entry] = [:]
  private var identifiers: [String: Identifier<Structure>] = [:]
  private var folded: [String: [Identifier<Structure>]] = [:]

  init(_ connection: any Connection) throws {
    let types = try TypeHistory.all(connection)
    let rows = try connection.rows(
      """
      SELECT s.id, s.reference, s.type, MIN(p.since)
      FROM structure s LEFT JOIN structure_span p ON p.structure_id = s.id AND p.counted
      WHERE s.removed_at IS NULL
      GROUP BY s.id, s.reference, s.type
      """)
    for row in rows {
      let id: Identifier<Structure> = try row[0]
      let entry = Entry(reference: try row[1], types: try types[id] ?? TypeHistory(row[2]), firstStage: try row[3])
      entries[id] = entry
      identifiers[entry.reference] = id
      folded[Fold.key(entry.reference), default: []].append(id)
    }
  }

  /// - Throws: `Refusal` when no structure has this reference.
  func identifier(_ reference: String) throws -> Identifier<Structure> {
    if let exact = identifiers[reference] { return exact }
    // Spreadsheets change the case of references more often than federations tell two of them apart by it.
    let near = folded[Fold.key(reference)] ?? []
    guard near.count <= 1 else { throw Refusal("plusieurs structures ont une référence proche de « \(reference) »") }
    guard let only = near.first else {
      throw Refusal("la structure « \(reference) » est inconnue : importez d’abord les structures")
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
