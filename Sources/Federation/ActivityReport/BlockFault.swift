import Records
import Store

/// Why a block of a report cannot be published as it is.
public struct BlockFault: Sendable {
  public let id: Identifier<ReportBlock>
  /// What the block is called, with its chapter.
  public let block: String
  public let sentence: String

  /// Those of a year, in the order of the outline.
  public static func all(
    of year: Int, _ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> [BlockFault] {
    try all(in: ReportBlock.all(of: year, connection), registry, lists, connection)
  }

  public static func all(
    in outline: [ReportBlock], _ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> [BlockFault] {
    let check = FigureReferenceCheck(registry, lists, connection)
    var chapter: String?
    let offered = try BlockOffer.codes(for: outline, connection)
    return try outline.flatMap { block -> [BlockFault] in
      if block.nature == .chapter { chapter = block.title }
      let name = block.nature == .chapter || chapter == nil ? block.name : "\(chapter ?? "")\u{A0}: \(block.name)"
      let unknown = block.figures.filter { id in !registry.figures.contains { $0.id == id } }.map { "le chiffre « \($0) » n’existe plus." }
      let unsaid =
        [block.dimension, block.secondDimension].compactMap(\.self).compactMap { code -> String? in
          let figure = block.figures.first.flatMap { id in registry.figures.first { $0.id == id } }
          return figure?.factSet.dimension(code) == nil && unknown.isEmpty
            ? "« \(code) » n’est plus une façon de ventiler ce chiffre." : nil
        }
      let bracketed =
        block.hasBracketsOutsideItsText
        ? ["un titre, un nom ou une légende contient un chiffre entre crochets : il ne se met que dans un texte."] : []
      let faults = try check.faults(in: block.text ?? "") + unknown + unsaid + bracketed + gone(block, offered)
      return faults.map { BlockFault(id: block.id, block: name, sentence: $0) }
    }
  }

  /// What was ticked and is no longer offered: it would leave the report without a word.
  private static func gone(_ block: ReportBlock, _ offered: [BlockNature: Set<String>]) -> [String] {
    let count = block.taken.count { offered[block.nature]?.contains($0) != true }
    guard count > 0 else { return [] }
    let what: String =
      switch (block.nature == .people, count == 1) {
      case (true, true): "1 personne cochée n’est plus proposée, son compte est fermé ou a changé de rôle"
      case (true, false): "\(count) personnes cochées ne sont plus proposées, leurs comptes sont fermés ou ont changé de rôle"
      case (false, true): "1 date cochée n’est plus dans les fiches"
      case (false, false): "\(count) dates cochées ne sont plus dans les fiches"
      }
    return ["\(what) : enregistrez le bloc sans, ou écrivez la ligne vous-même."]
  }
}
