import Store

/// Which cell of a row belongs to which field.
struct ColumnMap<Kind: RecordKind>: Sendable {
  let positions: [(field: Field<Kind.Draft, Kind.Context>, position: Int)]
  /// Titles that say nothing to the kind.
  let ignored: [String]

  init(kind: Kind, header: [String]) throws {
    var positions: [(Field<Kind.Draft, Kind.Context>, Int)] = []
    var ignored: [String] = []
    var seen: Set<String> = []
    for (position, title) in header.enumerated() where !title.isEmpty {
      guard let name = kind.fieldNamed(title), let field = kind.fields.first(where: { $0.name == name }) else {
        if Fold.code(title) != kind.reasonColumn { ignored.append(title) }
        continue
      }
      guard seen.insert(field.name).inserted else { throw Refusal("La colonne « \(field.name) » est donnée deux fois.") }
      positions.append((field, position))
    }
    let missing = kind.fields.filter { $0.isRequired && !seen.contains($0.name) }.map { "« \($0.name) »" }
    guard missing.isEmpty else {
      throw Refusal(
        missing.count == 1
          ? "La colonne obligatoire \(missing[0]) manque dans la première ligne du fichier."
          : "Les colonnes obligatoires \(missing.joined(separator: ", ")) manquent dans la première ligne du fichier.")
    }
    self.positions = positions
    self.ignored = ignored
  }
}
