import Federation
import Markup
import Store
import WebSupport

extension DraftPage {
  init(_ year: Int, _ outline: [ReportBlock], _ faults: [BlockFault], _ frame: Frame, hasFormer: Bool) {
    var chapters: [Chapter] = []
    for block in outline {
      if block.nature == .chapter || chapters.isEmpty {
        chapters.append(Chapter(heading: block.nature == .chapter ? Block(block, frame.today) : nil, blocks: [], rank: 0))
      }
      if block.nature != .chapter { chapters[chapters.count - 1].blocks.append(Block(block, frame.today)) }
      chapters[chapters.count - 1].rank = ReportDrafting.rank(after: block, in: outline)
    }
    for index in chapters.indices {
      chapters[index].state = BlockState.leastAdvanced(chapters[index].blocks.compactMap(\.state))
    }
    self.init(
      year: year, chapters: chapters, shares: Self.shares(outline), panel: DraftingPanel(year, outline, faults),
      lastRank: ReportDrafting.rank(after: nil, in: outline), isOpen: frame.mayDraft, hasFormer: hasFormer, csrf: frame.session.csrf)
  }

  /// Those with most to finish first; nobody's last.
  private static func shares(_ outline: [ReportBlock]) -> [Share] {
    let written = outline.filter(\.nature.isWritten)
    let groups = Dictionary(grouping: written) { $0.author ?? "" }
    return groups.map { name, blocks in
      let open = blocks.filter(\.isOpen)
      return Share(
        name: name.isEmpty ? "Personne encore" : name, open: open.count, all: blocks.count,
        due: open.compactMap(\.due).min()?.description)
    }.sorted { left, right in
      let (first, second) = (left.name == "Personne encore", right.name == "Personne encore")
      return first == second ? (right.open, left.name) < (left.open, right.name) : second
    }
  }
}

extension DraftPage.Block {
  init(_ block: ReportBlock, _ today: CivilDate) {
    self.init(
      id: block.id.description, link: .block(block.id), name: French.typeset(block.name), nature: block.nature.label,
      state: block.nature.isWritten ? block.state : nil, author: block.author, due: block.due?.description,
      isLate: block.isOpen && (block.due.map { $0 < today } ?? false), comments: block.openComments, isEssential: block.isEssential,
      lacksPicture: block.lacksPicture)
  }
}
