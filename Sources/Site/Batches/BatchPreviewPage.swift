import Markup
import WebSupport

/// What a batch would do, before it does it.
struct BatchPreviewPage {
  struct Row {
    let title: String
    let changes: [FieldChangeView]
  }

  struct Refused {
    let title: String
    let reason: String
  }

  let breadcrumb: Breadcrumb
  /// « Nature : « ARS » ».
  let sentence: String
  /// « 480 fiches à changer, 12 inchangées, 3 refusées. »
  let counts: String
  /// Records have changed since the preview that was sent.
  var isStale = false
  let warnings: [String]
  let rows: [Row]
  let refused: [Refused]
  /// How many there are besides the rows shown.
  let moreRows: Int
  let moreRefused: Int
  let action: Link
  let csrf: String
  let hidden: [(name: String, value: String)]
  /// « Appliquer à 480 fiches »; `nil` when there is nothing to do.
  let submit: String?
  let list: Link

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader("Aperçu avant de changer", sentence: sentence).html)
    \(isStale ? Message(.warning, "Des fiches ont changé depuis l’aperçu\u{A0}: rien n’est fait. Voici ce que le lot ferait maintenant.").html : .empty)\
    \(Message(.information, content: "<strong>\(counts)</strong> Rien n’est encore enregistré.").html)\
    \(warnings.isEmpty ? .empty : doubts)
    <form class="rangee" method="post" action="\(action)" data-garde><input type="hidden" name="csrf" value="\(csrf)">\
    \(each: hidden, hiddenField)\(submit.map(button))<a href="\(list)">Revenir à la liste</a></form>
    \(refused.isEmpty ? .empty : refusals)
    \(rows.isEmpty ? .empty : changes)
    """
  }

  private func hiddenField(_ item: (name: String, value: String)) -> HTML {
    """
    <input type="hidden" name="\(item.name)" value="\(item.value)">
    """
  }

  private func button(_ label: String) -> HTML {
    """
    <button class="bouton principal">\(label)</button>
    """
  }

  private var doubts: HTML {
    Message(
      .warning,
      content: """
        <ul class="liste">\(each: warnings.prefix(10), { "<li>\($0)</li>" })\(warnings.count > 10 ? "<li>Et d’autres.</li>" : .empty)</ul>
        """
    ).html
  }

  private var refusals: HTML {
    Card(
      "refus", "Ce qui ne sera pas changé", "<ul class=\"liste\">\(each: refused, refusal)</ul>\(rest(moreRefused))"
    ).html
  }

  private func refusal(_ refused: Refused) -> HTML {
    """
    <li><div class="corps"><span>\(refused.title)</span><small>\(refused.reason)</small></div></li>

    """
  }

  private var changes: HTML {
    Card("changements", "Ce qui changera", "<ul class=\"liste\">\(each: rows, row)</ul>\(rest(moreRows))").html
  }

  private func row(_ row: Row) -> HTML {
    """
    <li><div class="corps"><span class="titre">\(row.title)</span>\(each: row.changes, \.html)</div></li>

    """
  }

  private func rest(_ count: Int) -> HTML {
    if count <= 0 { return .empty }
    return """
      <p class="note">Et \(French.plural(count, "autre fiche", "autres fiches")).</p>
      """
  }
}
