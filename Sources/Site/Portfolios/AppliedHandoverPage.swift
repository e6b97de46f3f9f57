import Federation
import Markup
import Records
import Store
import WebSupport

/// What a hand-over did, and the way back.
struct AppliedHandoverPage {
  let handover: Handover
  /// « 21 nov. 2026 à 14 h 05 ».
  let moment: String
  let undone: String?
  /// What stayed as it is when it was taken back, and why.
  let kept: [(title: String, reason: String)]
  let undo: PostButton?
  let list: LinkedText?

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Mon compte", "/compte")], current: "Passation").html)
    \(PageHeader(undone == nil ? "La main est passée" : "La passation est annulée", sentence: sentence).html)
    \(Message(undone == nil ? .success : .information, content: "<strong>\(PortfolioWords.content(handover.teams, handover.tasks)).</strong> Le \(moment), par \(handover.actor ?? "une commande").").html)\
    \(undone.map { Message(.information, $0).html })\(kept.isEmpty ? .empty : keptMessage)
    <div class="rangee">\(undo.map(\.html))\(list.map(\.html))</div>
    """
  }

  private var sentence: String {
    let (from, to) = (handover.fromName ?? "Personne", handover.toName ?? "personne pour l’instant")
    let moves = PortfolioWords.moves(handover.teams, handover.tasks, since: handover.since, at: handover.at)
    return "De \(from) à \(to), \(moves)."
  }

  private var keptMessage: HTML {
    Message(
      .warning,
      content: """
        <strong>\(French.plural(kept.count, "fiche reste comme elle est", "fiches restent comme elles sont")).</strong>\
        <ul class="liste">\(each: kept.prefix(100), { "<li>\($0.title)\u{A0}: \($0.reason)</li>" })</ul>
        """
    ).html
  }
}
