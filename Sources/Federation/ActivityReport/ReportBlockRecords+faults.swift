import Records
import Store

/// What keeps figures, drawings and lines of a block from being stored.
extension ReportBlockRecords {
  func figureFaults(_ draft: Draft) -> [Fault] {
    let ids = Self.figures(draft.figures ?? "")
    guard !ids.isEmpty else { return [Fault("chiffres", "choisissez au moins un chiffre")] }
    return ids.filter { id in !registry.figures.contains { $0.id == id } }.map {
      Fault("chiffres", value: $0, "le chiffre « \($0) » n’existe plus : retirez-le")
    }
  }

  func lineFaults(_ draft: Draft, _ nature: BlockNature) -> [Fault] {
    let lines = draft.lines ?? ""
    let faults = nature == .people ? BlockLines(people: lines).faults : BlockLines(moments: lines, of: draft.year ?? 0).faults
    return faults.map { Fault("lignes", $0) }
  }

  func chartFaults(_ draft: inout Draft) -> [Fault] {
    let form = draft.form ?? .bars
    draft.form = form
    let ids = Self.figures(draft.figures ?? "")
    guard ids.count == 1, let figure = registry.figures.first(where: { $0.id == ids[0] }) else {
      let retired = ids.count == 1 ? "le chiffre « \(ids[0]) » n’existe plus : choisissez-en un autre" : nil
      return [Fault("chiffres", retired ?? "choisissez un chiffre")]
    }
    if form == .map, draft.dimension == nil { draft.dimension = ReportBlock.mapDimension }
    guard let dimension = draft.dimension else {
      return form == .years ? [] : [Fault("dimension", "choisissez par quoi ventiler le chiffre")]
    }
    guard let found = Self.dimension(dimension, of: figure) else { return [Self.unknown(dimension, "dimension", figure)] }
    draft.dimension = found.code
    guard form != .map || found.code == ReportBlock.mapDimension else {
      return [Fault("dimension", value: dimension, "une carte montre un chiffre par département")]
    }
    guard let second = draft.secondDimension else { return [] }
    guard form == .bars || form == .table else { return [Fault("puis", "seuls des barres ou un tableau croisent deux dimensions")] }
    guard let other = Self.dimension(second, of: figure) else { return [Self.unknown(second, "puis", figure)] }
    guard other.code != found.code else { return [Fault("puis", value: second, "choisissez une autre dimension que la première")] }
    draft.secondDimension = other.code
    return []
  }

  private static func dimension(_ text: String, of figure: Figure) -> Dimension? {
    let wanted = Fold.key(text)
    return figure.factSet.dimensions.first { $0.code == wanted || Fold.key($0.label) == wanted }
  }

  private static func unknown(_ text: String, _ field: String, _ figure: Figure) -> Fault {
    let possible = figure.factSet.dimensions.map(\.label).joined(separator: ", ")
    return Fault(field, value: text, "« \(figure.label) » se ventile par : \(possible)")
  }
}

extension ReportBlock {
  /// What a map of the départements is split by.
  public static let mapDimension = "departement"
}
