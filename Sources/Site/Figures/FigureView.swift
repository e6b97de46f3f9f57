import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// A saved view of a figure: what its address asks, read without asking the database.
struct FigureView: Sendable {
  let view: SavedView
  /// The whole figure; `nil` when what it asks for is there no more.
  let query: FigureQuery?
  let dimensions: [Dimension]
  let isCompared: Bool
  let drawing: FigureDrawing?
  let form: FigureForm

  /// - Parameter period: in the place of the view's own.
  init(_ view: SavedView, _ registry: FigureRegistry, today: CivilDate, over period: Period? = nil) {
    self.view = view
    let items = FigureList.link(view).query
    func item(_ name: String) -> String? { items.last { $0.name == name && !$0.value.isEmpty }?.value }
    drawing = item(FigureDrawing.parameter).flatMap(FigureDrawing.init(rawValue:))
    form = FigureForm.asked(items)
    isCompared = item("comparer") != FigureExplorer.noComparison
    let asked = RecordList.parts.compactMap(item)
    guard let figure = registry.figures.first(where: { $0.id == item("chiffre") }) else {
      (query, dimensions) = (nil, [])
      return
    }
    let known = asked.compactMap { figure.factSet.dimension($0) }
    dimensions = known.count == 2 && known[0].code == known[1].code ? [known[0]] : known
    let filters = items.filter { figure.factSet.dimension($0.name) != nil }.map { Filter($0.name, $0.value) }
    let period = period ?? AskedPeriod(items, today: today, isList: false).period ?? Period(asOf: today)
    // Of a dimension that is there no more nothing is said in its place.
    let whole = try? FigureQuery(figure, period, where: filters)
    query = known.count < asked.count ? nil : whole
  }

  /// What an address of the question holds: in a view, a period under way goes on with the calendar.
  static func items(
    _ query: FigureQuery, _ dimensions: [Dimension], isCompared: Bool, _ drawing: FigureDrawing?, _ form: FigureForm,
    today: CivilDate
  ) -> [(String, String)] {
    let parts: [(String, String)] = zip(RecordList.parts, dimensions).map { ($0, $1.code) }
    let period: [(String, String)] = query.period == Period(asOf: today) ? [] : [("periode", name(query.period, today))]
    let comparison: [(String, String)] = isCompared ? [] : [("comparer", FigureExplorer.noComparison)]
    let filters: [(String, String)] = query.filters.map { ($0.dimension, $0.value) }
    let drawn: [(String, String)] = drawing.map { [(FigureDrawing.parameter, $0.rawValue)] } ?? []
    return [("chiffre", query.figure.id)] + parts + period + comparison + drawn + form.items + filters
  }

  /// « 2026-2027 » for the days of that school year that are over.
  private static func name(_ period: Period, _ today: CivilDate) -> String {
    let year = today.year
    let underWay =
      (1...4).map { Period(quarter: $0, of: year) } + (1...2).map { Period(half: $0, of: year) }
      + [Period(schoolYearFrom: year), Period(schoolYearFrom: year - 1)]
    return underWay.first { $0.cut(at: today) == period }?.label ?? period.label
  }

  static let retired = "Ce chiffre n’existe plus, ou ne se ventile plus ainsi\u{A0}: modifiez la vue, ou supprimez-la."
}

/// The figures as a list of which people keep views.
enum FigureList {
  static let words = ListWords(
    name: "chiffres", title: "Chiffres", sentence: "Chaque nombre souligné ouvre la liste des fiches qu’il compte.", place: .figures,
    area: .figures, filters: "Filtrer les chiffres", search: "Chiffre", one: "chiffre", many: "chiffres", everything: "Tous",
    unmatched: "Aucun chiffre ne correspond.")

  static func link(_ view: SavedView) -> Link { words.link(view) }
}

/// The views that somebody has on their page of the day, with their numbers: all of them in one statement.
struct PinnedFigures {
  private static let points = 5

  static func cards(_ views: [SavedView], _ registry: FigureRegistry, _ frame: Frame, _ connection: any Connection) throws -> [KeyFigure] {
    let figures = views.map { FigureView($0, registry, today: frame.today) }
    // The newest first: the period itself, then the same of the years before.
    let questions = try figures.map { figure -> [FigureQuery] in
      guard let query = figure.query else { return [] }
      let periods = (1..<points).reduce(into: [query.period]) { periods, _ in periods.append(periods[periods.count - 1].previous) }
      return try periods.map { try FigureQuery(query.figure, $0, where: query.filters) }
    }
    let values = try SmallCounts.values(of: questions.flatMap(\.self), connection)
    var next = 0
    return zip(figures, questions).map { figure, asked in
      defer { next += asked.count }
      guard let query = figure.query else { return retired(figure.view) }
      let found = (next..<next + asked.count).map { values[$0].first ?? .nothing(in: query.figure.manner) }
      return card(figure, query, asked, found, frame)
    }
  }

  private static func retired(_ view: SavedView) -> KeyFigure {
    KeyFigure(view.name, value: French.unknown, link: .view(view.id), note: FigureView.retired)
  }

  private static func card(
    _ figure: FigureView, _ query: FigureQuery, _ asked: [FigureQuery], _ values: [FigureValue], _ frame: Frame
  ) -> KeyFigure {
    var card = KeyFigure(
      figure.view.name, value: values[0].spoken, link: FigureList.link(figure.view),
      trend: figure.isCompared ? Trend.spoken(values[0], since: values[1], in: asked[1].period) : nil,
      note: [
        values[0].note, values[0].suppression == nil ? nil : "Petit effectif, masqué",
        "\(query.figure.label), \(query.period.phrase(isState: query.figure.isState))",
      ].compactMap(\.self).joined(separator: ". "))
    // A line to a number that is kept back would end elsewhere.
    guard values[0].suppression == nil else { return card }
    card.drawing =
      Sparkline(
        zip(asked, values).reversed().map { query, value in
          .init(query.period.heading(isState: query.figure.isState), value.value.map(Double.init), text: value.spoken)
        }
      ).html
    return card
  }
}

/// What the page of a figure offers of views: to change the one that it is, or to keep the question under a name.
struct FigureViewAction {
  let action: PageAction

  init(_ items: [(String, String)], among views: [SavedView], _ registry: FigureRegistry, today: CivilDate) {
    let asked = items.map { "\($0)=\($1)" }.sorted()
    let current = views.first { view in
      let known = FigureView(view, registry, today: today)
      guard let query = known.query else { return false }
      let own = FigureView.items(query, known.dimensions, isCompared: known.isCompared, known.drawing, known.form, today: today)
      return own.map { "\($0)=\($1)" }.sorted() == asked
    }
    if let current {
      action = PageAction("Modifier la vue", .edit, .view(current.id))
    } else {
      let query = SavedViewQuery.text(Link("/chiffres", query: items))
      action = PageAction(
        "Enregistrer la vue", .star, Link("/vues/nouvelle", query: [("liste", FigureList.words.name), ("requete", query)]))
    }
  }
}

/// The views of figures that somebody has, on the page of all figures.
struct FigureViewList: Sendable {
  struct Row: Sendable {
    let view: SavedView
    /// « Échanges, par canal »; nothing for a figure that is there no more.
    let label: String?
  }

  let rows: [Row]

  init(_ views: [SavedView], _ registry: FigureRegistry, today: CivilDate) {
    rows = views.map { view in
      let figure = FigureView(view, registry, today: today)
      let parts = figure.dimensions.map(\.phrase).joined(separator: " et ")
      return Row(view: view, label: figure.query.map { "\($0.figure.label)\(parts.isEmpty ? "" : " par \(parts)")" })
    }
  }

  var html: HTML {
    let sheet = LinkedText(BoardSheet.title, BoardSheet.path).html
    let content: HTML =
      rows.isEmpty
      ? "<p class=\"note\">Ouvrez un chiffre, choisissez comment le voir, puis «\u{202F}Enregistrer la vue\u{202F}»\u{A0}: elle se retrouve ici, sur votre page du jour si vous l’épinglez.</p>"
      : "<ul class=\"liste\">\(each: rows, row)</ul>"
    return Card("vues", "Vues enregistrées", aside: sheet, content).html
  }

  private func row(_ row: Row) -> HTML {
    let marks = [
      row.label ?? FigureView.retired, row.view.isShared ? "partagée par \(row.view.ownerName)" : nil, row.view.isPinned ? "épinglée" : nil,
      row.view.isOnSheet ? "dans la fiche pour le CA" : nil,
    ].compactMap(\.self).joined(separator: ", ")
    let link = row.label == nil ? Link.view(row.view.id) : FigureList.link(row.view)
    return """
      <li><div class="corps"><a class="titre" href="\(link)">\(row.view.name)</a><small>\(marks)</small></div>\
      <div class="fin">\(PageAction("Modifier", .edit, .view(row.view.id), isSmall: true).button)</div></li>

      """
  }
}
