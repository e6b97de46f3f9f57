import Federation
import Markup
import WebSupport

/// `/rapports/2025/redaction`: the plan of a report, how far each text has come and who does what.
struct DraftPage: Sendable {
  struct Block: Sendable {
    var id: String
    var link: Link
    var name: String
    var nature: String
    /// `nil` for what records make.
    var state: BlockState?
    var author: String?
    /// ISO text.
    var due: String?
    var isLate = false
    var comments: Int
    var isEssential: Bool
    var lacksPicture = false
  }

  struct Chapter: Sendable {
    /// `nil` for what stands before the first one.
    var heading: Block?
    var blocks: [Block]
    var state: BlockState?
    /// Where a new block of the chapter would stand.
    var rank: Int
  }

  /// Who has how many blocks, and how many of them are still open.
  struct Share: Sendable {
    var name: String
    var open: Int
    var all: Int
    /// The soonest of the open ones, ISO text.
    var due: String?
  }

  var year: Int
  var chapters: [Chapter]
  var shares: [Share]
  var panel: DraftingPanel
  /// Where a new chapter would stand.
  var lastRank: Int
  /// The reader may write.
  var isOpen: Bool
  /// The year before has a plan.
  var hasFormer: Bool
  var csrf: String

  static func title(_ year: Int) -> String { "Rédaction du rapport \(year)" }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Rapport d’activité \(year)", .report(year))], current: "Rédaction").html)
    \(header)
    \(chapters.isEmpty ? nothing : outline)
    """
  }

  private var header: HTML {
    PageHeader(
      Self.title(year),
      sentence: French.typeset(
        "Les chiffres se calculent ; ce qui se raconte s’écrit ici, à plusieurs. Rien n’est publié avant la publication."),
      actions: chapters.isEmpty ? [] : [PageAction("Voir le rapport", .eye, .report(year))]
    ).html
  }

  // MARK: - Before anything

  private var nothing: HTML {
    guard isOpen else {
      return EmptyState("La rédaction n’a pas commencé", "Le rapport \(year) n’a pour le moment que ses chiffres.").html
    }
    return """
      <section class="carte pile" aria-label="Commencer"><div class="recit"><p>Un plan vous attend\u{A0}: éditorial, chiffres clés, équipes, \
      accompagnement, vie de la fédération. Vous le changerez comme vous voulez.</p></div><div class="rangee">\
      \(begin("modele", "Commencer avec ce plan", isPrincipal: true))\(hasFormer ? former : .empty)</div></section>
      """
  }

  private var former: HTML { begin("precedent", "Reprendre le plan de \(year - 1)", isPrincipal: false) }

  private func begin(_ plan: String, _ label: String, isPrincipal: Bool) -> HTML {
    """
    <form method="post" action="\(Link.drafting(year))">\(hidden("csrf", csrf))\(hidden("plan", plan))\
    <button class="bouton\(isPrincipal ? " principal" : "")">\(label)</button></form>
    """
  }

  // MARK: - The plan

  private var outline: HTML {
    """
    <div class="rapport"><nav class="sommaire pile" aria-label="Plan du rapport">\(panel.gauge)<div>\(each: chapters, entry)</div></nav>
    <div class="pile ample">\(each: panel.faults, fault)
    \(each: chapters, chapter)
    \(isOpen ? newChapter : .empty)\(shares.isEmpty ? .empty : who)</div></div>
    """
  }

  private func fault(_ fault: DraftingPanel.Fault) -> HTML { panel.html(fault) }

  private func entry(_ chapter: Chapter) -> HTML {
    guard let heading = chapter.heading else { return .empty }
    return """
      <a href="\(Link("#b-\(heading.id)"))">\(heading.name) \(chapter.state?.mark)</a>
      """
  }

  private func chapter(_ chapter: Chapter) -> HTML {
    guard let heading = chapter.heading else {
      return """
        <section class="carte" aria-label="Avant le premier chapitre">\(table(chapter, "Avant le premier chapitre"))</section>
        """
    }
    return """
      <section class="carte" id="b-\(heading.id)" aria-labelledby="t-\(heading.id)"><header><h2 id="t-\(heading.id)">\(heading.name)</h2>\
      <span class="rangee">\(chapter.state.map { $0.badge() })\(isOpen ? tools(heading) : .empty)\(isOpen ? add(chapter) : .empty)</span></header>
      \(chapter.blocks.isEmpty ? empty : table(chapter, heading.name))</section>
      """
  }

  private var empty: HTML { "<p class=\"note\">Ce chapitre n’a encore rien\u{A0}: sans bloc, il n’est pas imprimé.</p>" }

  private func table(_ chapter: Chapter, _ caption: String) -> HTML {
    DataTable(
      caption,
      columns: [.init("Bloc"), .init("État"), .init("Rédaction", class: "p2"), .init("Pour le", class: "p3")]
        + (isOpen ? [.init("Place")] : []),
      rows: chapter.blocks.map(row)
    ).html
  }

  private func row(_ block: Block) -> HTML {
    """
    <tr id="b-\(block.id)"><th scope="row"><a href="\(block.link)">\(block.name)</a><small>\(note(block))</small></th>\
    <td>\(block.state.map { $0.badge() } ?? "<span class=\"note\">Calculé</span>")</td><td class="p2">\(block.author ?? "–")</td>\
    <td class="p3">\(block.due.map(French.day) ?? "–")\(block.isLate ? " (en retard)" : "")</td>\
    \(isOpen ? places(block) : .empty)</tr>

    """
  }

  private func note(_ block: Block) -> String {
    [
      block.nature, block.lacksPicture ? "image à joindre" : nil, block.isEssential ? "dans l’essentiel" : nil,
      block.comments > 0 ? French.plural(block.comments, "commentaire", "commentaires") : nil,
    ].compactMap(\.self).joined(separator: ", ")
  }

  private func places(_ block: Block) -> HTML {
    """
    <td><span class="rangee serre">\(move(block, "monter", "↑", "Monter"))\(move(block, "descendre", "↓", "Descendre"))</span></td>
    """
  }

  private func tools(_ heading: Block) -> HTML {
    """
    \(move(heading, "monter", "↑", "Monter"))\(move(heading, "descendre", "↓", "Descendre"))\
    \(PageAction("Modifier", .edit, heading.link.appending("modifier"), isSmall: true).button)
    """
  }

  private func move(_ block: Block, _ direction: String, _ sign: String, _ label: String) -> HTML {
    """
    <form method="post" action="\(block.link.appending("place"))">\(hidden("csrf", csrf))\(hidden("sens", direction))\
    <button class="bouton petit carre" aria-label="\(label)\u{A0}: \(block.name)">\(sign)</button></form>
    """
  }

  private func add(_ chapter: Chapter) -> HTML {
    let natures: [BlockNature] = [.text, .figures, .chart, .teamMap, .targets, .timeline, .quote, .people, .photo]
    return """
      <details class="menu droite"><summary class="bouton petit">\(Icon.add.html) Ajouter</summary><ul class="choisir">\
      \(each: natures, { addition($0, chapter.rank) })</ul></details>
      """
  }

  private func addition(_ nature: BlockNature, _ rank: Int) -> HTML {
    """
    <li><a href="\(new(nature, rank))">\(nature.label)</a></li>
    """
  }

  private func new(_ nature: BlockNature, _ rank: Int) -> Link {
    Link(
      "/blocs/nouveau",
      query: [
        ("annee", String(year)), ("nature", nature.rawValue), ("rang", String(rank)), ("retour", Link.drafting(year).address),
      ])
  }

  private var newChapter: HTML {
    """
    <div class="rangee">\(PageAction("Ajouter un chapitre", .add, new(.chapter, lastRank)).button)</div>
    """
  }

  // MARK: - Who does what

  private var who: HTML {
    Card(
      "qui", "Qui fait quoi",
      DataTable(
        "Qui fait quoi",
        columns: [.init("Rédaction"), .init("À finir", class: "n"), .init("En tout", class: "n"), .init("Prochaine échéance")],
        rows: shares.map { share in
          """
          <tr><th scope="row">\(share.name)</th><td class="n">\(French.number(share.open))</td><td class="n">\(French.number(share.all))</td>\
          <td>\(share.due.map(French.day) ?? "–")</td></tr>

          """
        }, hasLinks: false
      ).html
    ).html
  }
}
