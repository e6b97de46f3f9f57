import Federation
import Markup
import Records
import WebSupport

/// `/recherche`: what was found, kind by kind.
struct SearchPage {
  let answer: SearchAnswer
  /// What was typed was longer than what is searched for.
  let isShortened: Bool

  private var query: SearchQuery { answer.query }

  func html() -> HTML {
    """
    \(PageHeader("Recherche", detail: sentence).html)
    <form method="get" action="/recherche" class="filtres" role="search" aria-label="Rechercher partout">\
    <label class="avec-ico"><span class="sr">Nom, ville, numéro, référence ou mot</span>\(Icon.search.html)\
    <input type="search" name="q" value="\(query.text)" placeholder="Nom, ville, numéro, référence ou mot" dir="auto"></label>
    <button class="bouton principal">Rechercher</button></form>
    \(answer.groups.isEmpty ? nothing.html : "<div class=\"pile\">\(answer.groups.map(group))</div>")
    """
  }

  private var asked: HTML { "«\u{202F}<bdi>\(String(query.text.prefix(80)))\(query.text.count > 80 ? "…" : "")</bdi>\u{202F}»" }

  private var sentence: HTML {
    if query.isEmpty { return "<p>Structures, personnes, organisations, échanges, tâches, pages et chiffres, d’un seul endroit.</p>" }
    let count = answer.total.map { French.plural($0, "résultat", "résultats") } ?? "Plus de \(French.number(1_000)) résultats"
    let cut = isShortened ? " Seul le début de ce qui a été écrit est cherché." : ""
    return "<p role=\"status\">\(count) pour \(asked).\(cut)</p>"
  }

  private var nothing: EmptyState {
    if query.isEmpty {
      return EmptyState(
        "Que cherchez-vous\u{202F}?",
        """
        Un nom, une ville, un numéro de téléphone, FINESS, SIRET ou INSEE, une référence, quelques mots\u{A0}: dans n’importe quel ordre, \
        avec ou sans accents, même inachevés.
        """)
    }
    if query.hasNoWords {
      return EmptyState("Aucun mot à chercher", "La recherche lit des lettres et des chiffres\u{A0}: écrivez-en au moins un.")
    }
    return EmptyState(
      "Rien ne correspond", "Essayez avec moins de mots, ou avec le début d’un mot seulement. Ce que votre rôle ne lit pas n’y figure pas.")
  }

  private func group(_ group: FoundGroup) -> HTML {
    let lists: HTML = group.lists.isEmpty ? .empty : "<small class=\"rangee\">\(each: group.lists, \.html)</small>"
    return """
      \(Card(group.code, "\(group.title) (\(group.count))", aside: lists, "<ul class=\"liste\">\(group.items.map(item))</ul>").html)

      """
  }

  private func item(_ item: FoundGroup.Item) -> HTML {
    let type: HTML = item.type.map { Badge.type($0, beside: item.title) } ?? .empty
    let more: HTML = item.detail.isEmpty ? .empty : detail(item.detail)
    return """
      <li><div class="corps"><span>\(type)<a class="titre" href="\(item.link)">\(item.title)</a></span>\(more)</div></li>

      """
  }

  private func detail(_ text: String) -> HTML {
    """
    <small>\(text)</small>
    """
  }
}
