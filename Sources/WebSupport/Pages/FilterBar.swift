import Markup

/// The search, the facets and the removable filters above a list. The address of the page holds them all.
public struct FilterBar: Sendable {
  /// The free text of the filters.
  public struct Search: Sendable {
    public var name: String
    public var label: String
    public var value: String

    public init(_ label: String, value: String = "", name: String = "q") {
      self.name = name
      self.label = label
      self.value = value
    }
  }

  /// What the bar filters: « Filtrer les structures ».
  public var label: String
  /// The address of the list as it is shown, without its place in the pages. Items that are no filter, such as the sort, are kept.
  public var current: Link
  public var search: Search?
  /// Stretches of time, of lists that show one.
  public var periods: PeriodMenu?
  public var facets: [Facet]
  /// What the filters leave: « 70 structures ».
  public var result: String

  public init(_ label: String, current: Link, search: Search? = nil, facets: [Facet], result: String) {
    self.label = label
    self.current = current
    self.search = search
    self.facets = facets
    self.result = result
  }

  public var html: HTML {
    """
    <form method="get" action="\(current.withoutQuery)" data-auto class="pile">\(each: kept, hidden)
    <div class="filtres" role="search" aria-label="\(label)">\(search.map(searchField))\(periods.map(\.html))
    \(each: facets.filter { !$0.choices.isEmpty }, menu)
    <noscript><button class="bouton principal">Filtrer</button></noscript></div>
    <div class="rangee"><strong role="status">\(result)</strong>\(chips)</div>
    </form>
    """
  }

  /// The same list without any filter.
  public var cleared: Link {
    filterNames.reduce(periods?.chosen?.without ?? current) { $0.removing($1) }
  }

  private var filterNames: [String] {
    facets.map(\.name) + [search?.name].compactMap { $0 }
  }

  private var kept: [(name: String, value: String)] {
    current.query.filter { !filterNames.contains($0.name) }
  }

  private func hidden(_ item: (name: String, value: String)) -> HTML {
    """
    <input type="hidden" name="\(item.name)" value="\(item.value)">
    """
  }

  private func searchField(_ search: Search) -> HTML {
    """
    <label class="avec-ico"><span class="sr">\(search.label)</span>\(Icon.search.html)\
    <input type="search" name="\(search.name)" value="\(search.value)" placeholder="\(search.label)"></label>
    """
  }

  private func menu(_ facet: Facet) -> HTML {
    """
    <details class="menu"><summary class="bouton">\(facet.title) \(Icon.down.html)</summary>\
    <div class="choisir">\(facet.boxes)<button class="bouton petit">Appliquer</button></div></details>

    """
  }

  private var chips: HTML {
    let chips = searchChip + periodChip + facets.flatMap { facet in facet.choices.filter(\.isOn).map { chip(facet, $0) } }
    if chips.isEmpty { return .empty }
    return """
      \(chips)<a href="\(cleared)">Tout effacer</a>
      """
  }

  private var searchChip: [HTML] {
    guard let search, !search.value.isEmpty else { return [] }
    return [chip("«\u{202F}\(search.value)\u{202F}»", without: current.removing(search.name))]
  }

  private var periodChip: [HTML] {
    guard let chosen = periods?.chosen else { return [] }
    return [chip(chosen.label, without: chosen.without)]
  }

  private func chip(_ facet: Facet, _ choice: Facet.Choice) -> HTML {
    // « Oui » alone does not say to what.
    let isPlain = !["oui", "non", "non_renseigne"].contains(choice.value)
    return chip(isPlain ? choice.label : "\(facet.title)\u{A0}: \(choice.label)", without: current.removing(facet.name, choice.value))
  }

  private func chip(_ label: String, without link: Link) -> HTML {
    """
    <a class="jeton" href="\(link)"><span class="sr">Retirer le filtre </span>\(label)</a>
    """
  }
}
