import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// « Fiche pour le CA » (REP-10): the views that the federation has chosen, for one period, on a page to print.
struct BoardSheet: Sendable {
  struct Part: Sendable {
    var view: SavedView
    var label: String
    var definition: String
    /// The number; nothing for a figure that is there no more.
    var card: KeyFigure?
    var chart: (any Chart)?
    var table: FigureTable?
    /// Small numbers of people are kept back (R22).
    var isSuppressed = false
    /// Why the chart has another form than the one asked for.
    var excuse: String?

    var notes: [String] { [excuse, definition, isSuppressed ? FigurePage.suppressionNote : nil].compactMap(\.self) }
  }

  let period: Period
  let periods: [FigureSettings.OptionGroup]
  let parts: [Part]
  let hasPDF: Bool
  let warning: String?

  static let title = "Fiche pour le CA"
  static let path: Link = "/chiffres/fiche"

  init(_ items: [(name: String, value: String)], _ model: Model, _ frame: Frame, hasPDF: Bool, _ connection: any Connection) throws {
    let asked = AskedPeriod(items, today: frame.today, isList: false)
    let period = asked.period ?? Period(asOf: frame.today)
    (self.period, self.hasPDF, warning) = (period, hasPDF, asked.warning)
    let periods = try FigurePeriods(today: frame.today, connection)
    self.periods = periods.options(asked: period)
    let views = try SavedView.all(of: FigureList.words.name, for: frame.session.account, connection).filter(\.isOnSheet)
    let figures = views.map { FigureView($0, model.figures, today: frame.today, over: period) }
    let dimensions = figures.filter { $0.query != nil }.flatMap(\.dimensions)
    let values = try Self.values(of: dimensions, frame.lists, connection)
    let questions = try figures.map { figure in
      try figure.query.map { query in
        try FigureQuestions(
          query, by: figure.dimensions.map { DimensionNames($0, values[Self.key($0)] ?? []) }, isCompared: figure.isCompared,
          years: periods.lastYears)
      }
    }
    var readings = try FigureReading.all(questions.compactMap(\.self), connection)[...]
    parts = zip(figures, questions).map { figure, question in
      guard question != nil, let reading = readings.popFirst() else {
        return Part(view: figure.view, label: figure.view.name, definition: FigureView.retired)
      }
      return Part(figure, reading, frame.records, frame.settings)
    }
  }

  /// Those of several figures: two of them may say different things by one code.
  private static func values(
    of dimensions: [Dimension], _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> [String: [ReferenceValue]] {
    var known: [String: [ReferenceValue]] = [:]
    var rest = dimensions
    while !rest.isEmpty {
      var codes: Set<String> = []
      let batch = rest.filter { codes.insert($0.code).inserted }
      let values = try Dimension.values(of: batch, lists, connection)
      for dimension in batch { known[key(dimension)] = values[dimension.code] ?? [] }
      rest.removeAll { known[key($0)] != nil }
    }
    return known
  }

  private static func key(_ dimension: Dimension) -> String { "\(dimension.code) \(dimension.label)" }

  // MARK: - Page

  func html() -> HTML {
    let pdf = Self.path.appending("rapport.pdf").setting("periode", period.label)
    return """
      \(Breadcrumb([LinkedText("Chiffres", "/chiffres")], current: Self.title).html)
      \(PageHeader(Self.title, sentence: French.ended("Les vues que la fédération a choisies, toutes sur une même période\u{A0}: \(period.name)"), actions: hasPDF && !parts.isEmpty ? [.pdf(pdf)] : []).html)
      \(warning.map { Message(.warning, French.typeset($0)).html })
      <form class="rangee ecran" method="get" action="\(Self.path)"><label for="periode">Période</label><select id="periode" name="periode">\
      \(each: periods, group)</select><button class="bouton">Afficher</button></form>
      <div class="pile ample">\(parts.isEmpty ? empty : "\(each: parts, part)")</div>
      """
  }

  private var empty: HTML {
    EmptyState(
      "La fiche est vide",
      French.typeset("Depuis un chiffre, enregistrez une vue, partagez-la, et cochez « Mettre dans la fiche pour le CA ».")
    )
    .html
  }

  private func group(_ group: FigureSettings.OptionGroup) -> HTML {
    """
    <optgroup label="\(group.title)">\(each: group.options, option)</optgroup>
    """
  }

  private func option(_ option: FigureSettings.Option) -> HTML {
    """
    <option value="\(option.value)"\(attribute: "selected", if: option.isChosen)>\(option.label)</option>
    """
  }

  private func part(_ part: Part) -> HTML {
    let id = part.view.id.description
    return """
      <section class="carte pile" aria-labelledby="t-\(id)"><header><h2 id="t-\(id)">\(LinkedText(part.view.name, part.card == nil ? Link.view(part.view.id) : FigureList.link(part.view)).html)</h2></header>
      \(part.card.map { KeyFigure.row([$0]) })\(part.chart?.html)\(part.table?.html)\(each: part.notes, { "<p class=\"note\">\($0)</p>" })</section>

      """
  }
}

extension BoardSheet.Part {
  /// - Parameter links: the records behind the numbers.
  fileprivate init(_ figure: FigureView, _ reading: FigureReading, _ links: RecordLinks, _ settings: Settings) {
    let (query, total) = (reading.query, reading.total)
    let card = KeyFigure(
      query.figure.label, value: total.spoken,
      unit: total.manner.isTime || total.suppression != nil ? nil : total.unit,
      link: total.source == nil && total.value != nil ? links(query) : nil,
      trend: reading.former.flatMap { Trend.spoken(total, since: $0, in: query.period.previous) },
      note: [total.note, query.period.phrase(isState: query.figure.isState)].compactMap(\.self).joined(separator: ", "))
    let drawing = figure.drawing ?? (reading.parts.isEmpty ? .years : .parts)
    self.init(
      view: figure.view, label: query.figure.label, definition: query.definition(settings), card: card,
      chart: reading.chart(drawing, figure.form, links), table: reading.parts.isEmpty ? nil : reading.grid(links).table,
      isSuppressed: reading.isSuppressed, excuse: reading.excuse(drawing, figure.form))
  }
}
