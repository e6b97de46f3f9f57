import Federation
import Markup
import Records
import WebSupport

/// What a merge would do, before it does it.
struct MergePreviewPage: Sendable {
  let breadcrumb: Breadcrumb
  /// « Maison du Val (A-12) garde sa place ; Maison du val (B-7) y est réunie. »
  let sentence: String
  /// Something has changed since the preview that was sent.
  let isStale: Bool
  let preview: MergePreview
  /// The kept record's fields, once merged.
  let facts: [Facts.Fact]
  let action: Link
  let csrf: String
  let hidden: [(name: String, value: String)]
  let back: Link

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader("Aperçu de la fusion", sentence: sentence).html)
    \(isStale ? Message(.warning, "Une des fiches, ou ce qui les cite, a changé depuis l’aperçu\u{A0}: rien n’est fait. Voici ce que la fusion ferait maintenant.").html : .empty)\
    \(each: preview.faults, fault)\(preview.warnings.isEmpty ? .empty : doubts)\
    \(Message(.information, "Rien n’est encore enregistré. La fusion pourra être défaite.").html)
    <form class="rangee" method="post" action="\(action)" data-garde><input type="hidden" name="csrf" value="\(csrf)">\
    \(each: hidden, hiddenField)\(preview.faults.isEmpty ? "<button class=\"bouton principal\">Fusionner</button>" : .empty)\
    <a href="\(back)">Revenir aux choix</a></form>
    \(following)
    \(preview.left.isEmpty ? .empty : Card("reste", "Ce qui va à la corbeille", list(preview.left)).html)\
    \(preview.yielded.isEmpty ? .empty : Card("cede", "Ce qui change en passant à la fiche gardée", list(preview.yielded)).html)
    \(Card("fiche", "La fiche gardée après la fusion", Facts(facts).html).html)
    """
  }

  private func hiddenField(_ item: (name: String, value: String)) -> HTML {
    """
    <input type="hidden" name="\(item.name)" value="\(item.value)">
    """
  }

  private func fault(_ fault: Fault) -> HTML {
    Message(.error, French.typeset(French.ended("La fusion est impossible avec ces choix : \(fault.reason)"))).html
  }

  private var doubts: HTML {
    let sentences = preview.warnings.prefix(10).map { French.typeset(French.ended($0.prefix(1).uppercased() + $0.dropFirst())) }
    return Message(.warning, content: "<ul class=\"liste\">\(each: sentences, { "<li>\($0)</li>" })</ul>").html
  }

  private var following: HTML {
    let rows = preview.following.filter { $0.count > 0 }.map { Facts.Fact($0.label, French.number($0.count)) }
    let none: HTML = "<p class=\"note\">Rien ne cite la fiche fusionnée.</p>"
    return Card("suites", "Ce qui passe à la fiche gardée", rows.isEmpty ? none : Facts(rows).html).html
  }

  private func list(_ left: [MergePreview.Left]) -> HTML {
    let more: HTML = left.count > 50 ? "<p class=\"note\">Et \(French.plural(left.count - 50, "autre", "autres")).</p>" : .empty
    return "<ul class=\"liste\">\(each: left.prefix(50), item)</ul>\(more)"
  }

  private func item(_ left: MergePreview.Left) -> HTML {
    let reason = French.typeset(French.ended(French.withDays(left.reason)))
    return """
      <li><div class="corps"><span>\(left.label)\u{A0}: \(French.withDays(left.title))</span>\
      <small>\(reason.prefix(1).uppercased() + reason.dropFirst())</small></div></li>

      """
  }
}
