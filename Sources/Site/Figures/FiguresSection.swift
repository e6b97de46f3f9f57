import Documents
import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/chiffres`: the index of all figures, and one figure explored.
struct FiguresSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("chiffres", use: show)
    routes.get("chiffres.json", use: values)
    routes.get("chiffres.svg", use: drawing)
    routes.get("chiffres.png", use: picture)
    for format in TableFileFormat.allCases {
      routes.get("chiffres.\(format.rawValue)") { request, context in try await table(request, context, as: format) }
    }
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    request.uri.queryParameters["chiffre"] == nil ? try await index(request, context) : try await figure(request, context)
  }

  /// One figure as the address asks for it, or all of them, for programs.
  @Sendable private func values(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let named = request.queryItems.contains { $0.name == "chiffre" }
    let (rows, _) = try await site.read(request, context) { connection, frame in
      guard !named else { return try FigureExplorer(request, model, frame, connection).rows(connection) }
      let asked = request.queryItems.last { $0.name == "annee" }?.value
      guard let year = asked.map(Int.init) ?? frame.year, (1900...frame.year).contains(year) else {
        throw Refusal("« \(asked ?? "") » n’est pas une année de chiffres.")
      }
      let period = ActivityReport.period(year, today: frame.today)
      return try model.figures.figures.flatMap { try FigureRow.disclosed(FigureQuery($0, period), connection) }
    }
    return try .json(rows)
  }

  private func index(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let registry = site.installation.model.figures
    let asked = request.queryItems.last { $0.name == "annee" && !$0.value.isEmpty }?.value
    let ((page, messages), frame) = try await site.read(request, context) { connection, frame in
      let known = asked.flatMap(Int.init).flatMap { (1900...frame.year).contains($0) ? $0 : nil }
      let year = known ?? frame.year
      let period = ActivityReport.period(year, today: frame.today)
      let queries = try registry.figures.map { try FigureQuery($0, period) }
      let values = try SmallCounts.values(of: queries, connection)
      let taken = try SeriesValue.figures(through: period.through, connection)
      let figures = zip(queries, values).map { query, values in
        let figure = query.figure
        let value = values.first ?? .nothing(in: figure.manner)
        let explorer = Link("/chiffres", query: [("chiffre", figure.id), ("annee", String(year))])
        // Of what has no records there may be parts alone: their page is where they are seen.
        let parts = figure.isReported && value.value == nil ? figure.factSet.dimensions.first : nil
        return (
          figure, taken.contains(figure.id),
          FigureIndexPage.Figure(
            label: figure.label, link: explorer,
            value: parts.map { LinkedText("par \($0.phrase)", explorer.adding("par", $0.code)) }
              ?? LinkedText(value, frame.records(query), text: value.spoken),
            unit: value.value != nil && !value.manner.isTime ? value.unit : nil,
            definition: query.definition(frame.settings))
        )
      }
      let years = try Tabs.Tab.years(current: year, frame, connection) { Link("/chiffres", query: [("annee", String($0))]) }
      let messages =
        known == nil ? asked.map { [Message(.warning, French.typeset(AskedPeriod.unknown($0)))] } ?? [] : []
      let views = try SavedView.all(of: FigureList.words.name, for: frame.session.account, connection)
      let page = FigureIndexPage(
        year: year, years: years, views: FigureViewList(views, registry, today: frame.today),
        groups: [
          .init(title: "Structures", figures: figures.filter(\.0.isState).map(\.2)),
          .init(title: "Accompagnement", figures: figures.filter { !$0.0.isState && !$0.0.isReported }.map(\.2)),
          // A federation that takes nothing over has none of them.
          .init(title: "Relevés", figures: figures.filter { $0.0.isReported && $0.1 }.map(\.2)),
        ].filter { !$0.figures.isEmpty })
      return (page, messages)
    }
    return site.page("Chiffres", at: .figures, page.html(), frame, messages: messages)
  }

  private func figure(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (model, hasImages) = (site.installation.model, site.compiler != nil)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try FigureExplorer(request, model, frame, hasImages: hasImages, connection).page(connection)
    }
    return site.page(
      page.title, at: .figures, page.html(), frame, messages: Receipt.messages(request, csrf: frame.session.csrf))
  }

  /// The table of a figure as a file, with plain numbers.
  private func table(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let ((name, grid), _) = try await reading(request, context) { ($0.fileName, $1.grid(nil)) }
    return try await format.download(name, title: "Chiffres", header: grid.header, rows: grid.lines)
  }

  /// A chart by itself.
  @Sendable private func drawing(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (name, image) = try await self.image(request, context)
    return .download(Array(image.titledSVG.utf8), named: "\(name).svg", type: "image/svg+xml")
  }

  /// The same as a picture, twice as fine as it is wide, on a white ground: for a slide or a letter.
  @Sendable private func picture(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await site.picture { try await image(request, context) }
  }

  private func image(_ request: Request, _ context: SignedInContext) async throws -> (name: String, image: ChartImage) {
    let asked = request.queryItems.last { $0.name == "graphique" }?.value
    let ((name, chart), _) = try await reading(request, context) { explorer, reading in
      let drawing = try asked.map { text in
        guard let drawing = FigureDrawing(rawValue: text) else {
          throw Refusal(French.typeset("Le graphique « \(text.prefix(40)) » n’existe pas : parts ou annees."))
        }
        return drawing
      }
      let first = FigureDrawing.allCases.lazy.compactMap { drawing == nil || drawing == $0 ? reading.chart($0, explorer.form, nil) : nil }
        .first
      guard let chart = first else { throw Refusal("Il n’y a rien à dessiner de cette question.") }
      return (explorer.fileName, chart)
    }
    return (name, chart.image)
  }

  private func reading<Value: Sendable>(
    _ request: Request, _ context: SignedInContext, _ make: @escaping @Sendable (FigureExplorer, FigureReading) throws -> Value
  ) async throws -> (Value, Frame) {
    let model = site.installation.model
    return try await site.read(request, context) { connection, frame in
      let explorer = try FigureExplorer(request, model, frame, connection)
      return try make(explorer, explorer.reading(connection))
    }
  }
}
